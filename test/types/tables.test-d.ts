import {
  bigInteger,
  binary,
  boolean,
  date,
  dateTime,
  double,
  enumeration,
  float,
  index,
  integer,
  type InsertOf,
  json,
  MetaData,
  now,
  numeric,
  primaryKey,
  type RowOf,
  smallInteger,
  sql,
  string,
  text,
  time,
  typeDecorator,
  type UpdateOf,
  uuid,
} from "../../src/index.js";
import { type Equal, holds, typeOf } from "./expect.js";

/* What a table's declaration says of its rows, inserts and updates. */

const metadata = new MetaData();

class Money {
  readonly cents: bigint;
  constructor(cents: bigint) {
    this.cents = cents;
  }
}
const money = typeDecorator(bigInteger(), {
  toDriver: (value: Money) => value.cents,
  fromDriver: (cents) => new Money(cents),
});
class Instant {
  static from(_text: string): Instant {
    return new Instant();
  }
}

// Every factory: nullable, and so optional, as it begins.
const everything = metadata.table("everything", {
  integer: integer(),
  smallInteger: smallInteger(),
  bigInteger: bigInteger(),
  bigIntegerAsBigint: bigInteger({ as: "bigint" }),
  bigIntegerAsNumber: bigInteger({ as: "number" }),
  numeric: numeric(10, 2),
  float: float(),
  double: double(),
  string: string(100),
  text: text(),
  boolean: boolean(),
  date: date(),
  time: time(),
  dateTime: dateTime({ timezone: true }),
  dateTimeAsString: dateTime({ as: "string" }),
  dateTimeAsClass: dateTime({ as: Instant }),
  json: json(),
  document: json<{ tags: string[] }>(),
  uuid: uuid(),
  binary: binary(),
  enumeration: enumeration("draft", "sent"),
  decorated: money(),
});
interface Everything {
  integer: number | null;
  smallInteger: number | null;
  bigInteger: bigint | null;
  bigIntegerAsBigint: bigint | null;
  bigIntegerAsNumber: number | null;
  numeric: string | null;
  float: number | null;
  double: number | null;
  string: string | null;
  text: string | null;
  boolean: boolean | null;
  date: string | null;
  time: string | null;
  dateTime: Date | null;
  dateTimeAsString: string | null;
  dateTimeAsClass: Instant | null;
  json: unknown;
  document: { tags: string[] } | null;
  uuid: string | null;
  binary: Uint8Array | null;
  enumeration: "draft" | "sent" | null;
  decorated: Money | null;
}
holds<Equal<RowOf<typeof everything>, Everything>>();
holds<Equal<InsertOf<typeof everything>, Partial<Everything>>>();
holds<Equal<UpdateOf<typeof everything>, Partial<Everything>>>();

// Every modifier, alone and in both orders where the order could count.
const users = metadata.table("users", { id: integer().primaryKey() });
const modified = metadata.table("modified", {
  nullable: string(10),
  notNull: string(10).notNull(),
  defaulted: boolean().notNull().default(false),
  defaultedFirst: boolean().default(false).notNull(),
  defaultedNullable: integer().default(1),
  defaultedByFunction: uuid()
    .notNull()
    .default(() => "6fa459ea-ee8a-3ca4-894e-db77e1603551"),
  defaultedBySql: dateTime().notNull().default(now()),
  byServer: dateTime().notNull().serverDefault(now()),
  byRawServer: integer()
    .notNull()
    .serverDefault(sql.value<number>`1 + 1`),
  updated: dateTime().onUpdate(now()),
  unique: integer().notNull().unique(),
  indexed: integer().notNull().index(),
  named: string(10).notNull().named("other_name"),
  reference: integer().notNull().references(users.c.id, { onDelete: "cascade" }),
  nullableReference: integer().references("users.id"),
});
interface Modified {
  nullable: string | null;
  notNull: string;
  defaulted: boolean;
  defaultedFirst: boolean;
  defaultedNullable: number | null;
  defaultedByFunction: string;
  defaultedBySql: Date;
  byServer: Date;
  byRawServer: number;
  updated: Date | null;
  unique: number;
  indexed: number;
  named: string;
  reference: number;
  nullableReference: number | null;
}
type Required = "notNull" | "unique" | "indexed" | "named" | "reference";
holds<Equal<RowOf<typeof modified>, Modified>>();
holds<Equal<InsertOf<typeof modified>, Pick<Modified, Required> & Partial<Omit<Modified, Required>>>>();
holds<Equal<UpdateOf<typeof modified>, Partial<Modified>>>();

// A whole number as a primary key is counted up, until something else says what it is.
const byInteger = metadata.table("by_integer", { id: integer().primaryKey() });
const byBigInteger = metadata.table("by_big_integer", { id: bigInteger().primaryKey() });
const bySafeInteger = metadata.table("by_safe_integer", { id: bigInteger({ as: "number" }).notNull().primaryKey() });
const byDefault = metadata.table("by_default", { id: integer().primaryKey().default(7) });
const bySmallInteger = metadata.table("by_small_integer", { id: smallInteger().primaryKey() });
const byUuid = metadata.table("by_uuid", { id: uuid().primaryKey() });
const byUuidDefault = metadata.table("by_uuid_default", {
  id: uuid()
    .default(() => "…")
    .primaryKey(),
});
const byReference = metadata.table("by_reference", { id: integer().primaryKey().references(users.c.id) });
const byReferenceFirst = metadata.table("by_reference_first", { id: integer().references(users.c.id).primaryKey() });
const byReferenceDefault = metadata.table("by_reference_default", {
  id: integer().primaryKey().references(users.c.id).default(1),
});
holds<Equal<InsertOf<typeof byInteger>, { id?: number }>>();
holds<Equal<InsertOf<typeof byBigInteger>, { id?: bigint }>>();
holds<Equal<InsertOf<typeof bySafeInteger>, { id?: number }>>();
holds<Equal<InsertOf<typeof byDefault>, { id?: number }>>();
holds<Equal<InsertOf<typeof bySmallInteger>, { id: number }>>();
holds<Equal<InsertOf<typeof byUuid>, { id: string }>>();
holds<Equal<InsertOf<typeof byUuidDefault>, { id?: string }>>();
holds<Equal<InsertOf<typeof byReference>, { id: number }>>();
holds<Equal<InsertOf<typeof byReferenceFirst>, { id: number }>>();
holds<Equal<InsertOf<typeof byReferenceDefault>, { id?: number }>>();
holds<Equal<RowOf<typeof byReference>, { id: number }>>();

// An alias has the rows of its table.
const alias = modified.as("other");
holds<Equal<RowOf<typeof alias>, Modified>>();
typeOf(alias.c.notNull.key).is<"notNull">();

// A default is of the column's type, and a definition is given what it takes.
// @ts-expect-error a text is no default of a number
integer().default("1");
// @ts-expect-error NULL is no default: a nullable column is NULL without any
string(10).default(null);
// @ts-expect-error a function's value is checked too
boolean().default(() => 1);
// @ts-expect-error SQL of another type
integer().default(now());
// @ts-expect-error the server's default is SQL, not a value
integer().serverDefault(1);
// @ts-expect-error none of the members
enumeration("draft", "sent").default("lost");
// @ts-expect-error an enumeration has members
enumeration();
// @ts-expect-error no such action
integer().references("users.id", { onDelete: "explode" });
// @ts-expect-error a reference leads to a column, not to a table
integer().references(users);
// @ts-expect-error the hooks convert between the user's type and the base's
typeDecorator(integer(), { toDriver: (value: Money) => value.cents, fromDriver: (value: number) => new Money(1n) });
// @ts-expect-error numeric has a precision
numeric();
// @ts-expect-error neither a bigint nor a number
bigInteger({ as: "string" });

// Constraints see the table's own columns.
metadata.table("seats", { hall: string(10), row: integer() }, (c) => [
  primaryKey(c.hall, c.row),
  index("by_row", c.row.desc()),
]);
// @ts-expect-error no such column
metadata.table("chairs", { hall: string(10) }, (c) => [primaryKey(c.seat)]);
// @ts-expect-error a column is declared by a factory
metadata.table("stools", { height: "integer" });
// @ts-expect-error constraints are made by functions, not written as text
metadata.table("benches", { length: integer() }, () => ["PRIMARY KEY (length)"]);
// @ts-expect-error no such naming
new MetaData({ naming: "camelCase" });
// @ts-expect-error no such column of a table
users.c.nosuch;
// @ts-expect-error no such property of a table
users.nosuch;

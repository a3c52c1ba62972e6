import {
  abs,
  and,
  avg,
  caseWhen,
  cast,
  coalesce,
  type ColumnElement,
  count,
  currentDate,
  type Database,
  exists,
  extract,
  fn,
  greatest,
  integer,
  lag,
  length,
  literal,
  lower,
  max,
  min,
  not,
  now,
  nullIf,
  nullValue,
  numeric,
  or,
  param,
  type RowOf,
  rowNumber,
  select,
  sql,
  stringAgg,
  sum,
  text,
  trueValue,
} from "../../src/index.js";
import { typeOf } from "./expect.js";
import { notes, users } from "./schema.js";

/* The values of expressions, and what their operators take. */

declare const database: Database;
declare function valueOf<Value>(expression: ColumnElement<Value, string, never>): Value;

// fetchVal: an ungrouped aggregate gives its row, anything else may give none.
typeOf(await database.fetchVal(select(count()).from(notes))).is<number>();
typeOf(await database.fetchVal(select(count(notes.c.text).distinct()))).is<number>();
typeOf(await database.fetchVal(select(count().filter(notes.c.done.eq(true)).as("done")).from(notes))).is<number>();
typeOf(await database.fetchVal(select({ total: count() }).from(notes))).is<number>();
typeOf(await database.fetchVal(select(count()).from(notes).join(users).where(users.c.name.eq("x")))).is<number>();
typeOf(await database.fetchVal(select(count()).from(notes).groupBy(notes.c.authorId))).is<number | null>();
typeOf(await database.fetchVal(select(count()).from(notes).having(count().gt(1)))).is<number | null>();
typeOf(await database.fetchVal(select(count()).from(notes).limit(1))).is<number | null>();
typeOf(await database.fetchVal(select(count()).from(notes).offset(1))).is<number | null>();
typeOf(await database.fetchVal(select(count().over()).from(notes))).is<number | null>();
typeOf(await database.fetchVal(select(notes.c.id))).is<number | null>();
typeOf(await database.fetchVal(select({ id: notes.c.id }))).is<number | null>();
typeOf(await database.fetchValOrThrow(select(notes.c.id))).is<number>();
typeOf(await database.fetchValOrThrow(select({ id: notes.c.id }))).is<number>();
typeOf(await database.fetchValOrThrow(select(notes.c.text))).is<string | null>();
typeOf(await database.fetchValOrThrow(select(count()).from(notes).groupBy(notes.c.authorId))).is<number>();

// Aggregates.
typeOf(valueOf(sum(notes.c.stars))).is<number | null>();
typeOf(valueOf(sum(notes.c.views))).is<bigint | null>();
typeOf(valueOf(sum(notes.c.price))).is<string | null>();
typeOf(valueOf(avg(notes.c.views))).is<number | null>();
typeOf(valueOf(min(notes.c.state))).is<"draft" | "sent" | null>();
typeOf(valueOf(max(notes.c.createdAt))).is<Date | null>();
typeOf(valueOf(stringAgg(notes.c.text, ", "))).is<string | null>();
typeOf(valueOf(count(notes.c.text))).is<number>();

// Arithmetic: NULL in either is NULL; exact decimals win over bigint, bigint over number.
typeOf(valueOf(notes.c.stars.plus(1))).is<number>();
typeOf(valueOf(notes.c.stars.times(notes.c.id))).is<number>();
typeOf(valueOf(notes.c.stars.minus(notes.c.views))).is<bigint | null>();
typeOf(valueOf(notes.c.stars.plus(notes.c.price))).is<string | null>();
typeOf(valueOf(notes.c.views.plus(1n))).is<bigint | null>();
typeOf(valueOf(notes.c.stars.div(2))).is<number | null>();
typeOf(valueOf(notes.c.stars.intDiv(2))).is<number | null>();
typeOf(valueOf(notes.c.stars.mod(2))).is<number | null>();
typeOf(valueOf(notes.c.stars.neg())).is<number>();
typeOf(valueOf(users.c.name.concat("!"))).is<string>();
typeOf(valueOf(users.c.name.concat(users.c.city))).is<string | null>();

// Values, conversions, alternatives.
typeOf(valueOf(literal(1))).is<number>();
typeOf(valueOf(literal("x"))).is<string>();
typeOf(valueOf(literal(null))).is<null>();
typeOf(valueOf(literal("1.50", numeric(5, 2)))).is<string>();
typeOf(valueOf(cast(notes.c.stars, text()))).is<string>();
typeOf(valueOf(cast(notes.c.text, integer()))).is<number | null>();
typeOf(valueOf(cast("1", integer()))).is<number>();
typeOf(valueOf(notes.c.views.cast(text()))).is<string | null>();
typeOf(valueOf(coalesce(notes.c.text, "none"))).is<string>();
typeOf(valueOf(coalesce(notes.c.text, users.c.city))).is<string | null>();
typeOf(valueOf(coalesce(notes.c.text, users.c.city, users.c.name))).is<string>();
typeOf(valueOf(coalesce(sum(notes.c.stars), 0))).is<number>();
typeOf(valueOf(nullIf(notes.c.stars, 0))).is<number | null>();
typeOf(valueOf(greatest(notes.c.stars, 1))).is<number>();
typeOf(valueOf(greatest(notes.c.views, notes.c.views))).is<bigint | null>();
typeOf(valueOf(caseWhen(notes.c.done, "done").else("open"))).is<string>();
typeOf(valueOf(caseWhen(notes.c.done, "done").end())).is<string | null>();
typeOf(valueOf(caseWhen(notes.c.done, notes.c.text).else("open"))).is<string | null>();
typeOf(valueOf(caseWhen(notes.c.done, 1).when(notes.c.stars.gt(3), 2).else(null))).is<number | null>();
typeOf(valueOf(caseWhen(notes.c.done, notes.c.stars).else(notes.c.id))).is<number>();
typeOf(valueOf(caseWhen(notes.c.done, notes.c.createdAt).else(now()))).is<Date | null>();
typeOf(valueOf(nullValue())).is<null>();
typeOf(valueOf(trueValue())).is<true>();
typeOf(valueOf(sql.value<Date>`now()`)).is<Date>();
typeOf(valueOf(fn.hex<string>(notes.c.id))).is<string>();

// Functions keep NULL where it comes in.
typeOf(valueOf(lower(users.c.name))).is<string>();
typeOf(valueOf(lower(users.c.city))).is<string | null>();
typeOf(valueOf(length(users.c.city))).is<number | null>();
typeOf(valueOf(abs(notes.c.views))).is<bigint | null>();
typeOf(valueOf(extract("year", notes.c.createdAt))).is<number | null>();
typeOf(valueOf(currentDate())).is<string>();
typeOf(valueOf(rowNumber().over({ orderBy: [notes.c.id.desc()] }))).is<number>();
typeOf(valueOf(lag(notes.c.stars).over({ orderBy: [notes.c.id] }))).is<number | null>();

// Conditions may be NULL.
typeOf(valueOf(notes.c.text.eq("x"))).is<boolean | null>();
typeOf(valueOf(and(notes.c.done, not(notes.c.done), or(notes.c.text.like("%"), exists(users.select()))))).is<
  boolean | null
>();

// A query as a value: NULL without a row.
typeOf(valueOf(select(notes.c.stars).limit(1).scalarSubquery())).is<number | null>();
typeOf(valueOf(select(count()).from(notes).scalarSubquery())).is<number>();
const withCount = select(
  users.c.name,
  select(count()).from(notes).where(notes.c.authorId.eq(users.c.id)).scalarSubquery().as("notes"),
);
typeOf<RowOf<typeof withCount>>({ name: "x", notes: 1 }).is<{ name: string; notes: number }>();

// Lists and queries of IN.
notes.c.id.in([1, 2]);
notes.c.id.in([]);
notes.c.id.in(select(users.c.id));
notes.c.text.notIn(["a"]);
notes.c.text.in(select(users.c.name));
// @ts-expect-error a query of another type
notes.c.id.in(select(users.c.name));
// @ts-expect-error a query of two columns
notes.c.id.in(select(users.c.id, users.c.name));
// @ts-expect-error values of another type
notes.c.id.in(["1"]);
// @ts-expect-error NULL is never in a list
notes.c.text.in([null]);
// @ts-expect-error a list is no single value
notes.c.id.in(1);

// Comparisons take values, expressions and parameters of the column's type.
notes.c.text.eq(null);
notes.c.text.eq(users.c.city);
notes.c.id.eq(select(users.c.id).limit(1).scalarSubquery());
notes.c.state.eq("sent");
notes.c.price.gt("1.50");
notes.c.createdAt.between(new Date(0), now());
// @ts-expect-error a value of another type
notes.c.id.eq("1");
// @ts-expect-error a column of another type
notes.c.id.eq(users.c.name);
// @ts-expect-error none of the enumeration's members
notes.c.state.eq("lost");
// @ts-expect-error undefined is no value
notes.c.id.eq(undefined);
// @ts-expect-error NULL has no order
notes.c.id.lt(null);
// @ts-expect-error a bigint is compared with bigints
notes.c.views.eq(1);
// @ts-expect-error exact decimals are texts
notes.c.price.eq(1.5);
// @ts-expect-error IS takes null, true and false
notes.c.id.is(1);
// @ts-expect-error a pattern is a text
notes.c.text.like(1);
// @ts-expect-error a plain object is no value
notes.c.id.eq({ id: 1 });
// @ts-expect-error arithmetic takes the column's type
notes.c.stars.plus("1");
// @ts-expect-error a bare object needs its type
literal({ a: 1 });
// @ts-expect-error a value of another type than is declared
literal("x", integer());
// @ts-expect-error alternatives are of the first one's type
coalesce(notes.c.stars, "none");
// @ts-expect-error coalesce has an alternative
coalesce(notes.c.stars);
// @ts-expect-error CASE branches on conditions
caseWhen(true, 1);
// @ts-expect-error only a query has rows
exists(users);
// @ts-expect-error text functions take text
lower(notes.c.id);
// @ts-expect-error no such field
extract("fortnight", notes.c.createdAt);
// @ts-expect-error two columns are no value
await database.fetchVal(select(notes.c.id, notes.c.text));
// @ts-expect-error nor are all columns of a table
await database.fetchVal(notes.select());
// @ts-expect-error nor are two names
await database.fetchVal(select({ id: notes.c.id, text: notes.c.text }));
// @ts-expect-error nor is a nested table
await database.fetchVal(select({ note: notes }).from(notes));
// @ts-expect-error a query of two columns is no single value
notes.c.id.eq(select(notes.c.id, notes.c.text).scalarSubquery());
// @ts-expect-error a parameter is bound by the call, not selected as it is
select(param("x"));

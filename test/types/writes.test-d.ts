import {
  count,
  type Database,
  type DdlElement,
  createTable,
  integer,
  MetaData,
  now,
  param,
  primaryKey,
  type RowOf,
  select,
  string,
} from "../../src/index.js";
import { type Equal, holds, typeOf } from "./expect.js";
import { type Note, notes, type User, users } from "./schema.js";

/* What writes take, in the builder and with the call, and what they give. */

declare const database: Database;
const metadata = new MetaData();
const seats = metadata.table("seats", { hall: string(10).notNull(), row: integer().notNull() }, (c) => [
  primaryKey(c.hall, c.row),
]);
const logs = metadata.table("logs", { text: string(10) });

// The row of an insert, with the call.
await database.execute(notes.insert(), { stars: 1, authorId: 1 });
await database.execute(notes.insert(), {
  id: 1,
  stars: 1,
  authorId: 1,
  text: null,
  state: "sent",
  createdAt: new Date(),
});
await database.execute(logs.insert());
await database.execute(logs.insert(), null);
await database.execute(logs.insert(), {});
await database.execute(notes.insert(), { stars: 1, authorId: 1 }, { timeoutMs: 1_000 });
// @ts-expect-error the row is missing
await database.execute(notes.insert());
// @ts-expect-error the row is missing, and null is none
await database.execute(notes.insert(), null);
// @ts-expect-error a required column is missing
await database.execute(notes.insert(), { authorId: 1 });
// @ts-expect-error a key that is no column
await database.execute(notes.insert(), { stars: 1, authorId: 1, nosuch: 1 });
// @ts-expect-error a value of another type
await database.execute(notes.insert(), { stars: "1", authorId: 1 });
// @ts-expect-error NULL in a column that takes none
await database.execute(notes.insert(), { stars: null, authorId: 1 });
// @ts-expect-error undefined is neither NULL nor DEFAULT
await database.execute(notes.insert(), { stars: 1, authorId: 1, text: undefined });
// @ts-expect-error none of the enumeration's members
await database.execute(notes.insert(), { stars: 1, authorId: 1, state: "lost" });
// @ts-expect-error SQL stands in .values()
await database.execute(notes.insert(), { stars: 1, authorId: 1, createdAt: now() });
// @ts-expect-error one row a call; executeMany takes many
await database.execute(notes.insert(), [{ stars: 1, authorId: 1 }]);
// @ts-expect-error no such option
await database.execute(notes.insert(), { stars: 1, authorId: 1 }, { timeout: 1_000 });

// The same in the builder, where expressions and parameters may stand too; the call then gives the parameters.
await database.execute(notes.insert().values({ stars: 1, authorId: 1, createdAt: now() }));
await database.execute(
  notes.insert().values([
    { stars: 1, authorId: 1 },
    { stars: 2, authorId: users.c.id, text: "x" },
  ]),
);
const withText = notes.insert().values({ stars: param("stars"), authorId: 1, text: param("text") });
await database.execute(withText, { stars: 1, text: null });
await database.execute(notes.insert().fromSelect(["stars", "authorId"], select(users.c.id.as("stars"), users.c.id)));
const twoRows = notes.insert().values([
  { stars: 1, authorId: 1 },
  { stars: 1, authorId: 1, text: param("text") },
]);
await database.execute(twoRows, { text: "x" });
// @ts-expect-error the parameter of the second row is missing
await database.execute(twoRows);
// @ts-expect-error the parameters are missing
await database.execute(withText);
// @ts-expect-error a parameter has its column's type
await database.execute(withText, { stars: "1", text: "x" });
// @ts-expect-error the row was given already
await database.execute(notes.insert().values({ stars: 1, authorId: 1 }), { stars: 1, authorId: 1 });
// @ts-expect-error a required column is missing
notes.insert().values({ authorId: 1 });
// @ts-expect-error a required column is missing in the second row
notes.insert().values([{ stars: 1, authorId: 1 }, { authorId: 1 }]);
// @ts-expect-error a key that is no column
notes.insert().values({ stars: 1, authorId: 1, nosuch: 1 });
// @ts-expect-error a key that is no column, in the second row
notes.insert().values([
  { stars: 1, authorId: 1 },
  { stars: 1, authorId: 1, nosuch: 1 },
]);
// @ts-expect-error a value of another type
notes.insert().values({ stars: "1", authorId: 1 });
// @ts-expect-error an expression of another type
notes.insert().values({ stars: now(), authorId: 1 });
// @ts-expect-error no such column
notes.insert().fromSelect(["nosuch"], select(users.c.id));
// @ts-expect-error a table is no query
notes.insert().fromSelect(["stars"], users);

// The SET values of an update, beside the parameters of its condition.
const byId = notes.update().where(notes.c.id.eq(param("noteId")));
await database.execute(notes.update().all(), { text: null });
await database.execute(byId, { noteId: 1, text: "x" });
await database.execute(byId.set({ stars: notes.c.stars.plus(1), text: "x" }), { noteId: 1 });
await database.execute(byId.set({ stars: notes.c.stars.plus(param("more")) }), { noteId: 1, more: 2 });
await database.execute(notes.update().set({ text: "x" }).where(notes.c.id.eq(1)));
// @ts-expect-error the values are missing
await database.execute(notes.update().all());
// @ts-expect-error the parameter is missing
await database.execute(byId, { text: "x" });
// @ts-expect-error the parameter of an expression is missing
await database.execute(byId.set({ stars: notes.c.stars.plus(param("more")) }), { noteId: 1 });
// @ts-expect-error a key that is no column
await database.execute(byId, { noteId: 1, nosuch: 1 });
// @ts-expect-error a value of another type
await database.execute(byId, { noteId: 1, stars: "1" });
// @ts-expect-error a value of another type
notes.update().set({ stars: "1" });
// @ts-expect-error NULL in a column that takes none
notes.update().set({ stars: null });
// @ts-expect-error an expression that may be NULL in a column that takes none
notes.update().set({ stars: notes.c.stars.div(2) });
// @ts-expect-error a key that is no column
notes.update().set({ stars: 1, nosuch: 1 });
// @ts-expect-error a condition, not a value
notes.delete().where(1);

// What execute tells: the key by column.
typeOf(await database.execute(notes.insert(), { stars: 1, authorId: 1 })).is<{
  readonly rowCount: number | null;
  readonly insertedPrimaryKey: { id: number } | null;
}>();
typeOf((await database.execute(seats.insert(), { hall: "A", row: 1 })).insertedPrimaryKey).is<Record<
  string,
  unknown
> | null>();
typeOf((await database.execute(notes.delete().all())).insertedPrimaryKey).is<null>();
typeOf((await database.execute("DELETE FROM notes")).insertedPrimaryKey).is<null>();

// Many at once.
typeOf(
  await database.executeMany(notes.insert(), [
    { stars: 1, authorId: 1 },
    { stars: 2, authorId: 1, text: "x" },
  ]),
).is<{
  readonly rowCount: number;
}>();
await database.executeMany(byId, [{ noteId: 1, text: "x" }]);
await database.executeMany(notes.delete().where(notes.c.id.eq(param("id"))), [{ id: 1 }]);
await database.executeMany("DELETE FROM notes WHERE id = :id", [{ id: 1 }]);
await database.executeMany(notes.insert(), []);
// @ts-expect-error a required column is missing in a row
await database.executeMany(notes.insert(), [{ stars: 1, authorId: 1 }, { stars: 1 }]);
// @ts-expect-error a key that is no column
await database.executeMany(notes.insert(), [{ stars: 1, authorId: 1, nosuch: 1 }]);
// @ts-expect-error a row lacks the parameter
await database.executeMany(byId, [{ text: "x" }]);
// @ts-expect-error rows come in an array
await database.executeMany(notes.insert(), { stars: 1, authorId: 1 });

// RETURNING gives rows as a selection does; without it there are none.
const returning = notes.insert().returning(notes.c.id, notes.c.text.as("title"));
const returningAll = notes.update().all().returning(notes);
const returningNamed = notes
  .delete()
  .all()
  .returning({ note: notes, twice: notes.c.stars.plus(param("more")) });
holds<Equal<RowOf<typeof returning>, { id: number; title: string | null }>>();
holds<Equal<RowOf<typeof returningAll>, Note>>();
holds<Equal<RowOf<typeof returningNamed>, { note: Note; twice: number }>>();
typeOf(await database.fetchAll(returning, { stars: 1, authorId: 1 })).is<{ id: number; title: string | null }[]>();
typeOf(await database.fetchOne(returning, { stars: 1, authorId: 1 }, { rows: "array" })).is<
  [number, string | null] | null
>();
typeOf(await database.fetchVal(users.insert().returning(users.c.id), { name: "x" })).is<number | null>();
typeOf(await database.fetchValOrThrow(users.insert().returning(users.c.id), { name: "x" })).is<number>();
typeOf(await database.fetchOneOrThrow(users.insert().values({ name: "x" }).returning(users))).is<User>();
await database.fetchAll(returningNamed, { more: 1 });
// @ts-expect-error the parameter of the returned expression is missing
await database.fetchAll(returningNamed);
// @ts-expect-error an insert without returning gives no rows
await database.fetchAll(users.insert(), { name: "x" });
// @ts-expect-error nor one row
await database.fetchOne(users.insert(), { name: "x" });
// @ts-expect-error nor one value
await database.fetchVal(users.insert(), { name: "x" });
// @ts-expect-error nor rows by position
await database.fetchAll(users.insert(), { name: "x" }, { rows: "array" });
// @ts-expect-error nor anything to iterate over
database.iterate(users.delete().all());
// @ts-expect-error nor has DDL rows
await database.fetchAll(createTable(users));
typeOf(createTable(users)).is<DdlElement>();
// @ts-expect-error the condition's column is missing
notes.delete().where(notes.c.nosuch.eq(1));
// @ts-expect-error two columns are no value
await database.fetchVal(notes.insert().returning(notes.c.id, notes.c.text), { stars: 1, authorId: 1 });
await database.execute(select(count()).from(notes));

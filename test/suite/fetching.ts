import assert from "node:assert/strict";
import {
  boolean,
  count,
  type Database,
  integer,
  MetaData,
  NoRowError,
  type RowOf,
  select,
  sql,
  string,
  sum,
  UsageError,
} from "../../src/index.js";
import { failure } from "./assertions.js";
import { type Declare, suite } from "./target.js";

export const fetching: Declare = suite("fetching", ({ test, named, tables, before }) => {
  const metadata = new MetaData();
  const notes = metadata.table(named("notes"), {
    id: integer().primaryKey(),
    text: string(100),
    completed: boolean().notNull().default(false),
  });
  tables(metadata);
  before(async ({ database }) => {
    await database.executeMany(notes.insert(), [
      { id: 1, text: "example1", completed: true },
      { id: 2, text: null },
      { id: 3, text: "example3" },
    ]);
  });

  const ordered = notes.select().orderBy(notes.c.id);
  const missing = notes.select().where(notes.c.id.eq(99));
  const first: RowOf<typeof notes> = { id: 1, text: "example1", completed: true };

  test("fetchAll gives all rows as plain objects, keys in the order of the selection", async ({ database }) => {
    const rows = await database.fetchAll(ordered);
    assert.deepEqual(rows, [
      first,
      { id: 2, text: null, completed: false },
      { id: 3, text: "example3", completed: false },
    ]);
    for (const row of rows) {
      assert.equal(Object.getPrototypeOf(row), Object.prototype);
      assert.deepEqual(Object.keys(row), ["id", "text", "completed"]);
    }
    const turned = await database.fetchOneOrThrow(select(notes.c.completed, notes.c.id).limit(1));
    assert.deepEqual(Object.keys(turned), ["completed", "id"]);
    assert.deepEqual(await database.fetchAll(missing), []);
  });

  test("fetchOne gives the first row, or null", async ({ database }) => {
    assert.deepEqual(await database.fetchOne(ordered), first);
    assert.equal(await database.fetchOne(missing), null);
    assert.deepEqual(await database.fetchOneOrThrow(ordered), first);
    await failure(database.fetchOneOrThrow(missing), NoRowError, /fetchOne/);
  });

  test("fetchVal gives the value of one column, or null", async ({ database }) => {
    const total: number = await database.fetchVal(select(count()).from(notes));
    assert.equal(total, 3);
    const text: string | null = await database.fetchVal(select(notes.c.text).where(notes.c.id.eq(1)));
    assert.equal(text, "example1");
    assert.equal(await database.fetchVal(select(notes.c.text).where(notes.c.id.eq(2))), null);
    assert.equal(await database.fetchVal(select(notes.c.text).where(notes.c.id.eq(99))), null);
    assert.equal(await database.fetchVal(select(sum(notes.c.id)).where(notes.c.id.eq(99))), null);
    assert.equal(await database.fetchVal(select({ anything: notes.c.completed }).where(notes.c.id.eq(1))), true);
  });

  test("fetchValOrThrow tells a missing row from a NULL", async ({ database }) => {
    const texts = select(notes.c.text);
    assert.equal(await database.fetchValOrThrow(texts.where(notes.c.id.eq(1))), "example1");
    assert.equal(await database.fetchValOrThrow(texts.where(notes.c.id.eq(2))), null);
    await failure(database.fetchValOrThrow(texts.where(notes.c.id.eq(99))), NoRowError);
  });

  test("fetchVal refuses a query of several columns", async ({ database }) => {
    await failure(database.fetchVal(ordered as never), UsageError, /one column/);
    await failure(database.fetchVal(sql`SELECT id, text FROM ${notes}`), UsageError, /one column/);
  });

  test('rows: "array" gives rows by position', async ({ database }) => {
    const pairs = select(notes.c.text, notes.c.id).orderBy(notes.c.id);
    const tuples: [string | null, number][] = await database.fetchAll(pairs, null, { rows: "array" });
    assert.deepEqual(tuples, [
      ["example1", 1],
      [null, 2],
      ["example3", 3],
    ]);
    const one: [string | null, number] | null = await database.fetchOne(pairs, null, { rows: "array" });
    assert.deepEqual(one, ["example1", 1]);
    assert.deepEqual(await database.fetchOneOrThrow(pairs, null, { rows: "array" }), ["example1", 1]);
    assert.equal(await database.fetchOne(missing, null, { rows: "array" }), null);
    await failure(database.fetchOneOrThrow(missing, null, { rows: "array" }), NoRowError);
    assert.deepEqual(await database.fetchOne(ordered, null, { rows: "array" }), [1, "example1", true]);
  });

  test("rows belong to their caller: one that is changed does not show up elsewhere", async ({ database }) => {
    const row = await database.fetchOneOrThrow(ordered);
    row.text = "changed";
    assert.deepEqual(await database.fetchOneOrThrow(ordered), first);
  });

  test("all of it works on a connection and on a transaction", async ({ database }) => {
    const check = async (queryable: Pick<Database, "fetchAll" | "fetchOne" | "fetchVal" | "execute" | "iterate">) => {
      assert.equal((await queryable.fetchAll(ordered)).length, 3);
      assert.deepEqual(await queryable.fetchOne(ordered), first);
      assert.equal(await queryable.fetchVal(select(count()).from(notes)), 3);
      assert.equal((await queryable.execute(ordered)).rowCount, 3);
      const ids: number[] = [];
      for await (const { id } of queryable.iterate(ordered)) ids.push(id);
      assert.deepEqual(ids, [1, 2, 3]);
    };
    await check(database);
    await database.connection(check);
    await database.transaction(check);
  });

  test("the same statement object serves many calls at once", async ({ database }) => {
    const results = await Promise.all(Array.from({ length: 50 }, () => database.fetchOne(ordered)));
    for (const row of results) assert.deepEqual(row, first);
  });
});

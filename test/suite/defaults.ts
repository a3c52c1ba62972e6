import assert from "node:assert/strict";
import { type Database, dateTime, integer, literal, MetaData, now, select, sql, string } from "../../src/index.js";
import { type Declare, suite } from "./target.js";

export const defaults: Declare = suite("defaults", ({ test, named, tables, beforeEach }) => {
  let calls = 0;
  const metadata = new MetaData();
  const things = metadata.table(named("things"), {
    id: integer().primaryKey(),
    constant: string(20).notNull().default("it's a constant"),
    counted: integer()
      .notNull()
      .default(() => (calls += 1)),
    expression: integer().default(literal(20).plus(1)),
    server: integer().serverDefault(literal(7)),
    createdAt: dateTime().notNull().serverDefault(now()),
    revision: integer().notNull().default(0),
    touched: integer().onUpdate(() => (calls += 1)),
    none: integer(),
  });
  // Its revision goes up by itself.
  const pages = metadata.table(named("pages"), {
    id: integer().primaryKey(),
    text: string(20),
    changes: integer()
      .notNull()
      .default(0)
      .onUpdate(sql.value<number>`changes + 1`),
    editor: string(20).onUpdate("somebody"),
  });
  tables(metadata);
  beforeEach(async ({ database }) => {
    calls = 0;
    await database.execute(things.delete().all());
    await database.execute(pages.delete().all());
  });

  const all = (database: Database) => database.fetchAll(things.select().orderBy(things.c.id));

  test("a row gets its defaults for what it leaves out", async ({ database }) => {
    const startMs = Date.now();
    await database.execute(things.insert(), {});
    const [row] = await all(database);
    assert.ok(row);
    const { id, createdAt, ...rest } = row;
    assert.ok(id > 0);
    assert.ok(Math.abs(createdAt.getTime() - startMs) < 60_000, "now() is the current time in UTC");
    assert.deepEqual(rest, {
      constant: "it's a constant",
      counted: 1,
      expression: 21,
      server: 7,
      revision: 0,
      touched: null,
      none: null,
    });
  });

  test("what is given takes the place of a default, and null is NULL", async ({ database }) => {
    await database.execute(things.insert(), { constant: "x", counted: -1, expression: null, server: null, touched: 5 });
    const [row] = await all(database);
    assert.deepEqual(
      [row?.constant, row?.counted, row?.expression, row?.server, row?.touched],
      ["x", -1, null, null, 5],
    );
    assert.equal(calls, 0, "a default that is not needed is not made");
  });

  test("a function gives each row a value of its own, however rows are inserted", async ({ database }) => {
    await database.executeMany(things.insert(), [{ constant: "a" }, { constant: "b", counted: 50 }, { none: 1 }]);
    await database.execute(things.insert().values([{ constant: "c" }, {}, { server: 8 }]));
    const rows = await all(database);
    assert.deepEqual(
      rows.map(({ constant, counted, server }) => [constant, counted, server]),
      [
        ["a", 1, 7],
        ["b", 50, 7],
        ["it's a constant", 2, 7],
        ["c", 3, 7],
        ["it's a constant", 4, 7],
        ["it's a constant", 5, 8],
      ],
    );
  });

  test("one statement object run twice makes its defaults anew", async ({ database }) => {
    const insert = things.insert().values({ none: 1 });
    await database.execute(insert);
    await database.execute(insert);
    assert.deepEqual(
      (await all(database)).map(({ counted }) => counted),
      [1, 2],
    );
  });

  test("a constant is the server's default too", async ({ database }) => {
    await database.execute(sql`INSERT INTO ${things} (id, counted) VALUES (1, 1)`);
    const [row] = await all(database);
    assert.deepEqual([row?.constant, row?.revision], ["it's a constant", 0]);
  });

  test("onUpdate sets what an update does not, and nothing at an insert", async ({ database }) => {
    await database.executeMany(pages.insert(), [{ text: "a" }, { text: "b" }]);
    await database.execute(pages.update().where(pages.c.text.eq("a")), { text: "c" });
    await database.execute(pages.update().where(pages.c.text.eq("c")).set({ editor: "Ada" }));
    const rows = await database.fetchAll(pages.select().orderBy(pages.c.id));
    assert.deepEqual(
      rows.map(({ text, changes, editor }) => [text, changes, editor]),
      [
        ["c", 2, "Ada"],
        ["b", 0, null],
      ],
    );
  });

  test("an insert from a query gets our defaults for the columns that the query does not give", async ({
    database,
  }) => {
    await database.execute(pages.insert(), { text: "one", changes: 9 });
    await database.execute(pages.insert().fromSelect(["text"], select(pages.c.text)));
    const rows = await database.fetchAll(select(pages.c.text, pages.c.changes).orderBy(pages.c.id), null, {
      rows: "array",
    });
    assert.deepEqual(rows, [
      ["one", 9],
      ["one", 0],
    ]);
  });
});

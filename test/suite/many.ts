import assert from "node:assert/strict";
import { count, integer, MetaData, param, select, sql, string, sum, UniqueViolationError } from "../../src/index.js";
import { failure } from "./assertions.js";
import { type Declare, suite } from "./target.js";

export const many: Declare = suite("executeMany", ({ test, named, tables, beforeEach }) => {
  const metadata = new MetaData();
  const notes = metadata.table(named("notes"), {
    id: integer().primaryKey(),
    text: string(100).default("none given"),
    stars: integer().unique(),
  });
  tables(metadata);
  beforeEach(async ({ database }) => void (await database.execute(notes.delete().all())));

  const pairs = select(notes.c.text, notes.c.stars).orderBy(notes.c.id);

  test("inserts rows in order and counts them", async ({ database }) => {
    const result = await database.executeMany(notes.insert(), [{ text: "a" }, { text: "b" }, { text: "c" }]);
    assert.deepEqual(result, { rowCount: 3 });
    const texts = await database.fetchAll(select(notes.c.text).orderBy(notes.c.id), null, { rows: "array" });
    assert.deepEqual(texts, [["a"], ["b"], ["c"]]);
  });

  test("an empty list does nothing", async ({ database }) => {
    assert.deepEqual(await database.executeMany(notes.insert(), []), { rowCount: 0 });
    assert.deepEqual(await database.executeMany("DELETE FROM nowhere WHERE id = :id", []), { rowCount: 0 });
    assert.equal(await database.fetchVal(select(count()).from(notes)), 0);
  });

  test("rows of different columns are stored each as it is: absent is the default, null is NULL", async ({
    database,
  }) => {
    await database.executeMany(notes.insert(), [{ stars: 1 }, { text: null }, {}, { stars: 4, text: "d" }]);
    assert.deepEqual(await database.fetchAll(pairs, null, { rows: "array" }), [
      ["none given", 1],
      [null, null],
      ["none given", null],
      ["d", 4],
    ]);
  });

  test("5000 rows are 5000 rows", async ({ database }) => {
    const rows = Array.from({ length: 5_000 }, (_, index) => ({ stars: index, text: `note ${index}` }));
    assert.deepEqual(await database.executeMany(notes.insert(), rows), { rowCount: 5_000 });
    assert.equal(await database.fetchVal(select(sum(notes.c.stars)).from(notes)), (4_999 * 5_000) / 2);
    assert.deepEqual(await database.fetchOne(select(notes.c.text).where(notes.c.stars.eq(4_321))), {
      text: "note 4321",
    });
  });

  test("more values than one statement may have are sent in several", async ({ database }) => {
    const names = Array.from({ length: 150 }, (_, index) => `c${index}`);
    const own = new MetaData();
    const wide = own.table(
      named("wide"),
      Object.fromEntries(names.map((name) => [name, integer()])) as { c0: ReturnType<typeof integer> },
    );
    await own.createAll(database);
    const row = Object.fromEntries(names.map((name, index) => [name, index]));
    const rows = Array.from({ length: 1_000 }, (_, index) => ({ ...row, c0: index }));
    assert.deepEqual(await database.executeMany(wide.insert(), rows), { rowCount: 1_000 });
    assert.equal(await database.fetchVal(select(sum(wide.c.c0)).from(wide)), (999 * 1_000) / 2);
    await own.dropAll(database);
  });

  test("updates and deletes bind their parameters for each list", async ({ database }) => {
    await database.executeMany(notes.insert(), [{ text: "a" }, { text: "b" }, { text: "c" }]);
    const update = notes.update().where(notes.c.text.eq(param("old")));
    const changed = await database.executeMany(update, [
      { old: "a", stars: 1 },
      { old: "b", stars: 2 },
      { old: "missing", stars: 3 },
    ]);
    assert.deepEqual(changed, { rowCount: 2 });
    const remove = notes.delete().where(notes.c.text.eq(param("text")));
    assert.deepEqual(await database.executeMany(remove, [{ text: "c" }, { text: "b" }]), { rowCount: 2 });
    assert.deepEqual(await database.fetchAll(pairs), [{ text: "a", stars: 1 }]);
  });

  test("raw text and the sql tag take lists of values", async ({ database }) => {
    const text = `INSERT INTO ${named("notes")} (text, stars) VALUES (:text, :stars)`;
    assert.deepEqual(
      await database.executeMany(text, [
        { text: "a", stars: 1 },
        { stars: 2, text: "b" },
      ]),
      { rowCount: 2 },
    );
    const tagged = sql<unknown, { text: string }>`INSERT INTO ${notes} (text) VALUES (${param("text")})`;
    await database.executeMany(tagged, [{ text: "c" }, { text: "d" }]);
    assert.equal(await database.fetchVal(select(count()).from(notes)), 4);
  });

  test("an insert with parameters of its own binds them for each list", async ({ database }) => {
    const insert = notes.insert().values({ text: param("word"), stars: param("count") });
    await database.executeMany(insert, [
      { word: "a", count: 1 },
      { word: "b", count: null as never },
    ]);
    assert.deepEqual(await database.fetchAll(pairs), [
      { text: "a", stars: 1 },
      { text: "b", stars: null },
    ]);
  });

  test("one row that fails leaves none of them", async ({ database }) => {
    await database.execute(notes.insert(), { stars: 700 });
    const rows = Array.from({ length: 1_000 }, (_, index) => ({ stars: index }));
    const error = await failure(database.executeMany(notes.insert(), rows), UniqueViolationError);
    assert.equal(error.outcome, "not-executed");
    assert.equal(await database.fetchVal(select(count()).from(notes)), 1);
  });

  test("inside a transaction one that fails leaves what was there, and the transaction usable", async ({
    database,
  }) => {
    await database.transaction(async () => {
      await database.execute(notes.insert(), { stars: 7 });
      const failing = database.executeMany(notes.insert(), [{ stars: 6 }, { stars: 7 }, { stars: 8 }]);
      await failure(failing, UniqueViolationError);
      await database.executeMany(notes.insert(), [{ stars: 9 }, { stars: 10 }]);
    });
    const stars = await database.fetchAll(select(notes.c.stars).orderBy(notes.c.stars), null, { rows: "array" });
    assert.deepEqual(stars, [[7], [9], [10]]);
  });
});

import assert from "node:assert/strict";
import { count, createTable, integer, MetaData, param, select, sql, string } from "../../src/index.js";
import { type Declare, suite } from "./target.js";

export const changing: Declare = suite("changing", ({ test, named, tables, beforeEach }) => {
  const metadata = new MetaData();
  const notes = metadata.table(named("notes"), { id: integer().primaryKey(), text: string(100), stars: integer() });
  const archive = metadata.table(named("archive"), { noteId: integer() });
  tables(metadata);
  beforeEach(async ({ database }) => {
    await database.execute(notes.delete().all());
    await database.execute(archive.delete().all());
    await database.execute(
      notes.insert().values([
        { id: 1, text: "a", stars: 1 },
        { id: 2, text: "b", stars: 2 },
        { id: 3, text: "c", stars: null },
      ]),
    );
  });

  test("rowCount counts the rows that matched, changed or not", async ({ database }) => {
    const update = notes.update().where(notes.c.id.lte(2));
    assert.deepEqual(await database.execute(update, { stars: 2 }), { rowCount: 2, insertedPrimaryKey: null });
    assert.deepEqual(await database.execute(update, { stars: 2 }), { rowCount: 2, insertedPrimaryKey: null });
    const none = notes.update().where(notes.c.id.eq(99));
    assert.deepEqual(await database.execute(none, { stars: 2 }), { rowCount: 0, insertedPrimaryKey: null });
    const remove = notes.delete().where(notes.c.id.gt(1));
    assert.deepEqual(await database.execute(remove), { rowCount: 2, insertedPrimaryKey: null });
    assert.deepEqual(await database.execute(remove), { rowCount: 0, insertedPrimaryKey: null });
  });

  test("a select is run and counted, and what neither reads nor writes counts 0", async ({ database }) => {
    assert.deepEqual(await database.execute(notes.select()), { rowCount: 3, insertedPrimaryKey: null });
    assert.deepEqual(await database.execute(notes.select().where(notes.c.id.eq(9))), {
      rowCount: 0,
      insertedPrimaryKey: null,
    });
    const again = createTable(notes, { ifNotExists: true });
    assert.deepEqual(await database.execute(again), { rowCount: 0, insertedPrimaryKey: null });
  });

  test("raw text is counted alike", async ({ database }) => {
    const insert = sql`INSERT INTO ${archive} (${sql.identifier("noteId")}) VALUES (1), (2)`;
    assert.deepEqual(await database.execute(insert), { rowCount: 2, insertedPrimaryKey: null });
    assert.deepEqual(await database.execute(sql`UPDATE ${notes} SET stars = 0`), {
      rowCount: 3,
      insertedPrimaryKey: null,
    });
    assert.equal((await database.execute(sql`DELETE FROM ${notes} WHERE id = ${1}`)).rowCount, 1);
    assert.equal((await database.execute(sql`SELECT 1 FROM ${notes}`)).rowCount, 2);
  });

  test("new values are plain, expressions over the old row, or queries", async ({ database }) => {
    await database.execute(
      notes
        .update()
        .where(notes.c.id.eq(1))
        .set({ stars: notes.c.stars.plus(10), text: "x" }),
    );
    const howMany = select(count()).from(archive).scalarSubquery();
    await database.execute(notes.update().where(notes.c.id.eq(2)).set({ stars: howMany }));
    await database.execute(notes.update().where(notes.c.id.eq(3)), { text: null });
    const rows = await database.fetchAll(notes.select().orderBy(notes.c.id), null, { rows: "array" });
    assert.deepEqual(rows, [
      [1, "x", 11],
      [2, "b", 0],
      [3, null, null],
    ]);
  });

  test("several calls of where narrow the rows", async ({ database }) => {
    const update = notes.update().where(notes.c.stars.gte(1)).where(notes.c.text.ne("a"), notes.c.id.lt(9));
    assert.equal((await database.execute(update, { stars: 5 })).rowCount, 1);
    assert.equal(
      (await database.execute(notes.delete().where(notes.c.id.gt(0)).where(notes.c.stars.eq(5)))).rowCount,
      1,
    );
  });

  test("a condition may be a query over another table", async ({ database }) => {
    await database.execute(archive.insert().fromSelect(["noteId"], select(notes.c.id).where(notes.c.id.gt(1))));
    const archived = select(archive.c.noteId);
    assert.equal((await database.execute(notes.delete().where(notes.c.id.in(archived)))).rowCount, 2);
  });

  test("all() is every row", async ({ database }) => {
    assert.equal((await database.execute(notes.update().all(), { stars: 9 })).rowCount, 3);
    assert.equal((await database.execute(notes.delete().all())).rowCount, 3);
    assert.equal(await database.fetchVal(select(count()).from(notes)), 0);
  });

  test("parameters stand beside the new values", async ({ database }) => {
    const update = notes.update().where(notes.c.id.eq(param("which")));
    await database.execute(update, { which: 2, text: "new" });
    const setToo = notes
      .update()
      .set({ stars: param("newStars") })
      .where(notes.c.id.eq(param("which")));
    await database.execute(setToo, { which: 3, newStars: 30 });
    const rows = await database.fetchAll(notes.select().orderBy(notes.c.id), null, { rows: "array" });
    assert.deepEqual(rows, [
      [1, "a", 1],
      [2, "new", 2],
      [3, "c", 30],
    ]);
  });

  test(
    "update returns the new rows",
    async ({ database }) => {
      const update = notes.update().where(notes.c.id.lte(2)).returning(notes.c.id, notes.c.stars);
      const rows = await database.fetchAll(update, { stars: 4 });
      assert.deepEqual(
        rows.toSorted((a, b) => a.id - b.id),
        [
          { id: 1, stars: 4 },
          { id: 2, stars: 4 },
        ],
      );
      assert.equal(
        await database.fetchOne(notes.update().where(notes.c.id.eq(9)).set({ stars: 1 }).returning(notes)),
        null,
      );
    },
    { features: ["updateReturning"] },
  );

  test(
    "delete returns the old rows",
    async ({ database }) => {
      const rows = await database.fetchAll(notes.delete().where(notes.c.id.eq(2)).returning(notes));
      assert.deepEqual(rows, [{ id: 2, text: "b", stars: 2 }]);
      assert.equal(await database.fetchVal(notes.delete().where(notes.c.id.eq(1)).returning(notes.c.text)), "a");
    },
    { features: ["deleteReturning"] },
  );
});

import assert from "node:assert/strict";
import { integer, MetaData, param, select, string, UsageError } from "../../src/index.js";
import { failure } from "./assertions.js";
import { type Declare, suite } from "./target.js";

export const parameters: Declare = suite("parameters", ({ test, named, tables, before }) => {
  const metadata = new MetaData();
  const notes = metadata.table(named("notes"), { id: integer().primaryKey(), text: string(100), stars: integer() });
  tables(metadata);
  before(async ({ database }) => {
    await database.executeMany(notes.insert(), [
      { id: 1, text: "a", stars: 1 },
      { id: 2, text: "b", stars: 2 },
      { id: 3, text: "c", stars: 3 },
    ]);
  });
  const ids = select(notes.c.id).orderBy(notes.c.id);

  test("one statement object serves many values", async ({ database }) => {
    const byId = notes.select().where(notes.c.id.eq(param("id")));
    for (const id of [1, 2, 3, 2]) assert.equal((await database.fetchOne(byId, { id }))?.id, id);
    const all = await Promise.all(
      [3, 1, 2].map((id) => database.fetchVal(select(notes.c.text).where(notes.c.id.eq(param("id"))), { id })),
    );
    assert.deepEqual(all, ["c", "a", "b"]);
  });

  test("a parameter stands wherever a value does, several times too", async ({ database }) => {
    const query = ids
      .where(notes.c.stars.gte(param("x")), notes.c.id.isDistinctFrom(param("y")))
      .where(notes.c.stars.lte(param("x")).eq(true).isNot(null));
    assert.deepEqual(await database.fetchAll(query, { x: 2, y: 3 }), [{ id: 2 }]);
  });

  test("a list's length is the call's", async ({ database }) => {
    const query = ids.where(notes.c.id.in(param("ids")));
    assert.deepEqual(await database.fetchAll(query, { ids: [1, 3] }), [{ id: 1 }, { id: 3 }]);
    assert.deepEqual(await database.fetchAll(query, { ids: [2] }), [{ id: 2 }]);
    assert.deepEqual(await database.fetchAll(query, { ids: [] }), []);
    const others = ids.where(notes.c.id.notIn(param("ids")));
    assert.deepEqual(await database.fetchAll(others, { ids: [] }), [{ id: 1 }, { id: 2 }, { id: 3 }]);
    assert.deepEqual(await database.fetchAll(others, { ids: [1, 2, 99] }), [{ id: 3 }]);
    const many = Array.from({ length: 3_000 }, (_, index) => index + 2);
    assert.deepEqual(await database.fetchAll(query, { ids: many }), [{ id: 2 }, { id: 3 }]);
    await failure(database.fetchAll(query, { ids: 1 as never }), UsageError, /array/);
    await failure(database.fetchAll(query, { ids: [1, undefined] as never }), UsageError, /undefined/);
  });

  test("every name must be given, and no other", async ({ database }) => {
    const query = ids.where(notes.c.id.eq(param("id")));
    await failure(database.fetchAll(query, {} as never), UsageError, /"id"/);
    await failure(database.fetchAll(query, null as never), UsageError, /"id"/);
    await failure(database.fetchAll(query, { id: undefined } as never), UsageError, /undefined/);
    await failure(database.fetchAll(query, { id: 1, other: 2 } as never), UsageError, /"other"/);
    await failure(database.fetchAll(ids, { id: 1 } as never), UsageError, /"id"/);
    await failure(database.fetchAll(query, [1] as never), UsageError, /object/);
    await failure(database.fetchAll(query, 1 as never), UsageError, /object/);
    await failure(database.fetchAll("SELECT :a", {}), UsageError, /"a"/);
    await failure(database.fetchAll("SELECT :a", { a: 1, b: 2 }), UsageError, /"b"/);
  });

  test("only own properties are values", async ({ database }) => {
    const query = ids.where(notes.c.id.eq(param("id")));
    await failure(database.fetchAll(query, Object.create({ id: 1 }) as never), UsageError, /"id"|object/);
    await failure(database.fetchAll("SELECT :constructor", {}), UsageError, /"constructor"/);
    assert.equal(await database.fetchVal("SELECT 1 + :__proto__", JSON.parse('{"__proto__":5}') as never), 6);
  });

  test("a parameter named like a written column is refused", async ({ database }) => {
    const update = notes.update().where(notes.c.id.eq(param("id")));
    await failure(database.execute(update, { id: 1 } as never), UsageError);
    await failure(database.execute(update, { id: 1, text: "x" } as never), UsageError);
    assert.equal((await database.fetchAll(ids)).length, 3);
  });

  test("NULL for a parameter compares as NULL does", async ({ database }) => {
    assert.deepEqual(await database.fetchAll(ids.where(notes.c.id.eq(param("id"))), { id: null } as never), []);
  });
});

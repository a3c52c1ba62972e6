import assert from "node:assert/strict";
import {
  boolean,
  count,
  integer,
  json,
  list,
  MetaData,
  param,
  ReadOnlyError,
  select,
  sql,
  string,
  UsageError,
} from "../../src/index.js";
import { failure, thrown } from "./assertions.js";
import { type Declare, suite } from "./target.js";

export const raw: Declare = suite("raw SQL", ({ test, named, tables, before, target }) => {
  const metadata = new MetaData();
  const notes = metadata.table(named("notes"), {
    id: integer().primaryKey(),
    text: string(100),
    completed: boolean().notNull().default(false),
    data: json<{ a: number }>(),
  });
  tables(metadata);
  before(async ({ database }) => {
    await database.executeMany(notes.insert(), [
      { id: 1, text: "a", completed: true, data: { a: 1 } },
      { id: 2, text: "b: c" },
      { id: 3, text: null },
    ]);
  });
  const name = named("notes");

  test("text binds by name, the same name as often as it stands there", async ({ database }) => {
    const text = `SELECT id FROM ${name} WHERE completed = :completed OR (id = :id AND :id > 0) ORDER BY id`;
    assert.deepEqual(await database.fetchAll(text, { completed: true, id: 2 }), [{ id: 1 }, { id: 2 }]);
    assert.deepEqual(await database.fetchAll(`SELECT id FROM ${name} WHERE text = :text`, { text: "b: c" }), [
      { id: 2 },
    ]);
    assert.deepEqual(await database.fetchOne(`SELECT id FROM ${name} ORDER BY id`), { id: 1 });
    assert.equal(await database.fetchVal<number>(`SELECT count(*) FROM ${name}`), 3);
  });

  test("a colon inside quotes, a comment, or after a backslash is no parameter", async ({ database }) => {
    const text = `SELECT ':a' AS q, /* :b */ '\\:c' AS p -- :d\n FROM ${name} WHERE id = :id`;
    const p = target.features.has("backslashEscapes") ? ":c" : "\\:c";
    assert.deepEqual(await database.fetchAll(text, { id: 1 }), [{ q: ":a", p }]);
    assert.deepEqual(await database.fetchVal("SELECT 'it''s :x' "), "it's :x");
  });

  test("WITH that only reads is a read, and one that writes is none", async ({ database }) => {
    const reading = `WITH some_notes AS (SELECT id, 'x' AS share FROM ${name}) SELECT count(*) FROM some_notes WHERE id > :id`;
    await database.transaction(async () => assert.equal(await database.fetchVal(reading, { id: 1 }), 2), {
      readOnly: true,
    });
    const writing = `WITH some_ids AS (SELECT 1 AS id) DELETE FROM ${name} WHERE id IN (SELECT id + 1000 FROM some_ids)`;
    await failure(
      database.transaction(() => database.execute(writing), { readOnly: true }),
      ReadOnlyError,
    );
  });

  test("the driver's own placeholders are refused, where they would take a value meant for another place", async ({
    database,
  }) => {
    await failure(database.fetchAll(`SELECT ${target.placeholder(1)}`), UsageError, /:name/);
    const template = target.placeholder(1) === "?" ? sql`SELECT ?, ${1}` : sql`SELECT $1, ${1}`;
    await failure(database.fetchAll(template), UsageError, /value/);
  });

  test("the tag binds values and never writes them into the text", async ({ database }) => {
    const evil = "'; DROP TABLE notes; --";
    assert.deepEqual(await database.fetchAll(sql<{ v: string }>`SELECT ${evil} AS v`), [{ v: evil }]);
    const text = "b: c";
    const rows: { id: number }[] = await database.fetchAll(
      sql<{ id: number }>`SELECT id FROM ${notes} WHERE text = ${text}`,
    );
    assert.deepEqual(rows, [{ id: 2 }]);
    assert.deepEqual(await database.fetchAll(sql`SELECT ${null} AS x`), [{ x: null }]);
  });

  test("the tag quotes tables and columns, embeds queries, and takes lists", async ({ database }) => {
    const { id, completed } = notes.c;
    const query = sql`SELECT ${id} FROM ${notes} WHERE ${completed} = ${true} OR ${id} IN ${list([2, 99])} ORDER BY 1`;
    assert.deepEqual(await database.fetchAll(query, null, { rows: "array" }), [[1], [2]]);
    assert.deepEqual(await database.fetchAll(sql`SELECT ${id} FROM ${notes} WHERE ${id} IN ${list([])}`), []);
    const open = select(id).where(completed.eq(false));
    assert.equal(await database.fetchVal(sql`SELECT count(*) FROM ${notes} WHERE ${id} IN ${open}`), 2);
    const o = open.subquery("o");
    assert.equal(await database.fetchVal(sql`SELECT max(${o.c.id}) FROM ${o}`), 3);
    const joined = sql.join([id.eq(1), sql.value`${id} = ${3}`], " OR ");
    assert.equal(await database.fetchVal(sql`SELECT count(*) FROM ${notes} WHERE ${joined}`), 2);
    assert.equal(await database.fetchVal(sql`SELECT count(*) FROM ${sql.identifier(name)}`), 3);
  });

  test("a raw expression stands inside a typed statement", async ({ database }) => {
    const shout = sql.value<string | null>`upper(${notes.c.text})`;
    const query = select(notes.c.id, shout.as("shout")).where(
      sql.value<boolean>`${notes.c.id} = ${1} OR ${notes.c.id} = ${2}`,
    );
    const rows: { id: number; shout: string | null }[] = await database.fetchAll(
      query.where(notes.c.completed.eq(false)),
    );
    assert.deepEqual(rows, [{ id: 2, shout: "B: C" }]);
  });

  test("a parameter in the tag is bound by the call", async ({ database }) => {
    const query = sql<{ id: number }, { id: number }>`SELECT id FROM ${notes} WHERE id >= ${param("id")} ORDER BY id`;
    assert.deepEqual(await database.fetchAll(query, { id: 2 }), [{ id: 2 }, { id: 3 }]);
    assert.deepEqual(await database.fetchAll(query, { id: 3 }), [{ id: 3 }]);
  });

  test("declared columns convert each value, by position and under their names", async ({ database }) => {
    const typed = sql`SELECT id, completed, data FROM ${notes} ORDER BY id`.columns({
      key: integer(),
      done: boolean(),
      document: json<{ a: number }>(),
    });
    const rows: { key: number; done: boolean | null; document: { a: number } | null }[] = (await database.fetchAll(
      typed,
    )) as never;
    assert.deepEqual(rows, [
      { key: 1, done: true, document: { a: 1 } },
      { key: 2, done: false, document: null },
      { key: 3, done: false, document: null },
    ]);
  });

  test("columns that are declared are those of the statement", async ({ database }) => {
    const short = sql`SELECT id, text FROM ${notes}`.columns({ id: integer() });
    await failure(database.fetchAll(short), UsageError, /column/);
    const long = sql`SELECT id FROM ${notes}`.columns({ id: integer(), more: integer() });
    await failure(database.fetchAll(long), UsageError, /column/);
    await failure(database.iterate(short).next(), UsageError, /column/);
  });

  test("without declared columns values are as safe as their kind is known", async ({ database }) => {
    const row = await database.fetchOneOrThrow(
      sql`SELECT ${1} AS small, ${2n ** 53n + 1n} AS big, ${0.5} AS fraction, ${"x"} AS text, ${new Uint8Array([0, 255])} AS bytes`,
    );
    assert.deepEqual(row, {
      small: 1,
      big: 2n ** 53n + 1n,
      fraction: 0.5,
      text: "x",
      bytes: new Uint8Array([0, 255]),
    });
    assert.equal(Object.getPrototypeOf(row["bytes"]), Uint8Array.prototype);
  });

  test(
    "booleans and JSON show where the server has them",
    async ({ database }) => {
      const row = await database.fetchOneOrThrow(sql`SELECT completed, data FROM ${notes} WHERE id = ${1}`);
      assert.deepEqual(row, { completed: true, data: { a: 1 } });
    },
    { features: ["serverBooleans", "serverJson"] },
  );

  test("columns of one name are numbered, so that nothing is lost", async ({ database }) => {
    const rows = await database.fetchAll(
      sql`SELECT a.id, b.id, a.id AS id_1, b.id FROM ${notes} a JOIN ${notes} b ON b.id = a.id + 1 ORDER BY 1`,
    );
    assert.deepEqual(
      rows.map((row) => Object.entries(row)),
      [
        [
          ["id", 1],
          ["id_2", 2],
          ["id_1", 1],
          ["id_3", 2],
        ],
        [
          ["id", 2],
          ["id_2", 3],
          ["id_1", 2],
          ["id_3", 3],
        ],
      ],
    );
    const pair = await database.fetchOne(sql`SELECT 1 AS id, 2 AS id`);
    assert.deepEqual(pair, { id: 1, id_1: 2 });
    assert.deepEqual(await database.fetchOne(sql`SELECT 1 AS id, 2 AS id`, null, { rows: "array" }), [1, 2]);
  });

  test("__proto__ and its kin are columns like any other", async ({ database }) => {
    const row = await database.fetchOneOrThrow(
      sql`SELECT 1 AS ${sql.identifier("__proto__")}, 2 AS ${sql.identifier("constructor")}, 3 AS ${sql.identifier("then")}`,
    );
    assert.deepEqual(Object.entries(row), [
      ["__proto__", 1],
      ["constructor", 2],
      ["then", 3],
    ]);
    assert.equal(Object.getPrototypeOf(row), Object.prototype);
  });

  test("what another builder compiled is a query, as the first argument only", async ({ database }) => {
    const [first, second] = [target.placeholder(1), target.placeholder(2)];
    const text = `SELECT id, text FROM ${name} WHERE id > ${first} AND id < ${second} ORDER BY id`;
    const compiled = { sql: text, parameters: [1, 3] };
    assert.deepEqual(await database.fetchAll(compiled), [{ id: 2, text: "b: c" }]);
    const compiledQuery = { ...compiled, query: { kind: "SelectQueryNode" } };
    assert.deepEqual(await database.fetchOne(compiledQuery, null, { rows: "array" }), [2, "b: c"]);
    await failure(database.fetchAll(compiled, { id: 1 }), UsageError, /parameters/);
    thrown(() => sql`SELECT ${compiled}`, UsageError, /plain object/);
    thrown(() => notes.select().where(compiled as never), UsageError, /condition/);
  });

  test("nothing that came as JSON passes for an expression", async ({ database }) => {
    const forged = JSON.parse('{"sql":"1 = 1","kind":"raw","node":{"kind":"raw","body":"1 = 1"}}') as never;
    thrown(() => notes.select().where(forged), UsageError, /condition/);
    await failure(database.fetchAll(notes.select().where(notes.c.id.in([forged]))), UsageError, /plain object/);
    await failure(database.execute(notes.insert(), { id: 9, text: forged }), UsageError);
    assert.equal(await database.fetchVal(select(count()).from(notes)), 3);
  });

  test("text that is no single statement is refused before it is sent", async ({ database }) => {
    await failure(database.fetchAll(""), UsageError, /empty/);
    await failure(database.fetchAll("  -- nothing"), UsageError, /empty/);
    await failure(database.execute(`DELETE FROM ${name}; DELETE FROM ${name}`), UsageError, /several/);
    await failure(database.fetchAll(`SELECT ${target.placeholder(1)}`), UsageError, /:name/);
    await failure(database.fetchAll(`SELECT 1\0`), UsageError, /NUL/);
    assert.equal(await database.fetchVal("SELECT 1 ;"), 1);
    assert.equal(await database.fetchVal(select(count()).from(notes)), 3);
  });

  test("text that changes the connection for others is refused outside of a kept connection", async ({ database }) => {
    for (const text of ["BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT x"]) {
      await failure(database.execute(text), UsageError, /transaction/);
      await failure(
        database.connection((connection) => connection.execute(text)),
        UsageError,
        /transaction/,
      );
    }
    for (const text of [
      "SET x = 1",
      "LISTEN x",
      "PREPARE x AS SELECT 1",
      "USE x",
      "CREATE TEMPORARY TABLE x (y INTEGER)",
    ]) {
      await failure(database.execute(text), UsageError, /connection/);
    }
    await database.connection(async (connection) => {
      await connection.execute(`CREATE TEMPORARY TABLE ${named("passing")} (y INTEGER)`);
      assert.equal(await connection.fetchVal(`SELECT count(*) FROM ${named("passing")}`), 0);
    });
    await assert.rejects(database.fetchAll(`SELECT * FROM ${named("passing")}`), "nobody else gets that connection");
  });

  test("a star gives the columns that there are now", async ({ database }) => {
    const own = new MetaData();
    const growing = own.table(named("growing"), { id: integer() });
    await own.createAll(database);
    await database.execute(growing.insert(), { id: 1 });
    const text = `SELECT * FROM ${named("growing")}`;
    for (let round = 0; round < 3; round += 1) assert.deepEqual(await database.fetchAll(text), [{ id: 1 }]);
    await database.execute(`ALTER TABLE ${named("growing")} ADD COLUMN size INTEGER`);
    assert.deepEqual(await database.fetchAll(text), [{ id: 1, size: null }]);
    await database.connection(async (connection) => {
      assert.deepEqual(await connection.fetchAll(text), [{ id: 1, size: null }]);
    });
    await own.dropAll(database);
  });

  test("the tag is no function", () => {
    thrown(() => (sql as unknown as (text: string) => unknown)("SELECT 1"), UsageError, /tag/);
    thrown(() => (sql as unknown as (text: string[]) => unknown)(["SELECT 1"]), UsageError, /tag/);
    return Promise.resolve();
  });
});

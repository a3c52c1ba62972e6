import assert from "node:assert/strict";
import { test } from "node:test";
import { integer, string } from "../../../src/schema/factories.js";
import { MetaData } from "../../../src/schema/metadata.js";
import {
  AbortError,
  ConfigurationError,
  InvalidValueError,
  NoRowError,
  PoolTimeoutError,
  QueryTimeoutError,
  SqlSyntaxError,
  UniqueViolationError,
  UsageError,
} from "../../../src/errors/index.js";
import { sql } from "../../../src/sql/raw.js";
import { everywhere, failure, insert, openNotes, texts, within } from "./support.js";

const metadata = new MetaData();
const notes = metadata.table("notes", { id: integer().primaryKey(), text: string(100).unique() });

everywhere("the ways to fetch", async (t, place) => {
  const database = await openNotes(t, place);
  await within(database.executeMany(notes.insert(), [{ text: "a" }, { text: null }]));
  const query = notes.select().orderBy(notes.c.id);
  assert.deepEqual(await within(database.fetchAll(query)), [
    { id: 1, text: "a" },
    { id: 2, text: null },
  ]);
  assert.deepEqual(await within(database.fetchAll(query, null, { rows: "array" })), [
    [1, "a"],
    [2, null],
  ]);
  assert.deepEqual(await within(database.fetchOne(query)), { id: 1, text: "a" });
  assert.deepEqual(await within(database.fetchOne(query, null, { rows: "array" })), [1, "a"]);
  assert.deepEqual(await within(database.fetchOneOrThrow(query, null, { rows: "array" })), [1, "a"]);
  assert.deepEqual(await within(database.fetchOneOrThrow(query)), { id: 1, text: "a" });
  assert.equal(await within(database.fetchVal("SELECT text FROM notes WHERE id = :id", { id: 1 })), "a");
  assert.equal(await within(database.fetchVal("SELECT text FROM notes WHERE id = :id", { id: 2 })), null);
  assert.equal(await within(database.fetchVal("SELECT text FROM notes WHERE id = :id", { id: 3 })), null);
  assert.equal(await within(database.fetchValOrThrow("SELECT text FROM notes WHERE id = :id", { id: 2 })), null);
  const none = notes.select().where(notes.c.id.eq(99));
  assert.deepEqual(await within(database.fetchAll(none)), []);
  assert.equal(await within(database.fetchOne(none)), null);
  assert.equal(await within(database.fetchOne(none, null, { rows: "array" })), null);
  await failure(database.fetchOneOrThrow(none), NoRowError);
  await failure(database.fetchOneOrThrow(none, null, { rows: "array" }), NoRowError);
  await failure(database.fetchValOrThrow("SELECT text FROM notes WHERE id = 99"), NoRowError);
  await failure(database.fetchVal(query as never), UsageError, /one column, and this one has 2/);
  assert.deepEqual(await within(database.fetchAll("SELECT 1 AS id, 2 AS id")), [{ id: 1, id_1: 2 }]);
});

everywhere("what execute() tells", async (t, place) => {
  const database = await openNotes(t, place);
  assert.deepEqual(await within(database.execute(notes.insert(), { text: "a" })), {
    rowCount: 1,
    insertedPrimaryKey: { id: 1 },
  });
  assert.deepEqual(await within(database.execute(notes.insert(), { id: 7, text: "b" })), {
    rowCount: 1,
    insertedPrimaryKey: { id: 7 },
  });
  const many = notes.insert().values([{ text: "c" }, { text: "d" }]);
  assert.deepEqual(await within(database.execute(many)), { rowCount: 2, insertedPrimaryKey: null });
  assert.deepEqual(await within(database.execute(notes.update().all(), { text: null })), {
    rowCount: 4,
    insertedPrimaryKey: null,
  });
  assert.deepEqual(await within(database.execute(notes.update().where(notes.c.id.eq(99)), { text: "x" })), {
    rowCount: 0,
    insertedPrimaryKey: null,
  });
  assert.deepEqual(await within(database.execute(notes.select())), { rowCount: 4, insertedPrimaryKey: null });
  assert.deepEqual(await within(database.execute("CREATE TABLE other (id INTEGER)")), {
    rowCount: 0,
    insertedPrimaryKey: null,
  });
  assert.deepEqual(await within(database.execute("INSERT INTO notes (text) VALUES ('raw')")), {
    rowCount: 1,
    insertedPrimaryKey: null,
  });
});

everywhere("the ways to say a query", async (t, place) => {
  const database = await openNotes(t, place);
  await within(insert(database, "a"));
  const text = "a";
  const expected = [{ id: 1, text: "a" }];
  assert.deepEqual(await within(database.fetchAll(sql`SELECT * FROM notes WHERE text = ${text}`)), expected);
  assert.deepEqual(await within(database.fetchAll("SELECT * FROM notes WHERE text = :text", { text })), expected);
  assert.deepEqual(
    await within(database.fetchAll({ sql: "SELECT * FROM notes WHERE text = ?", parameters: [text] })),
    expected,
  );
  assert.deepEqual(await within(database.fetchAll(notes.select())), expected);
});

everywhere("what is no query never runs", async (t, place) => {
  const database = await openNotes(t, place);
  const never: readonly unknown[] = [
    undefined,
    null,
    5,
    true,
    [],
    {},
    new Date(),
    () => "SELECT 1",
    Symbol("x"),
    JSON.parse('{"kind":"raw","body":"SELECT 1","columns":null}'),
    JSON.parse('{"Symbol(databases.node)":{"kind":"raw","body":"SELECT 1"}}'),
    { sql: "SELECT 1" },
    { sql: ["SELECT 1"], parameters: [] },
    { sql: "SELECT 1", parameters: {} },
    notes,
    notes.c.id,
    notes.c.id.eq(1),
  ];
  for (const query of never) {
    await failure(database.fetchAll(query as never), UsageError, /no query/);
    await failure(database.execute(query as never), UsageError);
  }
  await failure(
    database.fetchAll({ sql: "SELECT ?", parameters: [1] }, { a: 1 }),
    UsageError,
    /brings its parameters along/,
  );
  await failure(database.fetchAll("SELECT :a", { a: { sql: "SELECT 1", parameters: [] } }), InvalidValueError);
});

everywhere("values and options are checked before anything is sent", async (t, place) => {
  const database = await openNotes(t, place);
  await failure(database.fetchAll("SELECT :a", [1] as never), UsageError, /object by name/);
  await failure(database.fetchAll("SELECT :a", 5 as never), UsageError, /object by name/);
  await failure(database.fetchAll("SELECT :a"), UsageError, /"a"/);
  await failure(database.fetchAll("SELECT :a", { a: undefined }), UsageError);
  await failure(database.fetchAll("SELECT 1", { signal: AbortSignal.abort() }), UsageError, /"signal"/);
  await failure(database.fetchAll("SELECT 1", null, { timeout: 5 } as never), UsageError, /no option "timeout"/);
  await failure(database.fetchAll("SELECT 1", null, { rows: "tuple" } as never), UsageError, /"object" or "array"/);
  await failure(database.fetchAll("SELECT 1", null, [] as never), UsageError, /come third/);
  await failure(database.fetchAll("SELECT 1", null, { timeoutMs: "5" } as never), ConfigurationError, /timeoutMs/);
  await failure(
    database.fetchAll("SELECT 1", null, { signal: new AbortController() } as never),
    ConfigurationError,
    /controller\.signal/,
  );
  await failure(database.execute(notes.insert(), { text: "a", other: 1 } as never), UsageError, /"other"/);
  await failure(database.execute(notes.insert(), { text: 5 } as never), InvalidValueError);
  assert.deepEqual(await within(texts(database)), []);
});

everywhere("text that would change more than itself is refused", async (t, place) => {
  const database = await openNotes(t, place);
  for (const text of ["BEGIN", "commit", "ROLLBACK", "SAVEPOINT a", "RELEASE a", "/* x */ END"]) {
    await failure(database.execute(text), UsageError, /transactions are begun by/);
    await within(database.connection((connection) => failure(connection.execute(text), UsageError, /transactions/)));
    await within(database.transaction(() => failure(database.execute(text), UsageError, /transactions/)));
  }
  await failure(
    database.execute("PRAGMA foreign_keys = OFF"),
    UsageError,
    /PRAGMA would change a connection that others use next/,
  );
  await failure(database.execute("CREATE TEMPORARY TABLE t (id INTEGER)"), UsageError);
  await failure(
    database.detached(() => database.execute("PRAGMA foreign_keys = OFF")),
    UsageError,
  );
  await within(
    database.connection(async (connection) => {
      await connection.execute("PRAGMA cache_size = 100");
      await database.execute("PRAGMA cache_size = 100");
    }),
  );
  await within(database.transaction(() => database.execute("PRAGMA cache_size = 100")));
});

everywhere("signal and timeoutMs act before a statement is sent", async (t, place) => {
  const database = await openNotes(t, place);
  const reason = new Error("enough");
  const error = await failure(insert(database.with({ signal: AbortSignal.abort(reason) }), "a"), AbortError);
  assert.equal(error.cause, reason);
  assert.equal(error.outcome, "not-executed");
  await within(insert(database.with({ signal: new AbortController().signal, timeoutMs: 1_000 }), "b"));
  await within(
    database
      .transaction(
        async () => {
          await new Promise((resolve) => setTimeout(resolve, 20));
          await failure(insert(database, "c"), QueryTimeoutError);
        },
        { timeoutMs: 5 },
      )
      .then(
        () => assert.fail("it was committed"),
        (thrown: unknown) => assert.ok(thrown instanceof QueryTimeoutError),
      ),
  );
  const controller = new AbortController();
  await failure(
    database.transaction(
      async () => {
        await insert(database, "d");
        controller.abort(reason);
      },
      { signal: controller.signal },
    ),
    AbortError,
  );
  assert.deepEqual(await within(texts(database)), ["b"]);
});

everywhere("a statement in a transaction keeps the limits of both", async (t, place) => {
  const database = await openNotes(t, place);
  for (const aborted of ["transaction", "statement"]) {
    const [outer, inner] = [new AbortController(), new AbortController()];
    const run = database.transaction(
      async () => {
        const limited = database.with({ signal: inner.signal });
        await insert(limited, `${aborted} 1`);
        (aborted === "transaction" ? outer : inner).abort(aborted);
        const error = await failure(insert(limited, `${aborted} 2`), AbortError);
        assert.equal(error.cause, aborted);
      },
      { signal: outer.signal },
    );
    if (aborted === "transaction") await failure(run, AbortError);
    else await within(run);
  }
  assert.deepEqual(await within(texts(database)), ["statement 1"]);
});

test("a wait that ends in vain shows who waited", { timeout: 10_000 }, async (t) => {
  const database = await openNotes(t, "a file with one connection", { acquireTimeoutMs: 20 });
  await using _ = await within(database.begin());
  async function theCaller(): Promise<void> {
    await database.fetchAll("SELECT 1");
  }
  assert.match((await failure(theCaller(), PoolTimeoutError)).stack ?? "", /theCaller/);
  const memory = await openNotes(t, "memory", { acquireTimeoutMs: 20 });
  async function theOther(): Promise<void> {
    await memory.fetchAll("SELECT 1");
  }
  const running = memory.transaction(() => new Promise((resolve) => setTimeout(resolve, 100)));
  assert.match((await failure(theOther(), PoolTimeoutError)).stack ?? "", /theOther/);
  await within(running);
});

test("with() gives the same calls with defaults, and calls may say otherwise", { timeout: 10_000 }, async (t) => {
  const database = await openNotes(t);
  const aborted = database.with({ signal: AbortSignal.abort() });
  await failure(aborted.fetchAll("SELECT 1"), AbortError);
  await failure(aborted.fetchAll("SELECT 1", null, { timeoutMs: 100 }), AbortError);
  await failure(
    aborted.with({ timeoutMs: 100 }).executeMany("INSERT INTO notes (text) VALUES (:text)", [{ text: "a" }]),
    AbortError,
  );
  await failure(aborted.iterate("SELECT 1").next(), AbortError);
  assert.deepEqual(await within(aborted.fetchAll("SELECT 1 AS one", null, { signal: new AbortController().signal })), [
    { one: 1 },
  ]);
  assert.throws(() => database.with({ rows: "array" } as never), UsageError);
  await assert.rejects(
    within(
      database.transaction(async () => {
        await insert(database.with({ timeoutMs: 1_000 }), "joins");
        throw new Error("undo");
      }),
    ),
    /undo/,
  );
  assert.deepEqual(await within(texts(database)), []);
});

everywhere("an error carries the caller's stack, and the driver's error as cause", async (t, place) => {
  const database = await openNotes(t, place);
  async function theCaller(): Promise<void> {
    await database.execute("SELEC 1");
  }
  const syntax = await failure(theCaller(), SqlSyntaxError);
  assert.match(syntax.stack ?? "", /theCaller/);
  assert.equal(syntax.sql, "SELEC 1");
  await within(insert(database, "a"));
  async function inserting(): Promise<void> {
    await database.transaction(() => insert(database, "a"));
  }
  const unique = await failure(inserting(), UniqueViolationError);
  assert.match(unique.stack ?? "", /insert/);
  assert.ok(unique.cause instanceof Error);
});

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  CommitRolledBackError,
  ConfigurationError,
  ConnectionRefusedError,
  CorruptionError,
  count,
  Database,
  DatabaseBusyError,
  DatabaseURL,
  integer,
  MetaData,
  ReadOnlyError,
  select,
  string,
  TransactionAbortedError,
  UniqueViolationError,
  UsageError,
} from "../../../src/index.js";
import type { Operand } from "../../../src/sql/operand.js";
import type { OrderElement } from "../../../src/sql/order.js";
import { failure } from "../../suite/assertions.js";
import { type Declare, suite } from "../../suite/target.js";

/** The driver's own object, as far as both drivers agree on it. */
interface Native {
  exec(sql: string): unknown;
}

/** What SQLite has of its own, with every driver of it. */
export const own: Declare = suite("SQLite's own", ({ test, named, tables, beforeEach, target }) => {
  const metadata = new MetaData();
  const notes = metadata.table(named("notes"), { id: integer().primaryKey(), word: string(50) });
  tables(metadata);
  beforeEach(async ({ database }) => void (await database.execute(notes.delete().all())));
  const total = select(count()).from(notes);
  const inMemory = `sqlite+${target.name}://`;

  test("each connection has the session that we want", async ({ database }) => {
    await database.connection(async (connection) => {
      assert.equal(await connection.fetchVal("PRAGMA journal_mode"), "wal");
      assert.equal(await connection.fetchVal("PRAGMA synchronous"), 2);
      assert.equal(await connection.fetchVal("PRAGMA foreign_keys"), 1);
    });
  });

  test("a whole number is bound as one", async ({ database }) => {
    const kinds = "SELECT typeof(:a) AS a, typeof(:b) AS b, typeof(:c) AS c, :a / 2 AS half";
    const row = await database.fetchOne(kinds, { a: 3, b: 3n, c: 0.5 });
    assert.deepEqual(row, { a: "integer", b: "integer", c: "real", half: 1 });
  });

  test("a database in memory is one for all calls, and gone with its connection", async () => {
    const database = new Database(inMemory);
    await metadata.createAll(database);
    await Promise.all(
      Array.from({ length: 20 }, (_, index) => database.execute(notes.insert(), { word: String(index) })),
    );
    await Promise.all([
      database.transaction(async () => {
        await database.execute(notes.insert(), { word: "a" });
        await database.transaction(() => database.execute(notes.insert(), { word: "b" }));
      }),
      database.execute(notes.insert(), { word: "c" }),
      database.fetchVal(total),
    ]);
    assert.equal(await database.fetchVal(total), 23);
    assert.equal(database.pool.size, 1);
    await database.disconnect();
    await database.connect();
    await assert.rejects(database.fetchVal(total));
    await database.disconnect();
  });

  test("in memory, handles exclude nobody and detached() stays inside", async () => {
    await using database = new Database(inMemory);
    await metadata.createAll(database);
    const transaction = await database.begin();
    await transaction.execute(notes.insert(), { word: "a" });
    await database.execute(notes.insert(), { word: "meanwhile" });
    assert.equal(await database.fetchVal(total), 2);
    await transaction.rollback();
    assert.equal(await database.fetchVal(total), 0);
    await database.transaction(() => database.detached(() => database.execute(notes.insert(), { word: "b" })));
    assert.equal(await database.fetchVal(total), 1);
    for await (const { id } of database.iterate(notes.select())) {
      assert.equal(await database.fetchVal(select(notes.c.id).where(notes.c.id.eq(id))), id);
    }
  });

  test("mode=ro reads and refuses writes; a file that must exist is not made", async ({ url }) => {
    await using readOnly = new Database(`${url}?mode=ro`);
    // Its session asks for a journal mode that the file has already.
    assert.equal(await readOnly.fetchVal(total), 0);
    await failure(readOnly.execute(notes.insert(), { word: "x" }), ReadOnlyError);
    const missing = new DatabaseURL(url).replace({ database: join(folderOf(url), "missing.db") });
    await using absent = new Database(`${missing.href}?mode=rw`);
    await failure(absent.fetchVal(total), ConnectionRefusedError);
    await failure(new Database(`${url}?mode=xyz`).connect(), ConfigurationError, /mode/);
  });

  test("text that makes something of the connection's own, or hides a second statement, is refused", async ({
    database,
  }) => {
    for (const text of [
      "CREATE TABLE temp.t AS SELECT 1",
      'CREATE VIEW "temp".v AS SELECT 1',
      "CREATE TRIGGER temp.tr AFTER INSERT ON x BEGIN SELECT 1; END",
      "CREATE TABLE trigger (begin int); DELETE FROM x",
      "CREATE TRIGGER tr AFTER INSERT ON x BEGIN SELECT 1 AS begin; END; DELETE FROM x",
      "SELECT :1",
      "SELECT 1 LIMIT:n",
    ]) {
      await failure(database.execute(text), UsageError);
    }
    await failure(database.executeMany("PRAGMA ignore_check_constraints = 1", [{}, {}]), UsageError, /once/);
  });

  test("a relative path stays the file that it was, wherever the process goes", async ({ url }) => {
    const start = process.cwd();
    process.chdir(folderOf(url));
    try {
      await using relative = new Database(`sqlite+${target.name}:///relative.db`);
      await relative.execute("CREATE TABLE kept (x INTEGER)");
      process.chdir(start);
      await relative.connection(async () => {
        assert.deepEqual(await relative.detached(() => relative.fetchAll("SELECT * FROM kept")), []);
      });
    } finally {
      process.chdir(start);
    }
  });

  test("mode=ro opens a file whose journal is of another kind", async ({ url }) => {
    const file = join(folderOf(url), "rollback-journal.db");
    const writable = new DatabaseURL(url).replace({ database: file });
    await using made = await new Database(writable).connect();
    await made.execute("CREATE TABLE kept (x INTEGER)");
    await made.connection((connection) => connection.fetchVal("PRAGMA journal_mode = delete"));
    await made.disconnect();
    await using readOnly = new Database(`${writable.href}?mode=ro`);
    assert.deepEqual(await readOnly.fetchAll("SELECT * FROM kept"), []);
    assert.equal(await readOnly.fetchVal("PRAGMA journal_mode"), "delete");
  });

  test("connecting waits for a lock that somebody else holds", async ({ url }) => {
    const file = new DatabaseURL(url).replace({ database: join(folderOf(url), "locked.db") });
    await using holder = await new Database(file).connect();
    await holder.connection(async (connection) => {
      const native = connection.raw as Native;
      native.exec("PRAGMA journal_mode = delete");
      native.exec("BEGIN EXCLUSIVE");
      const waiting = new Database(file).connect();
      const early = await Promise.race([waiting.then(() => "connected"), sleep(100, "waits")]);
      native.exec("COMMIT");
      assert.equal(early, "waits");
      await using late = await waiting;
      assert.equal(await late.fetchVal("SELECT 1"), 1);
    });
  });

  test("a folder that is missing, and a file that is no database, are told", async ({ url }) => {
    const inNoFolder = new DatabaseURL(url).replace({ database: join(folderOf(url), "no", "such.db") });
    await failure(new Database(inNoFolder).connect(), ConnectionRefusedError);
    const text = join(folderOf(url), "text.db");
    writeFileSync(text, "this is no database, but it is long enough to look like one ".repeat(100));
    await failure(new Database(new DatabaseURL(url).replace({ database: text })).connect(), CorruptionError);
  });

  test("a lock of another process is waited for, and timers go on", async ({ database, open }) => {
    const holder = await open().acquire();
    const native = holder.raw as Native;
    native.exec("BEGIN IMMEDIATE");
    let ticks = 0;
    const timer = setInterval(() => (ticks += 1), 5);
    const writes = [
      database.execute(notes.insert(), { word: "alone" }),
      database.transaction(() => database.execute(notes.insert(), { word: "in a transaction" })),
      database.executeMany(notes.insert(), [{ word: "many" }, { word: "more" }]),
    ];
    await sleep(60);
    clearInterval(timer);
    assert.equal(await open().fetchVal(total), 0, "readers are not held up");
    native.exec("COMMIT");
    await Promise.all(writes);
    await holder.release();
    assert.equal(await database.fetchVal(total), 4);
    assert.ok(ticks >= 2, `only ${ticks} ticks`);
  });

  test("a lock that stays is an error that says what may be run again", async ({ open }) => {
    const holder = await open().acquire();
    const native = holder.raw as Native;
    native.exec("BEGIN IMMEDIATE");
    const database = open({ acquireTimeoutMs: 50 });
    const error = await failure(database.execute(notes.insert(), { word: "x" }), DatabaseBusyError);
    assert.deepEqual([error.retryable, error.outcome], ["statement", "not-executed"]);
    await failure(
      database.transaction(() => database.fetchVal(total)),
      DatabaseBusyError,
    );
    native.exec("ROLLBACK");
    await holder.release();
    await database.execute(notes.insert(), { word: "x" });
  });

  test("writers of one file take turns, whichever Database they come from", async ({ database, open }) => {
    const other = open({ acquireTimeoutMs: 5_000 });
    const log: string[] = [];
    const write = (from: Database, name: string) =>
      from.transaction(async () => {
        log.push(`${name} begins`);
        await from.execute(notes.insert(), { word: name });
        await sleep(5);
        log.push(`${name} ends`);
      });
    await Promise.all([write(database, "a"), write(other, "b"), write(database, "c")]);
    assert.equal(log.length, 6);
    for (let index = 0; index < 6; index += 2) {
      assert.equal(log[index + 1], (log[index] ?? "").replace("begins", "ends"));
    }
  });

  test("a write by detached() inside a write transaction would wait for itself, and is told so", async ({
    database,
  }) => {
    await database.transaction(async () => {
      await database.execute(notes.insert(), { word: "a" });
      const startMs = performance.now();
      await assert.rejects(
        database.detached(() => database.execute(notes.insert(), { word: "b" })),
        /itself|wait/,
      );
      assert.ok(performance.now() - startMs < 2_000);
    });
    assert.equal(await database.fetchVal(total), 1);
  });

  test("an error that ends SQLite's transaction ends ours: nothing more runs in it, and nothing is kept", async ({
    database,
  }) => {
    await database.execute(notes.insert(), { id: 1, word: "before" });
    const ended = database.transaction(async () => {
      await database.execute(notes.insert(), { word: "lost" });
      const rollsBack = database.execute(`INSERT OR ROLLBACK INTO ${named("notes")} (id) VALUES (1)`);
      const error = await failure(rollsBack, UniqueViolationError);
      assert.equal(error.outcome, "rolled-back");
      const refused = await failure(database.execute(notes.insert(), { word: "later" }), TransactionAbortedError);
      assert.equal(refused.cause, error);
    });
    const error = await failure(ended, CommitRolledBackError);
    assert.ok(error.cause instanceof UniqueViolationError);
    assert.equal(await database.fetchVal(total), 1);
  });

  test("pragmas that tell are queries; those that change something want a kept connection", async ({ database }) => {
    assert.equal((await database.fetchAll(`PRAGMA table_info(${named("notes")})`)).length, 2);
    await failure(database.execute("PRAGMA cache_size = 100"), UsageError, /connection/);
    await database.connection((connection) => connection.execute("PRAGMA cache_size = 100"));
    await failure(database.execute("ATTACH DATABASE ':memory:' AS other"), UsageError, /connection/);
  });

  test("collate orders and compares by SQLite's collations", async ({ database }) => {
    await database.executeMany(notes.insert(), [{ word: "b" }, { word: "A" }, { word: "a" }]);
    const { word } = notes.c;
    const words = async (term: OrderElement<never> | Operand<unknown, never>) =>
      (await database.fetchAll(select(word).orderBy(term, notes.c.id))).map((row) => row.word);
    assert.deepEqual(await words(word), ["A", "a", "b"]);
    assert.deepEqual(await words(word.collate("NOCASE").desc()), ["b", "A", "a"]);
    assert.equal(await database.fetchVal(total.where(word.collate("NOCASE").eq("A"))), 2);
  });
});

function folderOf(url: string): string {
  return dirname(new DatabaseURL(url).database ?? "");
}

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, test } from "node:test";
import { inspect } from "node:util";
import { Database } from "../../../src/database/database.js";
import {
  ConfigurationError,
  ConnectionError,
  DatabaseError,
  PoolClosedError,
  PoolTimeoutError,
  UnsupportedError,
} from "../../../src/errors/index.js";
import { DatabaseURL } from "../../../src/url/index.js";
import { failure, fileUrl, insert, openNotes, openNotesAt, signal, temporaryFolder, texts, within } from "./support.js";

test("connect() gives the database, and is idempotent, also at once", { timeout: 10_000 }, async (t) => {
  const database = new Database(fileUrl(t));
  t.after(() => within(database.disconnect()));
  assert.equal(database.isConnected, false);
  const [first, second] = await within(Promise.all([database.connect(), database.connect()]));
  assert.equal(first, database);
  assert.equal(second, database);
  assert.equal(await within(database.connect()), database);
  assert.equal(database.isConnected, true);
  assert.equal(database.pool.size, 1);
});

test("the first query connects, and of several at once only one does", { timeout: 10_000 }, async (t) => {
  const database = new Database("sqlite://");
  t.after(() => within(database.disconnect()));
  await within(database.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT)"));
  await within(database.disconnect());
  await within(database.connect());
  await within(
    Promise.all([
      database.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT)"),
      database.transaction(() => insert(database, "a")),
      database.begin().then((transaction) => transaction.rollback()),
    ]),
  );
  assert.deepEqual(await within(texts(database)), ["a"]);
});

test("after disconnect() calls are refused until connect(); both are idempotent", { timeout: 10_000 }, async (t) => {
  const database = await openNotes(t);
  await within(insert(database, "a"));
  await within(Promise.all([database.disconnect(), database.disconnect()]));
  await within(database.disconnect());
  assert.equal(database.isConnected, false);
  assert.equal(database.pool.size, 0);
  await failure(texts(database), PoolClosedError, /connect\(\)/);
  await failure(
    database.transaction(async () => undefined),
    PoolClosedError,
  );
  await failure(database.begin(), PoolClosedError);
  await failure(
    database.connection(() => undefined),
    PoolClosedError,
  );
  await failure(database.iterate("SELECT 1").next(), PoolClosedError);
  await within(database.connect());
  assert.deepEqual(await within(texts(database)), ["a"]);
  const never = new Database("sqlite://");
  await within(never.disconnect());
  await failure(texts(never), PoolClosedError);
});

test("disconnect() waits for what is under way, but not for ever", { timeout: 10_000 }, async (t) => {
  const database = await openNotes(t);
  const begun = signal();
  const running = database.transaction(async () => {
    begun.give();
    await insert(database, "a");
    await sleep(30);
    await insert(database, "b");
  });
  await within(begun.given);
  await within(database.disconnect());
  await within(running);
  await within(database.connect());
  assert.deepEqual(await within(texts(database)), ["a", "b"]);
  const forgotten = await within(database.begin());
  await within(insert(forgotten, "lost"));
  await within(database.disconnect({ timeoutMs: 30 }));
  await failure(insert(forgotten, "late"), DatabaseError);
  await within(database.connect());
  assert.deepEqual(await within(texts(database)), ["a", "b"]);
});

test("disconnect() with a handle open on the only connection ends it", { timeout: 10_000 }, async (t) => {
  const database = await openNotes(t, "memory");
  const handle = await within(database.begin());
  await within(insert(handle, "lost"));
  await within(database.disconnect());
  assert.equal(handle.isOpen, false);
});

test("connect() and disconnect() may cross each other", { timeout: 10_000 }, async (t) => {
  for (const options of [{}, { forceRollback: true }]) {
    const database = new Database(fileUrl(t), options);
    const connecting = database.connect();
    await within(Promise.all([connecting, database.disconnect()]));
    assert.equal(database.isConnected, false);
    await failure(database.fetchVal("SELECT 1"), PoolClosedError);
    const query = within(Promise.all([database.connect(), database.disconnect(), database.connect()]));
    await query;
    assert.equal(database.isConnected, true);
    assert.equal(await within(database.fetchVal("SELECT 1")), 1);
    await within(database.disconnect());
    assert.deepEqual(database.pool.size, 0);
  }
});

test("await using disconnects", { timeout: 10_000 }, async (t) => {
  const url = fileUrl(t);
  let outside: Database;
  {
    await using database = await new Database(url).connect();
    outside = database;
  }
  assert.equal(outside.isConnected, false);
});

test("a connect() that fails says why, and may be tried again", { timeout: 10_000 }, async (t) => {
  const folder = temporaryFolder(t);
  const database = new Database(`sqlite:///${join(folder, "missing", "x.db")}`);
  await failure(database.connect(), DatabaseError);
  await failure(database.fetchAll("SELECT 1"), ConnectionError);
  assert.equal(database.isConnected, false);
  const { mkdirSync } = await import("node:fs");
  mkdirSync(join(folder, "missing"));
  await within(database.connect());
  assert.ok(existsSync(join(folder, "missing", "x.db")));
  await within(database.disconnect());
});

test("a database in memory begins empty after a new connect()", { timeout: 10_000 }, async () => {
  const database = await within(new Database("sqlite://").connect());
  await within(database.execute("CREATE TABLE notes (id INTEGER)"));
  await within(database.disconnect());
  await within(database.connect());
  await failure(database.fetchAll("SELECT * FROM notes"), DatabaseError);
  await within(database.disconnect());
});

test("the pool's figures", { timeout: 10_000 }, async (t) => {
  const database = await openNotesAt(t, fileUrl(t), { minSize: 2, maxSize: 3 });
  assert.deepEqual(database.pool, { size: 2, idle: 2, inUse: 0, waiting: 0, maxSize: 3 });
  await within(database.connection(() => assert.equal(database.pool.inUse, 1)));
  const memory = await openNotes(t, "memory");
  assert.deepEqual(memory.pool, { size: 1, idle: 1, inUse: 0, waiting: 0, maxSize: 1 });
  const handle = await within(memory.begin());
  assert.deepEqual(memory.pool, { size: 1, idle: 0, inUse: 1, waiting: 0, maxSize: 1 });
  await within(handle.rollback());
});

describe("options", () => {
  test("come from the object, then from the URL", { timeout: 10_000 }, async (t) => {
    const url = fileUrl(t);
    const database = new Database(`${url}?max_size=3&min_size=1&acquire_timeout_ms=40`, { maxSize: 1 });
    t.after(() => within(database.disconnect()));
    await within(database.connect());
    assert.equal(database.pool.maxSize, 1);
    await using _ = await within(database.begin());
    await failure(database.begin(), PoolTimeoutError);
  });

  const refused: readonly [url: string, options: object, message: RegExp][] = [
    [
      "sqlite://?maxsize=3",
      {},
      /no option in the database URL named "maxsize"; there is min_size, max_size, acquire_timeout_ms/,
    ],
    ["sqlite://?__proto__=3", {}, /named "__proto__"/],
    ["sqlite://", { maxsize: 3 }, /no option named "maxsize"; there is minSize, maxSize/],
    ["sqlite://", { maxSize: "3" }, /maxSize must be a number/],
    ["sqlite://?max_size=many", {}, /max_size.*whole number/],
    ["sqlite://?force_rollback=maybe", {}, /force_rollback.*true or false/],
    ["sqlite://", { forceRollback: 1 }, /forceRollback must be a boolean/],
    ["sqlite://", { acquireTimeoutMs: 0 }, /acquireTimeoutMs must be/],
    ["sqlite://", { onConnect: true }, /onConnect must be a function/],
    [
      "oracle://host/x",
      {},
      /no dialect oracle: a database URL begins with one of postgresql:, mysql:, mariadb:, sqlite:/,
    ],
    ["sqlite+sql.js://", {}, /driver in a database URL/],
    ["sqlite+libsql://", {}, /no driver libsql for sqlite: URLs; there is better-sqlite3, node-sqlite/],
  ];
  for (const [url, options, message] of refused) {
    test(`${url} ${inspect(options)} is refused`, () => {
      assert.throws(
        () => new Database(url, options),
        (error) => error instanceof ConfigurationError && message.test(error.message),
      );
    });
  }

  test("one that this database cannot do is refused", () => {
    assert.throws(() => new Database("sqlite://", { statementTimeoutMs: 100 }), UnsupportedError);
    assert.throws(() => new Database("sqlite://?statement_timeout_ms=100"), UnsupportedError);
  });

  test("inherited properties are none", { timeout: 10_000 }, async () => {
    const options = Object.create({ maxSize: 0, forceRollback: true }) as object;
    const database = new Database("sqlite://", options);
    await within(database.execute("CREATE TABLE t (id INTEGER)"));
    await within(database.disconnect());
  });

  test("out of range is refused when it connects", { timeout: 10_000 }, async () => {
    await failure(new Database("sqlite:///x.db", { minSize: 3, maxSize: 2 }).connect(), ConfigurationError, /minSize/);
  });
});

test("nothing that shows a database shows its password", () => {
  const database = new Database(new DatabaseURL("sqlite:///x.db?mode=rw"));
  assert.equal(String(database), "Database(sqlite:///x.db?mode=rw)");
  assert.equal(inspect(database), "Database(sqlite:///x.db?mode=rw)");
  assert.equal(JSON.stringify({ database }), '{"database":"sqlite:///x.db?mode=rw"}');
  assert.equal(database.dialect, "sqlite");
  assert.equal(database.url.database, "x.db");
});

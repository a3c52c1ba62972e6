import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { test, type TestContext } from "node:test";
import type { Database } from "../../../src/database/database.js";
import { DatabaseBusyError, PoolTimeoutError } from "../../../src/errors/index.js";
import { driver } from "../../../src/drivers/better-sqlite3.js";
import { requestFor } from "../../support/request.js";
import { failure, fileUrl, insert, openNotesAt, texts, watchTimers, within } from "./support.js";

/** A connection as another process has it: it takes no turns with ours. */
async function stranger(t: TestContext, url: string): Promise<(sql: string) => void> {
  const connection = await driver.connect(requestFor(url), null);
  t.after(() => connection.close());
  return (sql) =>
    void connection.execute({ sql, parameters: [], reusable: false, integers: "number", isCommand: false });
}

test(
  "writers of one file take turns, those of several databases too; readers go beside them",
  { timeout: 10_000 },
  async (t) => {
    const url = fileUrl(t);
    const first = await openNotesAt(t, url);
    const second = await openNotesAt(t, url);
    const order: string[] = [];
    const write = (database: Database, name: string) =>
      database.transaction(async () => {
        order.push(`${name} begins`);
        await insert(database, name);
        await sleep(5);
        order.push(`${name} ends`);
      });
    const writing = Promise.all([
      write(first, "a"),
      write(second, "b"),
      write(first, "c"),
      insert(second, "d").then(() => order.push("d")),
    ]);
    await sleep(1);
    assert.deepEqual(await within(texts(second)), []);
    await within(writing);
    assert.deepEqual(order, ["a begins", "a ends", "b begins", "b ends", "c begins", "c ends", "d"]);
  },
);

test("a writer waits for another process without blocking the event loop", { timeout: 20_000 }, async (t) => {
  const url = fileUrl(t);
  const database = await openNotesAt(t, url, { acquireTimeoutMs: 5_000 });
  const run = await stranger(t, url);
  const timers = watchTimers(t);
  run("BEGIN IMMEDIATE");
  const waiting = Promise.all([
    insert(database, "statement"),
    database.transaction(() => insert(database, "transaction")),
    database.connection((connection) => insert(connection, "kept")),
    database.executeMany("INSERT INTO notes (text) VALUES (:text)", [{ text: "many 1" }, { text: "many 2" }]),
  ]);
  await sleep(60);
  assert.deepEqual(await within(texts(database)), []);
  run("COMMIT");
  await within(waiting, 5_000);
  assert.equal((await within(texts(database))).length, 5);
  // SQLite's own wait would hold the event loop for all of the acquire timeout.
  const longestMs = timers.longestMs();
  assert.ok(longestMs < 2_000, `a timer was ${longestMs} ms late`);
});

test(
  "the wait for another process ends with the acquire deadline, or with the signal",
  { timeout: 20_000 },
  async (t) => {
    const url = fileUrl(t);
    const database = await openNotesAt(t, url, { acquireTimeoutMs: 60 });
    const run = await stranger(t, url);
    run("BEGIN IMMEDIATE");
    await failure(insert(database, "a"), DatabaseBusyError);
    await failure(
      database.transaction(() => assert.fail("it began")),
      DatabaseBusyError,
    );
    await failure(
      database.connection((connection) => insert(connection, "a")),
      DatabaseBusyError,
    );
    const signal = AbortSignal.timeout(10);
    await assert.rejects(within(insert(database.with({ signal }), "a")), { name: "AbortError" });
    run("ROLLBACK");
    await within(insert(database, "b"));
    assert.deepEqual(await within(texts(database)), ["b"]);
    assert.equal(database.pool.inUse, 0);
  },
);

test("a COMMIT that finds the file locked waits, and the transaction stays whole", { timeout: 20_000 }, async (t) => {
  const url = fileUrl(t);
  const journal = (mode: string) => ({
    onConnect: (connection: { fetchVal(sql: string): Promise<unknown> }) =>
      connection.fetchVal(`PRAGMA journal_mode = ${mode}`),
  });
  const database = await openNotesAt(t, url, { acquireTimeoutMs: 2_000, ...(journal("delete") as object) });
  await within(insert(database, "before"));
  const run = await stranger(t, url);
  const writing = within(
    database.transaction(async () => {
      await insert(database, "a");
      // Without a write-ahead log a reader holds up the commit.
      run("BEGIN");
      run("SELECT * FROM notes");
      setTimeout(() => run("COMMIT"), 40);
    }),
    5_000,
  );
  await writing;
  assert.deepEqual(await within(texts(database)), ["before", "a"]);
});

test("a kept connection takes the turn when it writes, and gives it back", { timeout: 10_000 }, async (t) => {
  const url = fileUrl(t);
  const database = await openNotesAt(t, url, { acquireTimeoutMs: 100 });
  await within(
    database.connection(async (connection) => {
      await insert(connection, "kept");
      // The turn is free between the statements of a kept connection.
      await database.detached(() => insert(database, "beside"));
      await connection.transaction(async () => {
        await insert(connection, "in a transaction");
        await failure(
          database.detached(() => insert(database, "in vain")),
          Error,
        );
      });
      await database.detached(() => insert(database, "beside again"));
      await connection.transaction(() => database.detached(() => insert(database, "beside a reader")), {
        readOnly: true,
      });
    }),
  );
  assert.equal((await within(texts(database))).length, 5);
});

test("the error of a wait for the turn says who has it", { timeout: 10_000 }, async (t) => {
  const database = await openNotesAt(t, fileUrl(t), { acquireTimeoutMs: 40 });
  const handle = await within(database.begin());
  await failure(
    insert(database, "a"),
    PoolTimeoutError,
    /writer's turn of test\.db.*begin\(\) for \d+ ms at .*writers\.test.*has the writer's turn/s,
  );
  await within(handle.rollback());
  await within(insert(database, "a"));
});

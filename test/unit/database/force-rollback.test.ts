import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { test } from "node:test";
import { Database } from "../../../src/database/database.js";
import {
  CommitError,
  SerializationFailureError,
  TransactionClosedError,
  UniqueViolationError,
} from "../../../src/errors/index.js";
import { everywhere, failure, fileUrl, insert, openNotes, openNotesAt, texts, within, type Place } from "./support.js";

const PLAIN: readonly Place[] = ["a file", "a file with one connection", "memory"];

test("everything is undone at disconnect()", { timeout: 10_000 }, async (t) => {
  const url = fileUrl(t);
  const plain = await openNotesAt(t, url);
  await within(insert(plain, "before"));
  const database = new Database(url, { forceRollback: true });
  await within(database.connect());
  // Nothing has begun before the first call: another may write.
  await within(insert(plain, "beside"));
  await within(insert(database, "a"));
  await within(database.transaction(() => insert(database, "b")));
  await within(database.executeMany("INSERT INTO notes (text) VALUES (:text)", [{ text: "c" }, { text: "d" }]));
  await within(database.execute("CREATE TABLE other (id INTEGER)"));
  const handle = await within(database.begin());
  await within(insert(handle, "e"));
  assert.deepEqual(await within(texts(plain)), ["before", "beside"]);
  await within(database.disconnect());
  assert.deepEqual(await within(texts(plain)), ["before", "beside"]);
  assert.equal(await within(plain.fetchVal("SELECT count(*) FROM sqlite_schema WHERE name = 'other'")), 0);
  await within(database.connect());
  assert.deepEqual(await within(texts(database)), ["before", "beside"]);
  await within(database.disconnect());
});

test("it may also be asked for in the URL", { timeout: 10_000 }, async (t) => {
  const url = fileUrl(t);
  const plain = await openNotesAt(t, url);
  const database = new Database(`${url}?force_rollback=true`);
  await within(insert(database, "a"));
  assert.deepEqual(await within(texts(database)), ["a"]);
  await within(database.disconnect());
  assert.deepEqual(await within(texts(plain)), []);
});

test("the first calls of all branches share one transaction", { timeout: 10_000 }, async (t) => {
  const database = new Database("sqlite://", { forceRollback: true });
  t.after(() => within(database.disconnect()));
  await within(database.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT UNIQUE)"));
  await within(Promise.all(Array.from({ length: 20 }, (_, index) => insert(database, `${index}`))));
  assert.equal((await within(texts(database))).length, 20);
});

everywhere("a scope of forceRollback() undoes all that was done inside it", async (t, place) => {
  const database = await openNotes(t, place);
  await within(insert(database, "before"));
  const log: string[] = [];
  const result = await within(
    database.forceRollback(async () => {
      await insert(database, "stand-alone");
      await failure(insert(database, "stand-alone"), UniqueViolationError);
      await database.transaction(
        async (transaction) => {
          transaction.onCommit(() => log.push("committed"));
          await insert(database, "callback");
        },
        { isolation: "serializable" },
      );
      assert.deepEqual(log, ["committed"]);
      await using handle = await database.begin({ readOnly: true });
      await insert(handle, "handle");
      await handle.commit();
      await database.detached(() => insert(database, "detached"));
      for await (const row of database.iterate("SELECT text FROM notes"))
        await database.execute("UPDATE notes SET text = text WHERE text = :text", row);
      return texts(database);
    }),
  );
  assert.deepEqual(result, ["before", "stand-alone", "callback", "handle", "detached"]);
  assert.deepEqual(await within(texts(database)), ["before"]);
});

everywhere("scopes nest: a test in a suite", async (t, place) => {
  const database = await openNotes(t, place);
  await within(
    database.forceRollback(async () => {
      await insert(database, "suite");
      await database.forceRollback(async () => {
        await insert(database, "test");
        assert.deepEqual(await texts(database), ["suite", "test"]);
      });
      assert.deepEqual(await texts(database), ["suite"]);
    }),
  );
  await within(
    database.transaction(async () => {
      await insert(database, "transaction");
      await database.forceRollback(() => insert(database, "scope"));
    }),
  );
  assert.deepEqual(await within(texts(database)), ["transaction"]);
});

everywhere(
  "a scope gives on what its callback throws, and refuses what comes after it",
  async (t, place) => {
    const database = await openNotes(t, place);
    let late: Promise<unknown> = Promise.resolve();
    let detached: Promise<unknown> = Promise.resolve();
    await failure(
      database.forceRollback(async () => {
        await insert(database, "a");
        late = sleep(10).then(() => insert(database, "late"));
        late.catch(() => undefined);
        detached = database.detached(() => sleep(10).then(() => insert(database, "detached")));
        detached.catch(() => undefined);
        throw new RangeError("on purpose");
      }),
      RangeError,
    );
    await failure(late, TransactionClosedError, /forceRollback\(\) begun at .*force-rollback\.test/);
    if (PLAIN.includes(place)) await failure(detached, TransactionClosedError);
    assert.deepEqual(
      (await within(texts(database))).filter((text) => text !== "detached"),
      [],
    );
  },
  PLAIN,
);

test("each statement has its own savepoint, and transactions are savepoints", { timeout: 10_000 }, async (t) => {
  const database = await openNotes(t, "memory", { forceRollback: true });
  const status = await within(
    database.connection((connection) => {
      const { inTransaction, isTransaction } = connection.raw as Record<string, boolean>;
      return inTransaction ?? isTransaction;
    }),
  );
  assert.equal(status, true);
  await within(insert(database, "a"));
  // OR FAIL keeps the rows before the failing one; the savepoint undoes them with it.
  await failure(database.execute("INSERT OR FAIL INTO notes (text) VALUES ('b'), ('a')"), UniqueViolationError);
  assert.deepEqual(await within(texts(database)), ["a"]);
});

test("the outermost user transaction behaves as one: retries, hooks, options", { timeout: 10_000 }, async (t) => {
  const database = await openNotes(t, "a file under forceRollback");
  const log: string[] = [];
  let attempts = 0;
  await within(
    database.transaction(
      async (transaction) => {
        attempts += 1;
        await insert(database, `attempt ${attempts}`);
        transaction.onCommit(() => log.push("committed"));
        if (attempts === 1) throw new SerializationFailureError("lost");
      },
      { retries: 1, isolation: "serializable", readOnly: true },
    ),
  );
  assert.deepEqual(await within(texts(database)), ["attempt 2"]);
  assert.deepEqual(log, ["committed"]);
  const error = await failure(
    database.transaction(async (transaction) => {
      transaction.onCommit(() => Promise.reject(new Error("hook")));
      await insert(database, "kept");
    }),
    CommitError,
  );
  assert.equal(error.outcome, "committed");
  assert.deepEqual(await within(texts(database)), ["attempt 2", "kept"]);
});

test("parallel requests on the one connection take turns", { timeout: 10_000 }, async (t) => {
  const database = await openNotes(t, "a file under forceRollback", { acquireTimeoutMs: 5_000 });
  await within(
    Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        database
          .transaction(async () => {
            await insert(database, `${index} a`);
            await sleep(1);
            await insert(database, `${index} b`);
            if (index % 2 === 1) throw new Error("odd");
          })
          .catch(() => undefined),
      ),
    ),
  );
  assert.equal((await within(texts(database))).length, 10);
});

import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { test } from "node:test";
import { Database } from "../../../src/database/database.js";
import { PoolTimeoutError, UndefinedTableError, UniqueViolationError, UsageError } from "../../../src/errors/index.js";
import { everywhere, failure, fileUrl, insert, openNotes, openNotesAt, texts, within } from "./support.js";

/** What we use of a native connection in these tests. */
interface Native {
  readonly inTransaction: boolean;
  exec(sql: string): void;
}

test("a callback's connection is one and the same, for the database's calls too", { timeout: 10_000 }, async (t) => {
  const database = await openNotes(t);
  await within(
    database.connection(async (connection) => {
      await connection.execute("CREATE TEMPORARY TABLE mine (id INTEGER)");
      await database.execute("INSERT INTO mine (id) VALUES (1)");
      assert.equal(await connection.fetchVal("SELECT count(*) FROM mine"), 1);
      assert.equal(database.pool.inUse, 1);
      await database.connection(async (same) => assert.equal(await same.fetchVal("SELECT count(*) FROM mine"), 1));
      await using handle = await database.acquire();
      assert.equal(await handle.fetchVal("SELECT count(*) FROM mine"), 1);
    }),
  );
  assert.equal(database.pool.inUse, 0);
  await within(insert(database, "a"));
});

test("only what is called on the handle of acquire() runs on its connection", { timeout: 10_000 }, async (t) => {
  const database = await openNotes(t);
  {
    await using connection = await within(database.acquire());
    await within(connection.execute("CREATE TEMPORARY TABLE mine (id INTEGER)"));
    await failure(database.execute("SELECT * FROM mine"), UndefinedTableError);
    await within(
      connection.run(async () => {
        await database.execute("INSERT INTO mine (id) VALUES (1)");
      }),
    );
    assert.equal(await within(connection.fetchVal("SELECT count(*) FROM mine")), 1);
    assert.equal(database.pool.inUse, 1);
  }
  assert.equal(database.pool.inUse, 0);
});

test("a connection whose session was changed is not lent again", { timeout: 10_000 }, async (t) => {
  const database = await openNotes(t, "a file with one connection");
  const settings = () => database.fetchVal("PRAGMA cache_size");
  const before = await within(settings());
  await within(database.connection((connection) => connection.execute("PRAGMA cache_size = 123")));
  assert.equal(await within(settings()), before);
  await within(database.transaction(() => database.execute("PRAGMA cache_size = 123")));
  assert.equal(await within(settings()), before);
  await within(database.connection((connection) => (connection.raw as Native).exec("PRAGMA cache_size = 123")));
  assert.equal(await within(settings()), before);
});

test(
  "a transaction that was left open through the driver's own object is not handed on",
  { timeout: 10_000 },
  async (t) => {
    const database = await openNotes(t, "a file with one connection");
    await within(
      database.connection((connection) =>
        (connection.raw as Native).exec("BEGIN; INSERT INTO notes (text) VALUES ('lost')"),
      ),
    );
    assert.deepEqual(await within(texts(database)), []);
  },
);

everywhere("statements on a kept connection commit by themselves, transactions on it take turns", async (t, place) => {
  const database = await openNotes(t, place);
  await within(
    database.connection(async (connection) => {
      await insert(connection, "a");
      await failure(insert(connection, "a"), UniqueViolationError);
      const order: string[] = [];
      const take = (name: string) =>
        connection.transaction(async () => {
          order.push(`${name} begins`);
          // Inside a transaction on it, the connection joins.
          await insert(connection, name);
          await sleep(2);
          await insert(database, `${name} again`);
          order.push(`${name} ends`);
        });
      await Promise.all([take("b"), take("c")]);
      assert.deepEqual(order, ["b begins", "b ends", "c begins", "c ends"]);
      await failure(
        connection.transaction(async () => {
          await insert(connection, "lost");
          throw new RangeError("undo");
        }),
        RangeError,
      );
    }),
  );
  assert.deepEqual(await within(texts(database)), ["a", "b", "b again", "c", "c again"]);
});

everywhere("a handle that has been given back refuses everything", async (t, place) => {
  const database = await openNotes(t, place);
  const connection = await within(database.acquire());
  await within(insert(connection, "a"));
  await within(connection.release());
  await within(connection.release());
  await failure(insert(connection, "b"), UsageError, /acquire\(\) begun at .*connection\.test.* has been given back/);
  await failure(connection.begin(), UsageError, /given back/);
  assert.throws(() => connection.raw, UsageError);
  assert.throws(() => connection.run(() => undefined), UsageError);
  const leaked = await within(database.connection((kept) => ({ kept })));
  await failure(insert(leaked.kept, "b"), UsageError, /connection\(\) begun at/);
  assert.deepEqual(await within(texts(database)), ["a"]);
});

test("a transaction left open on a connection is rolled back and reported", { timeout: 10_000 }, async (t) => {
  const database = await openNotes(t, "a file with one connection");
  await failure(
    database.connection(async (connection) => {
      const transaction = await connection.begin();
      await insert(transaction, "lost");
      await failure(insert(connection, "refused"), UsageError, /still open/);
    }),
    UsageError,
    /begin\(\) begun at .* was still open when its connection was given back/,
  );
  assert.deepEqual(await within(texts(database)), []);
  const error = await failure(
    database.connection(async (connection) => {
      await insert(await connection.begin(), "lost");
      throw new RangeError("first");
    }),
    RangeError,
  );
  assert.ok((error as { suppressed?: unknown[] }).suppressed?.[0] instanceof UsageError);
  assert.equal(database.pool.inUse, 0);
});

everywhere("a kept connection is given back after what was issued on it", async (t, place) => {
  const database = await openNotes(t, place);
  let late: Promise<unknown> = Promise.resolve();
  await within(
    database.connection(async (connection) => {
      void connection.transaction(async () => {
        await sleep(5);
        await insert(connection, "first");
      });
      late = insert(connection, "second");
    }),
  );
  await within(late);
  assert.deepEqual(await within(texts(database)), ["first", "second"]);
});

everywhere("connection() inside a transaction is the transaction's", async (t, place) => {
  const database = await openNotes(t, place);
  await assert.rejects(
    within(
      database.transaction(async () => {
        await database.connection(async (connection) => {
          await insert(connection, "a");
          await database.transaction(() => insert(connection, "b"));
        });
        await using handle = await database.acquire();
        await insert(handle, "c");
        assert.deepEqual(await texts(database), ["a", "b", "c"]);
        throw new Error("undo");
      }),
    ),
    /undo/,
  );
  assert.deepEqual(await within(texts(database)), []);
});

test("onConnect prepares every connection, and its failure is the connecting's", { timeout: 10_000 }, async (t) => {
  let prepared = 0;
  const other = await openNotesAt(t, fileUrl(t), {
    onConnect: async (connection) => {
      prepared += 1;
      await connection.execute("PRAGMA cache_size = 321");
      await connection.transaction(() => connection.execute("CREATE TABLE IF NOT EXISTS once (id INTEGER)"));
    },
  });
  prepared = 0;
  await within(
    Promise.all(
      Array.from({ length: 3 }, () =>
        other.connection(async (connection) => {
          assert.equal(await connection.fetchVal("PRAGMA cache_size"), 321);
          await sleep(5);
        }),
      ),
    ),
  );
  assert.equal(prepared, 2);
  await within(other.connection((connection) => connection.execute("PRAGMA cache_size = 1")));
  assert.equal(await within(other.fetchVal("PRAGMA cache_size")), 321);
});

test(
  "inside onConnect the database's calls use the new connection, and a failure is the connecting's",
  { timeout: 10_000 },
  async (t) => {
    let fails = true;
    const database: Database = new Database(fileUrl(t), {
      onConnect: async (connection) => {
        await connection.execute("CREATE TEMPORARY TABLE own (id INTEGER)");
        assert.equal(await database.fetchVal("SELECT count(*) FROM own"), 0);
        if (fails) throw new RangeError("not prepared");
      },
    });
    t.after(() => within(database.disconnect()));
    await failure(database.connect(), RangeError);
    await failure(database.fetchVal("SELECT 1"), RangeError);
    fails = false;
    assert.equal(await within(database.fetchVal("SELECT 1")), 1);
  },
);

test("a wait for a connection can be limited", { timeout: 10_000 }, async (t) => {
  const database = await openNotes(t, "a file with one connection", { acquireTimeoutMs: 5_000 });
  await within(
    database.connection(async () => {
      await failure(
        database.detached(() => database.connection(() => undefined, { timeoutMs: 20 })),
        Error,
      );
    }),
  );
  const connection = await within(database.acquire());
  await failure(database.acquire({ timeoutMs: 20 }), PoolTimeoutError, /acquire\(\) for \d+ ms at .*connection\.test/);
  await assert.rejects(within(database.acquire({ signal: AbortSignal.timeout(20) })), { name: "AbortError" });
  await failure(database.begin({ timeoutMs: 20 }), PoolTimeoutError);
  await within(connection.release());
  await within(insert(database, "a"));
});

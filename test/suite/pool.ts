import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import {
  AbortError,
  ConfigurationError,
  count,
  Database,
  integer,
  literal,
  MetaData,
  PoolClosedError,
  PoolDeadlockError,
  PoolTimeoutError,
  select,
} from "../../src/index.js";
import { failure, thrown } from "./assertions.js";
import { maxSize, type Declare, suite } from "./target.js";

export const pool: Declare = suite("pool", ({ test, named, tables, beforeEach }) => {
  const metadata = new MetaData();
  const notes = metadata.table(named("notes"), { id: integer().primaryKey(), n: integer() });
  tables(metadata);
  beforeEach(async ({ database }) => void (await database.execute(notes.delete().all())));
  const one = select(literal(1).as("one"));

  test("is lazy: the first query connects, and the connection is used again", async ({ open }) => {
    const database = open();
    assert.deepEqual(database.pool, { size: 0, idle: 0, inUse: 0, waiting: 0, maxSize: database.pool.maxSize });
    assert.equal(await database.fetchVal(one), 1);
    assert.equal(await database.fetchVal(one), 1);
    const { size, idle, inUse, waiting } = database.pool;
    assert.deepEqual({ size, idle, inUse, waiting }, { size: 1, idle: 1, inUse: 0, waiting: 0 });
  });

  test("minSize connections are open from connect() on", async ({ open }) => {
    const wanted = Math.min(3, maxSize);
    const database = open({ minSize: wanted });
    await database.connect();
    for (let round = 0; database.pool.size < wanted && round < 200; round += 1) await sleep(5);
    assert.equal(database.pool.size, wanted);
  });

  test("never has more than maxSize connections, and every caller gets its own answer", async ({ open }) => {
    const database = open({ maxSize: 3 });
    let most = 0;
    const results = await Promise.all(
      Array.from({ length: 200 }, async (_, index) => {
        const value = await database.connection(async (connection) => {
          most = Math.max(most, database.pool.inUse);
          await sleep(0);
          return connection.fetchVal(select(literal(index).as("n")));
        });
        return value === index;
      }),
    );
    assert.ok(results.every(Boolean));
    assert.equal(most, Math.min(3, maxSize));
    assert.ok(database.pool.size <= 3);
  });

  test("callers are served in the order in which they came", async ({ open }) => {
    const database = open({ maxSize: 1 });
    const order: number[] = [];
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        database.connection(async () => {
          order.push(index);
          await sleep(0);
        }),
      ),
    );
    assert.deepEqual(
      order,
      Array.from({ length: 20 }, (_, index) => index),
    );
  });

  test("with one connection, everything but a second one at once works", async ({ open }) => {
    const database = open({ maxSize: 1 });
    await Promise.all([
      database.transaction(async () => {
        await database.execute(notes.insert(), { n: 1 });
        await Promise.all([
          database.execute(notes.insert(), { n: 2 }),
          database.transaction(() => database.execute(notes.insert(), { n: 3 })),
        ]);
        await database.connection((connection) => connection.execute(notes.insert(), { n: 4 }));
        for await (const _ of database.iterate(notes.select())) await database.fetchVal(select(count()).from(notes));
      }),
      database.execute(notes.insert(), { n: 5 }),
      database.executeMany(notes.insert(), [{ n: 6 }, { n: 7 }]),
      database.transaction(() => database.execute(notes.insert(), { n: 8 })),
      database.forceRollback(() => database.execute(notes.insert(), { n: 9 })),
    ]);
    const rows = await database.fetchAll(select(notes.c.n).orderBy(notes.c.n), null, { rows: "array" });
    assert.deepEqual(rows.flat(), [1, 2, 3, 4, 5, 6, 7, 8]);
    assert.equal(database.pool.size, 1);
  });

  test("a caller that waits too long is told who holds what since when", async ({ open }) => {
    const database = open({ maxSize: 1, acquireTimeoutMs: 50 });
    await using connection = await database.acquire();
    const startMs = performance.now();
    const error = await failure(database.fetchVal(one), PoolTimeoutError, /1 of at most 1 connections/);
    const waitedMs = performance.now() - startMs;
    assert.ok(waitedMs >= 40 && waitedMs < 1_000, `it waited ${waitedMs} ms`);
    assert.match(error.message, /acquire\(\)/);
    assert.match(error.message, /pool\.[jt]s/);
    assert.deepEqual([error.retryable, error.outcome], ["statement", "not-executed"]);
    assert.equal(database.pool.waiting, 0);
    assert.equal(await connection.fetchVal(one), 1);
  });

  test("a wait can be aborted, and its place goes to the next", async ({ open }) => {
    const database = open({ maxSize: 1 });
    const connection = await database.acquire();
    const controller = new AbortController();
    const aborted = database.fetchVal(one, null, { signal: controller.signal });
    const next = database.fetchVal(one);
    controller.abort(new RangeError("enough"));
    const error = await failure(aborted, AbortError);
    assert.ok(error.cause instanceof RangeError);
    assert.equal(error.outcome, "not-executed");
    await connection.release();
    assert.equal(await next, 1);
  });

  test("who waits for itself is told at once", async ({ open }) => {
    const database = open({ maxSize: 1, acquireTimeoutMs: 5_000 });
    const startMs = performance.now();
    await database.connection(async () => {
      const error = await failure(
        database.detached(() => database.acquire()),
        PoolDeadlockError,
      );
      assert.match(error.message, /connection\(\)/);
    });
    assert.ok(performance.now() - startMs < 2_000);
    assert.equal(await database.fetchVal(one), 1);
  });

  test("queries after disconnect() throw until connect()", async ({ open }) => {
    const database = open();
    assert.equal(await database.fetchVal(one), 1);
    await database.disconnect();
    await failure(database.fetchVal(one), PoolClosedError, /connect\(\)/);
    await failure(
      database.transaction(() => 1),
      PoolClosedError,
    );
    await failure(database.acquire(), PoolClosedError);
    await database.connect();
    assert.equal(await database.fetchVal(one), 1);
  });

  test("disconnect() lets what is under way end, and refuses what waits", async ({ open }) => {
    const database = await open({ maxSize: 1 }).connect();
    const running = database.transaction(async () => {
      await database.execute(notes.insert(), { n: 1 });
      await sleep(30);
      await database.execute(notes.insert(), { n: 2 });
    });
    await sleep(10);
    const waiting = failure(database.fetchVal(one), PoolClosedError);
    await sleep(1);
    const disconnected = database.disconnect();
    await waiting;
    await running;
    await disconnected;
    assert.equal(database.pool.size, 0);
    await database.connect();
    assert.equal(await database.fetchVal(select(count()).from(notes)), 2);
  });

  test("disconnect() ends in time whatever goes on", async ({ open }) => {
    const database = open();
    const connection = await database.acquire();
    const startMs = performance.now();
    await database.disconnect({ timeoutMs: 50 });
    assert.ok(performance.now() - startMs < 3_000);
    await assert.rejects(connection.fetchVal(one));
    await connection.release();
  });

  test("connections that nobody uses are closed, except minSize", async ({ open }) => {
    const database = open({ minSize: 1, idleTimeoutMs: 30 });
    await Promise.all(Array.from({ length: 3 }, () => database.connection(() => sleep(5))));
    for (let round = 0; database.pool.size > 1 && round < 200; round += 1) await sleep(10);
    assert.equal(database.pool.size, 1);
    assert.equal(await database.fetchVal(one), 1);
  });

  test("connections are replaced after their lifetime", async ({ open }) => {
    const database = open({ maxSize: 1, maxLifetimeMs: 20 });
    const first = await database.connection(({ raw }) => raw);
    await sleep(40);
    const second = await database.connection(({ raw }) => raw);
    assert.notEqual(first, second);
    assert.ok(database.pool.size <= 1);
  });

  test("options come from the URL too, and those of the object go first", async ({ url }) => {
    const join = url.includes("?") ? "&" : "?";
    await using database = new Database(`${url}${join}max_size=1&acquire_timeout_ms=30`);
    const connection = await database.acquire();
    await failure(database.fetchVal(one), PoolTimeoutError);
    await connection.release();
    assert.equal(new Database(`${url}${join}max_size=7`, { maxSize: 2 }).pool.maxSize, 2);
  });

  test("an option that is none, or out of its range, is refused", async ({ url }) => {
    thrown(() => new Database(url, { poolSize: 3 } as never), ConfigurationError, /"poolSize"/);
    thrown(() => new Database(url, { maxSize: "3" as never }), ConfigurationError, /maxSize/);
    thrown(() => new Database(`${url}?pool=3`), ConfigurationError, /"pool"/);
    await failure(new Database(url, { maxSize: 0 }).connect(), ConfigurationError, /maxSize/);
    await failure(new Database(url, { minSize: 3, maxSize: 2 }).connect(), ConfigurationError, /minSize/);
    thrown(() => new Database(url, { acquireTimeoutMs: 0 }), ConfigurationError, /acquireTimeoutMs/);
  });
});

import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { test, type TestContext } from "node:test";
import type { Database } from "../../../src/database/database.js";
import {
  AbortError,
  ConfigurationError,
  NoRowError,
  PoolTimeoutError,
  SqlSyntaxError,
  TransactionClosedError,
  UndefinedTableError,
  UsageError,
} from "../../../src/errors/index.js";
import { everywhere, failure, insert, openNotes, texts, watchTimers, within, type Place } from "./support.js";

const ALL = "SELECT id, text FROM notes ORDER BY id";

async function openWith(t: TestContext, place: Place, count: number, options = {}): Promise<Database> {
  const database = await openNotes(t, place, options);
  await within(database.executeMany("INSERT INTO notes (id, text) VALUES (:id, :text)", rowsUpTo(count)));
  return database;
}

const rowsUpTo = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ id: index + 1, text: `text ${index + 1}` }));

async function collect(rows: AsyncIterable<unknown>): Promise<unknown[]> {
  const all: unknown[] = [];
  for await (const row of rows) all.push(row);
  return all;
}

everywhere("gives every row once, in order, whatever the batches", async (t, place) => {
  const database = await openWith(t, place, 250);
  for (const batchSize of [1, 16, 100, 249, 250, 251, 10_000]) {
    const rows = await within(collect(database.iterate(ALL, null, { batchSize })));
    assert.deepEqual(rows, rowsUpTo(250), `batches of ${batchSize}`);
  }
  assert.deepEqual(await within(collect(database.iterate("SELECT * FROM notes WHERE id > :id", { id: 1_000 }))), []);
  const tuples = await within(collect(database.iterate(ALL, null, { rows: "array", batchSize: 7 })));
  assert.deepEqual(tuples[249], [250, "text 250"]);
  assert.equal(database.pool.waiting, 0);
});

everywhere("gives the connection back at the end, at break and at throw", async (t, place) => {
  const database = await openWith(t, place, 50);
  const busy = database.pool.inUse;
  for await (const row of database.iterate(ALL, null, { batchSize: 10 })) if ((row as { id: number }).id === 5) break;
  assert.equal(database.pool.inUse, busy);
  await failure(
    (async () => {
      for await (const _ of database.iterate(ALL, null, { batchSize: 10 })) throw new RangeError("loop");
    })(),
    RangeError,
  );
  assert.equal(database.pool.inUse, busy);
  {
    await using rows = database.iterate(ALL, null, { batchSize: 10 });
    await within(rows.next());
  }
  assert.equal(database.pool.inUse, busy);
  await within(insert(database, "after"));
});

everywhere("sends nothing before the first row is asked for, and can be used once", async (t, place) => {
  const database = await openWith(t, place, 3);
  database.iterate("this is no SQL");
  const rows = database.iterate(ALL);
  await within(database.execute("DELETE FROM notes WHERE id = 1"));
  assert.equal((await within(collect(rows))).length, 2);
  assert.deepEqual(await within(collect(rows)), []);
  const unused = database.iterate(ALL);
  await within(unused.return());
  assert.deepEqual(await within(unused.next()), { done: true, value: undefined });
  await failure(collect(database.iterate("SELEC 1")), SqlSyntaxError);
  await failure(collect(database.iterate("SELECT * FROM nowhere")), UndefinedTableError);
});

everywhere("rows may be asked for before the ones before have come", async (t, place) => {
  const database = await openWith(t, place, 30);
  const rows = database.iterate(ALL, null, { batchSize: 4 });
  const results = await within(Promise.all(Array.from({ length: 35 }, () => rows.next())));
  assert.deepEqual(
    results.filter(({ done }) => !done).map(({ value }) => value),
    rowsUpTo(30),
  );
  assert.equal(results.filter(({ done }) => done).length, 5);
});

everywhere("queries in the loop body work inside a transaction", async (t, place) => {
  const database = await openWith(t, place, 40);
  await within(
    database.transaction(async () => {
      let count = 0;
      for await (const row of database.iterate<{ id: number }>(ALL, null, { batchSize: 7 })) {
        count += 1;
        if (row.id % 10 === 0) await insert(database, `beside ${row.id}`);
        if (row.id === 15) await database.transaction(() => insert(database, "nested"));
      }
      assert.equal(count, 40);
    }),
  );
  assert.equal((await within(texts(database))).length, 45);
});

everywhere(
  "a statement that would need more rows in memory than are allowed is refused, and the loop goes on",
  async (t, place) => {
    const database = await openWith(t, place, 60);
    await within(
      database.transaction(async () => {
        let count = 0;
        for await (const _ of database.iterate(ALL, null, { batchSize: 10, maxBufferedRows: 20 })) {
          count += 1;
          if (count === 5) {
            await failure(
              insert(database, "refused"),
              UsageError,
              /iterate\(\) begun at .*iterate\.test.* more than 20 of its rows/,
            );
            await failure(
              database.transaction(async () => undefined),
              UsageError,
              /maxBufferedRows/,
            );
          }
          if (count === 55) await insert(database, "taken");
        }
        assert.equal(count, 60);
      }),
    );
    assert.equal((await within(texts(database))).length, 61);
  },
);

everywhere("two iterations of one transaction do not disturb each other", async (t, place) => {
  const database = await openWith(t, place, 20);
  await within(
    database.transaction(async () => {
      const first = database.iterate<{ id: number }>(ALL, null, { batchSize: 3 });
      const second = database.iterate<{ id: number }>(ALL, null, { batchSize: 5 });
      const ids: number[][] = [[], []];
      for (;;) {
        const [a, b] = [await first.next(), await second.next()];
        if (a.done === true || b.done === true) break;
        ids[0]?.push(a.value.id);
        ids[1]?.push(b.value.id);
      }
      const expected = rowsUpTo(20).map(({ id }) => id);
      assert.deepEqual(ids, [expected, expected]);
    }),
  );
});

everywhere("an iteration that outlives its transaction is cut", async (t, place) => {
  const database = await openWith(t, place, 30);
  const rows = await within(
    database.transaction(async () => {
      const iteration = database.iterate(ALL, null, { batchSize: 5 });
      await iteration.next();
      return { iteration };
    }),
  );
  await failure(collect(rows.iteration), TransactionClosedError);
  await within(insert(database, "after"));
});

everywhere("RETURNING is run whole before the first row is given", async (t, place) => {
  const database = await openWith(t, place, 5);
  for await (const row of database.iterate<{ id: number }>("UPDATE notes SET text = text || '!' RETURNING id", null, {
    batchSize: 1,
  })) {
    await insert(database, `beside ${row.id}`);
  }
  assert.equal((await within(texts(database))).length, 10);
});

test("an abort releases the connection at once, also while nobody asks for a row", { timeout: 10_000 }, async (t) => {
  const database = await openWith(t, "a file with one connection", 500);
  const controller = new AbortController();
  const rows = database.iterate(ALL, null, { signal: controller.signal, batchSize: 50 });
  await within(rows.next());
  assert.equal(database.pool.inUse, 1);
  const reason = new Error("enough");
  controller.abort(reason);
  await within(insert(database, "free again"));
  const error = await failure(rows.next(), AbortError);
  assert.equal(error.cause, reason);
  assert.deepEqual(await within(rows.next()), { done: true, value: undefined });
  await failure(database.iterate(ALL, null, { signal: controller.signal }).next(), AbortError);
});

test("an abort ends the loop between rows", { timeout: 10_000 }, async (t) => {
  const database = await openWith(t, "a file", 500);
  const controller = new AbortController();
  let count = 0;
  await failure(
    (async () => {
      for await (const _ of database.iterate(ALL, null, { signal: controller.signal }))
        if (++count === 3) controller.abort();
    })(),
    AbortError,
  );
  assert.equal(count, 3);
  assert.equal(database.pool.inUse, 0);
});

test("timers fire during a long iteration over a synchronous driver", { timeout: 20_000 }, async (t) => {
  const database = await openNotes(t, "memory");
  const query = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000) SELECT i FROM n";
  const timers = watchTimers(t);
  const startMs = performance.now();
  let count = 0;
  for await (const _ of database.iterate(query)) count += 1;
  assert.equal(count, 300_000);
  timers.assertFired(performance.now() - startMs);
});

test("a query in the loop body that finds no connection names the open iteration", { timeout: 10_000 }, async (t) => {
  const database = await openWith(t, "a file with one connection", 50, { acquireTimeoutMs: 50 });
  for await (const _ of database.iterate(ALL, null, { batchSize: 10 })) {
    await failure(insert(database, "in vain"), PoolTimeoutError, /iterate\(\) for \d+ ms at .*iterate\.test/);
    break;
  }
});

test("a loop body has its own connection outside of a transaction", { timeout: 10_000 }, async (t) => {
  const database = await openWith(t, "a file", 50);
  let count = 0;
  for await (const row of database.iterate<{ id: number }>(ALL, null, { batchSize: 10 })) {
    await insert(database, `beside ${row.id}`);
    count += 1;
  }
  assert.equal(count, 50);
});

everywhere("bad sizes and queries are refused", async (t, place) => {
  const database = await openNotes(t, place);
  for (const batchSize of [0, -1, 1.5, NaN])
    assert.throws(() => database.iterate(ALL, null, { batchSize }), UsageError);
  assert.throws(() => database.iterate(ALL, null, { maxBufferedRows: 0 }), UsageError);
  assert.throws(() => database.iterate(ALL, null, { timeoutMs: -1 }), ConfigurationError);
  assert.throws(() => database.iterate(ALL, [] as never), UsageError);
  await failure(collect(database.iterate({} as never)), UsageError, /no query/);
  await failure(collect(database.iterate("BEGIN")), UsageError, /BEGIN/);
  await failure(collect(database.iterate("SELECT :missing")), UsageError, /missing/);
  assert.equal(database.pool.waiting, 0);
});

everywhere("an iteration ends with its transaction's rollback, and its rows in memory stay", async (t, place) => {
  const database = await openWith(t, place, 12);
  await within(
    database.transaction(async () => {
      const rows = database.iterate(ALL, null, { batchSize: 4 });
      await rows.next();
      // Makes way for the statement: the rest is in memory.
      await database.fetchOneOrThrow("SELECT 1 AS one");
      await failure(database.fetchOneOrThrow("SELECT 1 FROM notes WHERE id = 0"), NoRowError);
      assert.equal((await collect(rows)).length, 11);
    }),
  );
});

test("an iteration on a kept connection shares it", { timeout: 10_000 }, async (t) => {
  const database = await openWith(t, "a file with one connection", 10);
  await within(
    database.connection(async (connection) => {
      for await (const row of connection.iterate<{ id: number }>(ALL, null, { batchSize: 3 }))
        await insert(database, `beside ${row.id}`);
    }),
  );
  assert.equal((await within(texts(database))).length, 20);
  await sleep(1);
  assert.equal(database.pool.inUse, 0);
});

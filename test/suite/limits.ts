import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import {
  AbortError,
  ConfigurationError,
  count,
  integer,
  MetaData,
  PoolTimeoutError,
  QueryTimeoutError,
  select,
  UsageError,
} from "../../src/index.js";
import { failure, thrown } from "./assertions.js";
import { type Declare, suite } from "./target.js";

export const limits: Declare = suite("signals and time limits", ({ test, named, tables, beforeEach }) => {
  const metadata = new MetaData();
  const notes = metadata.table(named("notes"), { id: integer().primaryKey(), n: integer() });
  tables(metadata);
  beforeEach(async ({ database }) => void (await database.execute(notes.delete().all())));
  const total = select(count()).from(notes);

  test("a signal that was aborted before keeps every call from being sent", async ({ database }) => {
    const reason = new RangeError("enough");
    const signal = AbortSignal.abort(reason);
    const calls = [
      () => database.fetchAll(total, null, { signal }),
      () => database.fetchOne(total, null, { signal }),
      () => database.fetchVal(total, null, { signal }),
      () => database.execute(notes.insert(), { n: 1 }, { signal }),
      () => database.executeMany(notes.insert(), [{ n: 1 }, { n: 2 }], { signal }),
      () => database.transaction(() => database.execute(notes.insert(), { n: 1 }), { signal }),
      () => database.begin({ signal }),
      () => database.acquire({ signal }),
      () => database.connection(() => database.execute(notes.insert(), { n: 1 }), { signal }),
    ];
    for (const call of calls) {
      const error = await failure(call(), AbortError);
      assert.equal(error.cause, reason);
      assert.equal(error.outcome, "not-executed");
    }
    assert.equal(await database.fetchVal(total), 0);
  });

  test("a signal that is not aborted changes nothing", async ({ database }) => {
    const { signal } = new AbortController();
    assert.equal(await database.fetchVal(total, null, { signal, timeoutMs: 5_000 }), 0);
    await database.transaction(() => database.execute(notes.insert(), { n: 1 }), { signal, timeoutMs: 5_000 });
    assert.equal(await database.fetchVal(total), 1);
  });

  test("the abort of a transaction refuses the next call in it and rolls back", async ({ database }) => {
    const controller = new AbortController();
    const aborted = database.transaction(
      async () => {
        await database.execute(notes.insert(), { n: 1 });
        controller.abort(new RangeError("enough"));
        await database.execute(notes.insert(), { n: 2 });
      },
      { signal: controller.signal },
    );
    await failure(aborted, AbortError);
    assert.equal(await database.fetchVal(total), 0);
  });

  test("an abort that nobody noticed keeps the transaction from being committed", async ({ database }) => {
    const controller = new AbortController();
    const aborted = database.transaction(
      async () => {
        await database.execute(notes.insert(), { n: 1 });
        controller.abort();
      },
      { signal: controller.signal },
    );
    const error = await failure(aborted, AbortError);
    assert.equal(error.outcome, "rolled-back");
    assert.equal(await database.fetchVal(total), 0);
  });

  test("timeoutMs holds for a whole transaction", async ({ database }) => {
    const slow = database.transaction(
      async () => {
        await database.execute(notes.insert(), { n: 1 });
        await sleep(60);
        await database.execute(notes.insert(), { n: 2 });
      },
      { timeoutMs: 20 },
    );
    await failure(slow, QueryTimeoutError, /timeoutMs/);
    assert.equal(await database.fetchVal(total), 0);
  });

  test("a long executeMany is ended by its signal or its time, and leaves nothing", async ({ database }) => {
    const rows = Array.from({ length: 100_000 }, (_, n) => ({ n }));
    const controller = new AbortController();
    const aborted = database.executeMany(notes.insert(), rows, { signal: controller.signal });
    setTimeout(() => controller.abort(new RangeError("enough")), 5);
    assert.ok((await failure(aborted, AbortError)).cause instanceof RangeError);
    assert.equal(await database.fetchVal(total), 0);
    await failure(database.executeMany(notes.insert(), rows, { timeoutMs: 5 }), QueryTimeoutError);
    assert.equal(await database.fetchVal(total), 0);
  });

  test("an iteration's time is over also while its loop is slow", async ({ database }) => {
    await database.executeMany(
      notes.insert(),
      Array.from({ length: 500 }, (_, n) => ({ n })),
    );
    const slow = async () => {
      for await (const _ of database.iterate(notes.select(), null, { timeoutMs: 30, batchSize: 10 })) await sleep(5);
    };
    await failure(slow(), QueryTimeoutError);
    assert.equal(database.pool.inUse, 0);
  });

  test("timeoutMs ends a wait for a connection", async ({ open }) => {
    const database = open({ maxSize: 1 });
    await using connection = await database.acquire();
    assert.ok(connection.raw);
    const startMs = performance.now();
    await failure(database.fetchVal(total, null, { timeoutMs: 30 }), PoolTimeoutError);
    assert.ok(performance.now() - startMs < 1_000);
  });

  test("with() gives the same calls with limits for all of them", async ({ database }) => {
    const controller = new AbortController();
    const limited = database.with({ signal: controller.signal, timeoutMs: 5_000 });
    await limited.execute(notes.insert(), { n: 1 });
    assert.equal(await limited.fetchVal(total), 1);
    const stricter = limited.with({ timeoutMs: 1_000 });
    controller.abort();
    await failure(limited.fetchVal(total), AbortError);
    await failure(stricter.fetchVal(total), AbortError);
    assert.equal(await limited.fetchVal(total, null, { signal: new AbortController().signal }), 1);
    assert.equal(await database.fetchVal(total), 1);
  });

  test("with() inside a transaction stays in it", async ({ database }) => {
    await failure(
      database.transaction(async (transaction) => {
        await database.with({ timeoutMs: 5_000 }).execute(notes.insert(), { n: 1 });
        assert.equal(await transaction.with({ timeoutMs: 5_000 }).fetchVal(total), 1);
        throw new RangeError("on purpose");
      }),
      RangeError,
    );
    assert.equal(await database.fetchVal(total), 0);
  });

  test("options that are none are refused", async ({ database }) => {
    await failure(database.fetchAll(total, null, { timeout: 5 } as never), UsageError, /"timeout"/);
    await failure(database.fetchAll(total, null, { timeoutMs: 0 }), ConfigurationError, /timeoutMs/);
    await failure(database.fetchAll(total, null, { timeoutMs: "5" as never }), ConfigurationError, /timeoutMs/);
    await failure(
      database.fetchAll(total, null, { signal: new AbortController() as never }),
      ConfigurationError,
      /signal/,
    );
    await failure(database.fetchAll(total, null, { rows: "tuple" as never }), UsageError, /rows/);
    await failure(database.fetchAll(total, null, null as never), UsageError, /options/);
    thrown(() => database.with({ rows: "array" } as never), UsageError, /"rows"/);
  });
});

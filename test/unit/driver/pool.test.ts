import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { afterEach, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { deadlineIn } from "../../../src/driver/deadline.js";
import type { Lease } from "../../../src/driver/lease.js";
import type { PoolOptions } from "../../../src/driver/pool-options.js";
import { Pool, type LeaseRequest } from "../../../src/driver/pool.js";
import {
  AbortError,
  ConfigurationError,
  ConnectionLostError,
  PoolClosedError,
  PoolDeadlockError,
  PoolTimeoutError,
  UsageError,
} from "../../../src/errors/index.js";
import { type ScriptedConnection, ScriptedDriver, ScriptedError } from "../../support/scripted-driver.js";
import { settled, stateOf, within } from "../../support/within.js";

const read = { write: false, holder: { what: "query" } } satisfies LeaseRequest;
const write = { write: true, holder: { what: "insert" } } satisfies LeaseRequest;

const pools: Pool[] = [];

function poolOf(driver: ScriptedDriver, options: Partial<PoolOptions> = {}): Pool {
  const pool = new Pool({
    open: (signal) => driver.connect(undefined, signal),
    traits: driver.traits(),
    acquireTimeoutMs: 1_000,
    ...options,
  });
  pools.push(pool);
  return pool;
}

/** Leases that were asked for, by name, in the order in which they came. */
function recorder(pool: Pool): {
  readonly came: string[];
  readonly ask: (name: string, request: LeaseRequest) => Promise<Lease>;
} {
  const came: string[] = [];
  const ask = async (name: string, request: LeaseRequest): Promise<Lease> => {
    const lease = await pool.acquire(request);
    came.push(name);
    return lease;
  };
  return { came, ask };
}

async function until(condition: () => boolean): Promise<void> {
  const endMs = deadlineIn(2_000);
  while (!condition() && performance.now() < endMs) await sleep(5);
  assert.ok(condition());
}

afterEach(async () => {
  await within(Promise.all(pools.splice(0).map((pool) => pool.close(0))));
});

describe("a pool lends connections", () => {
  test("and opens none before the first caller", () => {
    const driver = new ScriptedDriver();
    const pool = poolOf(driver);
    assert.equal(pool.tryAcquire(false, read.holder), null);
    assert.deepEqual(driver.log, []);
    assert.deepEqual(pool.figures(), { size: 0, idle: 0, inUse: 0, waiting: 0, maxSize: 10 });
  });

  test("and gives an idle one again without opening another", async () => {
    const driver = new ScriptedDriver();
    const pool = poolOf(driver);
    const first = await within(pool.acquire(read));
    first.release();
    const second = pool.tryAcquire(true, write.holder);
    assert.ok(second !== null);
    assert.equal(second.connection, first.connection);
    assert.deepEqual(driver.log, ["connect"]);
    assert.deepEqual(pool.figures(), { size: 1, idle: 0, inUse: 1, waiting: 0, maxSize: 10 });
    second.release();
  });

  test("no more than maxSize at a time, and the next to whoever asked first", async () => {
    const driver = new ScriptedDriver();
    const pool = poolOf(driver, { maxSize: 2 });
    const [first, second] = await within(Promise.all([pool.acquire(read), pool.acquire(read)]));
    const { came, ask } = recorder(pool);
    const waiting = ["a", "b", "c"].map((name) => ask(name, read));
    await settled();
    assert.equal(pool.figures().waiting, 3);
    first.release();
    await settled();
    assert.deepEqual(came, ["a"]);
    second.release();
    for (const lease of waiting) (await within(lease)).release();
    assert.deepEqual(came, ["a", "b", "c"]);
    assert.equal(driver.connections.length, 2);
  });

  test("so that nobody who comes later takes one that somebody waits for", async () => {
    const pool = poolOf(new ScriptedDriver(), { maxSize: 1 });
    const first = await within(pool.acquire(read));
    const waiting = pool.acquire(read);
    first.release();
    assert.equal(pool.tryAcquire(false, read.holder), null);
    (await within(waiting)).release();
  });

  test("to ten thousand callers in the order of their asking", async () => {
    const pool = poolOf(new ScriptedDriver(), { maxSize: 10, acquireTimeoutMs: 10_000 });
    const came: number[] = [];
    await within(
      Promise.all(
        Array.from({ length: 10_000 }, async (_, caller) => {
          const lease = await pool.acquire(read);
          came.push(caller);
          await Promise.resolve();
          lease.release();
        }),
      ),
      10_000,
    );
    assert.deepEqual(
      came,
      Array.from({ length: 10_000 }, (_, caller) => caller),
    );
    assert.deepEqual(pool.figures(), { size: 10, idle: 10, inUse: 0, waiting: 0, maxSize: 10 });
  });

  test("and refuses nonsense in its options", () => {
    const driver = new ScriptedDriver();
    for (const options of [
      { maxSize: 0 },
      { maxSize: 1.5 },
      { minSize: 3, maxSize: 2 },
      { acquireTimeoutMs: 0 },
      { idleTimeoutMs: NaN },
    ]) {
      assert.throws(() => poolOf(driver, options), ConfigurationError);
    }
  });
});

describe("a lease that is given back", () => {
  for (const status of ["idle", "unknown"] as const) {
    test(`keeps its connection where the transaction is ${status}`, async () => {
      const driver = new ScriptedDriver();
      const pool = poolOf(driver);
      const lease = await within(pool.acquire(read));
      (lease.connection as ScriptedConnection).transactionStatus = status;
      lease.release();
      assert.equal(pool.figures().idle, 1);
    });
  }

  for (const status of ["open", "failed"] as const) {
    test(`closes its connection where the transaction is ${status}, and the next caller gets another`, async () => {
      const driver = new ScriptedDriver();
      const pool = poolOf(driver, { maxSize: 1 });
      const lease = await within(pool.acquire(read));
      const next = pool.acquire(read);
      (lease.connection as ScriptedConnection).transactionStatus = status;
      lease.release();
      assert.notEqual((await within(next)).connection, lease.connection);
      assert.deepEqual(driver.log, ["connect", "1: close", "connect"]);
    });
  }

  test("closes its connection where that was discarded or is dead", async () => {
    const driver = new ScriptedDriver();
    const pool = poolOf(driver);
    const [discarded, dead] = await within(Promise.all([pool.acquire(read), pool.acquire(read)]));
    discarded.discard();
    (dead.connection as ScriptedConnection).isOpen = false;
    dead.release();
    assert.deepEqual(pool.figures(), { size: 0, idle: 0, inUse: 0, waiting: 0, maxSize: 10 });
  });

  test("cannot be given back again, and does not take the next user's away", async () => {
    const pool = poolOf(new ScriptedDriver(), { maxSize: 1 });
    const first = await within(pool.acquire(read));
    first.release();
    const second = await within(pool.acquire(read));
    assert.throws(() => first.release(), UsageError);
    assert.throws(() => first.discard(), UsageError);
    assert.equal(pool.figures().inUse, 1);
    second.release();
  });

  test("leaves a dead connection behind that nobody gets", async () => {
    const driver = new ScriptedDriver();
    const pool = poolOf(driver);
    (await within(pool.acquire(read))).release();
    for (const connection of driver.connections) connection.isOpen = false;
    assert.equal(pool.tryAcquire(false, read.holder), null);
    assert.equal((await within(pool.acquire(read))).connection, driver.connections[1]);
  });
});

describe("whoever waits for a connection", () => {
  test("waits until the deadline, and hears who holds what", async () => {
    const pool = poolOf(new ScriptedDriver(), { maxSize: 2, acquireTimeoutMs: 40 });
    const where = { stack: "Error\n    at transfer (bank.ts:7:3)\n    at main (bank.ts:1:1)" };
    await within(pool.acquire({ write: true, holder: { what: "transaction", where } }));
    await within(pool.acquire({ write: false, holder: { what: "iterate" } }));
    const startMs = performance.now();
    await assert.rejects(within(pool.acquire(read)), (error) => {
      assert.ok(error instanceof PoolTimeoutError);
      assert.match(
        error.message,
        /^No connection became free within \d+ ms: 2 of at most 2 connections open, 0 idle, /,
      );
      assert.ok(Number(/transaction for (\d+) ms/.exec(error.message)?.[1]) >= 39);
      assert.match(error.message, /transaction for \d+ ms at transfer \(bank\.ts:7:3\); iterate for \d+ ms\./);
      assert.equal(error.outcome, "not-executed");
      return true;
    });
    assert.ok(performance.now() - startMs >= 39);
    assert.equal(pool.figures().waiting, 0);
  });

  test("hears of five holders, and of how many more there are", async () => {
    const pool = poolOf(new ScriptedDriver(), { maxSize: 7 });
    await within(Promise.all(Array.from({ length: 7 }, () => pool.acquire(read))));
    await assert.rejects(
      within(pool.acquire({ ...read, deadlineMs: deadlineIn(5) })),
      /(query for \d+ ms; ){5}and 2 more\./,
    );
  });

  test("has its own deadline, as a point in time", async () => {
    const pool = poolOf(new ScriptedDriver(), { maxSize: 1 });
    const lease = await within(pool.acquire(read));
    const late = pool.acquire({ ...read, deadlineMs: deadlineIn(20) });
    const patient = pool.acquire(read);
    await assert.rejects(within(late), PoolTimeoutError);
    lease.release();
    (await within(patient)).release();
  });

  test("is gone from the queue when its signal is aborted, and hears the reason", async () => {
    const pool = poolOf(new ScriptedDriver(), { maxSize: 1 });
    const lease = await within(pool.acquire(read));
    const abort = new AbortController();
    const aborted = pool.acquire({ ...read, signal: abort.signal });
    const next = pool.acquire(read);
    abort.abort("enough");
    await assert.rejects(within(aborted), (error) => {
      assert.ok(error instanceof AbortError);
      assert.equal(error.cause, "enough");
      assert.equal(error.outcome, "not-executed");
      return true;
    });
    lease.release();
    (await within(next)).release();
    assert.equal(getEventListeners(abort.signal, "abort").length, 0);
    await assert.rejects(within(pool.acquire({ ...read, signal: abort.signal })), AbortError);
  });

  test("leaves nothing behind on a signal that is not aborted", async () => {
    const pool = poolOf(new ScriptedDriver());
    const { signal } = new AbortController();
    const lease = await within(pool.acquire({ ...read, signal }));
    assert.equal(getEventListeners(signal, "abort").length, 0);
    lease.release();
  });

  test("may be one of twenty thousand whose time is over at once", async () => {
    const pool = poolOf(new ScriptedDriver(), { maxSize: 1, acquireTimeoutMs: 400 });
    await within(pool.acquire(read));
    const startMs = performance.now();
    const waiting = Array.from({ length: 20_000 }, () => pool.acquire(read));
    const outcomes = await within(Promise.allSettled(waiting), 10_000);
    assert.ok(outcomes.every(({ status }) => status === "rejected"));
    assert.ok(performance.now() - startMs < 3_000);
    assert.equal(pool.figures().waiting, 0);
  });
});

describe("a connection that cannot be opened", () => {
  test("is told to the callers one by one, each after an attempt of its own", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const driver = new ScriptedDriver();
    driver.holdsConnects = true;
    const pool = poolOf(driver, { maxSize: 2 });
    const refused = new ScriptedError("refused");
    const [first, second, third] = [pool.acquire(read), pool.acquire(read), pool.acquire(read)] as const;
    assert.equal(driver.attempts.length, 2);
    driver.attempts[0]?.fail(refused);
    await assert.rejects(within(first), refused);
    assert.equal(await stateOf(second), "pending");
    driver.attempts[0]?.succeed();
    (await within(second)).release();
    (await within(third)).release();
    assert.equal(driver.log.length, 2);
  });

  test("is tried again after a pause, not at once", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const driver = new ScriptedDriver();
    driver.holdsConnects = true;
    const pool = poolOf(driver, { maxSize: 1 });
    const first = pool.acquire(read);
    const second = pool.acquire(read);
    driver.attempts[0]?.fail();
    await assert.rejects(within(first), ScriptedError);
    await settled();
    assert.equal(driver.attempts.length, 0);
    t.mock.timers.tick(25);
    assert.equal(driver.attempts.length, 1);
    driver.attempts[0]?.succeed();
    (await within(second)).release();
  });

  test("does not spin: a server that is away is asked a few times a second", async () => {
    const driver = new ScriptedDriver();
    driver.holdsConnects = true;
    const pool = poolOf(driver, { maxSize: 1, acquireTimeoutMs: 300 });
    const callers = Promise.allSettled(Array.from({ length: 100 }, () => pool.acquire(read)));
    const fail = setInterval(() => driver.attempts[0]?.fail(), 1);
    const outcomes = await within(callers);
    clearInterval(fail);
    assert.ok(outcomes.every(({ status }) => status === "rejected"));
    assert.ok(driver.log.length < 10, `${driver.log.length} attempts`);
  });

  test("does not disturb a caller for whom a connection in use will come back", async () => {
    const driver = new ScriptedDriver();
    const pool = poolOf(driver, { maxSize: 2 });
    const lease = await within(pool.acquire(read));
    driver.holdsConnects = true;
    const waiting = pool.acquire(read);
    driver.attempts[0]?.fail();
    assert.equal(await stateOf(waiting), "pending");
    lease.release();
    assert.equal((await within(waiting)).connection, lease.connection);
  });

  test("is the cause where a caller's time is over", async () => {
    const driver = new ScriptedDriver();
    const pool = poolOf(driver, { maxSize: 2, acquireTimeoutMs: 30 });
    await within(pool.acquire(read));
    driver.holdsConnects = true;
    const waiting = pool.acquire(read);
    const refused = new ScriptedError("too many connections");
    driver.attempts[0]?.fail(refused);
    await assert.rejects(within(waiting), (error) => {
      assert.ok(error instanceof PoolTimeoutError);
      assert.equal(error.cause, refused);
      assert.match(error.message, /The last attempt to connect failed/);
      return true;
    });
    for (const attempt of driver.attempts) attempt.fail();
  });

  test("goes to the pool where its caller has gone meanwhile", async () => {
    const driver = new ScriptedDriver();
    driver.holdsConnects = true;
    const pool = poolOf(driver);
    await assert.rejects(within(pool.acquire({ ...read, deadlineMs: deadlineIn(5) })), PoolTimeoutError);
    driver.attempts[0]?.succeed();
    await settled();
    assert.equal(pool.figures().idle, 1);
  });
});

describe("connections grow old", () => {
  test("those without use are closed, down to minSize", async () => {
    const driver = new ScriptedDriver();
    const pool = poolOf(driver, { minSize: 1, idleTimeoutMs: 30 });
    const leases = await within(Promise.all([pool.acquire(read), pool.acquire(read), pool.acquire(read)]));
    for (const lease of leases) lease.release();
    assert.equal(pool.figures().size, 3);
    await until(() => pool.figures().size === 1);
    assert.equal(driver.connections.length, 3);
  });

  test("those past their lifetime are closed when they come back, and never under their user", async () => {
    const driver = new ScriptedDriver();
    const pool = poolOf(driver, { maxLifetimeMs: 30 });
    const lease = await within(pool.acquire(read));
    await sleep(80);
    assert.equal(lease.connection.isOpen, true);
    lease.release();
    assert.equal(lease.connection.isOpen, false);
  });

  test("minSize connections are opened on demand and again after they died", async () => {
    const driver = new ScriptedDriver();
    const pool = poolOf(driver, { minSize: 2, idleTimeoutMs: 40 });
    await within(pool.warmUp());
    assert.equal(pool.figures().idle, 2);
    for (const connection of driver.connections) connection.isOpen = false;
    await until(() => driver.open.length === 2);
    assert.deepEqual(pool.figures(), { size: 2, idle: 2, inUse: 0, waiting: 0, maxSize: 10 });
  });

  test("opening minSize connections tells why it failed", async () => {
    const driver = new ScriptedDriver();
    driver.holdsConnects = true;
    const pool = poolOf(driver, { minSize: 1 });
    const warm = pool.warmUp();
    driver.attempts[0]?.fail();
    await assert.rejects(within(warm), ScriptedError);
  });
});

describe("a connection that is a database of its own", () => {
  const traitsGiven = { singleConnection: true, isReadOnly: false, writerKey: null };

  test("is the only one, whatever the options say, and is kept for ever", async () => {
    const driver = Object.assign(new ScriptedDriver(), { traitsGiven });
    const pool = poolOf(driver, { maxSize: 5, idleTimeoutMs: 10, maxLifetimeMs: 10 });
    (await within(pool.acquire(read))).release();
    await sleep(60);
    assert.deepEqual(pool.figures(), { size: 1, idle: 1, inUse: 0, waiting: 0, maxSize: 1 });
  });

  test("is not replaced by an empty one when it is lost", async () => {
    const driver = Object.assign(new ScriptedDriver(), { traitsGiven });
    const pool = poolOf(driver);
    const lease = await within(pool.acquire(read));
    const waiting = pool.acquire(read);
    lease.discard();
    await assert.rejects(within(waiting), ConnectionLostError);
    await assert.rejects(within(pool.acquire(read)), ConnectionLostError);
  });
});

describe("leases that wait for each other", () => {
  test("a task that holds the only connection and asks for another fails at once", async () => {
    const pool = poolOf(new ScriptedDriver(), { maxSize: 1 });
    const outer = await within(pool.acquire(read));
    await assert.rejects(within(pool.acquire({ ...read, within: [outer] }), 100), (error) => {
      assert.ok(error instanceof PoolDeadlockError);
      assert.match(error.message, /would wait for ever: 1 of at most 1 connections open/);
      return true;
    });
    outer.release();
    assert.equal(pool.figures().idle, 1);
  });

  test("the youngest of them fails, and the others go on", async () => {
    const pool = poolOf(new ScriptedDriver(), { maxSize: 2 });
    const [first, second] = await within(Promise.all([pool.acquire(read), pool.acquire(read)]));
    const nested = pool.acquire({ ...read, within: [first] });
    assert.equal(await stateOf(nested), "pending");
    await assert.rejects(within(pool.acquire({ ...read, within: [second] }), 100), PoolDeadlockError);
    second.release();
    (await within(nested)).release();
    first.release();
  });

  test("nobody fails while one lease may still come back", async () => {
    const pool = poolOf(new ScriptedDriver(), { maxSize: 3 });
    const leases = await within(Promise.all([pool.acquire(read), pool.acquire(read), pool.acquire(read)]));
    const nested = leases.slice(0, 2).map((lease) => pool.acquire({ ...read, within: [lease] }));
    assert.equal(await stateOf(Promise.any(nested)), "pending");
    leases[2].release();
    for (const lease of nested) (await within(lease)).release();
  });

  test("a waiter that has gone holds nobody up any more", async () => {
    const pool = poolOf(new ScriptedDriver(), { maxSize: 2 });
    const [first, second] = await within(Promise.all([pool.acquire(read), pool.acquire(read)]));
    await assert.rejects(
      within(pool.acquire({ ...read, within: [first], deadlineMs: deadlineIn(5) })),
      PoolTimeoutError,
    );
    const nested = pool.acquire({ ...read, within: [second] });
    assert.equal(await stateOf(nested), "pending");
    first.release();
    (await within(nested)).release();
  });
});

describe("a pool that is closed", () => {
  test("refuses callers and those who wait, and closes what is idle", async () => {
    const driver = new ScriptedDriver();
    const pool = poolOf(driver, { maxSize: 2 });
    const [held, idle] = await within(Promise.all([pool.acquire(read), pool.acquire(read)]));
    const waiting = pool.acquire(read);
    idle.release();
    (await within(waiting)).release();
    const closed = pool.close(1_000);
    await assert.rejects(within(pool.acquire(read)), PoolClosedError);
    assert.equal(pool.tryAcquire(false, read.holder), null);
    assert.equal(await stateOf(closed), "pending");
    held.release();
    await within(closed);
    assert.equal(driver.open.length, 0);
  });

  test("rejects who waits with the same error", async () => {
    const pool = poolOf(new ScriptedDriver(), { maxSize: 1 });
    const held = await within(pool.acquire(read));
    const waiting = pool.acquire(read);
    const closed = pool.close(1_000);
    await assert.rejects(within(waiting), PoolClosedError);
    held.release();
    await within(closed);
  });

  test("waits for leases no longer than it was told, and their release is then harmless", async () => {
    const driver = new ScriptedDriver();
    const pool = poolOf(driver);
    const lease = await within(pool.acquire(read));
    const startMs = performance.now();
    await within(pool.close(50));
    assert.ok(performance.now() - startMs >= 45);
    assert.equal(lease.connection.isOpen, false);
    lease.release();
    assert.deepEqual(driver.log, ["connect", "1: close"]);
  });

  test("gives every caller of close the same promise", async () => {
    const pool = poolOf(new ScriptedDriver());
    assert.equal(pool.close(10), pool.close(1_000));
    await within(pool.close(0));
  });

  test("gives up what is being opened, and closes what was opened too late", async () => {
    const driver = new ScriptedDriver();
    driver.holdsConnects = true;
    const pool = poolOf(driver);
    const waiting = pool.acquire(read);
    const closed = pool.close(1_000);
    await assert.rejects(within(waiting), PoolClosedError);
    assert.equal(driver.attempts[0]?.signal?.aborted, true);
    const connection = driver.attempts[0]?.succeed();
    await within(closed);
    assert.equal(connection?.isOpen, false);
  });

  test("does not wait for ever for a connection that does not end", async () => {
    const driver = new ScriptedDriver();
    const pool = poolOf(driver);
    const lease = await within(pool.acquire(read));
    (lease.connection as ScriptedConnection).closing = new Promise(() => undefined);
    lease.release();
    await within(pool.close(10));
  });

  test("takes a lease's discard during the drain", async () => {
    const pool = poolOf(new ScriptedDriver());
    const lease = await within(pool.acquire(read));
    const closed = pool.close(1_000);
    lease.discard();
    await within(closed);
  });
});

import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import { deadlineIn } from "../../../src/driver/deadline.js";
import type { Lease } from "../../../src/driver/lease.js";
import { Pool, type LeaseRequest } from "../../../src/driver/pool.js";
import {
  AbortError,
  PoolClosedError,
  PoolDeadlockError,
  PoolTimeoutError,
  UsageError,
} from "../../../src/errors/index.js";
import { ScriptedDriver } from "../../support/scripted-driver.js";
import { settled, stateOf, within } from "../../support/within.js";

const read = { write: false, holder: { what: "query" } } satisfies LeaseRequest;
const write = { write: true, holder: { what: "insert" } } satisfies LeaseRequest;

const pools: Pool[] = [];

function poolOf(maxSize: number, writerKey = "/data/notes.db"): Pool {
  const driver = Object.assign(new ScriptedDriver(), {
    traitsGiven: { singleConnection: false, isReadOnly: false, writerKey },
  });
  const pool = new Pool({ open: () => driver.connect(), traits: driver.traits(), maxSize, acquireTimeoutMs: 1_000 });
  pools.push(pool);
  return pool;
}

async function leasesOf(pool: Pool, ...requests: LeaseRequest[]): Promise<Lease[]> {
  return within(Promise.all(requests.map((request) => pool.acquire(request))));
}

afterEach(async () => {
  await within(Promise.all(pools.splice(0).map((pool) => pool.close(0))));
});

describe("one writer at a time", () => {
  test("the second waits for the first, and holds no connection meanwhile", async () => {
    const pool = poolOf(10);
    const [first] = await leasesOf(pool, write);
    const second = pool.acquire(write);
    assert.equal(pool.tryAcquire(true, write.holder), null);
    assert.equal(await stateOf(second), "pending");
    assert.deepEqual(pool.figures(), { size: 1, idle: 0, inUse: 1, waiting: 1, maxSize: 10 });
    first?.release();
    assert.equal((await within(second)).connection, first?.connection);
  });

  test("readers go on beside writers that wait for the turn", async () => {
    const pool = poolOf(2);
    const [writer] = await leasesOf(pool, write);
    const waiting = pool.acquire(write);
    const [reader] = await leasesOf(pool, read);
    reader?.release();
    const again = pool.tryAcquire(false, read.holder);
    assert.ok(again !== null);
    again.release();
    writer?.release();
    (await within(waiting)).release();
  });

  test("an idle connection is no use to a writer without the turn", async () => {
    const pool = poolOf(2);
    const [writer, reader] = await leasesOf(pool, write, read);
    reader?.release();
    assert.equal(pool.tryAcquire(true, write.holder), null);
    assert.equal(await stateOf(pool.acquire(write).catch(() => null)), "pending");
    assert.equal(pool.figures().idle, 1);
    writer?.release();
  });

  test("writers are served in the order of their asking", async () => {
    const pool = poolOf(3);
    const came: number[] = [];
    await within(
      Promise.all(
        Array.from({ length: 20 }, async (_, caller) => {
          const lease = await pool.acquire(write);
          came.push(caller);
          await settled();
          lease.release();
        }),
      ),
    );
    assert.deepEqual(
      came,
      Array.from({ length: 20 }, (_, caller) => caller),
    );
  });

  test("a reader does not overtake a writer that lacks only a connection", async () => {
    const pool = poolOf(1);
    const [reader] = await leasesOf(pool, read);
    const came: string[] = [];
    const writer = pool.acquire(write).then((lease) => (came.push("writer"), lease));
    const later = pool.acquire(read).then((lease) => (came.push("reader"), lease));
    reader?.release();
    (await within(writer)).release();
    (await within(later)).release();
    assert.deepEqual(came, ["writer", "reader"]);
  });

  test("an older reader gets the connection before a younger writer", async () => {
    const pool = poolOf(1);
    const [first] = await leasesOf(pool, write);
    const came: string[] = [];
    const reader = pool.acquire(read).then((lease) => (came.push("reader"), lease));
    const writer = pool.acquire(write).then((lease) => (came.push("writer"), lease));
    first?.release();
    (await within(reader)).release();
    (await within(writer)).release();
    assert.deepEqual(came, ["reader", "writer"]);
  });

  test("pools on one resource share the turn, pools on others do not", async () => {
    const pool = poolOf(1);
    const same = poolOf(1);
    const other = poolOf(1, "/data/other.db");
    const [first] = await leasesOf(pool, write);
    const waiting = same.acquire(write);
    assert.equal(await stateOf(waiting), "pending");
    await leasesOf(other, write);
    first?.release();
    await within(waiting);
  });

  test("a writer waits for a connection without keeping the turn from another pool", async () => {
    const full = poolOf(1);
    const free = poolOf(1);
    const [reader] = await leasesOf(full, read);
    const waiting = full.acquire(write);
    const [writer] = await leasesOf(free, write);
    reader?.release();
    assert.equal(await stateOf(waiting), "pending");
    writer?.release();
    (await within(waiting)).release();
  });

  test("a writer that was passed over finds a connection ready when the turn comes", async () => {
    const pool = poolOf(2);
    const other = poolOf(1);
    const [writer] = await leasesOf(other, write);
    const waiting = pool.acquire(write);
    await settled();
    assert.equal(pool.figures().idle, 1);
    writer?.release();
    await within(waiting);
  });

  test("its deadline's error names the resource and who is writing", async () => {
    const pool = poolOf(2);
    await leasesOf(pool, { write: true, holder: { what: "transaction" } });
    await assert.rejects(within(pool.acquire({ ...write, deadlineMs: deadlineIn(20) })), (error) => {
      assert.ok(error instanceof PoolTimeoutError);
      assert.match(error.message, /^The writer's turn of notes\.db did not come within \d+ ms/);
      assert.match(error.message, /transaction for \d+ ms \(has the writer's turn\)/);
      assert.doesNotMatch(error.message, /\/data/);
      return true;
    });
  });

  test("its deadline's error names a writer of another pool", async () => {
    await leasesOf(poolOf(1), { write: true, holder: { what: "migration" } });
    const waiting = poolOf(1).acquire({ ...write, deadlineMs: deadlineIn(20) });
    await assert.rejects(within(waiting), /In use by migration for \d+ ms \(has the writer's turn\)/);
  });
});

describe("a lease that was taken for reading", () => {
  test("takes the turn at once where it is free, and keeps it until it gives it back", async () => {
    const pool = poolOf(2);
    const [pinned] = await leasesOf(pool, read);
    assert.equal(pinned?.takeWriterTurn(), undefined);
    assert.equal(pinned?.takeWriterTurn(), undefined);
    const waiting = pool.acquire(write);
    assert.equal(await stateOf(waiting), "pending");
    pinned?.giveBackWriterTurn();
    (await within(waiting)).release();
    pinned?.giveBackWriterTurn();
    pinned?.release();
    assert.equal(pool.figures().inUse, 0);
  });

  test("waits with its connection for the turn, before whoever asked later", async () => {
    const pool = poolOf(3);
    const [writer, pinned] = await leasesOf(pool, write, read);
    const came: string[] = [];
    const turn = Promise.resolve(pinned?.takeWriterTurn()).then(() => came.push("pinned"));
    const later = pool.acquire(write).then((lease) => (came.push("writer"), lease));
    await settled();
    assert.deepEqual(came, []);
    writer?.release();
    await within(turn);
    assert.equal(await stateOf(later), "pending");
    pinned?.release();
    (await within(later)).release();
    assert.deepEqual(came, ["pinned", "writer"]);
  });

  test("goes before an older writer that waits for its very connection", async () => {
    const pool = poolOf(1);
    const [writer] = await leasesOf(poolOf(1), write);
    const [pinned] = await leasesOf(pool, read);
    const older = pool.acquire(write);
    const turn = Promise.resolve(pinned?.takeWriterTurn());
    writer?.release();
    await within(turn);
    assert.equal(await stateOf(older), "pending");
    pinned?.release();
    (await within(older)).release();
  });

  test("gives the turn back with its connection", async () => {
    const pool = poolOf(2);
    const [pinned] = await leasesOf(pool, read);
    await within(pinned?.takeWriterTurn());
    const waiting = pool.acquire(write);
    pinned?.discard();
    (await within(waiting)).release();
  });

  test("waits no longer than its deadline and its signal say", async () => {
    const pool = poolOf(2);
    const [, pinned] = await leasesOf(pool, write, read);
    await assert.rejects(
      within(Promise.resolve(pinned?.takeWriterTurn({ deadlineMs: deadlineIn(5) }))),
      PoolTimeoutError,
    );
    const abort = new AbortController();
    const aborted = Promise.resolve(pinned?.takeWriterTurn({ signal: abort.signal }));
    abort.abort();
    await assert.rejects(within(aborted), AbortError);
    await assert.rejects(within(Promise.resolve(pinned?.takeWriterTurn({ signal: abort.signal }))), AbortError);
    assert.equal(pool.figures().waiting, 0);
  });

  test("does not get the turn once it was given back", async () => {
    const pool = poolOf(2);
    const [writer, pinned] = await leasesOf(pool, write, read);
    const turn = Promise.resolve(pinned?.takeWriterTurn());
    pinned?.release();
    await assert.rejects(within(turn), UsageError);
    await assert.rejects(within(Promise.resolve(pinned?.takeWriterTurn())), UsageError);
    writer?.release();
    await leasesOf(pool, write);
  });

  test("may finish its write while the pool drains", async () => {
    const pool = poolOf(2);
    const [writer, pinned] = await leasesOf(pool, write, read);
    const turn = Promise.resolve(pinned?.takeWriterTurn());
    const closed = pool.close(1_000);
    writer?.release();
    await within(turn);
    pinned?.release();
    await within(closed);
  });

  test("hears of the pool's end, and the turn goes on to other pools", async () => {
    const pool = poolOf(2);
    const other = poolOf(1);
    const [, pinned] = await leasesOf(pool, write, read);
    const turn = Promise.resolve(pinned?.takeWriterTurn());
    const waiting = other.acquire(write);
    const refused = assert.rejects(within(turn), PoolClosedError);
    await within(pool.close(10));
    await refused;
    (await within(waiting)).release();
  });
});

describe("writers that wait for each other", () => {
  test("a task that writes and asks to write on a second connection fails at once", async () => {
    const pool = poolOf(5);
    const [outer] = await leasesOf(pool, write);
    const nested = pool.acquire({ ...write, within: outer === undefined ? [] : [outer] });
    await assert.rejects(within(nested, 100), (error) => {
      assert.ok(error instanceof PoolDeadlockError);
      assert.match(error.message, /write to notes\.db on a second connection while its own task is writing/);
      return true;
    });
  });

  test("the same through another pool on the same file", async () => {
    const [outer] = await leasesOf(poolOf(5), write);
    const nested = poolOf(5).acquire({ ...write, within: outer === undefined ? [] : [outer] });
    await assert.rejects(within(nested, 100), PoolDeadlockError);
  });

  test("a lease waits for the turn of a writer that waits for a connection", async () => {
    const pool = poolOf(2);
    const [writer, pinned] = await leasesOf(pool, write, read);
    const nested = pool.acquire({ ...read, within: writer === undefined ? [] : [writer] });
    await assert.rejects(within(Promise.resolve(pinned?.takeWriterTurn()), 100), PoolDeadlockError);
    pinned?.release();
    (await within(nested)).release();
  });

  test("a nested reader of a writer is served where a connection is left", async () => {
    const pool = poolOf(2);
    const [writer] = await leasesOf(pool, write);
    const nested = await within(pool.acquire({ ...read, within: writer === undefined ? [] : [writer] }));
    nested.release();
  });
});

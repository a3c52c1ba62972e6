import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { integer, MetaData, PoolDeadlockError, select, string, UsageError } from "../../src/index.js";
import { failure } from "./assertions.js";
import { type Declare, suite } from "./target.js";

export const connections: Declare = suite("kept connections", ({ test, named, tables, beforeEach }) => {
  const metadata = new MetaData();
  const notes = metadata.table(named("notes"), { id: integer().primaryKey(), text: string(50) });
  tables(metadata);
  beforeEach(async ({ database }) => void (await database.execute(notes.delete().all())));
  const all = select(notes.c.text).orderBy(notes.c.text);

  /** A statement by which a connection is known again: its temporary table. */
  const passing = named("passing");
  const mark = `CREATE TEMPORARY TABLE ${passing} (x INTEGER)`;
  const isMarked = `SELECT count(*) FROM ${passing}`;

  test("inside connection() every call uses it, and it is given back", async ({ database }) => {
    const result = await database.connection(async (connection) => {
      await connection.execute(mark);
      assert.equal(await database.fetchVal(isMarked), 0);
      await database.execute(notes.insert(), { text: "a" });
      assert.equal(database.pool.inUse, 1);
      return connection.fetchAll(all);
    });
    assert.deepEqual(result, [{ text: "a" }]);
    assert.equal(database.pool.inUse, 0);
    await assert.rejects(database.fetchVal(isMarked), "a changed connection is not lent again");
  });

  test("each statement on it commits by itself; a transaction on it is one", async ({ database }) => {
    await database.connection(async (connection) => {
      await connection.execute(notes.insert(), { text: "alone" });
      const failing = connection.transaction(async () => {
        await connection.execute(notes.insert(), { text: "x" });
        await database.execute(notes.insert(), { text: "y" });
        throw new RangeError("on purpose");
      });
      await failure(failing, RangeError);
      await database.transaction(() => connection.execute(notes.insert(), { text: "together" }));
    });
    assert.deepEqual(await database.fetchAll(all), [{ text: "alone" }, { text: "together" }]);
  });

  test("two transactions on one connection take turns", async ({ database }) => {
    const log: string[] = [];
    await database.connection(async (connection) => {
      const one = (name: string) =>
        connection.transaction(async () => {
          log.push(`${name} begins`);
          await connection.execute(notes.insert(), { text: name });
          await sleep(5);
          log.push(`${name} ends`);
        });
      await Promise.all([one("a"), one("b")]);
    });
    assert.deepEqual(log, ["a begins", "a ends", "b begins", "b ends"]);
  });

  test("inside a transaction it is the transaction's connection", async ({ database }) => {
    const failing = database.transaction(async () => {
      await database.connection((connection) => connection.execute(notes.insert(), { text: "a" }));
      assert.equal((await database.fetchAll(all)).length, 1);
      throw new RangeError("on purpose");
    });
    await failure(failing, RangeError);
    assert.deepEqual(await database.fetchAll(all), []);
  });

  test("nested connection() keeps the same one", async ({ database }) => {
    await database.connection(async (outer) => {
      await outer.execute(mark);
      await database.connection(async (inner) => assert.equal(await inner.fetchVal(isMarked), 0));
      assert.equal(await outer.fetchVal(isMarked), 0);
    });
  });

  test("acquire() gives a handle that others do not use", async ({ database }) => {
    {
      await using connection = await database.acquire();
      await connection.execute(notes.insert(), { text: "a" });
      assert.deepEqual(await connection.fetchAll(all), [{ text: "a" }]);
      assert.equal(database.pool.inUse, 1);
      await connection.run(async () => assert.equal((await database.fetchAll(all)).length, 1));
    }
    assert.equal(database.pool.inUse, 0);
  });

  test(
    "other calls go elsewhere meanwhile",
    async ({ database }) => {
      await using connection = await database.acquire();
      await connection.execute(mark);
      await assert.rejects(database.fetchVal(isMarked));
      assert.equal(await connection.fetchVal(isMarked), 0);
    },
    { connections: 2 },
  );

  test("what is given back is refused; giving back twice does nothing", async ({ database }) => {
    const connection = await database.acquire();
    await connection.release();
    await connection.release();
    await failure(connection.fetchAll(all), UsageError, /given back/);
    assert.throws(() => connection.raw, UsageError);
    assert.throws(() => connection.run(() => null), UsageError);
    let escaped: Promise<unknown> = Promise.resolve();
    await database.connection(() => {
      escaped = sleep(10).then(() => database.fetchAll(all));
      escaped.catch(() => null);
    });
    await failure(escaped, UsageError, /given back/);
  });

  test("a transaction left open on it is rolled back, and told", async ({ database }) => {
    const connection = await database.acquire();
    const transaction = await connection.begin();
    await transaction.execute(notes.insert(), { text: "a" });
    await failure(connection.release(), UsageError, /begin\(\)/);
    assert.equal(transaction.isOpen, false);
    assert.deepEqual(await database.fetchAll(all), []);
  });

  test("an error in the callback gives it back", async ({ database }) => {
    await failure(
      database.connection(() => {
        throw new RangeError("on purpose");
      }),
      RangeError,
    );
    assert.equal(database.pool.inUse, 0);
  });

  test("raw is the driver's own object, and such a connection is not lent again", async ({ database }) => {
    const seen = new Set<unknown>();
    for (let round = 0; round < 2; round += 1) {
      await database.connection((connection) => {
        assert.equal(typeof connection.raw, "object");
        seen.add(connection.raw);
      });
    }
    assert.equal(seen.size, 2);
  });

  test("onConnect prepares each new connection before it is used", async ({ open }) => {
    let prepared = 0;
    const database = open({
      onConnect: async (connection) => {
        prepared += 1;
        await connection.execute(mark);
      },
    });
    assert.equal(prepared, 0);
    assert.equal(await database.fetchVal(isMarked), 0);
    assert.equal(await database.fetchVal(isMarked), 0);
    assert.equal(prepared, 1, "and once");
  });

  test("what onConnect throws fails the connecting, and the next call tries again", async ({ open }) => {
    let attempts = 0;
    const database = open({
      onConnect: () => {
        attempts += 1;
        if (attempts === 1) throw new RangeError("not today");
      },
    });
    await failure(database.fetchAll(all), RangeError, /not today/);
    assert.deepEqual(await database.fetchAll(all), []);
  });

  test(
    "detached() runs outside of the transaction around it",
    async ({ database }) => {
      const failing = database.transaction(async () => {
        await database.execute(notes.insert(), { text: "inside" });
        assert.deepEqual(await database.detached(() => database.fetchAll(all)), []);
        assert.equal((await database.fetchAll(all)).length, 1);
        throw new RangeError("on purpose");
      });
      await failure(failing, RangeError);
    },
    { connections: 2 },
  );

  test(
    "what detached() wrote outlives a rollback",
    async ({ database }) => {
      const failing = database.transaction(async () => {
        await database.execute(notes.insert(), { text: "inside" });
        await database.detached(() => database.execute(notes.insert(), { text: "outside" }));
        await database.detached(() =>
          database.transaction(() => database.execute(notes.insert(), { text: "another" })),
        );
        throw new RangeError("on purpose");
      });
      await failure(failing, RangeError);
      assert.deepEqual(await database.fetchAll(all), [{ text: "another" }, { text: "outside" }]);
    },
    { features: ["concurrentWriters"], connections: 2 },
  );

  test("with no connection left, detached() fails at once instead of waiting for itself", async ({ open }) => {
    const database = open({ maxSize: 1, acquireTimeoutMs: 5_000 });
    const startMs = performance.now();
    await database.transaction(async () => {
      await failure(
        database.detached(() => database.fetchAll(all)),
        PoolDeadlockError,
      );
      assert.deepEqual(await database.fetchAll(all), []);
    });
    assert.ok(performance.now() - startMs < 2_000, "it did not wait for the deadline");
  });

  test("detached() outside of any transaction changes nothing", async ({ database }) => {
    await database.detached(() => database.execute(notes.insert(), { text: "a" }));
    assert.equal(
      database.detached(() => 5),
      5,
    );
    assert.deepEqual(await database.fetchAll(all), [{ text: "a" }]);
  });

  test("contexts of two databases do not mix", async ({ database, open }) => {
    const other = open();
    await database.connection(async (connection) => {
      await connection.execute(mark);
      if (connection.raw === null) return;
      await assert.rejects(other.fetchVal(isMarked));
      await other.transaction(
        async () => {
          assert.equal(await database.fetchVal(isMarked), 0);
          assert.deepEqual(await other.fetchAll(all), []);
        },
        { readOnly: true },
      );
    });
  });
});

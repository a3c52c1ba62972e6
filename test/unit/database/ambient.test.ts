import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { test } from "node:test";
import { Database } from "../../../src/database/database.js";
import {
  CommitRolledBackError,
  PoolDeadlockError,
  TransactionAbortedError,
  TransactionClosedError,
  UniqueViolationError,
  UsageError,
} from "../../../src/errors/index.js";
import { everywhere, failure, fileUrl, insert, openNotes, openNotesAt, signal, texts, within } from "./support.js";

everywhere("what is called on the database inside a transaction joins it", async (t, place) => {
  const database = await openNotes(t, place);
  await within(
    database.transaction(async () => {
      await insert(database, "a");
      await sleep(1);
      await (async () => insert(database, "b"))();
    }),
  );
  assert.deepEqual(await within(texts(database)), ["a", "b"]);
  const error = new Error("on purpose");
  await assert.rejects(
    within(
      database.transaction(async () => {
        await insert(database, "c");
        assert.deepEqual(await texts(database), ["a", "b", "c"]);
        throw error;
      }),
    ),
    (thrown) => thrown === error,
  );
  assert.deepEqual(await within(texts(database)), ["a", "b"]);
});

everywhere("the transaction rolls back and throws what its callback throws, whatever that is", async (t, place) => {
  const database = await openNotes(t, place);
  for (const thrown of [null, undefined, "text", 0, Object.freeze(new Error("frozen"))]) {
    const run = database.transaction(async () => {
      await insert(database, "a");
      throw thrown;
    });
    await within(
      run.then(
        () => assert.fail("it resolved"),
        (error: unknown) => assert.equal(error, thrown),
      ),
    );
  }
  await assert.rejects(
    within(
      database.transaction(() => {
        throw new Error("synchronous");
      }),
    ),
    /synchronous/,
  );
  assert.deepEqual(await within(texts(database)), []);
  assert.equal(database.pool.waiting, 0);
});

everywhere("the branches of a Promise.all take turns", async (t, place) => {
  const database = await openNotes(t, place);
  await within(
    database.transaction(async () => {
      await Promise.all(Array.from({ length: 20 }, (_, index) => insert(database, `branch ${index}`)));
    }),
  );
  assert.equal((await within(texts(database))).length, 20);
});

everywhere("sibling nested transactions take turns, whatever they wait for", async (t, place) => {
  const database = await openNotes(t, place);
  const order: string[] = [];
  await within(
    database.transaction(async () => {
      const nested = (name: string, fails: boolean) =>
        database.transaction(async () => {
          order.push(`${name} begins`);
          await insert(database, name);
          await sleep(3);
          await insert(database, `${name} again`);
          order.push(`${name} ends`);
          if (fails) throw new Error(name);
        });
      const results = await Promise.allSettled([nested("a", false), nested("b", true), nested("c", false)]);
      assert.deepEqual(
        results.map(({ status }) => status),
        ["fulfilled", "rejected", "fulfilled"],
      );
    }),
  );
  assert.deepEqual(order, ["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]);
  assert.deepEqual(await within(texts(database)), ["a", "a again", "c", "c again"]);
});

everywhere("a statement of the outer transaction from another branch waits for the nested one", async (t, place) => {
  const database = await openNotes(t, place);
  const order: string[] = [];
  await within(
    database.transaction(async () => {
      const begun = signal();
      const nested = database.transaction(async () => {
        await insert(database, "nested");
        begun.give();
        await sleep(10);
        order.push("nested ends");
      });
      await begun.given;
      await Promise.all([nested, insert(database, "outer").then(() => order.push("outer runs"))]);
    }),
  );
  assert.deepEqual(order, ["nested ends", "outer runs"]);
  assert.deepEqual(await within(texts(database)), ["nested", "outer"]);
});

everywhere("a call on the outer handle from inside the nested transaction is refused", async (t, place) => {
  const database = await openNotes(t, place);
  await within(
    database.transaction(async (outer) => {
      await database.transaction(async (inner) => {
        await failure(
          outer.execute("DELETE FROM notes"),
          UsageError,
          /from inside transaction\(\) begun at .*ambient\.test/,
        );
        await failure(
          outer.transaction(async () => undefined),
          UsageError,
          /from inside/,
        );
        await failure(outer.commit(), UsageError, /from inside/);
        await insert(inner, "inner");
      });
      await insert(outer, "outer");
    }),
  );
  assert.deepEqual(await within(texts(database)), ["inner", "outer"]);
});

everywhere("what was issued and not awaited is settled before the commit", async (t, place) => {
  const database = await openNotes(t, place);
  const floating: Promise<void>[] = [];
  await within(
    database.transaction(async () => {
      for (let index = 0; index < 5; index++) floating.push(insert(database, `floating ${index}`));
      floating.push(
        database
          .executeMany("INSERT INTO notes (text) VALUES (:text)", [{ text: "many 1" }, { text: "many 2" }])
          .then(() => undefined),
      );
    }),
  );
  await within(Promise.all(floating));
  assert.equal((await within(texts(database))).length, 7);
});

everywhere("a late failure of what was not awaited rolls back and becomes the error", async (t, place) => {
  const database = await openNotes(t, place);
  let late: Promise<unknown> = Promise.resolve();
  const error = await failure(
    database.transaction(async () => {
      await insert(database, "a");
      // The nested transaction holds the second insert back until after the callback has ended.
      void database.transaction(() => sleep(5)).catch(() => undefined);
      await Promise.resolve();
      late = Promise.allSettled([insert(database, "b"), insert(database, "a")]);
    }),
    UniqueViolationError,
  );
  assert.match(error.message, /unique/i);
  await within(late);
  assert.deepEqual(await within(texts(database)), []);
});

everywhere("a query after the end is refused, and names where the transaction began", async (t, place) => {
  const database = await openNotes(t, place);
  let late: Promise<unknown> = Promise.resolve();
  await within(
    database.transaction(async () => {
      await insert(database, "a");
      late = sleep(20).then(() => insert(database, "late"));
      late.catch(() => undefined);
    }),
  );
  const error = await failure(
    late,
    TransactionClosedError,
    /was an await forgotten\? database\.detached\(\) runs outside/,
  );
  assert.match(error.message, /transaction\(\) begun at .*ambient\.test/);
  assert.deepEqual(await within(texts(database)), ["a"]);
});

everywhere("a nested transaction that has not begun when the callback ends is refused", async (t, place) => {
  const database = await openNotes(t, place);
  let second: Promise<unknown> = Promise.resolve();
  await within(
    database.transaction(async () => {
      void database.transaction(async () => {
        await sleep(10);
        await insert(database, "first");
      });
      second = database.transaction(() => insert(database, "second"));
      second.catch(() => undefined);
    }),
  );
  await failure(second, TransactionClosedError);
  assert.deepEqual(await within(texts(database)), ["first"]);
});

everywhere("an error that the callback catches leaves the transaction usable here", async (t, place) => {
  const database = await openNotes(t, place);
  await within(
    database.transaction(async () => {
      await insert(database, "a");
      await failure(insert(database, "a"), UniqueViolationError);
      await insert(database, "b");
    }),
  );
  assert.deepEqual(await within(texts(database)), ["a", "b"]);
});

everywhere(
  "a transaction that the server has ended refuses every further statement, and its commit",
  async (t, place) => {
    const database = await openNotes(t, place, { forceRollback: false });
    await within(insert(database, "kept"));
    const error = await failure(
      database.transaction(async () => {
        await insert(database, "lost");
        await failure(database.execute("INSERT OR ROLLBACK INTO notes (text) VALUES ('kept')"), UniqueViolationError);
        const refused = await failure(
          insert(database, "must not be kept"),
          TransactionAbortedError,
          /has ended the server's transaction/,
        );
        assert.ok(refused.cause instanceof UniqueViolationError);
        assert.equal(refused.cause.outcome, "rolled-back");
        await failure(
          database.transaction(async () => undefined),
          TransactionAbortedError,
        );
      }),
      CommitRolledBackError,
    );
    assert.ok(error.cause instanceof UniqueViolationError);
    assert.deepEqual(await within(texts(database)), ["kept"]);
  },
);

everywhere("a nested statement that ends the server's transaction ends every level of it", async (t, place) => {
  const database = await openNotes(t, place, { forceRollback: false });
  await within(insert(database, "kept"));
  await failure(
    database.transaction(async () => {
      await failure(
        database.transaction(async () => {
          await database.execute("INSERT OR ROLLBACK INTO notes (text) VALUES ('kept')");
        }),
        UniqueViolationError,
      );
      await failure(insert(database, "must not be kept"), TransactionAbortedError);
    }),
    CommitRolledBackError,
  );
  assert.deepEqual(await within(texts(database)), ["kept"]);
});

everywhere("calls in detached() run outside of the transaction, where there is an outside", async (t, place) => {
  const database = await openNotes(t, place);
  const isAlone = place === "memory" || place === "a file under forceRollback";
  await within(insert(database, "before"));
  await assert.rejects(
    within(
      database.transaction(async () => {
        await insert(database, "inside");
        if (place === "a file with one connection") {
          await failure(
            database.detached(() => texts(database)),
            PoolDeadlockError,
          );
        } else {
          assert.deepEqual(await database.detached(() => texts(database)), isAlone ? ["before", "inside"] : ["before"]);
        }
        throw new Error("undo");
      }),
    ),
    /undo/,
  );
  assert.deepEqual(await within(texts(database)), ["before"]);
});

test("a detached write inside a write transaction on one file fails at once", { timeout: 10_000 }, async (t) => {
  const database = await openNotes(t, "a file", { acquireTimeoutMs: 60_000 });
  await within(
    database.transaction(async () => {
      await insert(database, "inside");
      await failure(
        database.detached(() => insert(database, "outside")),
        PoolDeadlockError,
      );
    }),
  );
  assert.deepEqual(await within(texts(database)), ["inside"]);
});

test("transactions of several databases nest freely", { timeout: 10_000 }, async (t) => {
  const first = await openNotes(t);
  const second = await openNotes(t);
  await assert.rejects(
    within(
      first.transaction(async () => {
        await second.transaction(async () => {
          await insert(first, "first");
          await insert(second, "second");
          await first.transaction(async () => insert(first, "nested"));
        });
        throw new Error("undo");
      }),
    ),
    /undo/,
  );
  assert.deepEqual(await within(texts(first)), []);
  assert.deepEqual(await within(texts(second)), ["second"]);
});

test(
  "a thousand parallel transactions keep to themselves, also through timers and microtasks",
  { timeout: 30_000 },
  async (t) => {
    const database = await openNotesAt(t, fileUrl(t), { acquireTimeoutMs: 25_000 });
    await within(
      Promise.all(
        Array.from({ length: 300 }, (_, index) =>
          database.transaction(async () => {
            await insert(database, `${index} a`);
            await Promise.all([
              sleep(index % 3).then(() => insert(database, `${index} b`)),
              new Promise((resolve) => queueMicrotask(() => resolve(insert(database, `${index} c`)))),
            ]);
            const mine = (await texts(database)).slice(-3).map((text) => String(text).split(" ")[0]);
            assert.deepEqual(mine, [`${index}`, `${index}`, `${index}`]);
          }),
        ),
      ),
      25_000,
    );
    assert.equal((await within(texts(database))).length, 900);
    assert.equal(database.pool.inUse, 0);
  },
);

test("disconnect() inside a transaction or a kept connection is refused", { timeout: 10_000 }, async (t) => {
  const database = await openNotes(t);
  await within(database.transaction(() => failure(database.disconnect(), UsageError, /inside a transaction/)));
  await within(database.connection(() => failure(database.disconnect(), UsageError, /inside/)));
  await within(database.transaction(() => database.detached(() => failure(database.disconnect(), UsageError))));
  assert.ok(database.isConnected);
  const other = new Database("sqlite://");
  await within(database.transaction(() => other.disconnect()));
});

test("a callback may give what begins only when it is awaited", { timeout: 10_000 }, async (t) => {
  const database = await openNotes(t, "a file");
  const lazy = (text: string): PromiseLike<unknown> => ({
    // oxlint-disable-next-line unicorn/no-thenable
    then: (resolve, reject) => insert(database, text).then(resolve, reject),
  });
  await within(database.transaction(() => lazy("kept") as Promise<unknown>));
  const failing = database.transaction(async () => {
    await database.transaction(() => lazy("lost") as Promise<unknown>);
    throw new Error("undone");
  });
  await assert.rejects(within(failing), /undone/);
  assert.deepEqual(await within(texts(database)), ["kept"]);
});

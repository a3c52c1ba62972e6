import assert from "node:assert/strict";
import { test } from "node:test";
import { CommitError, SerializationFailureError, UniqueViolationError } from "../../../src/errors/index.js";
import { everywhere, failure, insert, openNotes, texts, within } from "./support.js";

everywhere("hooks run after the outermost outcome, in order, outside of the transaction", async (t, place) => {
  const database = await openNotes(t, place);
  const log: string[] = [];
  await within(
    database.transaction(async (outer) => {
      outer.onCommit(() => log.push("outer 1"));
      outer.onRollback(() => log.push("never"));
      await database.transaction(async (inner) => {
        inner.onCommit(() => log.push("inner"));
        await database.onCommit(async () => {
          // A statement of its own, after the transaction.
          await insert(database, "by a hook");
          log.push("ambient");
        });
        await insert(inner, "inner");
      });
      outer.onCommit(() => log.push("outer 2"));
      assert.deepEqual(log, []);
    }),
  );
  assert.deepEqual(log, ["outer 1", "inner", "ambient", "outer 2"]);
  assert.deepEqual(await within(texts(database)), ["inner", "by a hook"]);
});

everywhere("after a rollback only the hooks for it run", async (t, place) => {
  const database = await openNotes(t, place);
  const log: string[] = [];
  await failure(
    database.transaction(async (transaction) => {
      transaction.onCommit(() => log.push("never"));
      database.onRollback(() => log.push("rolled back"));
      await database.transaction(async (inner) => {
        inner.onCommit(() => log.push("never"));
        inner.onRollback(() => log.push("inner too"));
      });
      throw new RangeError("on purpose");
    }),
    RangeError,
  );
  assert.deepEqual(log, ["rolled back", "inner too"]);
});

everywhere("a nested rollback drops its hooks for the commit, and keeps those for itself", async (t, place) => {
  const database = await openNotes(t, place);
  const log: string[] = [];
  await within(
    database.transaction(async (outer) => {
      await failure(
        database.transaction(async (inner) => {
          inner.onCommit(() => log.push("never"));
          inner.onRollback(() => log.push("inner was rolled back"));
          throw new RangeError("nested");
        }),
        RangeError,
      );
      outer.onCommit(() => log.push("outer was committed"));
      assert.deepEqual(log, []);
    }),
  );
  assert.deepEqual(log, ["inner was rolled back", "outer was committed"]);
});

everywhere("a failing hook rejects with the outcome; the others run all the same", async (t, place) => {
  const database = await openNotes(t, place);
  const log: string[] = [];
  const first = new Error("first hook");
  const second = new Error("second hook");
  const error = await failure(
    database.transaction(async (transaction) => {
      await insert(database, "kept");
      transaction.onCommit(() => Promise.reject(first));
      transaction.onCommit(() => log.push("ran"));
      transaction.onCommit(() => {
        throw second;
      });
    }),
    CommitError,
    /was committed, but a hook/,
  );
  assert.equal(error.outcome, "committed");
  assert.equal(error.cause, first);
  assert.deepEqual(error.suppressed, [second]);
  assert.deepEqual(log, ["ran"]);
  assert.deepEqual(await within(texts(database)), ["kept"]);
});

everywhere("a failing hook never masks the error that rolled the transaction back", async (t, place) => {
  const database = await openNotes(t, place);
  const error = await failure(
    database.transaction(async (transaction) => {
      transaction.onRollback(() => Promise.reject(new Error("hook")));
      await insert(database, "a");
      await insert(database, "a");
    }),
    UniqueViolationError,
  );
  assert.ok(error.suppressed[0] instanceof CommitError);
  const transaction = await within(database.begin());
  transaction.onRollback(() => Promise.reject(new Error("hook")));
  const alone = await failure(transaction.rollback(), CommitError, /was rolled back/);
  assert.equal(alone.outcome, "rolled-back");
});

everywhere("hooks of a nested transaction that is ended by hand run once", async (t, place) => {
  const database = await openNotes(t, place);
  const log: string[] = [];
  await within(
    database.transaction(async () => {
      await database.transaction(async (inner) => {
        inner.onCommit(() => log.push("inner"));
        await inner.commit();
      });
    }),
  );
  assert.deepEqual(log, ["inner"]);
});

everywhere("hooks of a handle run when its holder ends it", async (t, place) => {
  const database = await openNotes(t, place);
  const log: string[] = [];
  const transaction = await within(database.begin());
  transaction.onCommit(async () => {
    await insert(database, "by a hook");
    log.push("committed");
  });
  await within(insert(transaction, "a"));
  await within(transaction.run(async () => transaction.commit()));
  assert.deepEqual(log, ["committed"]);
  assert.deepEqual(await within(texts(database)), ["a", "by a hook"]);
});

everywhere("without a transaction onCommit calls the hook at once, and onRollback never", async (t, place) => {
  const database = await openNotes(t, place);
  const log: string[] = [];
  await within(
    database.onCommit(async () => {
      await insert(database, "a");
      log.push("committed");
    }),
  );
  database.onRollback(() => log.push("never"));
  assert.deepEqual(log, ["committed"]);
  await failure(
    database.onCommit(() => Promise.reject(new RangeError("hook"))),
    RangeError,
  );
});

everywhere(
  "retries run the outermost callback again after a conflict, and forget the hooks of the lost attempt",
  async (t, place) => {
    const database = await openNotes(t, place);
    const log: string[] = [];
    let attempts = 0;
    const result = await within(
      database.transaction(
        async (transaction) => {
          attempts += 1;
          transaction.onCommit(() => log.push(`committed ${attempts}`));
          transaction.onRollback(() => log.push("never"));
          await insert(database, `attempt ${attempts}`);
          if (attempts < 3) throw new SerializationFailureError("lost");
          return "won";
        },
        { retries: 3 },
      ),
    );
    assert.equal(result, "won");
    assert.deepEqual(log, ["committed 3"]);
    assert.deepEqual(await within(texts(database)), ["attempt 3"]);
  },
);

everywhere("retries end with the last error, and are for conflicts only", async (t, place) => {
  const database = await openNotes(t, place);
  const log: string[] = [];
  let attempts = 0;
  const lose = async (): Promise<never> => {
    attempts += 1;
    database.onRollback(() => log.push(`rolled back ${attempts}`));
    await insert(database, "lost");
    throw new SerializationFailureError("lost");
  };
  await failure(database.transaction(lose, { retries: 2 }), SerializationFailureError);
  assert.equal(attempts, 3);
  assert.deepEqual(log, ["rolled back 3"]);
  attempts = 0;
  await failure(database.transaction(lose), SerializationFailureError);
  assert.equal(attempts, 1);
  attempts = 0;
  await failure(
    database.transaction(
      async () => {
        attempts += 1;
        throw new TypeError("no conflict");
      },
      { retries: 5 },
    ),
    TypeError,
  );
  assert.equal(attempts, 1);
  assert.deepEqual(await within(texts(database)), []);
});

everywhere("a nested callback is never run again by itself", async (t, place) => {
  const database = await openNotes(t, place);
  const log: string[] = [];
  await within(
    database.transaction(
      async () => {
        log.push("outer");
        await database.transaction(
          async () => {
            log.push("inner");
            if (log.length < 4) throw new SerializationFailureError("lost");
          },
          { retries: 5 },
        );
      },
      { retries: 5 },
    ),
  );
  assert.deepEqual(log, ["outer", "inner", "outer", "inner"]);
});

test("an aborted signal ends the pause between attempts", { timeout: 10_000 }, async (t) => {
  const database = await openNotes(t);
  const controller = new AbortController();
  const run = database.transaction(
    async () => {
      controller.abort(new Error("enough"));
      throw new SerializationFailureError("lost");
    },
    { retries: 1_000, signal: controller.signal },
  );
  await assert.rejects(within(run), { name: "AbortError" });
});

everywhere("transaction({ forceRollback }) undoes its work and gives its result", async (t, place) => {
  const database = await openNotes(t, place);
  const log: string[] = [];
  const result = await within(
    database.transaction(
      async (transaction) => {
        transaction.onCommit(() => log.push("never"));
        transaction.onRollback(() => log.push("rolled back"));
        await insert(database, "a");
        await database.transaction(() => insert(database, "b"));
        return texts(database);
      },
      { forceRollback: true },
    ),
  );
  assert.deepEqual(result, ["a", "b"]);
  assert.deepEqual(await within(texts(database)), []);
  assert.deepEqual(log, ["rolled back"]);
});

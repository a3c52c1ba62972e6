import assert from "node:assert/strict";
import {
  CommitError,
  DeadlockError,
  integer,
  MetaData,
  select,
  SerializationFailureError,
  string,
  UniqueViolationError,
} from "../../src/index.js";
import { failure } from "./assertions.js";
import { type Declare, suite } from "./target.js";

export const hooks: Declare = suite("hooks and retries", ({ test, named, tables, beforeEach }) => {
  const metadata = new MetaData();
  const notes = metadata.table(named("notes"), { id: integer().primaryKey(), text: string(50).unique() });
  tables(metadata);
  let log: string[] = [];
  beforeEach(async ({ database }) => {
    log = [];
    await database.execute(notes.delete().all());
  });
  const note = (text: string) => () => void log.push(text);
  const all = select(notes.c.text).orderBy(notes.c.text);

  test("onCommit runs after the commit, outside of the transaction, in order", async ({ database }) => {
    await database.transaction(async (transaction) => {
      transaction.onCommit(async () => {
        log.push("first");
        await database.execute(notes.insert(), { text: "by the hook" });
      });
      transaction.onCommit(note("second"));
      transaction.onRollback(note("never"));
      await database.execute(notes.insert(), { text: "a" });
      log.push("body");
    });
    assert.deepEqual(log, ["body", "first", "second"]);
    assert.deepEqual(await database.fetchAll(all, null, { rows: "array" }), [["a"], ["by the hook"]]);
  });

  test("onRollback runs after the rollback, onCommit does not", async ({ database }) => {
    const failing = database.transaction(async (transaction) => {
      transaction.onCommit(note("never"));
      transaction.onRollback(async () => void log.push(`rolled back: ${(await database.fetchAll(all)).length} notes`));
      await database.execute(notes.insert(), { text: "a" });
      throw new RangeError("on purpose");
    });
    await failure(failing, RangeError);
    assert.deepEqual(log, ["rolled back: 0 notes"]);
  });

  test("hooks of nested transactions wait for the outermost end, in the order given", async ({ database }) => {
    await database.transaction(async (outer) => {
      outer.onCommit(note("outer 1"));
      await database.transaction((inner) => {
        inner.onCommit(note("inner"));
      });
      await database
        .transaction((inner) => {
          inner.onCommit(note("never"));
          inner.onRollback(note("inner rolled back"));
          throw new RangeError("on purpose");
        })
        .catch(() => null);
      outer.onCommit(note("outer 2"));
      assert.deepEqual(log, []);
    });
    assert.deepEqual(log, ["outer 1", "inner", "inner rolled back", "outer 2"]);
  });

  test("the database's own hooks belong to the ambient transaction; without one a commit hook runs at once", async ({
    database,
  }) => {
    await database.onCommit(note("at once"));
    database.onRollback(note("never"));
    assert.deepEqual(log, ["at once"]);
    await database.transaction(async () => {
      await database.onCommit(note("committed"));
      assert.deepEqual(log, ["at once"]);
    });
    await database
      .transaction(() => {
        database.onRollback(note("rolled back"));
        throw new RangeError("on purpose");
      })
      .catch(() => null);
    assert.deepEqual(log, ["at once", "committed", "rolled back"]);
  });

  test("a hook that fails does not undo the commit, and the others still run", async ({ database }) => {
    const failing = database.transaction(async (transaction) => {
      await database.execute(notes.insert(), { text: "a" });
      transaction.onCommit(() => {
        throw new RangeError("the hook");
      });
      transaction.onCommit(note("second"));
      transaction.onCommit(() => Promise.reject(new TypeError("another")));
    });
    const error = await failure(failing, CommitError, /hook/);
    assert.equal(error.outcome, "committed");
    assert.ok(error.cause instanceof RangeError);
    assert.deepEqual(
      error.suppressed.map((each) => (each as Error).message),
      ["another"],
    );
    assert.deepEqual(log, ["second"]);
    assert.deepEqual(await database.fetchAll(all), [{ text: "a" }]);
  });

  test("a handle has hooks too", async ({ database }) => {
    const transaction = await database.begin();
    transaction.onCommit(note("committed"));
    await transaction.execute(notes.insert(), { text: "a" });
    await transaction.commit();
    const other = await database.begin();
    other.onRollback(note("rolled back"));
    await other.rollback();
    assert.deepEqual(log, ["committed", "rolled back"]);
  });

  test("retries run the callback again when it lost against another transaction", async ({ database }) => {
    let runs = 0;
    const result = await database.transaction(
      async (transaction) => {
        runs += 1;
        transaction.onCommit(note(`committed run ${runs}`));
        transaction.onRollback(note("never"));
        await database.execute(notes.insert(), { text: "a" });
        if (runs === 1) throw new SerializationFailureError("on purpose");
        if (runs === 2) throw new DeadlockError("on purpose");
        return runs;
      },
      { retries: 2 },
    );
    assert.equal(result, 3);
    assert.deepEqual(log, ["committed run 3"]);
    assert.deepEqual(await database.fetchAll(all), [{ text: "a" }]);
  });

  test("after the last retry the error is the caller's", async ({ database }) => {
    let runs = 0;
    const failing = database.transaction(
      () => {
        runs += 1;
        throw new SerializationFailureError("on purpose");
      },
      { retries: 2 },
    );
    await failure(failing, SerializationFailureError);
    assert.equal(runs, 3);
  });

  test("no other error is a reason to run again", async ({ database }) => {
    await database.execute(notes.insert(), { text: "a" });
    let runs = 0;
    const failing = database.transaction(
      async () => {
        runs += 1;
        await database.execute(notes.insert(), { text: "a" });
      },
      { retries: 5 },
    );
    await failure(failing, UniqueViolationError);
    assert.equal(runs, 1);
  });

  test("a nested one is run again with the outermost", async ({ database }) => {
    const runs = { outer: 0, inner: 0 };
    await database.transaction(
      async () => {
        runs.outer += 1;
        await database.transaction(
          () => {
            runs.inner += 1;
            if (runs.inner === 1) throw new SerializationFailureError("on purpose");
          },
          { retries: 5 },
        );
      },
      { retries: 1 },
    );
    assert.deepEqual(runs, { outer: 2, inner: 2 });
  });

  test("a signal ends the retries", async ({ database }) => {
    const controller = new AbortController();
    let runs = 0;
    const failing = database.transaction(
      () => {
        runs += 1;
        if (runs === 2) controller.abort(new RangeError("enough"));
        throw new SerializationFailureError("on purpose");
      },
      { retries: 1_000, signal: controller.signal },
    );
    await assert.rejects(failing);
    assert.equal(runs, 2);
  });
});

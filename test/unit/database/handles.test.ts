import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { test } from "node:test";
import {
  PoolTimeoutError,
  ReadOnlyError,
  TransactionClosedError,
  UniqueViolationError,
  UsageError,
} from "../../../src/errors/index.js";
import { everywhere, failure, insert, openNotes, texts, within, type Place } from "./support.js";

/** Where handles leave the other connections alone. */
const APART: readonly Place[] = ["a file"];
const ALONE: readonly Place[] = ["memory", "a file under forceRollback"];

everywhere(
  "only what is called on the handle runs in what begin() gives",
  async (t) => {
    const database = await openNotes(t);
    await using transaction = await within(database.begin());
    await within(insert(transaction, "inside"));
    assert.deepEqual(await within(texts(transaction)), ["inside"]);
    assert.deepEqual(await within(texts(database)), []);
    await within(transaction.commit());
    assert.deepEqual(await within(texts(database)), ["inside"]);
  },
  APART,
);

everywhere("a handle is rolled back at the end of its scope unless it was committed", async (t, place) => {
  const database = await openNotes(t, place);
  {
    await using transaction = await within(database.begin());
    await within(insert(transaction, "lost"));
  }
  assert.deepEqual(await within(texts(database)), []);
  {
    await using transaction = await within(database.begin());
    await within(insert(transaction, "kept"));
    await within(transaction.commit());
  }
  assert.deepEqual(await within(texts(database)), ["kept"]);
  const transaction = await within(database.begin());
  await within(insert(transaction, "lost"));
  assert.equal(transaction.isOpen, true);
  await within(transaction.rollback());
  assert.equal(transaction.isOpen, false);
  assert.deepEqual(await within(texts(database)), ["kept"]);
});

everywhere("a handle that has ended refuses everything", async (t, place) => {
  const database = await openNotes(t, place);
  const committed = await within(database.begin());
  await within(insert(committed, "a"));
  await within(committed.commit());
  await failure(
    insert(committed, "b"),
    TransactionClosedError,
    /begin\(\) begun at .*handles\.test.* has been committed/,
  );
  await failure(
    committed.transaction(async () => undefined),
    TransactionClosedError,
  );
  await failure(committed.begin(), TransactionClosedError);
  await failure(committed.commit(), TransactionClosedError);
  await failure(committed.rollback(), TransactionClosedError);
  assert.throws(() => committed.run(() => undefined), TransactionClosedError);
  assert.throws(() => committed.onCommit(() => undefined), TransactionClosedError);
  const rolledBack = await within(database.begin());
  await within(rolledBack.rollback());
  await failure(insert(rolledBack, "b"), TransactionClosedError, /has been rolled back/);
  await within(rolledBack.rollback());
});

everywhere("committing a handle on which nothing ran is refused, and names the trap", async (t, place) => {
  const database = await openNotes(t, place);
  await using transaction = await within(database.begin());
  await failure(
    transaction.commit(),
    UsageError,
    /`database\.\*` does not join `begin\(\)`; use `transaction\.execute` or `transaction\.run\(fn\)`/,
  );
  await failure(insert(transaction, "a"), TransactionClosedError, /has been rolled back/);
  await using other = await within(database.begin());
  await within(other.run(async () => undefined));
  await within(other.commit());
});

everywhere("run() makes the handle ambient for its callback, and leaves it open", async (t, place) => {
  const database = await openNotes(t, place);
  await using transaction = await within(database.begin());
  const result = await within(
    transaction.run(async () => {
      await insert(database, "joined");
      await database.transaction(() => insert(database, "nested"));
      return 7;
    }),
  );
  assert.equal(result, 7);
  assert.deepEqual(await within(texts(transaction)), ["joined", "nested"]);
  await within(transaction.rollback());
  assert.deepEqual(await within(texts(database)), []);
});

everywhere("the outer handle is refused while a nested one is open", async (t, place) => {
  const database = await openNotes(t, place);
  await using outer = await within(database.begin());
  await within(insert(outer, "outer"));
  const inner = await within(outer.begin());
  await within(insert(inner, "inner"));
  await failure(insert(outer, "refused"), UsageError, /begin\(\) begun at .*, which is nested in begin\(\)/);
  await failure(outer.begin(), UsageError, /still open/);
  await failure(
    outer.transaction(async () => undefined),
    UsageError,
    /still open/,
  );
  await within(inner.rollback());
  await within(insert(outer, "outer again"));
  await within(outer.commit());
  assert.deepEqual(await within(texts(database)), ["outer", "outer again"]);
});

everywhere("the outer handle is refused while a callback that it nests runs", async (t, place) => {
  const database = await openNotes(t, place);
  await using outer = await within(database.begin());
  const nested = outer.transaction(async () => {
    await insert(database, "nested");
    await sleep(10);
  });
  await sleep(3);
  await failure(insert(outer, "refused"), UsageError, /still open/);
  // Siblings take turns all the same.
  await within(Promise.all([nested, outer.transaction(() => insert(database, "sibling"))]));
  await within(outer.commit());
  assert.deepEqual(await within(texts(database)), ["nested", "sibling"]);
});

everywhere("a nested handle that is left open rolls everything back", async (t, place) => {
  const database = await openNotes(t, place);
  const outer = await within(database.begin());
  await within(insert(outer, "outer"));
  const inner = await within(outer.begin());
  await within(insert(inner, "inner"));
  await failure(outer.commit(), UsageError, /was still open when .* was to be committed; both have been rolled back/);
  await failure(insert(inner, "late"), TransactionClosedError);
  assert.deepEqual(await within(texts(database)), []);
  await failure(
    database.transaction(async () => {
      await insert(database, "outer");
      await insert(await database.begin(), "inner");
    }),
    UsageError,
    /was still open/,
  );
  assert.deepEqual(await within(texts(database)), []);
});

everywhere("begin() inside an ambient transaction is nested in it", async (t, place) => {
  const database = await openNotes(t, place);
  await within(
    database.transaction(async () => {
      await insert(database, "ambient");
      const nested = await database.begin();
      await insert(nested, "nested");
      await failure(insert(database, "refused"), UsageError, /still open/);
      await nested.rollback();
      await insert(database, "ambient again");
    }),
  );
  assert.deepEqual(await within(texts(database)), ["ambient", "ambient again"]);
});

everywhere("a transaction may be ended by hand inside its callback", async (t, place) => {
  const database = await openNotes(t, place);
  const result = await within(
    database.transaction(async (transaction) => {
      await insert(transaction, "lost");
      await transaction.rollback();
      await failure(insert(database, "refused"), TransactionClosedError);
      return "done";
    }),
  );
  assert.equal(result, "done");
  await within(
    database.transaction(async (transaction) => {
      await insert(database, "kept");
      // Not awaited: the end of the callback waits for it.
      void transaction.commit();
    }),
  );
  assert.deepEqual(await within(texts(database)), ["kept"]);
});

everywhere("options of the whole are refused on a nested transaction", async (t, place) => {
  const database = await openNotes(t, place);
  await within(
    database.transaction(
      async (transaction) => {
        await failure(
          database.transaction(async () => undefined, { isolation: "serializable" }),
          UsageError,
          /nested in transaction\(\)/,
        );
        await failure(transaction.begin({ readOnly: true }), UsageError, /chosen for a whole transaction/);
        await database.transaction(() => insert(database, "a"), { retries: 3 });
      },
      { isolation: "serializable", deferrable: false },
    ),
  );
  assert.deepEqual(await within(texts(database)), ["a"]);
});

everywhere(
  "a read-only transaction refuses writes before they are sent",
  async (t) => {
    const database = await openNotes(t);
    await within(insert(database, "a"));
    await within(
      database.transaction(
        async () => {
          assert.deepEqual(await texts(database), ["a"]);
          await failure(insert(database, "b"), ReadOnlyError, /read-only/);
          await failure(database.execute("CREATE TABLE other (id INTEGER)"), ReadOnlyError);
          await failure(
            database.executeMany("INSERT INTO notes (text) VALUES (:text)", [{ text: "b" }, { text: "c" }]),
            ReadOnlyError,
          );
          await database.transaction(() => failure(insert(database, "b"), ReadOnlyError));
        },
        { readOnly: true },
      ),
    );
    assert.deepEqual(await within(texts(database)), ["a"]);
  },
  ["a file", "memory"],
);

test(
  "read-only transactions run beside a writer, and see what was committed when they began",
  { timeout: 10_000 },
  async (t) => {
    const database = await openNotes(t);
    await within(insert(database, "before"));
    await within(
      database.transaction(async () => {
        await insert(database, "not yet");
        const reader = await database.detached(() => database.begin({ readOnly: true }));
        assert.deepEqual(await texts(reader), ["before"]);
        await reader.rollback();
      }),
    );
  },
);

everywhere("options are checked before anything is sent", async (t, place) => {
  const database = await openNotes(t, place);
  const run = (options: object) => database.transaction(async () => assert.fail("it ran"), options);
  await failure(run({ isolation: "chaos" }), UsageError, /no isolation "chaos"/);
  await failure(run({ readonly: true }), UsageError, /no option "readonly"; it has isolation, readOnly/);
  await failure(run({ retries: -1 }), UsageError, /retries/);
  await failure(run({ readOnly: "yes" }), UsageError, /readOnly of transaction\(\) must be a boolean/);
  await failure(run({ __proto__: { polluted: true }, toString: 1 }), UsageError, /no option "toString"/);
  await failure(database.begin({ retries: 1 } as object), UsageError, /begin\(\) has no option "retries"/);
  await failure(database.transaction(undefined as never), UsageError, /takes a callback/);
});

everywhere(
  "one connection: calls that are not the handle's run in the innermost handle",
  async (t, place) => {
    const database = await openNotes(t, place);
    const outer = await within(database.begin());
    await within(insert(outer, "outer"));
    await within(insert(database, "stand-alone"));
    await within(database.transaction(() => insert(database, "callback"), { isolation: "serializable" }));
    await within(database.detached(() => insert(database, "detached")));
    assert.deepEqual(await within(texts(database)), ["outer", "stand-alone", "callback", "detached"]);
    const inner = await within(database.begin({ isolation: "serializable" }));
    await within(insert(inner, "inner"));
    await failure(insert(outer, "refused"), UsageError, /still open/);
    await within(inner.commit());
    await within(outer.rollback());
    assert.deepEqual(await within(texts(database)), []);
  },
  ALONE,
);

everywhere(
  "one connection: what waited for a callback goes into a handle that was begun meanwhile",
  async (t, place) => {
    const database = await openNotes(t, place);
    const callback = database.transaction(async () => {
      await insert(database, "callback");
      await sleep(5);
    });
    const beginning = database.begin();
    const waiting = Promise.all([
      insert(database, "statement"),
      database.transaction(() => insert(database, "transaction")),
    ]);
    await within(callback);
    const handle = await within(beginning);
    await within(waiting);
    assert.deepEqual(await within(texts(handle)), ["callback", "statement", "transaction"]);
    await within(handle.rollback());
    assert.deepEqual(await within(texts(database)), ["callback"]);
  },
  ALONE,
);

everywhere(
  "one connection: what waits in a handle that ends goes on outside of it",
  async (t, place) => {
    const database = await openNotes(t, place);
    const handle = await within(database.begin());
    await within(insert(handle, "handle"));
    const first = database.transaction(() => sleep(5));
    const second = database.transaction(() => insert(database, "second"));
    await sleep(1);
    await within(handle.commit());
    await within(Promise.all([first, second]));
    assert.deepEqual(await within(texts(database)), ["handle", "second"]);
  },
  ALONE,
);

everywhere(
  "one connection: others wait for a callback that a handle runs, and connections are given beside it",
  async (t, place) => {
    const database = await openNotes(t, place);
    const handle = await within(database.begin());
    const callback = handle.transaction(async () => {
      await insert(database, "callback");
      await sleep(5);
    });
    await sleep(1);
    await failure(insert(handle, "refused"), UsageError);
    await within(
      Promise.all([
        callback,
        insert(database, "statement"),
        database.transaction(() => insert(database, "transaction")),
      ]),
    );
    await within(database.connection((connection) => insert(connection, "connection")));
    await using connection = await within(database.acquire());
    await within(insert(connection, "acquired"));
    assert.deepEqual(await within(texts(handle)), ["callback", "statement", "transaction", "connection", "acquired"]);
    await within(handle.rollback());
    assert.deepEqual(await within(texts(database)), []);
  },
  ALONE,
);

everywhere(
  "one connection: an error in one handle leaves the others' work alone",
  async (t, place) => {
    const database = await openNotes(t, place);
    await using handle = await within(database.begin());
    await within(insert(handle, "a"));
    await failure(insert(database, "a"), UniqueViolationError);
    await failure(
      database.transaction(() => insert(database, "a")),
      UniqueViolationError,
    );
    await within(insert(handle, "b"));
    await within(handle.commit());
    assert.deepEqual(await within(texts(database)), ["a", "b"]);
  },
  ALONE,
);

test(
  "a wait for another's transaction ends with an error that says what it waited for",
  { timeout: 10_000 },
  async (t) => {
    const database = await openNotes(t, "memory", { acquireTimeoutMs: 50 });
    const slow = database.transaction(() => sleep(200));
    await failure(
      insert(database, "a"),
      PoolTimeoutError,
      /waited \d+ ms for the end of transaction\(\) begun at .*handles\.test/,
    );
    await failure(
      database.transaction(async () => undefined),
      PoolTimeoutError,
      /handles\.test/,
    );
    await within(slow);
    await within(insert(database, "a"));
    assert.deepEqual(await within(texts(database)), ["a"]);
  },
);

test("what fails at the end of a scope becomes a warning", { timeout: 10_000 }, async (t) => {
  const warnings: string[] = [];
  const note = (warning: Error & { code?: string }): number => warnings.push(warning.code ?? warning.name);
  process.on("warning", note);
  t.after(() => process.off("warning", note));
  const database = await openNotes(t);
  {
    await using transaction = await within(database.begin());
    transaction.onRollback(() => {
      throw new Error("hook");
    });
  }
  await sleep(5);
  assert.deepEqual(warnings, ["DATABASES_DISPOSE_FAILED"]);
});

import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import {
  type Database,
  integer,
  MetaData,
  ReadOnlyError,
  select,
  string,
  TransactionClosedError,
  UniqueViolationError,
  UsageError,
} from "../../src/index.js";
import { failure } from "./assertions.js";
import { type Declare, suite } from "./target.js";

export const handles: Declare = suite("begin()", ({ test, named, tables, beforeEach }) => {
  const metadata = new MetaData();
  const notes = metadata.table(named("notes"), { id: integer().primaryKey(), text: string(50).unique() });
  tables(metadata);
  beforeEach(async ({ database }) => void (await database.execute(notes.delete().all())));

  const insert = (database: Pick<Database, "execute">, text: string) => database.execute(notes.insert(), { text });
  const texts = async (database: Pick<Database, "fetchAll">) =>
    (await database.fetchAll(select(notes.c.text).orderBy(notes.c.text))).map(({ text }) => text);

  test("what is called on the handle is kept by commit()", async ({ database }) => {
    const transaction = await database.begin();
    await insert(transaction, "a");
    assert.equal(transaction.isOpen, true);
    await transaction.commit();
    assert.equal(transaction.isOpen, false);
    assert.deepEqual(await texts(database), ["a"]);
  });

  test("and undone by rollback(), a second of which does nothing", async ({ database }) => {
    const transaction = await database.begin();
    await insert(transaction, "a");
    await transaction.rollback();
    await transaction.rollback();
    assert.deepEqual(await texts(database), []);
    await failure(transaction.commit(), TransactionClosedError);
    await failure(insert(transaction, "b"), TransactionClosedError);
  });

  test("await using rolls back at the end of the scope, unless it was committed", async ({ database }) => {
    {
      await using transaction = await database.begin();
      await insert(transaction, "not committed");
    }
    {
      await using transaction = await database.begin();
      await insert(transaction, "committed");
      await transaction.commit();
    }
    const failing = async () => {
      await using transaction = await database.begin();
      await insert(transaction, "interrupted");
      throw new RangeError("on purpose");
    };
    await failure(failing(), RangeError);
    assert.deepEqual(await texts(database), ["committed"]);
  });

  test(
    "calls on the database do not join it",
    async ({ database }) => {
      await using transaction = await database.begin();
      await insert(transaction, "a");
      assert.deepEqual(await texts(database), []);
      assert.deepEqual(await texts(transaction), ["a"]);
    },
    { connections: 2 },
  );

  test("commit() of one on which nothing ran is refused, and leaves no connection behind", async ({ database }) => {
    const transaction = await database.begin();
    const error = await failure(transaction.commit(), UsageError, /does not join/);
    assert.match(error.message, /transaction\.execute|transaction\.run/);
    assert.equal(transaction.isOpen, false);
    assert.equal(database.pool.inUse, 0);
    await failure(insert(transaction, "late"), TransactionClosedError);
  });

  test("run(fn) makes it ambient for fn, and leaves it open", async ({ database }) => {
    await using transaction = await database.begin();
    const result = await transaction.run(async () => {
      await insert(database, "a");
      await database.transaction(() => insert(database, "b"));
      return texts(database);
    });
    assert.deepEqual(result, ["a", "b"]);
    assert.equal(transaction.isOpen, true);
    await transaction.commit();
    assert.deepEqual(await texts(database), ["a", "b"]);
    assert.throws(() => transaction.run(() => null), TransactionClosedError);
  });

  test("transactions nest in it, with a callback and as handles", async ({ database }) => {
    await using outer = await database.begin();
    await insert(outer, "a");
    await failure(
      outer.transaction(async (inner) => {
        await insert(inner, "b");
        throw new RangeError("on purpose");
      }),
      RangeError,
    );
    const inner = await outer.begin();
    await insert(inner, "c");
    await inner.commit();
    const dropped = await outer.begin();
    await insert(dropped, "d");
    await dropped.rollback();
    await outer.commit();
    assert.deepEqual(await texts(database), ["a", "c"]);
  });

  test("the outer handle is refused while the inner one is open", async ({ database }) => {
    await using outer = await database.begin();
    await using inner = await outer.begin();
    await failure(insert(outer, "x"), UsageError, /still open/);
    await failure(outer.fetchAll(notes.select()), UsageError, /still open/);
    await insert(inner, "a");
    await inner.commit();
    await insert(outer, "b");
    await outer.commit();
    assert.deepEqual(await texts(database), ["a", "b"]);
  });

  test("beside a nested callback of its own, the handle is refused too", async ({ database }) => {
    await using outer = await database.begin();
    const nested = outer.transaction(async (inner) => {
      await insert(inner, "a");
      await sleep(10);
    });
    await sleep(1);
    await failure(insert(outer, "x"), UsageError, /still open/);
    await nested;
    await outer.commit();
    assert.deepEqual(await texts(database), ["a"]);
  });

  test("an inner handle left open keeps the outer one from being committed", async ({ database }) => {
    const outer = await database.begin();
    const inner = await outer.begin();
    await insert(inner, "a");
    const error = await failure(outer.commit(), UsageError, /still open/);
    assert.equal(error.outcome, "rolled-back");
    assert.equal(inner.isOpen, false);
    assert.deepEqual(await texts(database), []);
    const around = database.transaction(async (transaction) => {
      await insert(await transaction.begin(), "b");
    });
    await failure(around, UsageError, /still open/);
    assert.deepEqual(await texts(database), []);
  });

  test("begin() inside a transaction is nested in it", async ({ database }) => {
    await failure(
      database.transaction(async () => {
        const nested = await database.begin();
        await insert(nested, "a");
        await nested.commit();
        throw new RangeError("on purpose");
      }),
      RangeError,
    );
    assert.deepEqual(await texts(database), []);
  });

  test("a failed statement is the caller's to judge", async ({ database }) => {
    await insert(database, "a");
    await using transaction = await database.begin();
    await failure(
      transaction.transaction((nested) => insert(nested, "a")),
      UniqueViolationError,
    );
    await insert(transaction, "b");
    await transaction.commit();
    assert.deepEqual(await texts(database), ["a", "b"]);
  });

  test("it takes the options of a transaction, but no retries", async ({ database }) => {
    await using transaction = await database.begin({ readOnly: true, isolation: "serializable" });
    await failure(insert(transaction, "a"), ReadOnlyError);
    await failure(database.begin({ retries: 1 } as never), UsageError, /retries/);
  });

  test("what was issued and not awaited is settled by commit()", async ({ database }) => {
    const transaction = await database.begin();
    const pending = [insert(transaction, "a"), insert(transaction, "b")];
    await transaction.commit();
    await Promise.all(pending);
    assert.deepEqual(await texts(database), ["a", "b"]);
  });
});

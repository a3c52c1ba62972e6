import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import {
  count,
  type Database,
  integer,
  MetaData,
  select,
  SerializationFailureError,
  string,
  TransactionClosedError,
  UniqueViolationError,
  UsageError,
} from "../../src/index.js";
import { failure } from "./assertions.js";
import { type Declare, suite } from "./target.js";

export const forceRollback: Declare = suite("forceRollback", ({ test, named, tables, beforeEach }) => {
  const metadata = new MetaData();
  const notes = metadata.table(named("notes"), { id: integer().primaryKey(), text: string(50).unique() });
  tables(metadata);
  beforeEach(async ({ database }) => {
    await database.execute(notes.delete().all());
    await database.execute(notes.insert(), { text: "before" });
  });

  const insert = (database: Pick<Database, "execute">, text: string) => database.execute(notes.insert(), { text });
  const texts = async (database: Pick<Database, "fetchAll">) =>
    (await database.fetchAll(select(notes.c.text).orderBy(notes.c.id))).map(({ text }) => text);

  /** What code under test may do: with and without transactions, in turns and side by side. */
  async function codeUnderTest(database: Database): Promise<void> {
    await insert(database, "alone");
    await database.executeMany(notes.insert(), [{ text: "many 1" }, { text: "many 2" }]);
    await database.transaction(async () => {
      await insert(database, "in a transaction");
      await database.transaction(() => insert(database, "nested")).catch(() => null);
    });
    await Promise.all([insert(database, "side"), database.transaction(() => insert(database, "by side"))]);
    await failure(insert(database, "alone"), UniqueViolationError);
    await failure(
      database.transaction(async () => {
        await insert(database, "undone");
        throw new RangeError("on purpose");
      }),
      RangeError,
    );
    assert.deepEqual((await texts(database)).map(String).toSorted(), [
      "alone",
      "before",
      "by side",
      "in a transaction",
      "many 1",
      "many 2",
      "nested",
      "side",
    ]);
  }

  test("a Database with the option undoes everything at disconnect", async ({ database, open }) => {
    const testDatabase = open({ forceRollback: true });
    await testDatabase.connect();
    await codeUnderTest(testDatabase);
    await testDatabase.disconnect();
    assert.deepEqual(await texts(database), ["before"]);
    await testDatabase.connect();
    assert.deepEqual(await texts(testDatabase), ["before"], "a second life begins anew");
  });

  test("the URL may say so too", async ({ database, url }) => {
    const join = url.includes("?") ? "&" : "?";
    const { Database } = await import("../../src/index.js");
    await using testDatabase = new Database(`${url}${join}force_rollback=true`);
    await insert(testDatabase, "a");
    await testDatabase.disconnect();
    assert.deepEqual(await texts(database), ["before"]);
  });

  test("database.forceRollback(fn) undoes what fn did, and gives its result", async ({ database }) => {
    const result = await database.forceRollback(async () => {
      await codeUnderTest(database);
      return 42;
    });
    assert.equal(result, 42);
    assert.deepEqual(await texts(database), ["before"]);
    await failure(
      database.forceRollback(async () => {
        await insert(database, "a");
        throw new RangeError("on purpose");
      }),
      RangeError,
    );
    assert.deepEqual(await texts(database), ["before"]);
  });

  test("transaction(fn, { forceRollback: true }) does so for one transaction", async ({ database }) => {
    const result = await database.transaction(
      async () => {
        await insert(database, "a");
        return texts(database);
      },
      { forceRollback: true },
    );
    assert.deepEqual(result, ["before", "a"]);
    assert.deepEqual(await texts(database), ["before"]);
    await database.transaction(async () => {
      await insert(database, "outer");
      await database.transaction(() => insert(database, "forced back"), { forceRollback: true });
    });
    assert.deepEqual(await texts(database), ["before", "outer"]);
  });

  test("an expected error poisons nothing, also inside a transaction of the code under test", async ({ database }) => {
    await database.forceRollback(async () => {
      await failure(insert(database, "before"), UniqueViolationError);
      await assert.rejects(database.fetchAll("SELECT * FROM no_such_table"));
      await insert(database, "after the errors");
      await failure(database.executeMany(notes.insert(), [{ text: "x" }, { text: "x" }]), UniqueViolationError);
      assert.deepEqual(await texts(database), ["before", "after the errors"]);
      await database.transaction(async () => {
        await failure(
          database.transaction(() => insert(database, "before")),
          UniqueViolationError,
        );
        await insert(database, "b");
      });
      assert.deepEqual(await texts(database), ["before", "after the errors", "b"]);
    });
  });

  test("onCommit runs when the user's outermost transaction is released", async ({ database }) => {
    const log: string[] = [];
    await database.forceRollback(async () => {
      await database.transaction(async (transaction) => {
        transaction.onCommit(async () => void log.push(`committed, and there are ${(await texts(database)).length}`));
        await database.transaction((nested) => nested.onCommit(() => log.push("nested")));
        await insert(database, "a");
        assert.deepEqual(log, []);
      });
      assert.deepEqual(log, ["committed, and there are 2", "nested"]);
      await database
        .transaction((transaction) => {
          transaction.onRollback(() => log.push("rolled back"));
          throw new RangeError("on purpose");
        })
        .catch(() => null);
    });
    assert.deepEqual(log, ["committed, and there are 2", "nested", "rolled back"]);
    assert.deepEqual(await texts(database), ["before"]);
  });

  test("the outermost user transaction takes isolation, readOnly and retries", async ({ database }) => {
    await database.forceRollback(async () => {
      let runs = 0;
      await database.transaction(
        async () => {
          runs += 1;
          await insert(database, "a");
          if (runs === 1) throw new SerializationFailureError("on purpose");
        },
        { isolation: "serializable", retries: 1 },
      );
      assert.equal(runs, 2);
      await database.transaction(() => texts(database), { readOnly: true });
      await database.transaction(async () => {
        await failure(
          database.transaction(() => null, { isolation: "serializable" }),
          UsageError,
          /nested/,
        );
      });
      assert.deepEqual(await texts(database), ["before", "a"]);
    });
  });

  test("handles exclude nobody: a statement meanwhile runs in the innermost open one", async ({ database }) => {
    await database.forceRollback(async () => {
      const transaction = await database.begin();
      await insert(transaction, "on the handle");
      await insert(database, "meanwhile");
      assert.deepEqual(await texts(database), ["before", "on the handle", "meanwhile"]);
      await transaction.rollback();
      assert.deepEqual(await texts(database), ["before"]);
      await using connection = await database.acquire();
      await insert(connection, "on a connection");
      await insert(database, "beside it");
      await database.transaction(() => insert(connection, "in a transaction"));
      assert.deepEqual(await texts(connection), ["before", "on a connection", "beside it", "in a transaction"]);
    });
    assert.deepEqual(await texts(database), ["before"]);
  });

  test("detached() stays inside: there is no other connection", async ({ database }) => {
    await database.forceRollback(async () => {
      await database.detached(() => insert(database, "detached"));
      await database.transaction(async () => {
        await insert(database, "a");
        await database.detached(() => insert(database, "detached within"));
      });
      assert.deepEqual(await texts(database), ["before", "detached", "a", "detached within"]);
    });
    assert.deepEqual(await texts(database), ["before"]);
  });

  test("iterate works in it, also with queries in the loop", async ({ database }) => {
    await database.forceRollback(async () => {
      await database.executeMany(
        notes.insert(),
        Array.from({ length: 300 }, (_, index) => ({ text: `note ${index}` })),
      );
      let seen = 0;
      for await (const { id } of database.iterate(notes.select())) {
        assert.equal(await database.fetchVal(select(count()).where(notes.c.id.eq(id))), 1);
        seen += 1;
      }
      assert.equal(seen, 301);
    });
  });

  test("what comes after its end is refused", async ({ database }) => {
    let late: Promise<unknown> = Promise.resolve();
    await database.forceRollback(() => {
      late = sleep(10).then(() => insert(database, "late"));
      late.catch(() => null);
    });
    await failure(late, TransactionClosedError);
    assert.deepEqual(await texts(database), ["before"]);
  });

  test("it nests", async ({ database }) => {
    await database.forceRollback(async () => {
      await insert(database, "outer");
      await database.forceRollback(() => insert(database, "inner"));
      assert.deepEqual(await texts(database), ["before", "outer"]);
      await database.transaction(async () => {
        await database.forceRollback(() => insert(database, "inner"));
        assert.deepEqual(await texts(database), ["before", "outer"]);
      });
    });
    assert.deepEqual(await texts(database), ["before"]);
  });

  test(
    "tables are created in it and gone after it",
    async ({ database }) => {
      const own = new MetaData();
      const passing = own.table(named("passing"), { id: integer() });
      await database.forceRollback(async () => {
        await own.createAll(database);
        await database.execute(passing.insert(), { id: 1 });
      });
      await assert.rejects(database.fetchAll(passing.select()));
    },
    { features: ["transactionalDdl"] },
  );
});

import assert from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import {
  count,
  type Database,
  ForeignKeyViolationError,
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

export const transactions: Declare = suite("transactions", ({ test, named, tables, beforeEach }) => {
  const metadata = new MetaData();
  const notes = metadata.table(named("notes"), { id: integer().primaryKey(), text: string(50).unique() });
  tables(metadata);
  beforeEach(async ({ database }) => void (await database.execute(notes.delete().all())));

  const insert = (database: Pick<Database, "execute">, text: string) => database.execute(notes.insert(), { text });
  const all = select(notes.c.text).orderBy(notes.c.text);
  const texts = async (database: Database) => (await database.fetchAll(all)).map(({ text }) => text);

  test("what the callback did is kept when it resolves, and its result is given", async ({ database }) => {
    const result = await database.transaction(async () => {
      await insert(database, "a");
      await insert(database, "b");
      return 42;
    });
    assert.equal(result, 42);
    assert.deepEqual(await texts(database), ["a", "b"]);
  });

  test("what the callback did is undone when it throws, and the error is the same", async ({ database }) => {
    for (const thrown of [new Error("on purpose"), "a string", null, undefined, Object.freeze(new Error("frozen"))]) {
      const failing = database.transaction(async () => {
        await insert(database, "a");
        throw thrown;
      });
      await assert.rejects(failing, (error) => error === thrown);
      assert.deepEqual(await texts(database), []);
    }
    const synchronous = database.transaction(() => {
      throw new RangeError("at once");
    });
    await failure(synchronous, RangeError, /at once/);
  });

  test("calls join it from other functions, timers and branches, however deep", async ({ database }) => {
    const failing = database.transaction(async () => {
      const later = async () => {
        await sleep(1);
        await Promise.resolve().then(() => insert(database, "deep"));
      };
      await Promise.all([
        later(),
        insert(database, "branch"),
        new Promise((resolve) => setImmediate(() => resolve(insert(database, "immediate")))),
      ]);
      assert.deepEqual(await texts(database), ["branch", "deep", "immediate"]);
      throw new RangeError("on purpose");
    });
    await failure(failing, RangeError);
    assert.deepEqual(await texts(database), []);
  });

  test("the handle that the callback gets is the same transaction", async ({ database }) => {
    await database.transaction(async (transaction) => {
      await insert(transaction, "handle");
      await insert(database, "ambient");
      assert.deepEqual(
        (await transaction.fetchAll(all)).map(({ text }) => text),
        ["ambient", "handle"],
      );
      assert.equal(transaction.isOpen, true);
    });
    assert.deepEqual(await texts(database), ["ambient", "handle"]);
  });

  test(
    "others do not see it before its end",
    async ({ database, open }) => {
      const other = open();
      await database.transaction(async () => {
        await insert(database, "a");
        assert.deepEqual(await texts(other), []);
        assert.deepEqual(await database.detached(() => texts(database)), []);
      });
      assert.deepEqual(await texts(other), ["a"]);
    },
    { connections: 2 },
  );

  test("transactions beside each other never mix, and each is whole", async ({ database }) => {
    const ends = Array.from({ length: 12 }, (_, index) => index % 3 !== 0);
    const results = await Promise.allSettled(
      ends.map((commits, index) =>
        database.transaction(async () => {
          await insert(database, `${index} first`);
          await sleep(index % 4);
          await Promise.all([insert(database, `${index} second`), insert(database, `${index} third`)]);
          if (!commits) throw new RangeError("on purpose");
        }),
      ),
    );
    assert.deepEqual(
      results.map(({ status }) => status === "fulfilled"),
      ends,
    );
    const expected = ends.flatMap((commits, index) =>
      commits ? [`${index} first`, `${index} second`, `${index} third`] : [],
    );
    assert.deepEqual(await texts(database), expected.toSorted());
  });

  test("Promise.all inside is legal, and takes turns in the order of the calls", async ({ database }) => {
    await database.transaction(async () => {
      const inserted = await Promise.all(Array.from({ length: 20 }, (_, index) => insert(database, `note ${index}`)));
      const keys = inserted.map(({ insertedPrimaryKey }) => insertedPrimaryKey?.id ?? 0);
      assert.deepEqual(
        keys,
        keys.toSorted((a, b) => a - b),
      );
      const counts = await Promise.all([1, 2, 3].map(() => database.fetchVal(select(count()).from(notes))));
      assert.deepEqual(counts, [20, 20, 20]);
    });
  });

  test("what was issued and not awaited is settled before the end", async ({ database }) => {
    let settled = false;
    await database.transaction(() => {
      void insert(database, "not awaited").then(() => (settled = true));
    });
    assert.equal(settled, true);
    assert.deepEqual(await texts(database), ["not awaited"]);
  });

  test("if that fails, all is rolled back with its error", async ({ database }) => {
    const failing = database.transaction(async () => {
      await insert(database, "a");
      void database.transaction(() => sleep(10));
      await sleep(1);
      insert(database, "a").catch(() => null);
    });
    await failure(failing, UniqueViolationError);
    assert.deepEqual(await texts(database), []);
  });

  test("a call that comes after the end is refused, and never runs outside", async ({ database }) => {
    let late: Promise<unknown> = Promise.resolve();
    await database.transaction(async () => {
      await insert(database, "in time");
      late = sleep(20).then(() => insert(database, "too late"));
      late.catch(() => null);
    });
    const error = await failure(late, TransactionClosedError, /await/);
    assert.match(error.message, /transactions\.js|transactions\.ts/, "it names where the transaction began");
    assert.match(error.message, /detached/);
    assert.deepEqual(await texts(database), ["in time"]);
  });

  test("the handle is refused after the end, too", async ({ database }) => {
    const handle = await database.transaction((transaction) => transaction);
    assert.equal(handle.isOpen, false);
    await failure(insert(handle, "late"), TransactionClosedError);
    await failure(handle.fetchAll(all), TransactionClosedError);
    await failure(
      handle.transaction(() => null),
      TransactionClosedError,
    );
    await failure(handle.commit(), TransactionClosedError);
  });

  test("the context of the callback's caller is left alone", async ({ database }) => {
    const storage = new AsyncLocalStorage<string>();
    await storage.run("outer", async () => {
      await database.transaction(async () => {
        assert.equal(storage.getStore(), "outer");
        await insert(database, "a");
        assert.equal(storage.getStore(), "outer");
      });
    });
    await insert(database, "b");
    assert.deepEqual(await texts(database), ["a", "b"]);
  });

  test("a read-only transaction reads, and refuses writes before they are sent", async ({ database }) => {
    await insert(database, "a");
    const readOnly = database.transaction(
      async () => {
        assert.deepEqual(await texts(database), ["a"]);
        await failure(insert(database, "b"), ReadOnlyError);
        await failure(metadata.createAll(database), ReadOnlyError);
        return texts(database);
      },
      { readOnly: true },
    );
    assert.deepEqual(await readOnly, ["a"]);
    assert.deepEqual(await texts(database), ["a"]);
  });

  test("every isolation level is satisfied, by itself or by a stronger one", async ({ database }) => {
    for (const isolation of ["read uncommitted", "read committed", "repeatable read", "serializable"] as const) {
      await database.transaction(() => insert(database, isolation), { isolation });
    }
    assert.equal((await texts(database)).length, 4);
    const unknown = database.transaction(() => insert(database, "x"), { isolation: "snapshot" as never });
    await failure(unknown, UsageError, /isolation/);
  });

  test(
    "a repeatable-read transaction reads the same twice",
    async ({ database, open }) => {
      const other = open();
      await insert(database, "a");
      await database.transaction(
        async () => {
          assert.deepEqual(await texts(database), ["a"]);
          await insert(other, "b");
          assert.deepEqual(await texts(database), ["a"]);
        },
        { isolation: "repeatable read", readOnly: true },
      );
      assert.deepEqual(await texts(database), ["a", "b"]);
    },
    { connections: 2 },
  );

  test(
    "serializable transactions that read and then write lose nothing, whoever has to run again",
    async ({ database }) => {
      await database.transaction(() => insert(database, "0"));
      const { text } = notes.c;
      const increment = async () => {
        const counted = Number(await database.fetchVal(select(text)));
        await database.execute(notes.update().all(), { text: String(counted + 1) });
      };
      const options = { isolation: "serializable", retries: 50 } as const;
      await Promise.all(Array.from({ length: 4 }, () => database.transaction(increment, options)));
      assert.deepEqual(await texts(database), ["4"]);
    },
    { connections: 4 },
  );

  test(
    "a constraint that COMMIT finds violated undoes all, and gives the connection back",
    async ({ database, open }) => {
      const own = new MetaData();
      const parents = own.table(named("parents"), { id: integer().primaryKey() });
      const children = own.table(named("children"), {
        parentId: integer().references(parents.c.id, { deferrable: "deferred" }),
      });
      await own.createAll(database);
      await database.transaction(async () => {
        await database.execute(children.insert(), { parentId: 1 });
        await database.execute(parents.insert(), { id: 1 });
      });
      const failing = database.transaction(() => database.execute(children.insert(), { parentId: 99 }));
      const error = await failure(failing, ForeignKeyViolationError);
      assert.equal(error.outcome, "rolled-back");
      const handle = await database.begin();
      await handle.execute(children.insert(), { parentId: 98 });
      await failure(handle.commit(), ForeignKeyViolationError);
      assert.equal(handle.isOpen, false);
      await handle.rollback();
      const other = open({ maxSize: 1 });
      for (let round = 0; round < 3; round += 1) {
        await failure(
          other.transaction(() => other.execute(children.insert(), { parentId: 97 })),
          ForeignKeyViolationError,
        );
      }
      assert.deepEqual(await other.fetchAll(children.select()), [{ parentId: 1 }]);
    },
    { features: ["deferredConstraints"] },
  );

  test("unknown options are refused before anything begins", async ({ database }) => {
    let called = false;
    const run = () => (called = true);
    await failure(database.transaction(run, { retry: 3 } as never), UsageError, /"retry"/);
    await failure(database.transaction(run, { retries: -1 }), UsageError, /retries/);
    await failure(database.transaction(run, { readOnly: "yes" as never }), UsageError, /readOnly/);
    await failure(database.transaction(null as never), UsageError, /callback/);
    assert.equal(called, false);
  });

  test("a wrapped function is a transaction at each call, and keeps this, arguments and result", async ({
    database,
  }) => {
    const wrapped = database.transactional(async function (
      this: { readonly prefix: string },
      text: string,
      fails: boolean,
    ) {
      await insert(database, this.prefix + text);
      if (fails) throw new RangeError("on purpose");
      return texts(database);
    });
    const notebook = { prefix: "my ", wrapped };
    assert.deepEqual(await notebook.wrapped("a", false), ["my a"]);
    await failure(notebook.wrapped("b", true), RangeError);
    assert.deepEqual(await notebook.wrapped("c", false), ["my a", "my c"]);
    const readOnly = database.transactional(() => insert(database, "d"), { readOnly: true });
    await failure(readOnly(), ReadOnlyError);
  });
});

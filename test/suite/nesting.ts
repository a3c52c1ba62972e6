import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import {
  type Database,
  integer,
  MetaData,
  PoolTimeoutError,
  select,
  string,
  TransactionClosedError,
  UniqueViolationError,
  UsageError,
} from "../../src/index.js";
import { failure } from "./assertions.js";
import { type Declare, suite } from "./target.js";

export const nesting: Declare = suite("nested transactions", ({ test, named, tables, beforeEach }) => {
  const metadata = new MetaData();
  const notes = metadata.table(named("notes"), { id: integer().primaryKey(), text: string(200).unique() });
  tables(metadata);
  beforeEach(async ({ database }) => void (await database.execute(notes.delete().all())));

  const insert = (database: Pick<Database, "execute">, text: string) => database.execute(notes.insert(), { text });
  const texts = async (database: Pick<Database, "fetchAll">) =>
    (await database.fetchAll(select(notes.c.text).orderBy(notes.c.text))).map(({ text }) => text);

  test("one that throws is undone alone, and the outer one goes on", async ({ database }) => {
    await database.transaction(async () => {
      await insert(database, "a");
      const nested = database.transaction(async () => {
        await insert(database, "b");
        throw new RangeError("on purpose");
      });
      await failure(nested, RangeError);
      assert.deepEqual(await texts(database), ["a"]);
      await database.transaction(() => insert(database, "c"));
    });
    assert.deepEqual(await texts(database), ["a", "c"]);
  });

  test("one that resolves is undone with the outer one", async ({ database }) => {
    const outer = database.transaction(async () => {
      await database.transaction(() => database.transaction(() => insert(database, "deep")));
      throw new RangeError("on purpose");
    });
    await failure(outer, RangeError);
    assert.deepEqual(await texts(database), []);
  });

  test("a statement that may fail, wrapped in one, leaves the outer one usable", async ({ database }) => {
    await database.transaction(async () => {
      await insert(database, "a");
      const risky = database.transaction(() => insert(database, "a"));
      await failure(risky, UniqueViolationError);
      await insert(database, "b");
    });
    assert.deepEqual(await texts(database), ["a", "b"]);
  });

  test("calls join the innermost open one", async ({ database }) => {
    await database.transaction(async (outer) => {
      await database
        .transaction(async (inner) => {
          await insert(database, "joins the inner");
          assert.deepEqual(await texts(inner), ["joins the inner"]);
          throw new RangeError("on purpose");
        })
        .catch(() => null);
      await insert(database, "joins the outer");
      assert.deepEqual(await texts(outer), ["joins the outer"]);
    });
    assert.deepEqual(await texts(database), ["joins the outer"]);
  });

  test("siblings take turns, so that their savepoints never mix", async ({ database }) => {
    const log: string[] = [];
    await database.transaction(async () => {
      const sibling = (name: string, fails: boolean) =>
        database.transaction(async () => {
          log.push(`${name} begins`);
          await insert(database, `${name} 1`);
          await sleep(5);
          await insert(database, `${name} 2`);
          log.push(`${name} ends`);
          if (fails) throw new RangeError("on purpose");
        });
      const results = await Promise.allSettled([sibling("a", false), sibling("b", true), sibling("c", false)]);
      assert.deepEqual(
        results.map(({ status }) => status),
        ["fulfilled", "rejected", "fulfilled"],
      );
    });
    assert.deepEqual(log, ["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]);
    assert.deepEqual(await texts(database), ["a 1", "a 2", "c 1", "c 2"]);
  });

  test("a statement of the outer one from another branch waits for the end of the nested one", async ({ database }) => {
    await database.transaction(async () => {
      const nested = database.transaction(async () => {
        await insert(database, "nested");
        await sleep(10);
        throw new RangeError("on purpose");
      });
      const beside = insert(database, "beside");
      await failure(nested, RangeError);
      await beside;
    });
    assert.deepEqual(await texts(database), ["beside"]);
  });

  test("the outer handle, used inside the nested one, is refused", async ({ database }) => {
    await database.transaction(async (outer) => {
      await database.transaction(async () => {
        const error = await failure(insert(outer, "x"), UsageError, /nested/);
        assert.equal(error.outcome, "not-executed");
      });
      await insert(outer, "y");
    });
    assert.deepEqual(await texts(database), ["y"]);
  });

  test("options of the whole transaction are refused on a nested one", async ({ database }) => {
    await database.transaction(async () => {
      for (const options of [{ isolation: "serializable" }, { readOnly: true }, { deferrable: true }] as const) {
        await failure(
          database.transaction(() => null, options),
          UsageError,
          /nested/,
        );
      }
      await insert(database, "a");
    });
    assert.deepEqual(await texts(database), ["a"]);
  });

  test("one that has not begun when the outer callback ends is refused", async ({ database }) => {
    let late: Promise<unknown> = Promise.resolve();
    const outer = database.transaction(async () => {
      const running = database.transaction(async () => {
        await insert(database, "running");
        await sleep(10);
      });
      late = database.transaction(() => insert(database, "late"));
      late.catch(() => null);
      running.catch(() => null);
      await sleep(1);
    });
    await outer.catch(() => null);
    await failure(late, TransactionClosedError);
    assert.ok(!(await texts(database)).includes("late"));
  });

  test("a wait for a sibling has a deadline, and its error says what it waited for", async ({ database }) => {
    const outer = database.transaction(async () => {
      const slow = database.transaction(() => sleep(300));
      const hasty = database.with({ timeoutMs: 30 }).execute(notes.insert(), { text: "hasty" });
      const error = await failure(hasty, PoolTimeoutError, /transaction\(\)/);
      assert.match(error.message, /nested/);
      await slow;
    });
    await outer.catch(() => null);
    assert.deepEqual(await texts(database), []);
  });

  interface Tree {
    readonly text: number;
    readonly ends: "commits" | "throws" | "is forced back";
    readonly isParallel: boolean;
    readonly children: readonly Tree[];
  }

  const tree: fc.Memo<Tree> = fc.memo((depth) =>
    fc.record({
      text: fc.integer({ min: 0, max: 9 }),
      ends: fc.constantFrom("commits" as const, "commits" as const, "throws" as const, "is forced back" as const),
      isParallel: fc.boolean(),
      children: depth <= 1 ? fc.constant([]) : fc.array(tree(depth - 1), { maxLength: 3 }),
    }),
  );

  /** The notes that a tree leaves: those of the parts around which all commit. */
  const kept = ({ text, ends, children }: Tree, path: string): string[] =>
    ends === "commits"
      ? [`${path}${text}`, ...children.flatMap((child, index) => kept(child, `${path}${index}/`))]
      : [];

  const grow = async (database: Database, { text, ends, isParallel, children }: Tree, path: string): Promise<void> => {
    const run = async (): Promise<void> => {
      await insert(database, `${path}${text}`);
      const starts = children.map((child, index) => () => grow(database, child, `${path}${index}/`));
      if (isParallel) await Promise.all(starts.map((start) => start()));
      else for (const start of starts) await start();
      if (ends === "throws") throw new RangeError("on purpose");
    };
    await database.transaction(run, { forceRollback: ends === "is forced back" }).catch((error: unknown) => {
      if (!(error instanceof RangeError)) throw error;
    });
  };

  test("any tree of transactions leaves what a model of it leaves", async ({ database }) => {
    const property = fc.asyncProperty(tree(4), async (root) => {
      await database.execute(notes.delete().all());
      await grow(database, root, "");
      assert.deepEqual(await texts(database), kept(root, "").toSorted());
    });
    await fc.assert(property, { numRuns: 60 });
  });
});

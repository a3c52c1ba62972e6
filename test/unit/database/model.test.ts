import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import type { Database } from "../../../src/database/database.js";
import type { Transaction } from "../../../src/database/transaction.js";
import { everywhere, insert, openNotes, texts, within } from "./support.js";

/** A piece of work: what it inserts, what is nested in it, and how it ends. */
interface Work {
  readonly kind: "callback" | "handle" | "run" | "forced" | "scope";
  readonly inserts: number;
  readonly many: boolean;
  readonly nested: readonly Work[];
  /** Whether the nested ones are begun at once. */
  readonly parallel: boolean;
  /** Whether the failures of nested ones are caught. */
  readonly catches: boolean;
  readonly fails: boolean;
  readonly pauses: boolean;
}

const { work } = fc.letrec<{ work: Work; leaf: Work }>((tie) => {
  const shape = (nested: fc.Arbitrary<Work[]>): fc.Arbitrary<Work> =>
    fc.record({
      kind: fc.constantFrom("callback", "callback", "callback", "handle", "run", "forced", "scope"),
      inserts: fc.integer({ min: 0, max: 2 }),
      many: fc.boolean(),
      nested,
      parallel: fc.boolean(),
      catches: fc.boolean(),
      fails: fc.integer({ min: 0, max: 3 }).map((number) => number === 0),
      pauses: fc.boolean(),
    });
  return {
    leaf: shape(fc.constant([])),
    work: fc.oneof(
      { depthSize: "small", withCrossShrink: true, maxDepth: 4 },
      tie("leaf"),
      shape(fc.array(tie("work"), { maxLength: 4 })),
    ),
  };
});

/** Names each insert by the way to it, so that no two collide. */
function names({ inserts }: Work, path: string): string[] {
  return Array.from({ length: inserts }, (_, index) => `${path}#${index}`);
}

/** What must be there afterwards, and whether it fails. */
function expected(work: Work, path: string): { kept: string[]; fails: boolean } {
  const inner = work.nested.map((nested, index) => expected(nested, `${path}.${index}`));
  const fails = work.fails || (!work.catches && inner.some((outcome) => outcome.fails));
  if (fails || work.kind === "forced" || work.kind === "scope") return { kept: [], fails };
  return { kept: [...names(work, path), ...inner.flatMap(({ kept }) => kept)], fails };
}

class Failed extends Error {}

async function body(database: Database, work: Work, path: string): Promise<void> {
  if (work.many)
    await database.executeMany(
      "INSERT INTO notes (text) VALUES (:text)",
      names(work, path).map((text) => ({ text })),
    );
  else await Promise.all(names(work, path).map((name) => insert(database, name)));
  if (work.pauses) await sleep(0);
  const begin = async (nested: Work, index: number): Promise<void> => {
    try {
      await perform(database, nested, `${path}.${index}`);
    } catch (error) {
      if (!work.catches || !(error instanceof Failed)) throw error;
    }
  };
  if (work.parallel) await Promise.all(work.nested.map(begin));
  else for (const [index, nested] of work.nested.entries()) await begin(nested, index);
  if (work.fails) throw new Failed(path);
}

async function perform(database: Database, work: Work, path: string): Promise<void> {
  const run = () => body(database, work, path);
  if (work.kind === "callback") return database.transaction(run);
  if (work.kind === "forced") return database.transaction(run, { forceRollback: true });
  if (work.kind === "scope") return database.forceRollback(run);
  return onHandle(await database.begin(), run);
}

async function onHandle(handle: Transaction, run: () => Promise<void>): Promise<void> {
  await using transaction = handle;
  await transaction.run(run);
  await transaction.commit();
}

/** Handles exclude their outer level, so they are for work that goes one after another. */
function withoutHandles(work: Work): Work {
  const kind = work.kind === "handle" || work.kind === "run" ? "callback" : work.kind;
  return { ...work, kind, nested: work.nested.map(withoutHandles) };
}

function legal(work: Work): Work {
  return { ...work, nested: work.nested.map((nested) => (work.parallel ? withoutHandles(nested) : legal(nested))) };
}

everywhere("random trees of transactions keep exactly what a model of savepoints keeps", async (t, place) => {
  const database = await openNotes(t, place, { acquireTimeoutMs: 5_000 });
  await fc.assert(
    fc.asyncProperty(fc.array(work.map(legal), { minLength: 1, maxLength: 3 }), async (trees) => {
      await within(database.execute("DELETE FROM notes"));
      const roots = trees.map(withoutRootHandle);
      const outcomes = roots.map((tree, index) => expected(tree, `${index}`));
      const results = await within(
        Promise.allSettled(roots.map((tree, index) => perform(database, tree, `${index}`))),
        8_000,
      );
      assert.deepEqual(
        results.map(({ status }) => status === "rejected"),
        outcomes.map(({ fails }) => fails),
      );
      for (const result of results)
        if (result.status === "rejected") assert.ok(result.reason instanceof Failed, String(result.reason));
      assert.deepEqual((await within(texts(database))).toSorted(), outcomes.flatMap(({ kept }) => kept).toSorted());
      assert.deepEqual({ inUse: database.pool.waiting }, { inUse: 0 });
    }),
    { numRuns: 60 },
  );
});

/** On one connection a handle takes in what others begin meanwhile: alone at the root it is as good as a callback. */
function withoutRootHandle(work: Work): Work {
  return work.kind === "handle" || work.kind === "run" ? { ...work, kind: "callback" } : work;
}

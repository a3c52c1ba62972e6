import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test, type TestContext } from "node:test";
import assert from "node:assert/strict";
import { Database } from "../../../src/database/database.js";
import type { DatabaseOptions } from "../../../src/database/options.js";
import { within } from "../../support/within.js";

export { within };

/** Where a database may be: rules of transactions hold for each. */
export const PLACES = ["a file", "a file with one connection", "memory", "a file under forceRollback"] as const;

export type Place = (typeof PLACES)[number];

const PLACE_OPTIONS: Readonly<Record<Place, DatabaseOptions>> = {
  "a file": {},
  "a file with one connection": { maxSize: 1 },
  memory: {},
  "a file under forceRollback": { forceRollback: true },
};

/** A folder that goes away with the test. */
export function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "databases-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function fileUrl(t: TestContext): string {
  return `sqlite:///${temporaryFolder(t)}/test.db`;
}

/** A connected database with an empty table `notes (id, text UNIQUE)`, disconnected after the test. */
export async function openNotes(
  t: TestContext,
  place: Place = "a file",
  options: DatabaseOptions = {},
): Promise<Database> {
  const url = place === "memory" ? "sqlite://" : fileUrl(t);
  return openNotesAt(t, url, { acquireTimeoutMs: 1_000, ...PLACE_OPTIONS[place], ...options });
}

export async function openNotesAt(t: TestContext, url: string, options: DatabaseOptions = {}): Promise<Database> {
  const database = new Database(url, options);
  t.after(() => within(database.disconnect({ timeoutMs: 500 }), 5_000));
  await within(database.connect());
  await within(database.execute("CREATE TABLE IF NOT EXISTS notes (id INTEGER PRIMARY KEY, text TEXT UNIQUE)"));
  return database;
}

/** Declares a test once for each place. */
export function everywhere(
  title: string,
  body: (t: TestContext, place: Place) => Promise<void>,
  places: readonly Place[] = PLACES,
): void {
  describe(title, () => {
    for (const place of places) test(`in ${place}`, { timeout: 20_000 }, (t) => body(t, place));
  });
}

type CanExecute = Pick<Database, "execute" | "fetchAll">;

export async function insert(target: CanExecute, text: string): Promise<void> {
  await target.execute("INSERT INTO notes (text) VALUES (:text)", { text });
}

export async function texts(target: CanExecute): Promise<unknown[]> {
  const rows = await target.fetchAll("SELECT text FROM notes ORDER BY id", null, { rows: "array" });
  return rows.map(([text]) => text);
}

/** A promise that somebody else resolves. */
export interface Signal {
  readonly given: Promise<void>;
  give(): void;
}

export function signal(): Signal {
  let give = (): void => undefined;
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { given, give };
}

/** What the promise rejects with, which must be of the class and say what is expected. */
export async function failure<Expected extends Error>(
  promise: PromiseLike<unknown>,
  expected: abstract new (...args: never) => Expected,
  message?: RegExp,
): Promise<Expected> {
  let error: unknown;
  try {
    await within(promise);
  } catch (thrown) {
    error = thrown;
  }
  assert.ok(error instanceof expected, `expected ${expected.name}, got ${String(error)}`);
  if (message !== undefined) assert.match(error.message, message);
  return error;
}

/** Watches the event loop: `longestMs()` is the longest that a timer had to wait since the beginning. */
export function watchTimers(t: TestContext): Timers {
  let last = performance.now();
  let longest = 0;
  const look = (): void => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  };
  const timer = setInterval(look, 1);
  t.after(() => clearInterval(timer));
  const longestMs = (): number => {
    look();
    return longest;
  };
  return {
    longestMs,
    // A share of the whole, as machines differ and are busy: work that never yields is late by all of it.
    assertFired: (totalMs) =>
      assert.ok(longestMs() < totalMs / 2, `a timer was ${longestMs()} ms late in ${totalMs} ms of work`),
  };
}

export interface Timers {
  longestMs(): number;
  /** Fails where timers could not fire for half of so much time. */
  assertFired(totalMs: number): void;
}

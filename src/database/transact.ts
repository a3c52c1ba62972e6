import { runWith } from "./context.js";
import { transactions } from "./diagnostics.js";
import { limitsOf } from "./limits.js";
import type { Origin } from "./origin.js";
import type { Failure } from "./outcome.js";
import { isConflict, pauseAfterConflict } from "./retry.js";
import type { TransactionLevel } from "./transaction-level.js";
import { characteristicsOf, type TransactionOptions } from "./transaction-options.js";
import { readyVenue, type Venue } from "./venue.js";

/** A callback that is to be a transaction. */
export interface Work<Result> {
  /** The database whose calls are to join it. */
  readonly database: object;
  readonly venue: Venue;
  readonly options: TransactionOptions;
  readonly origin: Origin;
  readonly callback: (level: TransactionLevel) => Result | Promise<Result>;
}

/** Runs a callback as a transaction, again where it lost against another one and `retries` are left. */
export async function transact<Result>(work: Work<Result>): Promise<Result> {
  const ready = readyVenue(work.venue);
  const venue = ready instanceof Promise ? await ready : ready;
  const run = (): Promise<Result> => repeat({ ...work, venue });
  if (!transactions.hasSubscribers) return run();
  return transactions.trace({ database: venue.database, call: work.origin.what }, run);
}

async function repeat<Result>(work: Work<Result>): Promise<Result> {
  const { options, venue } = work;
  const { endMs, signal } = limitsOf(options, venue.acquireTimeoutMs);
  for (let attempt = 0; ; attempt += 1) {
    const { waitUntilMs } = limitsOf(options, venue.acquireTimeoutMs);
    const level = await venue.open({
      origin: work.origin,
      limits: { waitUntilMs: Math.min(waitUntilMs, endMs), endMs, signal },
      characteristics: characteristicsOf(options),
      isExplicit: false,
      purpose: "nested",
      isForced: options.forceRollback === true,
    });
    const ending = await runOnce(work, level);
    const mayRepeat = level.isOutermost && level.state === "rolledBack" && attempt < (options.retries ?? 0);
    if ("error" in ending && mayRepeat && isConflict(ending.error)) {
      await pauseAfterConflict(attempt, signal);
      continue;
    }
    // Only now: the hooks of an attempt that is followed by another one never run.
    if (level.settled === null) await level.announce("error" in ending ? ending : null);
    if ("error" in ending) throw ending.error;
    return ending.result;
  }
}

/** Runs the callback in the level and ends it, whatever happens. */
async function runOnce<Result>(
  work: Work<Result>,
  level: TransactionLevel,
): Promise<{ readonly result: Result } | Failure> {
  let result: Result;
  try {
    result = await runWith(work.database, level, () => work.callback(level));
  } catch (error) {
    return (await endWith("rollback", level, { error })) ?? { error };
  }
  const wish = work.options.forceRollback === true ? "rollback" : "commit";
  return (await endWith(wish, level, null)) ?? { result };
}

/** Ends the level, if the callback has not done so by hand; gives what failed then, unless there was a cause before. */
async function endWith(
  wish: "commit" | "rollback",
  level: TransactionLevel,
  cause: Failure | null,
): Promise<Failure | null> {
  try {
    await (level.settled ?? level.end(wish, cause));
    return null;
  } catch (error) {
    return cause === null ? { error } : null;
  }
}

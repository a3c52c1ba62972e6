import { CommitRolledBackError, DatabaseBusyError, TransactionConflictError } from "../errors/index.js";
import { pause, type Limits } from "./limits.js";

const FIRST_BUSY_DELAY_MS = 1;
const LONGEST_BUSY_DELAY_MS = 50;
const FIRST_CONFLICT_DELAY_MS = 10;
const LONGEST_CONFLICT_DELAY_MS = 1_000;

/** A random delay that may be twice as long after each attempt: those who collided do not come back together. */
function jittered(attempt: number, firstMs: number, longestMs: number): number {
  return Math.random() * Math.min(longestMs, firstMs * 2 ** Math.min(attempt, 20));
}

/** True where another connection holds a lock, and nothing was done: the same statement may succeed later. */
export function isBusy(error: unknown): boolean {
  return error instanceof DatabaseBusyError && error.retryable === "statement";
}

/** Repeats what found the database locked, without blocking the event loop, until it succeeds, fails otherwise, or the wait is over. */
export async function whileBusy<Result>(limits: Limits, attempt: () => Result | Promise<Result>): Promise<Result> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!isBusy(error) || !(await pauseBusy(tries, limits))) throw error;
    }
  }
}

/** Waits before the next attempt; `false` where the limits leave no time for one. */
async function pauseBusy(tries: number, { waitUntilMs, signal }: Limits): Promise<boolean> {
  const delayMs = FIRST_BUSY_DELAY_MS + jittered(tries, FIRST_BUSY_DELAY_MS, LONGEST_BUSY_DELAY_MS);
  if (performance.now() + delayMs >= waitUntilMs) return false;
  await pause(delayMs, signal);
  return true;
}

/** True where the transaction lost against another one, and may win when it is run again from its start. */
export function isConflict(error: unknown): boolean {
  if (error instanceof CommitRolledBackError) return isConflict(error.cause);
  if (error instanceof DatabaseBusyError) return error.retryable === "transaction";
  return error instanceof TransactionConflictError;
}

export async function pauseAfterConflict(attempt: number, signal: AbortSignal | null): Promise<void> {
  await pause(jittered(attempt, FIRST_CONFLICT_DELAY_MS, LONGEST_CONFLICT_DELAY_MS), signal);
}

/**
 * Deadlines are points in time on the clock of `performance.now()`, in milliseconds; `Infinity` is never.
 *
 * A wait that has several parts hands the same point from one to the next, so that its parts cannot add up to more than was allowed.
 */
export function deadlineIn(timeoutMs: number): number {
  return performance.now() + timeoutMs;
}

/** Beyond this, `setTimeout` fires at once: such a deadline counts as never. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Calls back once when the deadline has come; `null` where it never comes.
 *
 * The timer keeps the process alive: somebody awaits what it will end.
 */
export function startTimer(deadlineMs: number, callback: () => void): NodeJS.Timeout | null {
  const remainingMs = Math.max(0, Math.ceil(deadlineMs - performance.now()));
  return remainingMs > LONGEST_TIMER_MS ? null : setTimeout(callback, remainingMs);
}

import { startTimer } from "../driver/deadline.js";

/** When an attempt is given up, by whom, and with which error. */
export interface AttemptLimits {
  readonly ended: AbortSignal;
  readonly deadlineMs: number;
  readonly timeoutError: () => Error;
}

/**
 * Does work that is over by its deadline, whether it heeds the signal or not.
 *
 * @param discard gets what comes too late.
 * @throws the reason of `ended`, or the timeout error.
 */
export async function attempt<Result>(
  { ended, deadlineMs, timeoutError }: AttemptLimits,
  work: (signal: AbortSignal) => Promise<Result>,
  discard: (late: Result) => void,
): Promise<Result> {
  const end = new AbortController();
  const onEnded = (): void => end.abort(ended.reason);
  if (ended.aborted) onEnded();
  ended.addEventListener("abort", onEnded);
  const timer = startTimer(deadlineMs, () => end.abort(timeoutError()));
  try {
    return await orAborted(end.signal, work(end.signal), discard);
  } finally {
    ended.removeEventListener("abort", onEnded);
    if (timer !== null) clearTimeout(timer);
  }
}

/** The result, or the signal's reason as soon as it is aborted. */
function orAborted<Result>(
  signal: AbortSignal,
  result: Promise<Result>,
  discard: (late: Result) => void,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => reject(signal.reason as Error);
    if (signal.aborted) giveUp();
    signal.addEventListener("abort", giveUp);
    result.then((value) => {
      signal.removeEventListener("abort", giveUp);
      if (signal.aborted) discard(value);
      else resolve(value);
    }, reject);
  });
}

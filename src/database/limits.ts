import { deadlineIn, startTimer } from "../driver/deadline.js";
import { AbortError, ConfigurationError, QueryTimeoutError, type Outcome } from "../errors/index.js";

/** How long a call may take, and what may end it early. Deadlines are those of the driver room. */
export interface Limits {
  /** When a wait for a connection, a turn or a lock ends. */
  readonly waitUntilMs: number;
  /** When the call itself is to be over; `Infinity` without a `timeoutMs`. */
  readonly endMs: number;
  readonly signal: AbortSignal | null;
}

export interface LimitOptions {
  /** Aborts the call: its waits at once, a statement that was sent as the driver can. */
  readonly signal?: AbortSignal | undefined;
  /** How long the call may take, waits included. */
  readonly timeoutMs?: number | undefined;
}

/** The limits of a call that begins now. @throws {ConfigurationError} when `timeoutMs` is not a positive number. */
export function limitsOf(options: LimitOptions | null, acquireTimeoutMs: number): Limits {
  const { signal = null, timeoutMs = Infinity } = options ?? {};
  if (typeof timeoutMs !== "number" || !(timeoutMs > 0)) {
    throw new ConfigurationError("timeoutMs must be a number of milliseconds above 0.");
  }
  if (signal !== null && !(signal instanceof AbortSignal)) {
    throw new ConfigurationError("signal must be an AbortSignal: give controller.signal, not the controller.");
  }
  const endMs = deadlineIn(timeoutMs);
  return { waitUntilMs: Math.min(deadlineIn(acquireTimeoutMs), endMs), endMs, signal };
}

/** The stricter of both: what runs inside a transaction keeps the transaction's limits, too. */
export function stricter(limits: Limits, outer: Limits | null): Limits {
  if (outer === null) return limits;
  const endMs = Math.min(limits.endMs, outer.endMs);
  return {
    waitUntilMs: Math.min(limits.waitUntilMs, endMs),
    endMs,
    signal: anySignal(limits.signal, outer.signal),
  };
}

function anySignal(first: AbortSignal | null, second: AbortSignal | null): AbortSignal | null {
  if (first === null || second === null || first === second) return first ?? second;
  return AbortSignal.any([first, second]);
}

/** True where nothing can end the call but itself. */
export function areEndless(limits: Limits): boolean {
  return limits.signal === null && limits.endMs === Infinity;
}

/**
 * Refuses to begin what is over already.
 *
 * @param outcome what becomes of what was done so far.
 * @throws {AbortError} when the signal is aborted.
 * @throws {QueryTimeoutError} when the time is over.
 */
export function refuseOver(limits: Limits, outcome: Outcome = "not-executed"): void {
  refuseAborted(limits.signal, outcome);
  if (limits.endMs !== Infinity && performance.now() >= limits.endMs) throw timeoutError(outcome);
}

export function refuseAborted(signal: AbortSignal | null, outcome: Outcome = "not-executed"): void {
  if (signal?.aborted === true) throw abortError(signal, outcome);
}

export function abortError(
  signal: AbortSignal,
  outcome: Outcome,
  consequence: string = consequences[outcome],
): AbortError {
  return new AbortError(`The call was aborted by its signal${consequence}.`, { cause: signal.reason, outcome });
}

export function timeoutError(outcome: Outcome): QueryTimeoutError {
  return new QueryTimeoutError(`The call took longer than its timeoutMs${consequences[outcome]}.`, { outcome });
}

const consequences: Readonly<Record<Outcome, string>> = {
  "not-executed": "; nothing was sent",
  "rolled-back": "; nothing was kept",
  committed: "",
  unknown: " after it was sent: look whether it was done before you run it again",
};

/** Resolves after a time. @throws {AbortError} when the signal aborts. */
export async function pause(delayMs: number, signal: AbortSignal | null): Promise<void> {
  refuseAborted(signal);
  await new Promise<void>((resolve) => {
    const wake = (): void => {
      if (timer !== null) clearTimeout(timer);
      signal?.removeEventListener("abort", wake);
      resolve();
    };
    const timer = startTimer(deadlineIn(delayMs), wake);
    signal?.addEventListener("abort", wake);
  });
  refuseAborted(signal);
}

/** What became of a wait: its value, or the limit that ended it. */
export type Settlement<Value> = { readonly value: Value } | { readonly ended: "aborted" | "timed out" };

/** Waits for a promise as long as the limits allow. The promise's own rejection is the caller's; after a limit it is dropped. */
export function settleWithin<Value>(promise: Promise<Value>, limits: Limits): Promise<Settlement<Value>> {
  const { endMs, signal } = limits;
  return new Promise((resolve, reject) => {
    const end = (ended: "aborted" | "timed out"): void => {
      leave();
      resolve({ ended });
    };
    const onAbort = (): void => end("aborted");
    const timer = startTimer(endMs, () => end("timed out"));
    const leave = (): void => {
      if (timer !== null) clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
    };
    signal?.addEventListener("abort", onAbort);
    promise.then(
      (value) => {
        leave();
        resolve({ value });
      },
      (error: unknown) => {
        leave();
        reject(error as Error);
      },
    );
  });
}

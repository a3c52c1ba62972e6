import { setTimeout as sleep } from "node:timers/promises";

/** The promise, or a failure when it has not settled in time: a test never waits for ever. */
export async function within<Value>(promise: PromiseLike<Value> | Value, timeoutMs = 2_000): Promise<Value> {
  const end = new AbortController();
  const late = sleep(timeoutMs, null, { signal: end.signal }).then(() => {
    throw new Error(`still pending after ${timeoutMs} ms`);
  });
  late.catch(() => null);
  try {
    return await Promise.race([promise, late]);
  } finally {
    end.abort();
  }
}

/** Lets everything run that is due by now: promise callbacks and immediates. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** How a promise stands after everything that is due has run. */
export async function stateOf(promise: Promise<unknown>): Promise<"pending" | "fulfilled" | "rejected"> {
  let state: "pending" | "fulfilled" | "rejected" = "pending";
  promise.then(
    () => (state = "fulfilled"),
    () => (state = "rejected"),
  );
  await settled();
  return state;
}

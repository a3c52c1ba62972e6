import { startTimer } from "./deadline.js";
import type { Lease, LeaseHolder } from "./lease.js";
import { abortError } from "./pool-errors.js";
import type { QueueEntry } from "./queue.js";

/** `"read"` waits for a connection, `"write"` for a connection and the writer's turn at once, `"turn"` has a connection and waits for the turn. */
export type WaitKind = "read" | "write" | "turn";

export interface WaiterHost {
  /** The waiter is settled: whoever queues or counts it lets it go. Called once. */
  left(waiter: Waiter): void;
  timeoutError(waiter: Waiter): Error;
}

export interface WaiterOptions {
  readonly kind: WaitKind;
  readonly holder: LeaseHolder;
  readonly deadlineMs: number;
  readonly signal: AbortSignal | null;
  readonly within: readonly Lease[];
  /** The lease that asks for the turn; `null` where the wait is for a lease. */
  readonly pinned: Lease | null;
}

let lastOrder = 0;

/** One caller's wait. It is settled once: by what it waits for, its deadline, its signal, or the pool's end. */
export class Waiter {
  readonly kind: WaitKind;
  /** Its place among all waiters of the process: several pools may share a writer's turn. */
  readonly order: number = ++lastOrder;
  readonly sinceMs: number = performance.now();
  readonly holder: LeaseHolder;
  readonly within: readonly Lease[];
  readonly pinned: Lease | null;
  /** Resolves to the new lease, or to the one that now has the turn. */
  readonly promise: Promise<Lease>;
  /** Its place in the one queue that it stands in. */
  entry: QueueEntry<Waiter> | null = null;
  readonly #host: WaiterHost;
  readonly #signal: AbortSignal | null;
  readonly #timer: NodeJS.Timeout | null;
  // Set by the promise's executor, which runs in the constructor.
  #resolve!: (lease: Lease) => void;
  #reject!: (error: unknown) => void;

  constructor(host: WaiterHost, options: WaiterOptions) {
    this.#host = host;
    this.kind = options.kind;
    this.holder = options.holder;
    this.within = options.within;
    this.pinned = options.pinned;
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#timer = startTimer(options.deadlineMs, () => this.reject(host.timeoutError(this)));
    this.#signal = options.signal;
    this.#signal?.addEventListener("abort", this.#onAbort);
  }

  resolve(lease: Lease): void {
    this.#leave();
    this.#resolve(lease);
  }

  reject(error: unknown): void {
    this.#leave();
    this.#reject(error);
  }

  readonly #onAbort = (): void => {
    if (this.#signal !== null) this.reject(abortError(this.#signal));
  };

  #leave(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#signal?.removeEventListener("abort", this.#onAbort);
    this.#host.left(this);
  }
}

import { startTimer } from "../driver/deadline.js";
import { Queue, type QueueEntry } from "../driver/queue.js";
import { PoolTimeoutError } from "../errors/index.js";
import { abortError, refuseAborted, type Limits } from "./limits.js";

/**
 * What a turn is for: a statement of the level, a transaction nested in it, a guest (what only shares its connection, and goes elsewhere when
 * the level ends), or the end of the level itself.
 */
export type Purpose = "statement" | "nested" | "guest" | "end";

type Wakening = "taken" | "sent back" | "timed out" | "aborted";

/** One caller's place in the queue; it is woken once. */
class Turn {
  readonly purpose: Purpose;
  readonly woken: Promise<Wakening>;
  readonly #queue: Queue<Turn>;
  readonly #entry: QueueEntry<Turn>;
  readonly #signal: AbortSignal | null;
  readonly #timer: NodeJS.Timeout | null;
  #resolve!: (wakening: Wakening) => void;

  constructor(queue: Queue<Turn>, purpose: Purpose, deadlineMs: number, signal: AbortSignal | null) {
    this.purpose = purpose;
    this.woken = new Promise((resolve) => (this.#resolve = resolve));
    this.#queue = queue;
    this.#entry = queue.push(this);
    this.#timer = startTimer(deadlineMs, () => this.wake("timed out"));
    this.#signal = signal;
    signal?.addEventListener("abort", this.#onAbort);
  }

  get next(): Turn | null {
    return this.#entry.next?.value ?? null;
  }

  wake(wakening: Wakening): void {
    this.#queue.remove(this.#entry);
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#signal?.removeEventListener("abort", this.#onAbort);
    this.#resolve(wakening);
  }

  readonly #onAbort = (): void => this.wake("aborted");
}

/**
 * A turnstile: one holder at a time, the others in order of arrival.
 *
 * Each transaction level has one. A statement holds it while it runs, a nested transaction for its whole life: so a connection runs one
 * thing at a time and savepoints never interleave. Whoever comes while it is free passes without a promise.
 */
export class Gate {
  #isTaken = false;
  readonly #waiters: Queue<Turn> = new Queue();

  get isTaken(): boolean {
    return this.#isTaken;
  }

  get waiting(): number {
    return this.#waiters.size;
  }

  /** Takes the gate if it is free; nobody waits for it then. */
  tryTake(): boolean {
    if (this.#isTaken) return false;
    this.#isTaken = true;
    return true;
  }

  /**
   * Waits for the gate. Resolves to `false` when the waiter was sent back: it is to look again where it wants to go.
   *
   * @param awaited says what the wait is for, in the error.
   * @throws {PoolTimeoutError} when the limits' time is over.
   * @throws {AbortError} when the limits' signal aborts.
   */
  async take(purpose: Purpose, limits: Limits | null, awaited: () => string): Promise<boolean> {
    const signal = limits?.signal ?? null;
    refuseAborted(signal);
    if (this.tryTake()) return true;
    const startMs = performance.now();
    const turn = new Turn(this.#waiters, purpose, limits?.waitUntilMs ?? Infinity, signal);
    const wakening = await turn.woken;
    if (wakening === "aborted" && signal !== null) throw abortError(signal, "not-executed");
    if (wakening === "timed out") {
      const waitedMs = Math.round(performance.now() - startMs);
      throw new PoolTimeoutError(
        `The call waited ${waitedMs} ms for ${awaited()}: end that sooner, or raise acquireTimeoutMs or timeoutMs.`,
      );
    }
    return wakening === "taken";
  }

  /** Hands the gate to the next in order. */
  leave(): void {
    const next = this.#waiters.first;
    if (next === null) this.#isTaken = false;
    else next.wake("taken");
  }

  /** Sends waiters of these purposes back to look again: the holder has changed what may pass behind it. */
  sendBack(purposes: readonly Purpose[]): void {
    for (let turn = this.#waiters.first, next: Turn | null; turn !== null; turn = next) {
      next = turn.next;
      if (purposes.includes(turn.purpose)) turn.wake("sent back");
    }
  }
}

import { setImmediate } from "node:timers/promises";
import { abortError, refuseOver, type Limits } from "./limits.js";
import type { Failure } from "./outcome.js";

/** Where an iteration gets its rows from. */
export interface RowSource<Row> {
  /** True where the driver answers at once, so that no timer fires unless it is let. */
  readonly isSynchronous: boolean;
  /** The next rows; none at the end. */
  next(): Promise<readonly Row[]>;
  close(): Promise<void>;
}

/** How long a loop over rows may keep the event loop from its timers, and after how many rows it looks. */
const SLICE_MS = 10;
const ROWS_PER_LOOK = 16;

/**
 * The rows of a query, one after the other, for one `for await`.
 *
 * Nothing is sent before the first row is asked for. The connection is free again at the end of the rows, at `break` or an error in the loop,
 * and when the signal aborts.
 */
export class RowIterator<Row> implements AsyncIterableIterator<Row, undefined, undefined> {
  readonly #open: (limits: Limits) => Promise<RowSource<Row>>;
  readonly #limitsNow: () => Limits;
  /** From the first row that is asked for: before it nothing happens. */
  #limits: Limits | null = null;
  #source: RowSource<Row> | null = null;
  #state: "new" | "open" | "ended" = "new";
  #failure: Failure | null = null;
  #rows: readonly Row[] = [];
  #index = 0;
  #sliceEndMs = 0;
  /** The last of the steps that are under way: they follow one another. */
  #last: Promise<unknown> | null = null;

  constructor(limits: () => Limits, open: (limits: Limits) => Promise<RowSource<Row>>) {
    this.#limitsNow = limits;
    this.#open = open;
  }

  next(): Promise<IteratorResult<Row, undefined>> {
    const index = this.#index;
    if (this.#last !== null || index >= this.#rows.length || (index % ROWS_PER_LOOK === 0 && this.#isDue())) {
      return this.#inOrder(this.#step);
    }
    this.#index = index + 1;
    return Promise.resolve({ done: false, value: this.#rows[index] as Row });
  }

  /** Ends the iteration early; `for await` calls it. */
  return(): Promise<IteratorResult<Row, undefined>> {
    return this.#inOrder(this.#end);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Whether something else is to be looked at before the next row: the timers, or the call's own time. */
  #isDue(): boolean {
    const nowMs = performance.now();
    return (
      (nowMs >= this.#sliceEndMs && this.#source?.isSynchronous === true) || nowMs >= (this.#limits?.endMs ?? Infinity)
    );
  }

  /** One step after the other: a caller may ask for a row before it has the one before. */
  async #inOrder(step: () => Promise<IteratorResult<Row, undefined>>): Promise<IteratorResult<Row, undefined>> {
    const before = this.#last;
    // A promise of its own: nobody but this function awaits the step, so that the stack of its error leads on to the caller.
    let settle = (): void => {};
    const settled = new Promise<void>((resolve) => (settle = resolve));
    this.#last = settled;
    try {
      if (before !== null) await before;
      return await step.call(this);
    } finally {
      settle();
      if (this.#last === settled) this.#last = null;
    }
  }

  async #step(): Promise<IteratorResult<Row, undefined>> {
    try {
      if (this.#state === "new") await this.#begin();
      if (this.#state === "open") await this.#fill();
      if (this.#failure !== null) throw this.#failure.error;
    } catch (error) {
      this.#failure = null;
      await this.#end();
      throw error;
    }
    if (this.#index >= this.#rows.length) return this.#end();
    return { done: false, value: this.#rows[this.#index++] as Row };
  }

  async #begin(): Promise<void> {
    const limits = this.#limitsNow();
    refuseOver(limits);
    this.#limits = limits;
    limits.signal?.addEventListener("abort", this.#onAbort);
    this.#state = "open";
    this.#source = await this.#open(limits);
    this.#sliceEndMs = performance.now() + SLICE_MS;
  }

  async #fill(): Promise<void> {
    const source = this.#source;
    if (source?.isSynchronous === true && performance.now() >= this.#sliceEndMs) {
      await setImmediate();
      this.#sliceEndMs = performance.now() + SLICE_MS;
    }
    if (this.#limits !== null) refuseOver(this.#limits);
    if (source === null || this.#index < this.#rows.length) return;
    this.#rows = await source.next();
    this.#index = 0;
  }

  readonly #onAbort = (): void => {
    const signal = this.#limits?.signal ?? null;
    if (this.#state !== "open" || signal === null) return;
    this.#failure = { error: abortError(signal, "not-executed", " before it had given all its rows") };
    // It holds a connection while nobody may be asking for rows.
    if (this.#last === null) void this.#inOrder(this.#end);
  };

  async #end(): Promise<IteratorResult<Row, undefined>> {
    const source = this.#source;
    this.#state = "ended";
    this.#source = null;
    this.#rows = [];
    this.#limits?.signal?.removeEventListener("abort", this.#onAbort);
    await source?.close();
    return { done: true, value: undefined };
  }
}

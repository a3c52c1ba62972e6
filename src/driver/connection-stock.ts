import { Backoff } from "./backoff.js";
import type { DriverConnection } from "./driver.js";
import type { PoolSettings } from "./pool-options.js";
import { Slot } from "./slot.js";

/** What the stock tells its pool. */
export interface StockListener {
  /** Another connection is idle. */
  connectionOpened(): void;
  /** An attempt to connect failed; attempts begin again when {@link mayConnect} says so. */
  connectFailed(error: unknown): void;
  mayConnect(): void;
  /** The connections are fewer than they were, and nobody took one's place. */
  connectionClosed(): void;
}

/**
 * The connections of one pool: opens, keeps, replaces and closes them. It knows nothing of who waits for one.
 *
 * Invariants: a slot is in `#slots` from when it was opened until it is removed to be closed, and it is in `#idle` exactly while it has no
 * user. `size + opening` never exceeds `maxSize`. A connection that is being closed holds no place any more.
 */
export class ConnectionStock<User> {
  readonly #settings: PoolSettings;
  readonly #listener: StockListener;
  readonly #slots = new Set<Slot<User>>();
  /** Last in, first out: a connection that is not needed stays unused, and grows old. */
  readonly #idle: Slot<User>[] = [];
  readonly #closings = new Set<Promise<void>>();
  readonly #backoff = new Backoff();
  readonly #end = new AbortController();
  #opening = 0;
  #hasOpened = false;
  /** Runs while attempts to connect must wait. */
  #pause: NodeJS.Timeout | null = null;
  #sweeper: NodeJS.Timeout | null = null;
  #lastError: unknown = null;

  constructor(settings: PoolSettings, listener: StockListener) {
    this.#settings = settings;
    this.#listener = listener;
  }

  /** How many connections are open. */
  get size(): number {
    return this.#slots.size;
  }

  get idle(): number {
    return this.#idle.length;
  }

  get opening(): number {
    return this.#opening;
  }

  get hasRoom(): boolean {
    return this.#slots.size + this.#opening < this.#settings.maxSize && !this.isLost;
  }

  /** The one connection that was a database of its own is gone, and the database with it. */
  get isLost(): boolean {
    return this.#hasOpened && this.#slots.size === 0 && this.#settings.traits.singleConnection;
  }

  /** Nothing is open, being opened or being closed. */
  get isEmpty(): boolean {
    return this.#slots.size + this.#opening + this.#closings.size === 0;
  }

  /** Why the last attempt to connect failed; `null` when it did not. */
  get lastError(): unknown {
    return this.#lastError;
  }

  get isEnded(): boolean {
    return this.#end.signal.aborted;
  }

  /** The users of the connections that are in use. */
  *users(): Generator<User> {
    for (const { user } of this.#slots) if (user !== null) yield user;
  }

  /** An idle connection for a user to be set at once; `null` where none is alive. */
  takeIdle(): Slot<User> | null {
    for (;;) {
      const slot = this.#idle.pop();
      if (slot === undefined) return null;
      if (slot.connection.isOpen) return slot;
      this.#close(slot);
    }
  }

  /** Takes a connection back from its user; it becomes idle, or is closed. */
  putBack(slot: Slot<User>, isReusable: boolean): void {
    slot.user = null;
    slot.idleSinceMs = null;
    if (isReusable && !slot.isRetired && !this.isEnded) this.#idle.push(slot);
    else this.#close(slot);
  }

  /** Sees to it that as many attempts to connect as somebody waits for are under way, where there is room; after a failure they begin later. */
  connect(awaited: number): void {
    if (this.#pause === null) this.#begin(awaited);
    else if (awaited > 0) this.#pause.ref();
  }

  /** Opens what is missing to `minSize`. Rejects with the error of the first attempt that fails. */
  async warmUp(): Promise<void> {
    const missing = this.#settings.minSize - this.#slots.size - this.#opening;
    const attempts = Array.from({ length: Math.max(0, missing) }, () => this.#open());
    const failure = (await Promise.all(attempts)).find((outcome) => outcome !== null);
    if (failure !== undefined) throw failure.error;
  }

  /** Closes what is idle, gives up what is being opened, and opens nothing more. */
  end(): void {
    this.#end.abort();
    if (this.#pause !== null) clearTimeout(this.#pause);
    if (this.#sweeper !== null) clearInterval(this.#sweeper);
    for (const slot of this.#idle.splice(0)) this.#close(slot);
  }

  /** Closes the connections that are still in use, under their users. */
  closeAll(): void {
    for (const slot of this.#slots) this.#close(slot);
  }

  #begin(attempts: number): void {
    while (this.#opening < attempts && this.hasRoom && !this.isEnded) void this.#open();
  }

  /** Never rejects: the outcome is `null`, or holds the error. */
  async #open(): Promise<{ readonly error: unknown } | null> {
    this.#opening += 1;
    let connection: DriverConnection;
    try {
      connection = await this.#settings.open(this.#end.signal);
    } catch (error) {
      this.#failed(error);
      return { error };
    }
    this.#opened(connection);
    return null;
  }

  #opened(connection: DriverConnection): void {
    this.#opening -= 1;
    this.#backoff.succeeded();
    this.#lastError = null;
    this.#hasOpened = true;
    const slot = new Slot<User>(
      connection,
      performance.now() + this.#settings.maxLifetimeMs * (1 - Math.random() / 10),
    );
    this.#slots.add(slot);
    this.putBack(slot, true);
    this.#startSweeping();
    if (!this.isEnded) this.#listener.connectionOpened();
  }

  #failed(error: unknown): void {
    this.#opening -= 1;
    if (this.isEnded) return this.#listener.connectionClosed();
    this.#lastError = error;
    // Attempts that began together and fail together are one failure.
    this.#pause ??= setTimeout(() => {
      this.#pause = null;
      this.#listener.mayConnect();
    }, this.#backoff.failed()).unref();
    this.#listener.connectFailed(error);
  }

  #close(slot: Slot<User>): void {
    this.#slots.delete(slot);
    const closing = slot.connection.close().then(() => {
      this.#closings.delete(closing);
      this.#listener.connectionClosed();
    });
    this.#closings.add(closing);
  }

  #startSweeping(): void {
    const shortestMs = Math.min(this.#settings.idleTimeoutMs, this.#settings.maxLifetimeMs);
    if (this.#sweeper !== null || shortestMs === Infinity || this.isEnded) return;
    const everyMs = Math.min(30_000, Math.max(10, shortestMs / 4));
    this.#sweeper = setInterval(() => this.#sweep(performance.now()), everyMs).unref();
  }

  /** One timer looks at all connections now and then: a clock read at each use would cost more than the use. */
  #sweep(nowMs: number): void {
    const { idleTimeoutMs, minSize } = this.#settings;
    for (const slot of this.#slots) {
      slot.isRetired ||= slot.expiresAtMs <= nowMs;
      if (slot.user !== null) continue;
      slot.idleSinceMs ??= nowMs;
      const isUnused = nowMs - slot.idleSinceMs >= idleTimeoutMs && this.#slots.size > minSize;
      if (isUnused || slot.isRetired || !slot.connection.isOpen) this.#closeIdle(slot);
    }
    if (this.#pause === null) this.#begin(minSize - this.#slots.size);
  }

  #closeIdle(slot: Slot<User>): void {
    this.#idle.splice(this.#idle.indexOf(slot), 1);
    this.#close(slot);
  }
}

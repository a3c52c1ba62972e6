import { UsageError } from "../errors/index.js";
import type { DriverConnection } from "./driver.js";
import type { Slot } from "./slot.js";

/** Who uses a connection, for the errors of those who wait for one. */
export interface LeaseHolder {
  /** What it does, in a word or two: `"transaction"`, `"iterate"`. */
  readonly what: string;
  /** An error made where the use began, whose stack tells the place. */
  readonly where?: { readonly stack?: string | undefined } | undefined;
}

/** How long, and within what, a caller waits. */
export interface WaitOptions {
  /** A point on the clock of `performance.now()`; the pool's `acquireTimeoutMs` from now where it is absent. */
  readonly deadlineMs?: number | undefined;
  readonly signal?: AbortSignal | null | undefined;
  /** The leases that the waiting task holds already: they are not given back before the wait is over. */
  readonly within?: readonly Lease[] | undefined;
}

/** What a pool does for its leases. */
export interface LeaseOwner {
  takeBack(lease: Lease, isReusable: boolean): void;
  takeWriterTurn(lease: Lease, options: WaitOptions): Promise<void> | void;
  giveBackWriterTurn(lease: Lease): void;
}

/** How many waiters wait within a lease, by what they wait for. */
export interface LeaseWaits {
  read: number;
  write: number;
  turn: number;
}

/**
 * The right to use one connection alone, from when the pool gave it until it is given back.
 *
 * There is one object for each use, so that a lease given back late or twice cannot reach the connection's next user.
 */
export class Lease {
  readonly connection: DriverConnection;
  readonly owner: LeaseOwner;
  readonly slot: Slot<Lease>;
  holder: LeaseHolder;
  /** Since when it is known to be held, by `performance.now()`: stamped when somebody first waits, as a clock costs more than a lease. */
  heldSinceMs: number | null = null;
  /** Kept by the pool; `null` until somebody waits within this lease. */
  waits: LeaseWaits | null = null;
  #state: "held" | "given back" | "revoked" = "held";

  constructor(owner: LeaseOwner, slot: Slot<Lease>, holder: LeaseHolder) {
    this.owner = owner;
    this.slot = slot;
    this.connection = slot.connection;
    this.holder = holder;
  }

  get isHeld(): boolean {
    return this.#state === "held";
  }

  /**
   * Gives the connection back; what it has of the writer's turn, too.
   *
   * The pool keeps the connection if it is open and in no transaction, and closes it otherwise.
   * @throws {UsageError} when it was given back before.
   */
  release(): void {
    if (!this.#end()) return;
    const { isOpen, transactionStatus } = this.connection;
    this.owner.takeBack(this, isOpen && (transactionStatus === "idle" || transactionStatus === "unknown"));
  }

  /** Gives the place in the pool back and closes the connection, whose state is in doubt. @throws {UsageError} as {@link release}. */
  discard(): void {
    if (this.#end()) this.owner.takeBack(this, false);
  }

  /**
   * Waits until this lease alone may write to the resource that takes one writer at a time. Answers at once, without a promise, where the
   * turn is free, already this lease's, or not needed.
   *
   * @throws {PoolTimeoutError} when the turn did not come in time.
   * @throws {PoolDeadlockError} when its holder waits for the caller.
   * @throws {AbortError} when the signal was aborted.
   */
  takeWriterTurn(options: WaitOptions = {}): Promise<void> | void {
    return this.owner.takeWriterTurn(this, options);
  }

  /** Lets the next writer in; nothing happens where this lease has not got the turn. */
  giveBackWriterTurn(): void {
    this.owner.giveBackWriterTurn(this);
  }

  /** The pool took the connection away: giving the lease back is then right, and does nothing. */
  revoke(): void {
    this.#state = "revoked";
  }

  #end(): boolean {
    if (this.#state === "given back") throw new UsageError("A connection was given back to its pool twice.");
    const wasHeld = this.#state === "held";
    this.#state = "given back";
    return wasHeld;
  }
}

import { UsageError } from "../errors/index.js";
import { ConnectionStock, type StockListener } from "./connection-stock.js";
import { deadlineIn, startTimer } from "./deadline.js";
import { Lease, type LeaseHolder, type LeaseOwner, type WaitOptions } from "./lease.js";
import {
  abortError,
  closedError,
  deadlockError,
  lostError,
  ownTurnError,
  timeoutError,
  type PoolState,
} from "./pool-errors.js";
import { poolSettings, type PoolOptions, type PoolSettings } from "./pool-options.js";
import type { PoolFigures } from "./pool-report.js";
import { isServed, prospects, type Prospects } from "./prospects.js";
import type { Slot } from "./slot.js";
import { Waiter, type WaiterHost, type WaitKind } from "./waiter.js";
import { WaitingRoom } from "./waiting-room.js";
import { WriterTurn, type TurnMember } from "./writer-turn.js";

/** What a caller asks of {@link Pool.acquire}. */
export interface LeaseRequest extends WaitOptions {
  /** True where it will write: the lease comes with the writer's turn, where there is one. */
  readonly write: boolean;
  readonly holder: LeaseHolder;
}

/** After the time to drain: how much longer `close()` waits for connections that do not end. */
const CLOSE_GRACE_MS = 1_000;

/**
 * Lends the connections of one database, each to one user at a time, in the order in which they were asked for. It knows no SQL.
 *
 * Only writers need the writer's turn, so a reader overtakes a writer that lacks nothing but the turn; otherwise first come, first served.
 *
 * Invariant, outside of a method's run: where a connection is idle, no reader waits, and writers wait only while the turn is taken. So a
 * caller who finds an idle connection (and the turn free, if it writes) overtakes nobody who could be served.
 *
 * What the pool is for its own parts stands in the second half of the class.
 */
export class Pool implements LeaseOwner, WaiterHost, TurnMember, StockListener {
  readonly #settings: PoolSettings;
  readonly #stock: ConnectionStock<Lease>;
  readonly #turn: WriterTurn | null;
  readonly #waiting: WaitingRoom;
  #isClosing = false;
  #closed: Promise<void> | null = null;
  /** Set while `close()` waits: to be called when no connection is left. */
  #onEmpty: (() => void) | null = null;
  /** False where a lease was given since the last {@link #stamp}. */
  #isStamped = true;

  /** @throws {ConfigurationError} when an option is out of its range. */
  constructor(options: PoolOptions) {
    this.#settings = poolSettings(options);
    this.#stock = new ConnectionStock<Lease>(this.#settings, this);
    const { writerKey } = this.#settings.traits;
    this.#turn = writerKey === null ? null : WriterTurn.join(writerKey, this);
    this.#waiting = new WaitingRoom(this.#turn);
  }

  /**
   * A lease at once, without a promise; `null` where {@link acquire} must be called: no connection is idle, the writer's turn is taken, or
   * the pool is closed.
   */
  tryAcquire(write: boolean, holder: LeaseHolder): Lease | null {
    const turn = write ? this.#turn : null;
    if (this.#isClosing || (turn !== null && turn.holder !== null)) return null;
    return this.#lend(holder, turn);
  }

  /**
   * A lease, as soon as there is one for this caller.
   *
   * @throws {PoolTimeoutError} when the deadline came first; `cause` is the last error of connecting, if that failed.
   * @throws {PoolDeadlockError} when whoever could end the wait itself waits, within a lease of the caller's.
   * @throws {PoolClosedError} when the pool is closed, or closes meanwhile.
   * @throws {AbortError} when the signal was aborted.
   * @throws {ConnectionLostError} when the one connection that was the database is gone.
   * @throws whatever connecting failed with, when nobody has a connection that would come back.
   */
  acquire(request: LeaseRequest): Promise<Lease> {
    if (this.#isClosing) return Promise.reject(closedError());
    if (request.signal?.aborted === true) return Promise.reject(abortError(request.signal));
    const lease = this.tryAcquire(request.write, request.holder);
    if (lease !== null) return Promise.resolve(lease);
    if (this.#stock.isLost) return Promise.reject(lostError());
    const kind = request.write && this.#turn !== null ? "write" : "read";
    return this.#wait(kind, request.holder, null, request);
  }

  /** Opens the connections that are missing to `minSize`. Rejects with the error of connecting; the pool goes on. */
  warmUp(): Promise<void> {
    return this.#stock.warmUp();
  }

  figures(): PoolFigures {
    const { size, idle } = this.#stock;
    return { size, idle, inUse: size - idle, waiting: this.#waiting.size, maxSize: this.#settings.maxSize };
  }

  /**
   * Refuses new callers and those who wait, gives the leases that are out the time to come back, then closes their connections too.
   *
   * It resolves always, soon after the time is over at the latest. Every call gets the first one's promise.
   */
  close(timeoutMs: number): Promise<void> {
    return (this.#closed ??= this.#drain(deadlineIn(timeoutMs)));
  }

  async #drain(deadlineMs: number): Promise<void> {
    this.#isClosing = true;
    for (let it = this.#waiting.oldest; it !== null; it = this.#waiting.oldest) it.reject(closedError());
    this.#stock.end();
    await this.#emptied(deadlineMs);
    for (const waiter of this.#waiting.pinned) waiter.reject(closedError());
    for (const lease of this.#stock.users()) this.#revoke(lease);
    this.#stock.closeAll();
    await this.#emptied(deadlineIn(CLOSE_GRACE_MS));
    this.#turn?.leave(this);
  }

  #revoke(lease: Lease): void {
    lease.revoke();
    this.giveBackWriterTurn(lease);
  }

  #emptied(deadlineMs: number): Promise<void> {
    if (this.#stock.isEmpty) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = startTimer(deadlineMs, resolve);
      this.#onEmpty = () => {
        if (timer !== null) clearTimeout(timer);
        resolve();
      };
    });
  }

  // Lending

  #lend(holder: LeaseHolder, turn: WriterTurn | null): Lease | null {
    const slot: Slot<Lease> | null = this.#stock.takeIdle();
    if (slot === null) return null;
    const lease = new Lease(this, slot, holder);
    slot.user = lease;
    this.#isStamped = false;
    turn?.take(lease);
    return lease;
  }

  takeBack(lease: Lease, isReusable: boolean): void {
    const turn = this.#turn;
    const hadTurn = turn !== null && turn.drop(lease);
    if (lease.waits !== null && lease.waits.turn > 0) this.#refuseTurn(lease);
    this.#stock.putBack(lease.slot, isReusable);
    if (this.#waiting.forConnection > 0) this.#dispatch();
    if (hadTurn) turn.settle();
  }

  /** Restores the pool's invariant after a connection became idle, or was lost. */
  #dispatch(): void {
    while (this.#stock.idle > 0) {
      const { reader } = this.#waiting;
      if (this.#turn?.holder === null && this.writerOrder !== Infinity) this.#turn.settle();
      else if (reader !== null) this.#grant(reader, null);
      else return;
    }
    if (this.#stock.isLost)
      for (let it = this.#waiting.oldest; it !== null; it = this.#waiting.oldest) it.reject(lostError());
    this.#connect();
  }

  #grant(waiter: Waiter, turn: WriterTurn | null): void {
    const lease = this.#lend(waiter.holder, turn);
    if (lease !== null) waiter.resolve(lease);
  }

  /** Asks for the connections that the waiters need beyond those that will come back to them. */
  #connect(): void {
    this.#stock.connect(this.#waiting.readers + (this.#writerNeedsConnection() ? 1 : 0));
  }

  /** One writer at a time needs a connection, and it gets that of the writer before, if that is ours. */
  #writerNeedsConnection(): boolean {
    return this.#waiting.writer !== null && this.#turn?.holder?.owner !== this && this.#stock.idle === 0;
  }

  // The writer's turn

  takeWriterTurn(lease: Lease, options: WaitOptions): Promise<void> | void {
    const turn = this.#turn;
    if (turn === null || turn.holder === lease) return;
    if (!lease.isHeld) return Promise.reject(this.#isClosing ? closedError() : returnedError());
    if (turn.holder === null) return turn.take(lease);
    const within = [lease, ...(options.within ?? [])];
    return this.#wait("turn", lease.holder, lease, { ...options, within }).then(() => undefined);
  }

  giveBackWriterTurn(lease: Lease): void {
    if (this.#turn?.drop(lease)) this.#turn.settle();
  }

  get writerOrder(): number {
    const { reader, writer } = this.#waiting;
    if (writer === null || this.#stock.idle === 0) return Infinity;
    return reader === null || writer.order < reader.order ? writer.order : Infinity;
  }

  grantWriter(): void {
    const { writer } = this.#waiting;
    if (writer !== null) this.#grant(writer, this.#turn);
  }

  turnMoved(): void {
    if (this.#waiting.writer !== null) this.#connect();
  }

  #refuseTurn(lease: Lease): void {
    for (const waiter of this.#waiting.pinned) if (waiter.pinned === lease) waiter.reject(returnedError());
  }

  // Waiting

  #wait(kind: WaitKind, holder: LeaseHolder, pinned: Lease | null, options: WaitOptions): Promise<Lease> {
    const { deadlineMs = deadlineIn(this.#settings.acquireTimeoutMs), signal = null, within = [] } = options;
    if (signal?.aborted === true) return Promise.reject(abortError(signal));
    const turn = kind === "read" ? null : this.#turn;
    if (turn !== null && turn.holder !== null && within.includes(turn.holder))
      return Promise.reject(ownTurnError(turn));
    const waiter = new Waiter(this, { kind, holder, pinned, deadlineMs, signal, within: [...new Set(within)] });
    this.#waiting.add(waiter);
    this.#stamp();
    if (within.length > 0 && !isServed(kind, this.#prospects(true)))
      waiter.reject(deadlockError(waiter, this.#state()));
    else this.#connect();
    return waiter.promise;
  }

  left(waiter: Waiter): void {
    this.#waiting.left(waiter);
  }

  timeoutError(waiter: Waiter): Error {
    return timeoutError(waiter, this.#state());
  }

  #state(): PoolState {
    const leases = [...this.#stock.users()];
    const { opening, lastError } = this.#stock;
    return { figures: this.figures(), leases, turn: this.#turn, opening, connectError: lastError };
  }

  /** What comes free without anybody's giving up; `canConnect` is whether another connection may be hoped for. */
  #prospects(canConnect: boolean): Prospects {
    const holder = this.#turn?.holder ?? null;
    const hope = this.#stock.idle > 0 || (canConnect && (this.#stock.opening > 0 || this.#stock.hasRoom));
    // Another pool's lease is taken to come back: who waits within it is not known here.
    return prospects([...this.#stock.users()], holder, { connection: hope, turn: holder?.owner !== this });
  }

  /** Notes since when the connections are in use, for the errors of those who wait. */
  #stamp(): void {
    if (this.#isStamped) return;
    this.#isStamped = true;
    const nowMs = performance.now();
    for (const lease of this.#stock.users()) lease.heldSinceMs ??= nowMs;
  }

  // News of the connections

  connectionOpened(): void {
    this.#dispatch();
  }

  /** Who waits goes on waiting for the connections there are; with none to hope for, the oldest hears of the failure. */
  connectFailed(error: unknown): void {
    if (!this.#prospects(false).connection) this.#waiting.oldest?.reject(error);
    this.#connect();
  }

  mayConnect(): void {
    this.#connect();
  }

  connectionClosed(): void {
    if (this.#stock.isEmpty) this.#onEmpty?.();
  }
}

function returnedError(): UsageError {
  return new UsageError("The writer's turn was asked for with a connection that was given back to its pool.");
}

import type { Effect } from "../compiler/compiled.js";
import type { Compiler } from "../compiler/compile.js";
import { UsageError } from "../errors/index.js";
import { venuesAround } from "./context.js";
import { Gate, type Purpose } from "./gate.js";
import type { Limits } from "./limits.js";
import type { Origin } from "./origin.js";
import type { Session } from "./session.js";
import type { TransactionLevel } from "./transaction-level.js";
import type { Hold, Pin, Stand, TransactionRequest, Venue } from "./venue.js";

export type LevelState = "open" | "ending" | "committed" | "rolledBack" | "unknown" | "released";

/**
 * A stretch of one connection's life in which calls may be made: while it is pinned, or in one level of its transactions.
 *
 * Its gate lets one thing through at a time. A nested level holds the gate of the level around it for its whole life, so what is sent to the
 * outer one from elsewhere waits for it; and a level's end takes the gate last, so it comes after all that was issued before.
 */
export abstract class Level implements Venue, Stand {
  readonly session: Session;
  readonly lease: Hold;
  readonly outer: Level | null;
  readonly origin: Origin;
  readonly limits: Limits | null;
  readonly acquireTimeoutMs: number;
  readonly gate: Gate = new Gate();
  readonly isOnlyConnection = false;
  readonly isStandAlone = false;
  readonly isolates = false;
  readonly isExclusive = false;
  abstract readonly isAutocommit: boolean;
  state: LevelState = "open";
  /** The nested level that holds the gate. */
  nested: TransactionLevel | null = null;

  protected constructor(
    outer: Level | null,
    lease: Hold,
    origin: Origin,
    limits: Limits | null,
    acquireTimeoutMs: number,
  ) {
    this.outer = outer;
    this.lease = lease;
    // The pool's connections are sessions: it is given no other way to open one.
    this.session = lease.connection as Session;
    this.origin = origin;
    this.limits = limits;
    this.acquireTimeoutMs = acquireTimeoutMs;
  }

  get isOpen(): boolean {
    return this.state === "open";
  }

  get compiler(): Compiler {
    return this.session.compiler;
  }

  get database(): string {
    return this.session.database;
  }

  ready(): Promise<Venue> {
    return Promise.resolve(this);
  }

  /** Refuses what cannot be issued here. */
  abstract refuse(effect: Effect): void;

  /** Refuses what would wait for a handle, whose end nobody but its holder brings about. */
  protected refuseBeside(_purpose: Purpose): void {
    const { nested } = this;
    if (nested !== null && nested.isExplicit && nested.isOpen) throw this.nestedError(nested);
  }

  protected nestedError(nested: TransactionLevel): UsageError {
    return new UsageError(
      `${nested.origin}, which is nested in ${this.origin}, is still open: call its handle, or end it before you go on with the outer one.`,
    );
  }

  /** Refuses what was issued in time, and cannot run any more. */
  abstract refuseBroken(): void;

  /** Notes what the failure of a call means for the level. @param isSent whether the server has seen the statement. */
  abstract note(error: unknown, isSent: boolean): void;

  /** What a statement needs besides the gate, where it can be had at once. */
  protected abstract tryPrepare(effect: Effect): boolean;

  protected abstract prepare(effect: Effect, limits: Limits): Promise<void>;

  tryEnter(effect: Effect): Stand | null {
    this.refuse(effect);
    this.refuseBeside("statement");
    return this.enterAtOnce(effect);
  }

  /** Takes the gate, and what else is needed, if all of it is free. */
  enterAtOnce(effect: Effect): Stand | null {
    if (!this.gate.tryTake()) return null;
    if (this.session.reading === null && this.tryPrepare(effect)) return this;
    this.gate.leave();
    return null;
  }

  async enter(effect: Effect, limits: Limits): Promise<Stand> {
    for (;;) {
      this.refuse(effect);
      this.refuseBeside("statement");
      if (await this.enterOnce(effect, limits, "statement")) return this;
    }
  }

  /** Waits for the gate and what else is needed; `false` when the call was sent back and is to look again where it wants to go. */
  async enterOnce(effect: Effect, limits: Limits, purpose: Purpose): Promise<boolean> {
    let isTaken = false;
    try {
      isTaken = await this.takeGate(purpose, limits);
      if (!isTaken) return false;
      await this.session.reading?.makeWay(this);
      this.refuseBroken();
      await this.prepare(effect, limits);
      return true;
    } catch (error) {
      if (purpose === "statement") this.note(error, false);
      if (isTaken) this.gate.leave();
      throw error;
    }
  }

  leave(error: unknown): void {
    if (error !== null) this.note(error, true);
    this.gate.leave();
  }

  /** @throws {UsageError} where the caller stands inside the nested level for whose end it would wait. */
  async takeGate(purpose: Purpose, limits: Limits | null): Promise<boolean> {
    if (this.gate.tryTake()) return true;
    this.refuseInner();
    return this.gate.take(purpose, limits, () => this.#describeHolder());
  }

  protected refuseInner(): void {
    for (const venue of venuesAround()) {
      if (!(venue instanceof Level) || !venue.isOpen || venue === this || !venue.isWithin(this)) continue;
      throw new UsageError(
        `This call goes to ${this.origin} from inside ${venue.origin}, which is nested in it and must end first: ` +
          "call the database, or the handle of the inner one, here.",
      );
    }
  }

  #describeHolder(): string {
    if (this.nested !== null) return `the end of ${this.nested.origin}`;
    return `the statements before it in ${this.origin}`;
  }

  isWithin(level: Level): boolean {
    return this === level || this.outer?.isWithin(level) === true;
  }

  abstract open(request: TransactionRequest): Promise<TransactionLevel>;

  /** The connection is kept already: nothing is taken, and nothing given back. */
  pin(): Promise<Pin> {
    this.refuse("read");
    return Promise.resolve({ venue: this, session: this.session, unpin: () => Promise.resolve() });
  }

  /** Waits for all that was issued, after which nothing more is let in. Says whether a nested handle had been left open. */
  protected async close(): Promise<TransactionLevel | null> {
    this.state = "ending";
    // What has not begun must not begin any more: it looks again, and is refused; guests go elsewhere.
    this.gate.sendBack(["nested", "guest"]);
    const orphan = this.nested;
    const isOrphaned = orphan !== null && (await orphan.abandon());
    await this.gate.take("end", null, () => this.#describeHolder());
    await this.session.reading?.close();
    return isOrphaned ? orphan : null;
  }
}

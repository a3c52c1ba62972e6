import type { Effect } from "../compiler/compiled.js";
import type { Compiler } from "../compiler/compile.js";
import type { Lease, LeaseHolder } from "../driver/lease.js";
import { DatabaseError } from "../errors/index.js";
import { acquires, type AcquireMessage } from "./diagnostics.js";
import type { Engine } from "./engine.js";
import { leasesAround } from "./leases.js";
import type { Limits } from "./limits.js";
import type { Origin } from "./origin.js";
import { PinnedLevel, unpin } from "./pinned-level.js";
import type { Session } from "./session.js";
import { beginOn, type TransactionLevel } from "./transaction-level.js";
import type { Pin, Stand, TransactionRequest, Venue } from "./venue.js";

const STATEMENT: LeaseHolder = { what: "a statement" };

/** Where calls outside of any transaction run: each takes a connection from the pool for itself. */
export class PooledVenue implements Venue {
  readonly isOpen = true;
  readonly isOnlyConnection = false;
  readonly isStandAlone = true;
  readonly isolates = false;
  readonly lease = null;
  readonly limits = null;
  readonly acquireTimeoutMs: number;
  readonly database: string;
  readonly #engine: Engine;

  constructor(engine: Engine) {
    this.#engine = engine;
    this.acquireTimeoutMs = engine.acquireTimeoutMs;
    this.database = engine.database;
  }

  get compiler(): Compiler | null {
    return this.#engine.compiler;
  }

  ready(): Promise<Venue> {
    return Promise.resolve(this);
  }

  tryEnter(effect: Effect): Stand | null {
    if (acquires.hasSubscribers) return null;
    const lease = this.#engine.pool.tryAcquire(effect !== "read", STATEMENT);
    return lease === null ? null : new LeasedStand(lease);
  }

  async enter(effect: Effect, limits: Limits, holder: LeaseHolder = STATEMENT): Promise<Stand> {
    return new LeasedStand(await this.#acquire(effect !== "read", holder, limits));
  }

  async open(request: TransactionRequest): Promise<TransactionLevel> {
    const isReadOnly = request.characteristics?.readOnly === true;
    const lease = await this.#acquire(!isReadOnly, request.origin, request.limits);
    return beginOn(lease, request, this.acquireTimeoutMs);
  }

  async pin(origin: Origin, limits: Limits): Promise<Pin> {
    const level = new PinnedLevel(await this.#acquire(false, origin, limits), origin, this.acquireTimeoutMs);
    return { venue: level, session: level.session, unpin: () => unpin(level) };
  }

  async #acquire(write: boolean, holder: LeaseHolder, limits: Limits): Promise<Lease> {
    if (!acquires.hasSubscribers) return this.#wait(write, holder, limits);
    const message: AcquireMessage = { database: this.database, holder: holder.what, write };
    return acquires.trace(message, () => this.#wait(write, holder, limits));
  }

  async #wait(write: boolean, holder: LeaseHolder, { waitUntilMs, signal }: Limits): Promise<Lease> {
    try {
      return await this.#engine.pool.acquire({
        write,
        holder,
        deadlineMs: waitUntilMs,
        signal,
        within: leasesAround(),
      });
    } catch (error) {
      // It was made where the wait ended, by a timer or by somebody else's release: it is to show who waited.
      if (error instanceof DatabaseError) Error.captureStackTrace(error);
      throw error;
    }
  }
}

class LeasedStand implements Stand {
  readonly isExclusive = true;
  readonly isAutocommit = true;
  readonly #lease: Lease;

  constructor(lease: Lease) {
    this.#lease = lease;
  }

  get session(): Session {
    // The pool's connections are sessions: it is given no other way to open one.
    return this.#lease.connection as Session;
  }

  leave(): void {
    this.#lease.release();
  }
}

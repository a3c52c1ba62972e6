import type { Effect } from "../compiler/compiled.js";
import type { Compiler } from "../compiler/compile.js";
import type { Level } from "./level.js";
import type { Limits } from "./limits.js";
import { beginIn, TransactionLevel } from "./transaction-level.js";
import type { Hold, Pin, Stand, TransactionRequest, Venue } from "./venue.js";

/**
 * Where calls run that have one connection for all: a database in memory, and everything under `forceRollback`.
 *
 * Transactions with a callback take turns in the floor, the level that is always there. A handle cannot be waited for, so it excludes nobody:
 * while one is open, all that is not its own runs in the innermost such handle's savepoint.
 */
export class SoleVenue implements Venue {
  readonly isOnlyConnection = true;
  readonly isStandAlone: boolean;
  readonly isolates: boolean;
  readonly limits = null;
  readonly #floor: Level;

  /** @param isolates whether each statement gets a savepoint of its own, so that its error stays without consequence for the others. */
  constructor(floor: Level, isolates: boolean, isStandAlone = true) {
    this.#floor = floor;
    this.isolates = isolates;
    this.isStandAlone = isStandAlone;
  }

  get isOpen(): boolean {
    return this.#floor.isOpen;
  }

  get lease(): Hold {
    return this.#floor.lease;
  }

  get acquireTimeoutMs(): number {
    return this.#floor.acquireTimeoutMs;
  }

  get database(): string {
    return this.#floor.database;
  }

  get compiler(): Compiler {
    return this.#floor.compiler;
  }

  ready(): Promise<Venue> {
    return Promise.resolve(this);
  }

  tryEnter(effect: Effect): Stand | null {
    const level = this.#innermost();
    level.refuse(effect);
    return level.enterAtOnce(effect);
  }

  async enter(effect: Effect, limits: Limits): Promise<Stand> {
    for (;;) {
      const level = this.#innermost();
      level.refuse(effect);
      if (await level.enterOnce(effect, limits, "guest")) return level;
    }
  }

  async open(request: TransactionRequest): Promise<TransactionLevel> {
    for (;;) {
      const outer = this.#innermost();
      outer.refuse("read");
      // Inside another transaction it is a savepoint: what was asked of the whole is accepted, and not applied.
      const characteristics = outer instanceof TransactionLevel ? null : request.characteristics;
      const level = await beginIn(outer, { ...request, characteristics, purpose: "guest" }, true);
      if (level !== null) return level;
    }
  }

  /** There is no other connection to keep it from: nothing is taken. */
  pin(): Promise<Pin> {
    if (!this.isOpen) this.#floor.refuse("read");
    const venue = new SoleVenue(this.#floor, this.isolates, false);
    return Promise.resolve({ venue, session: this.#floor.session, unpin: () => Promise.resolve() });
  }

  /** Whether a level of the running code's context is on this connection. */
  surrounds(level: Level): boolean {
    return level.isWithin(this.#floor);
  }

  /** Whether anything runs on the connection, or a handle to it is open. */
  get isBusy(): boolean {
    return this.#floor.gate.isTaken;
  }

  get waiting(): number {
    let waiting = 0;
    for (let level: Level | null = this.#floor; level !== null; level = level.nested) waiting += level.gate.waiting;
    return waiting;
  }

  #innermost(): Level {
    let level = this.#floor;
    while (level.nested?.isExplicit === true && level.nested.isOpen) level = level.nested;
    return level;
  }
}

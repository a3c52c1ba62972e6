import { UsageError } from "../errors/index.js";
import { runWith, venueOf } from "./context.js";
import { Level } from "./level.js";
import type { Origin } from "./origin.js";
import { warn } from "./outcome.js";
import { SoleVenue } from "./sole-venue.js";
import { Transactable } from "./transaction.js";
import type { Pin, Venue } from "./venue.js";

/**
 * One connection, kept for its holder: for session settings, temporary tables, advisory locks, and the driver's own object.
 *
 * Each statement commits by itself outside of a transaction. Inside a transaction that was begun on the connection, calls join it. A
 * connection whose session was changed is closed when it is given back.
 */
export class Connection extends Transactable {
  readonly #owner: object;
  readonly #pin: Pin;
  readonly #origin: Origin;
  #isReleased = false;

  /** @internal */
  constructor(owner: object, pin: Pin, origin: Origin) {
    super();
    this.#owner = owner;
    this.#pin = pin;
    this.#origin = origin;
  }

  /** @internal */
  get owner(): object {
    return this.#owner;
  }

  /** @internal */
  place(): Venue {
    const { venue } = this.#pin;
    const ambient = venueOf(this.#owner, venue);
    // A transaction that is running on it may go on to its end while the connection is being given back.
    if (ambient !== venue && ambient instanceof Level && isOn(ambient, venue)) return ambient;
    this.#refuseReleased();
    return venue;
  }

  /** The driver's own connection. What is done with it is not known to this library, so the connection is closed when it is given back. */
  get raw(): unknown {
    this.#refuseReleased();
    this.#pin.session.alter();
    return this.#pin.session.raw;
  }

  /**
   * Runs the callback with this connection as the ambient one: calls on the database inside it use it.
   *
   * @returns what the callback returns.
   */
  run<Result>(callback: () => Result): Result {
    this.#refuseReleased();
    return runWith(this.#owner, this.#pin.venue, callback);
  }

  /**
   * Gives the connection back, after all that was issued on it; nothing happens the second time.
   *
   * @throws {UsageError} when a transaction on it was still open: it has been rolled back.
   */
  async release(): Promise<void> {
    if (this.#isReleased) return;
    this.#isReleased = true;
    await this.#pin.unpin();
  }

  /** Gives the connection back. It never rejects: a failure becomes a process warning. */
  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.release();
    } catch (error) {
      warn("DATABASES_DISPOSE_FAILED", `The connection of ${this.#origin} was not given back in order.`, error);
    }
  }

  #refuseReleased(): void {
    if (!this.#isReleased) return;
    throw new UsageError(`The connection of ${this.#origin} has been given back: was an await forgotten?`);
  }
}

function isOn(level: Level, venue: Venue): boolean {
  return venue instanceof SoleVenue ? venue.surrounds(level) : venue instanceof Level && level.isWithin(venue);
}

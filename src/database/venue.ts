import type { Effect } from "../compiler/compiled.js";
import type { Compiler } from "../compiler/compile.js";
import type { TransactionCharacteristics } from "../compiler/dialect.js";
import type { Lease, LeaseHolder } from "../driver/lease.js";
import type { Purpose } from "./gate.js";
import type { Limits } from "./limits.js";
import type { Origin } from "./origin.js";
import type { Session } from "./session.js";
import type { TransactionLevel } from "./transaction-level.js";

/** A kept connection, as what runs on it needs it: a lease of the pool, or a connection that the pool does not have yet. */
export type Hold = Pick<Lease, "connection" | "release" | "giveBackWriterTurn" | "takeWriterTurn">;

/**
 * Where calls run: a pool (each statement for itself), a transaction, a pinned connection, or the one connection of a database that has one.
 *
 * It decides what a statement waits for and what an error does to the statements after it; what is run is not its business.
 */
export interface Venue {
  /** False after its end: whatever comes then is refused. */
  readonly isOpen: boolean;
  /** True where there is no other connection to go to, so that `detached` and handles stay on it. */
  readonly isOnlyConnection: boolean;
  /** True where a statement is a transaction by itself: what it changes of the connection would hit somebody else. */
  readonly isStandAlone: boolean;
  /** True where each statement gets a savepoint of its own. */
  readonly isolates: boolean;
  /** The connection that the venue keeps, `null` where it takes one for each statement. */
  readonly lease: Hold | null;
  /** What holds for every call here, besides the call's own limits. */
  readonly limits: Limits | null;
  readonly acquireTimeoutMs: number;
  /** The URL for people. */
  readonly database: string;
  /** `null` until the first connection has told the server's version. */
  readonly compiler: Compiler | null;
  /** Connects where that has not been done; the venue to use from then on. */
  ready(): Promise<Venue>;
  /** A place for one statement, at once; `null` where it must be waited for. */
  tryEnter(effect: Effect): Stand | null;
  /** Waits for a place. @param holder who is named to others that wait meanwhile. */
  enter(effect: Effect, limits: Limits, holder?: LeaseHolder): Promise<Stand>;
  /** Begins a transaction. */
  open(request: TransactionRequest): Promise<TransactionLevel>;
  /** Keeps one connection, until `unpin`. */
  pin(origin: Origin, limits: Limits): Promise<Pin>;
}

/** The right to run one statement. */
export interface Stand {
  readonly session: Session;
  /** True where nobody else uses the connection before `leave`; a level's may be left while rows are still to be read. */
  readonly isExclusive: boolean;
  /** True where the statement is a transaction of its own, so that a lock that another process holds can be waited for. */
  readonly isAutocommit: boolean;
  /** Ends the statement. @param error what it failed with, as our error; `null` where it did not. */
  leave(error: unknown): void;
}

/** A kept connection: where its calls run, and how it is given back. */
export interface Pin {
  readonly venue: Venue;
  readonly session: Session;
  /** @throws {UsageError} when a transaction was left open on it; it has been rolled back. */
  unpin(): Promise<void>;
}

/** What a transaction is asked to be. */
export interface TransactionRequest {
  readonly origin: Origin;
  readonly limits: Limits;
  /** `null` where nothing was asked, which is all that a nested one takes. */
  readonly characteristics: TransactionCharacteristics | null;
  /** True for a handle, whose end nobody but its holder brings about. */
  readonly isExplicit: boolean;
  /** What it is for the level around it: a savepoint around one statement is settled with the other statements at the level's end. */
  readonly purpose: Exclude<Purpose, "end">;
  /** True where it will be rolled back in any case, so that what commits by itself is refused in it. */
  readonly isForced: boolean;
}

/** What a transaction is where nothing was asked. */
export const PLAIN: TransactionCharacteristics = { isolation: null, readOnly: false, deferrable: false };

/** The venue that a call is to use: at once where it is connected, so that the call is in line from the moment it was made. */
export function readyVenue(place: Venue): Venue | Promise<Venue> {
  return place.compiler === null ? place.ready() : place;
}

/** A transaction around others, which is rolled back in any case. */
export function forcedRequest(origin: Origin, limits: Limits): TransactionRequest {
  return { origin, limits, characteristics: null, isExplicit: false, purpose: "nested", isForced: true };
}

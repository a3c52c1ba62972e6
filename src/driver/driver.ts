import type { NativeErrorFacts } from "../errors/index.js";
import type { DatabaseURL } from "../url/database-url.js";
import type { WireValue } from "../util/wire.js";

/**
 * The driver port: all that this library asks of an npm driver. It knows SQL text and values, no SQL tree.
 *
 * A method that returns `Result | Promise<Result>` answers at once where its driver is synchronous: the path to an embedded database costs no promise.
 */
export interface Driver {
  /** The name in a URL after the `+`, and the npm package that the user installs: `"better-sqlite3"`. */
  readonly name: string;
  /** Whether the driver's package is there to be loaded; a bare scheme goes to the first driver of its database that is. */
  isInstalled(): boolean;
  /** How the driver's connections may be used; read once, when the pool is made. */
  traits(url: DatabaseURL): DriverTraits;
  /**
   * Opens one connection. The signal's abort gives the attempt up, with the signal's reason, and leaves nothing open.
   *
   * @throws {ConfigurationError} when the driver's package is missing or does not load; else a native error that {@link facts} reads.
   */
  connect(url: DatabaseURL, signal: AbortSignal | null): Promise<DriverConnection>;
  /** Reads a native error into plain facts; `null` where the error is none of the driver's. */
  facts(error: unknown): NativeErrorFacts | null;
}

export interface DriverTraits {
  /** True where every connection is a database of its own (an in-memory one): the pool then keeps exactly one, for ever. */
  readonly singleConnection: boolean;
  /** True where the URL asks for a database that is only read. */
  readonly isReadOnly: boolean;
  /** The resource that takes one writer at a time in this process (a database file), or `null` where the server arbitrates. */
  readonly writerKey: string | null;
}

/** One connection, used by one caller at a time: whoever leases it puts its calls in order. */
export interface DriverConnection {
  /** The driver's own object, for what this library does not cover. */
  readonly raw: unknown;
  /** The server's version as it gives it: `"3.53.2"`. */
  readonly serverVersion: string;
  readonly isOpen: boolean;
  /** What the server says of its transaction; `"unknown"` where the driver does not show it. */
  readonly transactionStatus: "idle" | "open" | "failed" | "unknown";
  execute(statement: DriverStatement): DriverResult | Promise<DriverResult>;
  /** Runs one statement once for each parameter list, in order, and adds up the rows. Stops at the first error. */
  executeMany(statement: DriverStatement, lists: readonly (readonly WireValue[])[]): number | Promise<number>;
  /** Opens a result that is read in pieces. Nothing else may run on the connection until it is closed or at its end. */
  stream(statement: DriverStatement, batchSize: number): DriverStream | Promise<DriverStream>;
  /** Closes for good. Never rejects; idempotent. */
  close(): Promise<void>;
}

export interface DriverStatement {
  readonly sql: string;
  readonly parameters: readonly WireValue[];
  /** True where the text will come again, so that a prepared statement is worth keeping. */
  readonly reusable: boolean;
  /** `"number"` where each whole number of the result fits one, or is refused above the port when it does not. */
  readonly integers: "number" | "bigint";
}

export interface DriverResult {
  /** The result's column names in order; empty for a statement that gives no rows. */
  readonly columns: readonly string[];
  readonly rows: readonly (readonly WireValue[])[];
  /** Rows matched by a write, 0 for a statement that neither reads nor writes rows; `null` for a read, and where the server gives no figure. */
  readonly rowCount: number | null;
  /** The key that the server generated for the last inserted row; `null` where there was none. */
  readonly lastInsertId: number | bigint | null;
}

export interface DriverStream {
  readonly columns: readonly string[];
  /** The next rows, at most `batchSize`; an empty array is the end, after which the stream is closed. */
  next(): readonly (readonly WireValue[])[] | Promise<readonly (readonly WireValue[])[]>;
  /** Ends early; idempotent; never rejects. */
  close(): void | Promise<void>;
}

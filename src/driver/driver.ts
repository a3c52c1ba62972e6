import type { NativeErrorFacts } from "../errors/index.js";
import type { DatabaseURL } from "../url/index.js";
import type { WireColumn, WireValue } from "../util/wire.js";
import type { Address } from "./address.js";
import type { TlsPolicy } from "./tls.js";

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
  connect(request: ConnectRequest, signal: AbortSignal | null): Promise<DriverConnection>;
  /** Reads a native error into plain facts; `null` where the error is none of the driver's. */
  facts(error: unknown): NativeErrorFacts | null;
}

/** What one connection is opened with. */
export interface ConnectRequest {
  /** For the database's name, the user, and the options that are the driver's own. */
  readonly url: DatabaseURL;
  /** Which of the URL's hosts; an embedded database has none to look at. */
  readonly address: Address;
  /** What the server gets as password, wherever it came from; `null` where there is none. */
  readonly password: string | null;
  readonly tls: TlsPolicy;
  /** What the server shows as the program behind the connection; `null` for the driver's own word. */
  readonly applicationName: string | null;
  /** The dialect's settings that the session begins with, for a protocol that can carry them. */
  readonly startup: Readonly<Record<string, string>>;
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
  /** True for a word of ours without parameters and rows (BEGIN, SAVEPOINT …), which may go by the text protocol. */
  readonly isCommand: boolean;
}

export interface DriverResult {
  /** The result's columns in order; empty for a statement that gives no rows. */
  readonly columns: readonly WireColumn[];
  readonly rows: readonly (readonly WireValue[])[];
  /** Rows matched by a write, 0 for a statement that neither reads nor writes rows; `null` for a read, and where the server gives no figure. */
  readonly rowCount: number | null;
  /** The key that the server generated for the last inserted row; `null` where there was none. */
  readonly lastInsertId: number | bigint | null;
  /** What the server says it has done, where it says so (`"COMMIT"`, `"ROLLBACK"`); `null` elsewhere. */
  readonly command: string | null;
}

export interface DriverStream {
  readonly columns: readonly WireColumn[];
  /** The next rows, at most `batchSize`; an empty array is the end, after which the stream is closed. */
  next(): readonly (readonly WireValue[])[] | Promise<readonly (readonly WireValue[])[]>;
  /** Ends early; idempotent; never rejects. */
  close(): void | Promise<void>;
}

import { pathToFileURL } from "node:url";
import type { ConnectRequest, Driver } from "../driver/driver.js";
import { ConfigurationError, type NativeErrorFacts } from "../errors/index.js";
import type { WireValue } from "../util/wire.js";
import { SqliteConnection } from "./sqlite-common/connection.js";
import { sqliteFacts } from "./sqlite-common/facts.js";
import { sqliteLocation, sqliteTraits, type SqliteLocation } from "./sqlite-common/file.js";
import type { SqliteHandle, SqliteRow, SqliteStatement } from "./sqlite-common/handle.js";
import { narrow } from "./sqlite-common/values.js";
import { RESULT_CODES } from "./sqlite-common/result-codes.js";

/** What we use of a `node:sqlite` database. */
interface NativeDatabase {
  readonly isOpen: boolean;
  readonly isTransaction: boolean;
  prepare(sql: string): NativeStatement;
  close(): void;
}

interface NativeStatement {
  setReturnArrays(on: boolean): void;
  setReadBigInts(on: boolean): void;
  columns(): readonly { readonly name: string }[];
  run(...parameters: readonly WireValue[]): {
    readonly changes: number | bigint;
    readonly lastInsertRowid: number | bigint;
  };
  all(...parameters: readonly WireValue[]): SqliteRow[];
  iterate(...parameters: readonly WireValue[]): IterableIterator<SqliteRow>;
}

interface NativeOptions {
  /** How long SQLite itself waits for a lock: it would block the event loop. */
  readonly timeout: 0;
  readonly allowExtension: false;
  /** Known from Node 24 on; SQL cannot damage the file then. */
  readonly defensive: true;
}

interface NativeModule {
  readonly DatabaseSync: new (path: string, options: NativeOptions) => NativeDatabase;
}

/** The first that gives rows as arrays and shows the columns and the transaction. */
const LEAST_NODE = { major: 22, minor: 16 };

/** SQLite through `node:sqlite`, which comes with Node, in this thread. */
export const driver: Driver = {
  name: "node-sqlite",
  isInstalled,
  traits: sqliteTraits,
  connect,
  facts,
};

function isInstalled(): boolean {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  return major > LEAST_NODE.major || (major === LEAST_NODE.major && minor >= LEAST_NODE.minor);
}

async function connect({ url }: ConnectRequest, signal: AbortSignal | null): Promise<SqliteConnection> {
  const location = sqliteLocation(url);
  const { DatabaseSync } = await loadNative();
  signal?.throwIfAborted();
  const options: NativeOptions = { timeout: 0, allowExtension: false, defensive: true };
  return SqliteConnection.open(new NodeSqliteHandle(new DatabaseSync(nameOf(location), options)));
}

async function loadNative(): Promise<NativeModule> {
  if (!isInstalled()) {
    throw new ConfigurationError(
      `sqlite+node-sqlite: URLs need Node ${LEAST_NODE.major}.${LEAST_NODE.minor} or later, and this is Node ${process.versions.node}: ` +
        "use a newer Node, or run npm install better-sqlite3 and write sqlite: in the URL.",
    );
  }
  try {
    // @ts-ignore It is not in the types of the oldest Node that we support.
    return (await import("node:sqlite")) as NativeModule;
  } catch (cause) {
    throw new ConfigurationError(
      "This Node was built or started without node:sqlite: start it without --no-experimental-sqlite, or run npm install better-sqlite3.",
      { cause },
    );
  }
}

/** A URI carries the mode, for which there is no option, and leaves no doubt about a path that looks like one. */
function nameOf({ path, mode }: SqliteLocation): string {
  return path === null ? ":memory:" : `${pathToFileURL(path).href}?mode=${mode}`;
}

/** What Node refuses by itself, as the result code that SQLite has for it. */
const REFUSALS: ReadonlyMap<string, string> = new Map([
  ["BigInt value is too large to bind.", "SQLITE_TOOBIG"],
  ["The SQL query contains no statements.", "SQLITE_ERROR"],
]);

function facts(error: unknown): NativeErrorFacts | null {
  if (!(error instanceof Error)) return null;
  const refusal = RESULT_CODES.get(REFUSALS.get(error.message) ?? "");
  if (refusal !== undefined) return sqliteFacts(error.message, refusal);
  const isOurs = "code" in error && error.code === "ERR_SQLITE_ERROR" && "errcode" in error;
  return isOurs ? sqliteFacts(error.message, Number(error.errcode)) : null;
}

class NodeSqliteHandle implements SqliteHandle {
  readonly raw: NativeDatabase;

  constructor(raw: NativeDatabase) {
    this.raw = raw;
  }

  get isOpen(): boolean {
    return this.raw.isOpen;
  }

  get isInTransaction(): boolean {
    // It throws where the database is closed.
    return this.raw.isOpen && this.raw.isTransaction;
  }

  prepare(sql: string): SqliteStatement {
    return new NodeSqliteStatement(this.raw.prepare(sql));
  }

  close(): void {
    this.raw.close();
  }
}

class NodeSqliteStatement implements SqliteStatement {
  readonly #native: NativeStatement;
  #bigints = false;

  constructor(native: NativeStatement) {
    this.#native = native;
    native.setReturnArrays(true);
  }

  columns(): string[] {
    return this.#native.columns().map(({ name }) => name);
  }

  run(parameters: readonly WireValue[]): {
    readonly changes: number | bigint;
    readonly lastInsertRowid: number | bigint;
  } {
    this.#setBigints(true);
    return this.#native.run(...parameters);
  }

  all(parameters: readonly WireValue[], bigints: boolean): SqliteRow[] {
    this.#setBigints(bigints);
    try {
      return this.#native.all(...parameters);
    } catch (error) {
      // As numbers, one of them is too large: Node gives no row at all then.
      if (bigints || !isOutOfRange(error)) throw error;
    }
    const rows = this.all(parameters, true);
    narrow(rows);
    return rows;
  }

  *iterate(parameters: readonly WireValue[], bigints: boolean): Generator<SqliteRow, undefined> {
    this.#setBigints(true);
    const rows = this.#native.iterate(...parameters);
    try {
      for (const row of rows) {
        if (!bigints) narrow([row]);
        yield row;
      }
    } finally {
      // After an error Node leaves the statement as it is, and its next use would fail with that error again.
      rows.return?.();
    }
    return undefined;
  }

  /** The setting belongs to the statement and outlives the call. */
  #setBigints(bigints: boolean): void {
    if (this.#bigints === bigints) return;
    this.#native.setReadBigInts(bigints);
    this.#bigints = bigints;
  }
}

function isOutOfRange(error: unknown): boolean {
  return error instanceof RangeError && (error as NodeJS.ErrnoException).code === "ERR_OUT_OF_RANGE";
}

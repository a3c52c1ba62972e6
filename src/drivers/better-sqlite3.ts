import type { ConnectRequest, Driver } from "../driver/driver.js";
import type { NativeErrorFacts } from "../errors/index.js";
import { importPeer, isInstalled, type Peer } from "../driver/peer.js";
import type { WireValue } from "../util/wire.js";
import { SqliteConnection } from "./sqlite-common/connection.js";
import { sqliteFacts } from "./sqlite-common/facts.js";
import { sqliteLocation, sqliteTraits } from "./sqlite-common/file.js";
import type { SqliteHandle, SqliteRow, SqliteStatement } from "./sqlite-common/handle.js";
import { RESULT_CODES } from "./sqlite-common/result-codes.js";

/** What we use of a `better-sqlite3` database. */
interface NativeDatabase {
  readonly open: boolean;
  readonly inTransaction: boolean;
  prepare(sql: string): NativeStatement;
  close(): unknown;
}

interface NativeStatement {
  /** True where the statement gives rows; `raw` and `columns` are for such ones only. */
  readonly reader: boolean;
  raw(on: boolean): unknown;
  safeIntegers(on: boolean): unknown;
  columns(): readonly { readonly name: string }[];
  run(parameters: readonly WireValue[]): { readonly changes: number; readonly lastInsertRowid: number | bigint };
  all(parameters: readonly WireValue[]): SqliteRow[];
  iterate(parameters: readonly WireValue[]): IterableIterator<SqliteRow>;
}

interface NativeOptions {
  readonly readonly: boolean;
  readonly fileMustExist: boolean;
  /** How long SQLite itself waits for a lock: it would block the event loop. */
  readonly timeout: 0;
}

type NativeConstructor = new (path: string, options: NativeOptions) => NativeDatabase;

const PEER: Peer = {
  packageName: "better-sqlite3",
  scheme: "sqlite+better-sqlite3:",
  // 13 ends the process of an older Node with a segmentation fault, those of Node 22 among them.
  versions: [
    { major: 12, nodeApi: 9, node: "20" },
    { major: 13, nodeApi: 10, node: "22.14" },
  ],
  load: loadNative,
};

/** SQLite through the npm package `better-sqlite3`, in this thread. */
export const driver: Driver = {
  name: PEER.packageName,
  isInstalled: () => isInstalled(PEER.packageName),
  traits: sqliteTraits,
  connect,
  facts,
};

async function connect({ url }: ConnectRequest, signal: AbortSignal | null): Promise<SqliteConnection> {
  const { path, mode } = sqliteLocation(url);
  const Database = (await importPeer(PEER)) as NativeConstructor;
  signal?.throwIfAborted();
  const options: NativeOptions = { readonly: mode === "ro", fileMustExist: mode !== "rwc", timeout: 0 };
  return SqliteConnection.open(new BetterSqliteHandle(new Database(path ?? ":memory:", options)));
}

async function loadNative(): Promise<NativeConstructor> {
  // @ts-ignore The package may be absent, and has no types of its own: what we use of it is declared here.
  const module = (await import("better-sqlite3")) as { readonly default: NativeConstructor };
  // The native part is loaded with the first database.
  new module.default(":memory:", { readonly: false, fileMustExist: false, timeout: 0 }).close();
  return module.default;
}

/** What the package refuses by itself, by its words, as the result code that SQLite has for it. */
const REFUSALS: ReadonlyMap<string, string> = new Map([
  ["Cannot open database because the directory does not exist", "SQLITE_CANTOPEN"],
  ["Too few parameter values were provided", "SQLITE_RANGE"],
  ["Too many parameter values were provided", "SQLITE_RANGE"],
  ["The bound string, buffer, or bigint is too big", "SQLITE_TOOBIG"],
  ["The supplied SQL string contains more than one statement", "SQLITE_ERROR"],
  ["The supplied SQL string contains no statements", "SQLITE_ERROR"],
]);

function facts(error: unknown): NativeErrorFacts | null {
  if (!(error instanceof Error)) return null;
  const own = error.name === "SqliteError" && "code" in error ? String(error.code) : REFUSALS.get(error.message);
  if (own === undefined) return null;
  // A code that is younger than the package comes as UNKNOWN_SQLITE_ERROR_773.
  const code = RESULT_CODES.get(own) ?? Number(/\d+$/.exec(own)?.[0] ?? NaN);
  return Number.isNaN(code) ? null : sqliteFacts(error.message, code);
}

class BetterSqliteHandle implements SqliteHandle {
  readonly raw: NativeDatabase;

  constructor(raw: NativeDatabase) {
    this.raw = raw;
  }

  get isOpen(): boolean {
    return this.raw.open;
  }

  get isInTransaction(): boolean {
    return this.raw.inTransaction;
  }

  prepare(sql: string): SqliteStatement {
    return new BetterSqliteStatement(this.raw.prepare(sql));
  }

  close(): void {
    this.raw.close();
  }
}

class BetterSqliteStatement implements SqliteStatement {
  readonly #native: NativeStatement;
  #bigints = false;

  constructor(native: NativeStatement) {
    this.#native = native;
    if (native.reader) native.raw(true);
  }

  columns(): string[] {
    return this.#native.reader ? this.#native.columns().map(({ name }) => name) : [];
  }

  run(parameters: readonly WireValue[]): { readonly changes: number; readonly lastInsertRowid: number | bigint } {
    this.#setBigints(true);
    return this.#native.run(parameters);
  }

  all(parameters: readonly WireValue[], bigints: boolean): SqliteRow[] {
    this.#setBigints(bigints);
    const rows = this.#native.all(parameters);
    for (const row of rows) plainBytes(row);
    return rows;
  }

  *iterate(parameters: readonly WireValue[], bigints: boolean): Generator<SqliteRow, undefined> {
    this.#setBigints(bigints);
    for (const row of this.#native.iterate(parameters)) yield plainBytes(row);
    return undefined;
  }

  /** The setting belongs to the statement and outlives the call. */
  #setBigints(bigints: boolean): void {
    if (this.#bigints === bigints) return;
    this.#native.safeIntegers(bigints);
    this.#bigints = bigints;
  }
}

/** Makes a plain `Uint8Array` of each `Buffer`, in place and over the same bytes. */
function plainBytes(row: SqliteRow): SqliteRow {
  for (let index = 0; index < row.length; index += 1) {
    const value = row[index];
    if (typeof value !== "object" || value === null) continue;
    row[index] = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  }
  return row;
}

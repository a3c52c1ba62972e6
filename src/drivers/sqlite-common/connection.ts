import { setImmediate } from "node:timers/promises";
import type { DriverConnection, DriverResult, DriverStatement, DriverStream } from "../../driver/driver.js";
import { StatementCache } from "../../driver/statement-cache.js";
import { ConnectionLostError, UsageError } from "../../errors/index.js";
import type { WireColumn, WireValue } from "../../util/wire.js";
import type { SqliteHandle, SqliteRow } from "./handle.js";
import { bindable, narrow, narrowInteger } from "./values.js";
import { PreparedStatement } from "./prepared.js";
import { SqliteStream } from "./stream.js";

const CACHED_STATEMENTS = 256;

/** How long a loop over parameter lists may hold the event loop, and how often it looks. */
const SLICE_MS = 10;
const LISTS_PER_LOOK = 32;

const NO_COLUMNS: readonly WireColumn[] = [];
const NO_ROWS: readonly SqliteRow[] = [];

/** A connection to a SQLite database in this thread: everything but `close` and long batches answers at once. */
export class SqliteConnection implements DriverConnection {
  readonly serverVersion: string;
  readonly #handle: SqliteHandle;
  readonly #statements = new StatementCache<PreparedStatement>(CACHED_STATEMENTS);
  readonly #counters: PreparedStatement;
  /** Nothing else runs while it is open. */
  #stream: SqliteStream | null = null;
  /** Kept here because asking the driver may cost as much as a short query; whoever closes the driver's own object shows with the next error. */
  #isOpen = true;

  /** Takes the handle over; closes it where the database cannot be used. */
  static open(handle: SqliteHandle): SqliteConnection {
    try {
      return new SqliteConnection(handle);
    } catch (error) {
      handle.close();
      throw error;
    }
  }

  private constructor(handle: SqliteHandle) {
    this.#handle = handle;
    this.#counters = new PreparedStatement(handle, "SELECT changes(), last_insert_rowid()");
    const [[version] = []] = new PreparedStatement(handle, "SELECT sqlite_version()").native.all([], false);
    this.serverVersion = String(version);
  }

  get raw(): unknown {
    return this.#handle.raw;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  get transactionStatus(): "idle" | "open" {
    return this.#isOpen && this.#handle.isInTransaction ? "open" : "idle";
  }

  execute(statement: DriverStatement): DriverResult {
    try {
      return this.#execute(this.#prepare(statement), statement);
    } catch (error) {
      throw this.#explain(error);
    }
  }

  executeMany(statement: DriverStatement, lists: readonly (readonly WireValue[])[]): number | Promise<number> {
    try {
      const batch: Batch = { prepared: this.#prepare(statement), lists, done: 0, rowCount: 0 };
      this.#runSlice(batch);
      return batch.done === lists.length ? batch.rowCount : this.#runSlices(batch);
    } catch (error) {
      throw this.#explain(error);
    }
  }

  stream(statement: DriverStatement, batchSize: number): DriverStream {
    try {
      const prepared = this.#prepare(statement);
      const rows = prepared.native.iterate(bindable(statement.parameters), statement.integers === "bigint");
      const stream = new SqliteStream(prepared, rows, batchSize, () => (this.#stream = null));
      if (stream.isOpen) this.#stream = stream;
      return stream;
    } catch (error) {
      throw this.#explain(error);
    }
  }

  close(): Promise<void> {
    this.#isOpen = false;
    this.#stream?.cut();
    this.#statements.clear();
    try {
      if (this.#handle.isOpen) this.#handle.close();
    } catch (error) {
      // Somebody still iterates over a statement of the driver's own object: the file stays open until that is over.
      process.emitWarning(`A SQLite connection could not be closed: ${String(error)}`, {
        code: "DATABASES_CLOSE_FAILED",
      });
    }
    return Promise.resolve();
  }

  #prepare({ sql, reusable }: DriverStatement): PreparedStatement {
    this.#checkUsable("not-executed");
    const cached = reusable ? this.#statements.get(sql) : null;
    if (cached !== null) return cached;
    // Both drivers hand the text over as a C string and would run what stands before the NUL.
    if (sql.includes("\0")) throw new UsageError("The SQL text contains a NUL character: remove it.");
    const prepared = new PreparedStatement(this.#handle, sql);
    if (reusable) this.#statements.add(sql, prepared);
    return prepared;
  }

  #checkUsable(outcome: "not-executed" | "unknown"): void {
    if (!this.#isOpen) throw closedError(outcome, null);
    if (this.#stream !== null) {
      throw new UsageError("An iteration is open on this SQLite connection: read it to its end or close it first.");
    }
  }

  /** What a caller is to hear: drivers have no code for a connection that somebody closed on their own object. */
  #explain(error: unknown): unknown {
    if (!this.#isOpen || this.#handle.isOpen) return error;
    this.#isOpen = false;
    return closedError("unknown", error);
  }

  #execute(prepared: PreparedStatement, { parameters, integers }: DriverStatement): DriverResult {
    const bound = bindable(parameters);
    const bigints = integers === "bigint";
    if (!prepared.givesRows) return this.#run(prepared, bound);
    return prepared.changesRows ? this.#runReturning(prepared, bound, bigints) : this.#read(prepared, bound, bigints);
  }

  #run(prepared: PreparedStatement, parameters: readonly WireValue[]): DriverResult {
    const { changes, lastInsertRowid } = prepared.native.run(parameters);
    return resultOfChange(prepared, NO_COLUMNS, NO_ROWS, changes, lastInsertRowid);
  }

  #read(prepared: PreparedStatement, parameters: readonly WireValue[], bigints: boolean): DriverResult {
    let rows = prepared.native.all(parameters, bigints);
    const columns = prepared.columnsOf(rows);
    const first = rows[0];
    // A driver may count the columns before SQLite prepares the statement anew; the second time it counts right.
    if (first !== undefined && first.length !== columns.length) rows = prepared.native.all(parameters, bigints);
    return { columns, rows, rowCount: null, lastInsertId: null, command: null };
  }

  #runReturning(prepared: PreparedStatement, parameters: readonly WireValue[], bigints: boolean): DriverResult {
    // It cannot run a second time, so its rows are read in the way that nothing spoils: numbers of any size, columns counted row by row.
    const { native, hasWildcard } = prepared;
    const rows = hasWildcard ? collect(native.iterate(parameters, true)) : native.all(parameters, true);
    if (!bigints) narrow(rows);
    const [[changes = 0, rowid = 0] = []] = this.#counters.native.all([], true);
    return resultOfChange(prepared, prepared.columnsOf(rows), rows, Number(changes), rowid as bigint);
  }

  #runSlice(batch: Batch): void {
    const { prepared, lists } = batch;
    const untilMs = performance.now() + SLICE_MS;
    while (batch.done < lists.length) {
      const list = bindable(lists[batch.done] ?? []);
      batch.rowCount += this.#countOf(prepared, list);
      batch.done += 1;
      if (batch.done % LISTS_PER_LOOK === 0 && performance.now() >= untilMs) return;
    }
  }

  async #runSlices(batch: Batch): Promise<number> {
    while (batch.done < batch.lists.length) {
      await setImmediate();
      this.#checkUsable("unknown");
      this.#runSlice(batch);
    }
    return batch.rowCount;
  }

  #countOf(prepared: PreparedStatement, parameters: readonly WireValue[]): number {
    const result = prepared.givesRows
      ? this.#runReturning(prepared, parameters, true)
      : this.#run(prepared, parameters);
    return result.rowCount ?? 0;
  }
}

interface Batch {
  readonly prepared: PreparedStatement;
  readonly lists: readonly (readonly WireValue[])[];
  done: number;
  rowCount: number;
}

function closedError(outcome: "not-executed" | "unknown", cause: unknown): ConnectionLostError {
  return new ConnectionLostError("The SQLite connection is closed.", { outcome, cause });
}

function resultOfChange(
  { changesRows, givesRows, setsRowid }: PreparedStatement,
  columns: readonly WireColumn[],
  rows: readonly SqliteRow[],
  changes: number | bigint,
  rowid: number | bigint,
): DriverResult {
  if (!changesRows) return { columns, rows, rowCount: givesRows ? null : 0, lastInsertId: null, command: null };
  const rowCount = Number(changes);
  return {
    columns,
    rows,
    rowCount,
    lastInsertId: setsRowid && rowCount > 0 ? narrowInteger(rowid) : null,
    command: null,
  };
}

function collect(iterator: Iterator<SqliteRow>): SqliteRow[] {
  return Array.from({ [Symbol.iterator]: () => iterator });
}

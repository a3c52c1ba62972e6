import type { SqliteHandle, SqliteRow, SqliteStatement } from "./handle.js";
import { verbOf, type Verb } from "./verb.js";

/** A prepared statement and what its text tells of it. */
export class PreparedStatement {
  readonly native: SqliteStatement;
  readonly verb: Verb;
  readonly givesRows: boolean;
  /** False where the row that was inserted last may be an older one: an upsert that updates does not set `last_insert_rowid()`. */
  readonly setsRowid: boolean;
  /** True where the columns may change with the schema: `*` stands for other columns after SQLite has prepared the statement anew. */
  readonly hasWildcard: boolean;
  #columns: readonly string[];

  constructor(handle: SqliteHandle, sql: string) {
    this.native = handle.prepare(sql);
    this.verb = verbOf(sql);
    this.#columns = this.native.columns();
    this.givesRows = this.#columns.length > 0;
    this.setsRowid = this.verb === "insert" && !/\bdo\s+update\b/i.test(sql);
    this.hasWildcard = this.givesRows && sql.replaceAll("(*)", "").includes("*");
  }

  get changesRows(): boolean {
    return this.verb !== "other";
  }

  /** The column names that belong to rows just read. SQLite prepares anew while it runs, so they are right only then. */
  columnsOf(rows: readonly SqliteRow[]): readonly string[] {
    if (this.hasWildcard && rows.length > 0) this.#columns = this.native.columns();
    return this.#columns;
  }
}

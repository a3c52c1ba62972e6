import type { SqliteHandle, SqliteRow, SqliteStatement } from "./handle.js";
import type { WireColumn } from "../../util/wire.js";
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
  #columns: readonly WireColumn[];

  constructor(handle: SqliteHandle, sql: string) {
    this.native = handle.prepare(sql);
    this.verb = verbOf(sql);
    this.#columns = columnsOf(this.native);
    this.givesRows = this.#columns.length > 0;
    this.setsRowid = this.verb === "insert" && !/\bdo\s+update\b/i.test(sql);
    this.hasWildcard = this.givesRows && sql.replaceAll("(*)", "").includes("*");
  }

  get changesRows(): boolean {
    return this.verb !== "other";
  }

  /** The columns that belong to rows just read. SQLite prepares anew while it runs, so they are right only then. */
  columnsOf(rows: readonly SqliteRow[]): readonly WireColumn[] {
    if (this.hasWildcard && rows.length > 0) this.#columns = columnsOf(this.native);
    return this.#columns;
  }
}

/** SQLite's JSON is text like any other. */
function columnsOf(statement: SqliteStatement): readonly WireColumn[] {
  return statement.columns().map((name) => ({ name, kind: "other" }));
}

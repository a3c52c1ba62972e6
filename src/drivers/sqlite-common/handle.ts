import type { WireValue } from "../../util/wire.js";

/** What the SQLite drivers share asks of one of them: a thin layer over its npm package, without policy. */
export interface SqliteHandle {
  /** The package's own object. */
  readonly raw: unknown;
  readonly isOpen: boolean;
  readonly isInTransaction: boolean;
  prepare(sql: string): SqliteStatement;
  close(): void;
}

/** A prepared statement. Numbers among the parameters are bound as REAL, `bigint` as INTEGER. */
export interface SqliteStatement {
  /** The names of the result's columns as the schema is now; empty where the statement gives no rows. */
  columns(): string[];
  /** Runs a statement to its end and drops its rows. `changes` means something for INSERT, UPDATE and DELETE only. */
  run(parameters: readonly WireValue[]): {
    readonly changes: number | bigint;
    readonly lastInsertRowid: number | bigint;
  };
  /** All rows. With `bigints` every whole number is one; without, those that are too large for a number may be either. */
  all(parameters: readonly WireValue[], bigints: boolean): SqliteRow[];
  /** The rows one by one, as {@link all} gives them. `return()` ends the statement. */
  iterate(parameters: readonly WireValue[], bigints: boolean): Iterator<SqliteRow>;
}

export type SqliteRow = WireValue[];

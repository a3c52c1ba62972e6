/** What a database can do, asked by name of ability. Defaults are standard SQL's. */
export interface Features {
  /** A boolean column is a condition by itself; otherwise it is compared with 1. */
  readonly nativeBoolean: boolean;
  /** RETURNING on INSERT, UPDATE, DELETE. */
  readonly insertReturning: boolean;
  readonly updateReturning: boolean;
  readonly deleteReturning: boolean;
  /** The driver tells the generated key of the last insert. */
  readonly lastInsertId: boolean;
  /** The keyword DEFAULT stands for an absent column in VALUES. */
  readonly defaultKeywordInValues: boolean;
  /** `NULLS FIRST` and `NULLS LAST`. */
  readonly nullsOrdering: boolean;
  /** The same among the terms of an index. */
  readonly nullsOrderingInIndexes: boolean;
  readonly aggregateFilter: boolean;
  readonly rightJoin: boolean;
  readonly fullJoin: boolean;
  /** `FOR UPDATE`, `FOR SHARE`. */
  readonly rowLocking: boolean;
  /** DDL names the schema of the tables that it refers to; otherwise an index is named with its own, and REFERENCES means the same one. */
  readonly schemasInReferences: boolean;
  /** A table may refer to one that does not exist yet, and one that others refer to may be dropped. */
  readonly forwardReferences: boolean;
  /** DDL may be rolled back. */
  readonly transactionalDdl: boolean;
  /** A statement's error ends nothing but the statement; false where it aborts the transaction. */
  readonly statementErrorsKeepTransaction: boolean;
  /** Many parameter lists go through one prepared statement rather than one statement of many rows. */
  readonly repeatsPreparedStatements: boolean;
  /** How many parameters one statement may have. */
  readonly maxParameters: number;
  /** WITH stands before INSERT, and not between it and its SELECT. */
  readonly withBeforeInsert: boolean;
  /** WITH stands before UPDATE and DELETE, and not inside their queries only. */
  readonly withBeforeUpdate: boolean;
  /** `CREATE INDEX IF NOT EXISTS`. */
  readonly indexIfNotExists: boolean;
}

export const STANDARD_FEATURES: Features = {
  nativeBoolean: true,
  insertReturning: false,
  updateReturning: false,
  deleteReturning: false,
  lastInsertId: false,
  defaultKeywordInValues: true,
  nullsOrdering: true,
  nullsOrderingInIndexes: true,
  aggregateFilter: true,
  rightJoin: true,
  fullJoin: true,
  rowLocking: true,
  schemasInReferences: true,
  forwardReferences: false,
  transactionalDdl: false,
  statementErrorsKeepTransaction: true,
  repeatsPreparedStatements: false,
  maxParameters: 65_535,
  withBeforeInsert: true,
  withBeforeUpdate: true,
  indexIfNotExists: true,
};

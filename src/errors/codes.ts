/** What may be run again: the one statement as it was, the whole outermost transaction from its start, or nothing. */
export type Retryable = "statement" | "transaction" | false;

/**
 * What the failed call left in the database.
 *
 * `"not-executed"`: nothing of the call took effect, and an open transaction is as it was. `"rolled-back"`: nothing,
 * and the transaction it belonged to is gone. `"committed"`: what it did stands (with its transaction, if it was inside
 * one), only a later step failed. `"unknown"`: it may or may not have happened; look before you run it again.
 */
export type Outcome = "not-executed" | "rolled-back" | "committed" | "unknown";

/** A row of {@link ERROR_CODES}; `retryable` and `outcome` are the parent's where they are not given. */
export interface ErrorCodeFacts {
  /** The code of the family the class extends, `null` when that is `DatabaseError` itself. */
  readonly parent: string | null;
  /** One sentence for people. */
  readonly meaning: string;
  readonly retryable?: Retryable;
  readonly outcome?: Outcome;
}

/**
 * Every error code there is: `UNIQUE_VIOLATION` is the code of `UniqueViolationError`, and so on for all of them.
 *
 * Read it to document, log or translate errors; to handle them, use `instanceof`.
 */
export const ERROR_CODES = {
  CONFIGURATION: { parent: null, meaning: "A URL, an option or a driver is not usable as it was given." },

  USAGE: { parent: null, meaning: "The library was called in a way that cannot work." },
  TRANSACTION_CLOSED: { parent: "USAGE", meaning: "The transaction of this call has already ended." },
  TRANSACTION_ABORTED: { parent: "USAGE", meaning: "An earlier error has already failed this transaction." },
  INVALID_VALUE: { parent: "USAGE", meaning: "A value cannot be stored or compared as it is." },
  UNSUPPORTED: { parent: "USAGE", meaning: "This database cannot do what the query asks for." },

  NO_ROW: { parent: null, outcome: "committed", meaning: "A row was required, and the query gave none." },
  ABORT: { parent: null, outcome: "unknown", meaning: "The caller's signal aborted the call." },

  CONNECTION: { parent: null, outcome: "unknown", meaning: "The connection to the database failed." },
  CONNECTION_REFUSED: {
    parent: "CONNECTION",
    retryable: "statement",
    outcome: "not-executed",
    meaning: "No server answers at this address.",
  },
  CONNECT_TIMEOUT: {
    parent: "CONNECTION",
    retryable: "statement",
    outcome: "not-executed",
    meaning: "The server did not complete the connection in time.",
  },
  AUTHENTICATION: {
    parent: "CONNECTION",
    outcome: "not-executed",
    meaning: "The server refused the user name, the password or the way they were proven.",
  },
  TLS: { parent: "CONNECTION", outcome: "not-executed", meaning: "No trusted encrypted connection could be made." },
  TOO_MANY_CONNECTIONS: {
    parent: "CONNECTION",
    retryable: "statement",
    outcome: "not-executed",
    meaning: "The server, the database or the user has no connection left.",
  },
  SERVER_STARTING: {
    parent: "CONNECTION",
    retryable: "statement",
    outcome: "not-executed",
    meaning: "The server is starting, stopping or recovering.",
  },
  CONNECTION_LOST: { parent: "CONNECTION", meaning: "An open connection ended." },
  PROTOCOL: { parent: "CONNECTION", meaning: "The server's answer could not be understood." },

  POOL: { parent: null, meaning: "The pool could not give a connection." },
  POOL_TIMEOUT: { parent: "POOL", retryable: "statement", meaning: "No connection became free in time." },
  POOL_DEADLOCK: { parent: "POOL", meaning: "Every connection is held by a call that itself waits for one." },
  POOL_CLOSED: { parent: "POOL", meaning: "The pool is closed, or closing." },
  POOL_QUEUE_FULL: { parent: "POOL", retryable: "statement", meaning: "Too many calls already wait for a connection." },

  QUERY: { parent: null, meaning: "The database refused the statement." },

  INTEGRITY: { parent: "QUERY", meaning: "A constraint refused the change." },
  UNIQUE_VIOLATION: { parent: "INTEGRITY", meaning: "Another row already has this unique or primary key." },
  FOREIGN_KEY_VIOLATION: { parent: "INTEGRITY", meaning: "A referenced row is missing, or is still referenced." },
  NOT_NULL_VIOLATION: { parent: "INTEGRITY", meaning: "A column that must have a value was left without one." },
  CHECK_VIOLATION: { parent: "INTEGRITY", meaning: "The row fails a CHECK constraint." },
  EXCLUSION_VIOLATION: { parent: "INTEGRITY", meaning: "The row conflicts with another by an exclusion constraint." },

  DATA: { parent: "QUERY", meaning: "The database refused a value." },
  STRING_TOO_LONG: { parent: "DATA", meaning: "A text or binary value is longer than its column." },
  NUMERIC_OUT_OF_RANGE: { parent: "DATA", meaning: "A number does not fit its type." },
  INVALID_TEXT_REPRESENTATION: { parent: "DATA", meaning: "A text is not a value of the type it was used as." },
  INVALID_DATETIME: { parent: "DATA", meaning: "A text is not a date or time, or is outside the range of them." },
  DIVISION_BY_ZERO: { parent: "DATA", meaning: "The statement divided by zero." },
  INVALID_ENCODING: { parent: "DATA", meaning: "A text holds characters that the database's encoding lacks." },

  SQL_SYNTAX: { parent: "QUERY", meaning: "The database could not parse the statement." },
  UNDEFINED_TABLE: { parent: "QUERY", meaning: "The table or view does not exist." },
  UNDEFINED_COLUMN: { parent: "QUERY", meaning: "The column does not exist." },
  UNDEFINED_FUNCTION: { parent: "QUERY", meaning: "The function or operator does not exist for these arguments." },
  UNDEFINED_DATABASE: { parent: "QUERY", meaning: "The database does not exist." },
  UNDEFINED_SCHEMA: { parent: "QUERY", meaning: "The schema does not exist." },
  DUPLICATE_OBJECT: { parent: "QUERY", meaning: "A table, column, index or other object of this name exists." },
  AMBIGUOUS_COLUMN: { parent: "QUERY", meaning: "The column name fits more than one table of the query." },
  TYPE_MISMATCH: { parent: "QUERY", meaning: "An expression has another type than its place asks for." },

  PERMISSION_DENIED: { parent: "QUERY", meaning: "The user has no right to do this." },
  READ_ONLY: { parent: "QUERY", meaning: "The database or the transaction takes no writes." },
  QUERY_TIMEOUT: { parent: "QUERY", meaning: "The statement ran longer than its time limit." },
  LOCK_TIMEOUT: { parent: "QUERY", retryable: "transaction", meaning: "A lock did not become free in time." },
  QUERY_CANCELLED: { parent: "QUERY", meaning: "Somebody else cancelled the statement." },

  TRANSACTION_CONFLICT: {
    parent: "QUERY",
    retryable: "transaction",
    outcome: "rolled-back",
    meaning: "The transaction lost against a concurrent one.",
  },
  SERIALIZATION_FAILURE: {
    parent: "TRANSACTION_CONFLICT",
    meaning: "The transaction cannot be ordered among the concurrent ones.",
  },
  DEADLOCK: { parent: "TRANSACTION_CONFLICT", meaning: "Transactions waited for each other, and this one was ended." },
  SNAPSHOT_CONFLICT: { parent: "TRANSACTION_CONFLICT", meaning: "The data changed after this transaction read it." },
  DATABASE_BUSY: { parent: "QUERY", retryable: "statement", meaning: "Another connection holds the database's lock." },

  RESOURCE: { parent: "QUERY", meaning: "The server ran into one of its limits." },
  DISK_FULL: { parent: "RESOURCE", meaning: "The server has no disk space left." },
  OUT_OF_MEMORY: { parent: "RESOURCE", meaning: "The server has no memory left." },
  PACKET_TOO_LARGE: { parent: "RESOURCE", meaning: "A value or a statement is larger than the server accepts." },
  TOO_COMPLEX: { parent: "RESOURCE", meaning: "The statement has too many parameters, columns or levels." },
  TOO_MANY_PREPARED_STATEMENTS: {
    parent: "RESOURCE",
    retryable: "statement",
    meaning: "The server holds as many prepared statements as it may.",
  },

  STALE_PLAN: { parent: "QUERY", retryable: "transaction", meaning: "The schema changed under a prepared statement." },
  CORRUPTION: { parent: "QUERY", outcome: "unknown", meaning: "The database's files are damaged." },
  INTERNAL_SERVER: { parent: "QUERY", outcome: "unknown", meaning: "The server failed inside itself." },

  COMMIT: { parent: null, outcome: "unknown", meaning: "The end of the transaction did not go as asked." },
  COMMIT_ROLLED_BACK: {
    parent: "COMMIT",
    outcome: "rolled-back",
    meaning: "The server answered the commit with a rollback.",
  },
  AMBIGUOUS_COMMIT: { parent: "COMMIT", meaning: "The connection was lost while the commit was under way." },
} as const;

/** The `code` of any error of this library. */
export type ErrorCode = keyof typeof ERROR_CODES;

type ChildOf<Parent> = {
  [Code in ErrorCode]: (typeof ERROR_CODES)[Code]["parent"] extends Parent ? Code : never;
}[ErrorCode];

/**
 * A code and all codes of its descendants.
 *
 * It is what keeps the classes apart for the type checker: without a `code` of its own, each class would be the same
 * structure as its parent, and the `else` of an `instanceof` would narrow to `never`.
 */
export type CodeWithin<Code extends ErrorCode> = [ChildOf<Code>] extends [never]
  ? Code
  : Code | CodeWithin<ChildOf<Code>>;

import {
  AmbiguousColumnError,
  AmbiguousCommitError,
  AuthenticationError,
  CheckViolationError,
  ConnectionLostError,
  ConnectionRefusedError,
  CorruptionError,
  type DatabaseError,
  DataError,
  DeadlockError,
  DiskFullError,
  DivisionByZeroError,
  DuplicateObjectError,
  ExclusionViolationError,
  ForeignKeyViolationError,
  IntegrityError,
  type IntegrityErrorOptions,
  InternalServerError,
  InvalidDatetimeError,
  InvalidEncodingError,
  InvalidTextRepresentationError,
  LockTimeoutError,
  NotNullViolationError,
  NumericOutOfRangeError,
  OutOfMemoryError,
  PacketTooLargeError,
  PermissionDeniedError,
  QueryError,
  ReadOnlyError,
  ResourceError,
  SerializationFailureError,
  ServerStartingError,
  SqlSyntaxError,
  StalePlanError,
  StringTooLongError,
  TooComplexError,
  TooManyConnectionsError,
  TransactionAbortedError,
  TransactionConflictError,
  TypeMismatchError,
  UndefinedColumnError,
  UndefinedDatabaseError,
  UndefinedFunctionError,
  UndefinedSchemaError,
  UndefinedTableError,
  UniqueViolationError,
} from "../../errors/index.js";

export type ErrorClass = new (message: string, options: IntegrityErrorOptions) => DatabaseError;

export type Entry = readonly [error: ErrorClass, message: string];

const FOREIGN_KEY: Entry = [
  ForeignKeyViolationError,
  "A referenced row is missing, or this row is still referenced: write the parent first, delete the children first.",
];
const CHECK: Entry = [CheckViolationError, "A check constraint refused the row."];
const LOST: Entry = [
  ConnectionLostError,
  "The connection to the server ended; whether a statement on its way was done is not known.",
];
const SHUT: Entry = [ConnectionLostError, "The server ended the connection, as it was told to."];
const IDLE: Entry = [
  ConnectionLostError,
  "The server ended the connection, which had been idle, or in a transaction, for too long.",
];
const AMBIGUOUS: Entry = [
  AmbiguousCommitError,
  "Whether the transaction was committed is not known: look whether its changes are there before running it again.",
];
const LOGIN: Entry = [
  AuthenticationError,
  "The server refused the user name, the password or the way they were proven: check both, and the server's pg_hba.conf.",
];
const SYNTAX: Entry = [
  SqlSyntaxError,
  "The statement is no SQL that PostgreSQL understands; its text is in the error's `sql`.",
];
const EXISTS: Entry = [DuplicateObjectError, "A table, index, column or other object of that name exists already."];
const TYPES: Entry = [
  TypeMismatchError,
  "An expression has another type than its place asks for: cast it, or give the parameter a type by literal(value, type).",
];
const FUNCTION: Entry = [
  UndefinedFunctionError,
  "A function or an operator does not exist for arguments of these types: check its name, or cast them.",
];
const FORM: Entry = [
  InvalidTextRepresentationError,
  "A text is not a value of the type that it is used as; check its form.",
];
const MOMENT: Entry = [InvalidDatetimeError, "A text is no date or time, or one out of their range."];
const ENCODING: Entry = [InvalidEncodingError, "A text holds characters that the database's encoding lacks."];
const STALE: Entry = [
  StalePlanError,
  "The schema, or the connection, changed under a prepared statement; run it again.",
];
const DISK: Entry = [DiskFullError, "The server's disk is full or fails; free some space, or check it."];
const LARGE: Entry = [TooComplexError, "The statement has too many columns, arguments or levels: split it."];
const CORRUPT: Entry = [CorruptionError, "The database's files are damaged: stop writing, and restore a backup."];
const INTERNAL: Entry = [InternalServerError, "The server failed inside itself; look into its log."];
const RESOURCE: Entry = [ResourceError, "The server ran into one of its limits; its own words are in the cause."];

/** By SQLSTATE (https://www.postgresql.org/docs/current/errcodes-appendix.html). */
export const BY_STATE: ReadonlyMap<string, Entry> = new Map<string, Entry>([
  ["23505", [UniqueViolationError, "Another row has this unique or primary key."]],
  ["23503", FOREIGN_KEY],
  // Since version 18 that of ON DELETE RESTRICT.
  ["23001", FOREIGN_KEY],
  ["23502", [NotNullViolationError, "A column that takes no NULL was given none, or NULL."]],
  ["23514", CHECK],
  ["44000", CHECK],
  ["23P01", [ExclusionViolationError, "The row conflicts with another one by an exclusion constraint."]],

  ["40001", [SerializationFailureError, "The transaction cannot be ordered among concurrent ones; run it again."]],
  ["40P01", [DeadlockError, "Transactions waited for each other, and this one was ended; run it again."]],
  ["40002", [IntegrityError, "A constraint refused the transaction."]],
  ["40003", AMBIGUOUS],
  ["08007", AMBIGUOUS],
  ["55P03", [LockTimeoutError, "A lock was not free in time."]],
  ["25P02", [TransactionAbortedError, "An earlier error has failed this transaction; only rolling back is left."]],
  ["25006", [ReadOnlyError, "The transaction or the server takes no writes (readOnly, a standby); write elsewhere."]],
  ["25P03", IDLE],
  ["25P04", [ConnectionLostError, "The transaction ran longer than the server allows (transaction_timeout)."]],
  ["57P05", IDLE],

  ["08001", [ConnectionRefusedError, "The server could not be reached; check host and port, and whether it runs."]],
  ["08004", [ConnectionRefusedError, "The server refused the connection."]],
  ["08000", LOST],
  ["08003", LOST],
  ["08006", LOST],
  ["08P01", LOST],
  ["57P01", SHUT],
  ["57P02", [ConnectionLostError, "The server ended the connection, as one of its processes had crashed."]],
  ["57P04", [ConnectionLostError, "The server ended the connection, as the database was dropped."]],
  ["57P03", [ServerStartingError, "The server is starting, stopping or recovering; try again later."]],
  [
    "53300",
    [
      TooManyConnectionsError,
      "The server, the database or the user has no connection left: lower maxSize, or raise the limit.",
    ],
  ],
  ["28P01", LOGIN],
  ["28000", LOGIN],
  ["3D000", [UndefinedDatabaseError, "The database does not exist; create it, or correct the URL."]],

  ["42601", SYNTAX],
  ["42602", SYNTAX],
  ["42622", SYNTAX],
  [
    "42803",
    [SqlSyntaxError, "A column is neither in GROUP BY nor inside an aggregate, or an aggregate stands where none may."],
  ],
  [
    "42P01",
    [UndefinedTableError, "The table or view does not exist; was it created, and is its schema in search_path?"],
  ],
  ["3F000", [UndefinedSchemaError, "The schema does not exist."]],
  ["42703", [UndefinedColumnError, "The column does not exist."]],
  ["42883", FUNCTION],
  ["42725", FUNCTION],
  [
    "42702",
    [AmbiguousColumnError, "A column's name fits more than one table of the query: write the table before it."],
  ],
  ["42P07", EXISTS],
  ["42710", EXISTS],
  ["42701", EXISTS],
  ["42P06", EXISTS],
  ["42723", EXISTS],
  ["42P04", EXISTS],
  ["42712", EXISTS],
  ["42704", [QueryError, "A type, role, collation or other object that the statement names does not exist."]],
  ["2BP01", [QueryError, "Other objects depend on this one: drop them first, or say CASCADE."]],
  ["42804", TYPES],
  ["42846", TYPES],
  ["42P18", TYPES],
  ["42P08", TYPES],
  ["22023", [TypeMismatchError, "A function or a setting takes no such value."]],

  ["22001", [StringTooLongError, "A text or bytes are longer than their column."]],
  ["22003", [NumericOutOfRangeError, "A number does not fit its type."]],
  ["22012", [DivisionByZeroError, "The statement divides by zero: guard it with NULLIF."]],
  ["22P02", FORM],
  ["22P03", FORM],
  ["22030", FORM],
  ["22032", FORM],
  ["22007", MOMENT],
  ["22008", MOMENT],
  ["22021", ENCODING],
  ["22P05", ENCODING],
  ["21000", [QueryError, "A query that must give one row at most gives several, or an upsert meets one row twice."]],

  ["42501", [PermissionDeniedError, "The user has no right to do this: grant it, or connect as another."]],
  ["53100", DISK],
  ["58030", DISK],
  ["53200", [OutOfMemoryError, "The server has no memory left: ask for less at once."]],
  ["54000", [PacketTooLargeError, "A value or the statement is larger than PostgreSQL allows."]],
  ["54001", LARGE],
  ["54011", LARGE],
  ["54023", LARGE],
  ["26000", STALE],
  ["42P05", STALE],
  ["XX001", CORRUPT],
  ["XX002", CORRUPT],
  ["P0001", [QueryError, "A function or a trigger of the database raised an error; its words are in the cause."]],
]);

/** By the class of the SQLSTATE, its first two characters, for those that have no row of their own. */
export const BY_CLASS: ReadonlyMap<string, Entry> = new Map<string, Entry>([
  ["08", LOST],
  ["22", [DataError, "The database refused a value; its own words are in the cause."]],
  ["23", [IntegrityError, "A constraint refused the change."]],
  ["28", LOGIN],
  ["40", [TransactionConflictError, "The transaction was rolled back; run it again."]],
  ["42", SYNTAX],
  ["53", RESOURCE],
  ["54", LARGE],
  ["58", INTERNAL],
  ["XX", INTERNAL],
]);

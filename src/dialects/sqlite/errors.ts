import {
  AmbiguousColumnError,
  CheckViolationError,
  ConnectionLostError,
  ConnectionRefusedError,
  CorruptionError,
  DatabaseBusyError,
  type DatabaseError,
  DiskFullError,
  DuplicateObjectError,
  ForeignKeyViolationError,
  IntegrityError,
  type IntegrityErrorOptions,
  InternalServerError,
  type NativeErrorFacts,
  NotNullViolationError,
  NumericOutOfRangeError,
  OutOfMemoryError,
  PacketTooLargeError,
  PermissionDeniedError,
  QueryCancelledError,
  QueryError,
  ReadOnlyError,
  ResourceError,
  SnapshotConflictError,
  SqlSyntaxError,
  StalePlanError,
  TooComplexError,
  TypeMismatchError,
  UndefinedColumnError,
  UndefinedFunctionError,
  UndefinedTableError,
  UniqueViolationError,
} from "../../errors/index.js";
import { violatedBy } from "./violated.js";

type ErrorClass = new (message: string, options: IntegrityErrorOptions) => DatabaseError;

interface Entry {
  readonly error: ErrorClass;
  readonly message: string;
}

const BUSY = "The database is locked by another connection; try again.";
const FULL = "The disk or the database is full; free some space.";
const CORRUPT = "The file is damaged or no SQLite database; restore it from a backup.";
const READ_ONLY = "The database is read-only: check the file's and the folder's permissions, and `mode` in the URL.";
const IO = "Reading or writing the database file failed; check the disk.";

/** By extended result code (https://sqlite.org/rescode.html); a code that is not here is found by its primary code, the low byte. */
const BY_CODE: ReadonlyMap<number, Entry> = new Map([
  [2, { error: InternalServerError, message: "SQLite reports an internal error." }],
  [3, { error: PermissionDeniedError, message: "The database file may not be opened so." }],
  [5, { error: DatabaseBusyError, message: BUSY }],
  [6, { error: DatabaseBusyError, message: BUSY }],
  [7, { error: OutOfMemoryError, message: "SQLite ran out of memory." }],
  [8, { error: ReadOnlyError, message: READ_ONLY }],
  [9, { error: QueryCancelledError, message: "The statement was interrupted." }],
  [10, { error: ConnectionLostError, message: IO }],
  [11, { error: CorruptionError, message: CORRUPT }],
  [13, { error: DiskFullError, message: FULL }],
  [
    14,
    {
      error: ConnectionRefusedError,
      message: "The database file cannot be opened; does its folder exist, and may it be written?",
    },
  ],
  [17, { error: StalePlanError, message: "The schema changed under the statement; run it again." }],
  [18, { error: PacketTooLargeError, message: "A text or the statement is longer than SQLite allows." }],
  [19, { error: IntegrityError, message: "A constraint refused the change." }],
  [20, { error: TypeMismatchError, message: "A value does not fit the column's storage." }],
  [21, { error: InternalServerError, message: "SQLite reports that it was misused." }],
  [23, { error: PermissionDeniedError, message: "The statement is not allowed here." }],
  [25, { error: ResourceError, message: "The statement has more parameters than SQLite allows." }],
  [26, { error: CorruptionError, message: CORRUPT }],
  [275, { error: CheckViolationError, message: "A check constraint refused the row." }],
  [517, { error: SnapshotConflictError, message: "Another writer was first; run the transaction again." }],
  [787, { error: ForeignKeyViolationError, message: "A referenced row is missing, or this row is still referenced." }],
  [1299, { error: NotNullViolationError, message: "A column that takes no NULL was given none, or NULL." }],
  [1555, { error: UniqueViolationError, message: "Another row has this primary key." }],
  [2067, { error: UniqueViolationError, message: "Another row has this unique key." }],
  [2579, { error: UniqueViolationError, message: "Another row has this row id." }],
  [3091, { error: TypeMismatchError, message: "A value does not fit the column's declared type." }],
]);

/**
 * SQLITE_ERROR says no more than that; what happened is told by its text alone, which SQLite does not translate.
 * The texts are pinned by tests against each driver's SQLite.
 */
const BY_TEXT: readonly (readonly [pattern: RegExp, error: ErrorClass, message: (name: string) => string])[] = [
  [/no such table: (\S+)/, UndefinedTableError, (name) => `The table${name} does not exist; was it created?`],
  [
    /no such column: (\S+)|has no column named (\S+)/,
    UndefinedColumnError,
    (name) => `The column${name} does not exist.`,
  ],
  [/no such function: (\S+)/, UndefinedFunctionError, (name) => `The function${name} does not exist.`],
  [
    /wrong number of arguments to function (\w+)/,
    UndefinedFunctionError,
    (name) => `The function${name} takes other arguments.`,
  ],
  [
    /(\S+) already exists|duplicate column name: (\S+)/,
    DuplicateObjectError,
    (name) => `A table, index or column of that name exists already:${name}.`,
  ],
  [
    /syntax error|incomplete input|unrecognized token/,
    SqlSyntaxError,
    () => "The statement is no SQL that SQLite understands; its text is in the error's `sql`.",
  ],
  [
    /ambiguous column name: (\S+)/,
    AmbiguousColumnError,
    (name) => `The column${name} is in several tables: say which.`,
  ],
  [/integer overflow/, NumericOutOfRangeError, () => "An integer is beyond 64 bits."],
  [
    /too many (?:SQL variables|terms|columns|attached)|Expression tree is too large|parser stack overflow/,
    TooComplexError,
    () => "The statement is larger than SQLite allows: use executeMany() for many rows, and split long lists.",
  ],
];

/** What names are made of; anything else in the server's text may be more than a name, and is not told. */
const NAME = /^[\w.$]{1,128}$/;

function nameIn(found: RegExpExecArray): string {
  const name = (found[1] ?? found[2] ?? "").replace(/^"|"$/g, "");
  return NAME.test(name) ? ` "${name}"` : "";
}

const PLAIN: Entry = { error: QueryError, message: "SQLite refused the statement." };

/** Our error for SQLite's. The message names no value; SQLite's own text is in `cause`. */
export function toError(facts: NativeErrorFacts, cause: unknown, sql: string | null): DatabaseError {
  const { errno } = facts;
  const { error, message } = entryOf(errno, facts.message);
  const violated = violatedBy(facts.message);
  return new error(message + named(violated), { cause, sql, extendedCode: errno, ...violated });
}

/** `ON DELETE RESTRICT` is a trigger of SQLite's own, and says so. */
const FOREIGN_KEY = 787;
const TRIGGER = 1811;

function entryOf(code: number | null, text: string): Entry {
  const errno = code === TRIGGER && text.includes("FOREIGN KEY constraint failed") ? FOREIGN_KEY : code;
  if (errno === 1) return entryOfText(text);
  return BY_CODE.get(errno ?? 0) ?? BY_CODE.get((errno ?? 0) & 0xff) ?? PLAIN;
}

function entryOfText(text: string): Entry {
  for (const [pattern, error, message] of BY_TEXT) {
    const found = pattern.exec(text);
    if (found !== null) return { error, message: message(nameIn(found)) };
  }
  return PLAIN;
}

/** Names are the schema's own, no values: they may be told. */
function named({ table, columns, constraint }: ReturnType<typeof violatedBy>): string {
  if (columns !== null) return ` (${table ?? "?"}: ${columns.join(", ")})`;
  return constraint === null ? "" : ` (${constraint})`;
}

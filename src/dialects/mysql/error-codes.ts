import {
  AmbiguousColumnError,
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
  QueryCancelledError,
  QueryTimeoutError,
  ReadOnlyError,
  SerializationFailureError,
  ServerStartingError,
  SnapshotConflictError,
  SqlSyntaxError,
  StalePlanError,
  StringTooLongError,
  TooComplexError,
  TooManyConnectionsError,
  TooManyPreparedStatementsError,
  TransactionAbortedError,
  UndefinedColumnError,
  UndefinedDatabaseError,
  UndefinedFunctionError,
  UndefinedTableError,
  UniqueViolationError,
  UnsupportedError,
} from "../../errors/index.js";
import type { Flavour } from "./server.js";

type ErrorClass = new (message: string, options: IntegrityErrorOptions) => DatabaseError;

/** Which error of ours the server's is, and what it says. */
export interface Entry {
  readonly error: ErrorClass;
  readonly message: string;
  /** Where it is not that of the class. */
  readonly outcome?: "not-executed";
  /** Narrows it to the texts that it matches; a number with several meanings has an entry each. */
  readonly text?: RegExp;
  /** True for an entry that holds only while connecting, when no statement has been sent. */
  readonly connecting?: boolean;
  readonly flavour?: Flavour;
}

type Row = readonly [errnos: readonly number[], entry: Entry];

function row(
  error: ErrorClass,
  errnos: readonly number[],
  message: string,
  more: Omit<Entry, "error" | "message"> = {},
): Row {
  return [errnos, { error, message, ...more }];
}

const DISK = "The server has no disk space left for it; free some.";
const LOST = "The server ended the connection; whether a statement on its way was done is not known.";
const TIMEOUT = "The statement ran longer than its time limit; make it faster, or raise the limit.";

/** By error number (https://dev.mysql.com/doc/mysql-errors, https://mariadb.com/kb/en/mariadb-error-codes). The first that fits is taken. */
const ROWS: readonly Row[] = [
  row(UniqueViolationError, [1062, 1586, 1022, 1169, 1859], "Another row has this unique or primary key."),
  row(ForeignKeyViolationError, [1452, 1216], "The row refers to one that does not exist."),
  row(ForeignKeyViolationError, [1451, 1217], "Other rows still refer to this one."),
  row(ForeignKeyViolationError, [1557, 1761, 1762], "What the reference does to other rows would make two of one key."),
  row(NotNullViolationError, [1048, 1263], "A column that takes no NULL was given NULL."),
  row(NotNullViolationError, [1364], "A column that takes no NULL was given no value, and has no default."),
  row(CheckViolationError, [3819], "A check constraint refused the row.", { flavour: "mysql" }),
  row(CheckViolationError, [4025], "A check constraint refused the row.", { flavour: "mariadb" }),
  row(CheckViolationError, [1369], "The row does not belong to the view that it is written through."),

  row(SerializationFailureError, [1180, 3101], "The commit lost against a concurrent one; run the transaction again."),
  row(DeadlockError, [1213], "Transactions waited for each other, and the server ended this one; run it again."),
  row(SnapshotConflictError, [1020], "The row changed after the transaction read it; run the transaction again."),
  row(SnapshotConflictError, [1412], "The table changed after the transaction began; run the transaction again.", {
    outcome: "not-executed",
  }),
  row(LockTimeoutError, [1205, 3572], "A lock did not become free in time; keep transactions short, and try again."),
  row(QueryTimeoutError, [1969], TIMEOUT, { flavour: "mariadb" }),
  row(QueryTimeoutError, [3024], TIMEOUT, { flavour: "mysql" }),
  row(QueryCancelledError, [1317], "Somebody else cancelled the statement."),
  row(TransactionAbortedError, [1305], "The server's transaction has ended, and its savepoints with it; begin again.", {
    text: /^SAVEPOINT /,
  }),

  row(AuthenticationError, [1044], "The user has no access to this database; grant it, or correct the URL.", {
    connecting: true,
  }),
  row(
    AuthenticationError,
    [1045, 1251, 1524, 1698, 1820, 1862, 3118, 3159],
    "The server refused the user name, the password, or the way they were proven; see the cause.",
  ),
  row(AuthenticationError, [4151], "The account is locked.", { flavour: "mariadb" }),
  row(UndefinedDatabaseError, [1049], "The database does not exist; create it, or correct the URL."),
  row(TooManyConnectionsError, [1040, 1203, 1226], "The server, or the user, has no connection left; lower maxSize."),
  row(
    ConnectionRefusedError,
    [1129, 1130, 2002, 2003],
    "The server takes no connection from this host; see the cause.",
  ),
  row(ServerStartingError, [1053], "The server is stopping; try again when it is back.", { connecting: true }),
  row(ServerStartingError, [1047], "The server's node is not ready in its cluster; try again.", { text: /^WSREP/ }),
  row(
    ConnectionLostError,
    [
      1053, 1077, 1078, 1079, 1080, 1152, 1154, 1155, 1156, 1157, 1158, 1159, 1160, 1161, 1184, 1927, 2006, 2013, 2055,
      3169,
    ],
    LOST,
  ),
  row(ConnectionLostError, [4031], LOST, { flavour: "mysql" }),

  row(
    SqlSyntaxError,
    [1055, 1056, 1140, 1463, 3065],
    "A column is neither in GROUP BY nor inside an aggregate, or ORDER BY has one that DISTINCT does not select. " +
      "An expression with values in it is selected, grouped and ordered as one object: keep it in a variable.",
  ),
  row(
    SqlSyntaxError,
    [1064, 1065, 1149],
    "The statement is no SQL that the server understands; its text is in the error's `sql`.",
  ),
  row(UndefinedTableError, [1146, 1051, 1109], "The table does not exist; was it created?"),
  row(UndefinedColumnError, [1054, 1072], "The column does not exist."),
  row(AmbiguousColumnError, [1052], "The column's name fits more than one table; write the table before it."),
  row(UndefinedFunctionError, [1305, 1630, 1128], "The function or procedure does not exist."),
  row(UndefinedFunctionError, [1582, 1318], "The function takes other arguments."),
  row(DuplicateObjectError, [1050, 1060, 1061, 1007, 1304, 1359, 1826], "Something of that name exists already."),
  row(DuplicateObjectError, [3822], "A constraint of that name exists already.", { flavour: "mysql" }),
  row(DuplicateObjectError, [1005], "A constraint of that name exists already.", {
    flavour: "mariadb",
    text: /errno: 121\b/,
  }),
  row(UnsupportedError, [1235], "This version of the server cannot do that yet; see the cause."),

  row(InvalidEncodingError, [1366], "A text has characters that the column's character set lacks.", {
    text: /^Incorrect string value/,
  }),
  row(InvalidEncodingError, [1300, 3854, 3988], "A text has characters that the other character set lacks."),
  row(InvalidDatetimeError, [1292, 1366, 1411], "A text is no date or time.", {
    text: /^(?:Truncated incorrect|Incorrect) (?:date|time)/i,
  }),
  row(
    InvalidTextRepresentationError,
    [1366, 1292, 1265, 1411, 3140],
    "A value is none of the type that it is used as; correct it, or cast it.",
  ),
  row(InvalidTextRepresentationError, [4038], "A text is no JSON document.", { flavour: "mariadb" }),
  row(StringTooLongError, [1406], "A text or binary value is longer than its column."),
  row(NumericOutOfRangeError, [1264, 1690], "A number does not fit its type."),
  row(DivisionByZeroError, [1365], "The statement divided by zero."),

  row(ReadOnlyError, [1792, 1836], "The transaction or the server takes no writes."),
  row(ReadOnlyError, [1290], "The server is read-only; send writes to another.", { text: /read[-_]only/i }),
  row(PermissionDeniedError, [1044, 1142, 1143, 1227, 1290, 1370, 1410], "The user may not do this; grant it."),
  row(DiskFullError, [3, 1021, 1114], DISK),
  row(DiskFullError, [1030], DISK, { text: /Got error 28\b/ }),
  row(OutOfMemoryError, [5, 1037, 1038, 1041], "The server ran out of memory."),
  row(PacketTooLargeError, [1153, 1301], "A value or the statement is larger than max_allowed_packet; split it."),
  row(
    TooComplexError,
    [1390, 1436, 1116, 1117, 1118, 1070],
    "The statement is larger than the server takes; split it.",
  ),
  row(TooManyPreparedStatementsError, [1461], "The server has max_prepared_stmt_count statements; raise that."),
  row(StalePlanError, [1615, 1243], "The schema changed under a prepared statement; run it again."),
  row(
    CorruptionError,
    [126, 127, 144, 145, 1034, 1035, 1194, 1712],
    "A table's files are damaged; repair or restore it.",
  ),
  row(InternalServerError, [1030, 1105, 1815], "The server failed inside itself; look into its log."),
];

const BY_ERRNO = new Map<number, readonly Entry[]>();
for (const [errnos, entry] of ROWS) {
  for (const errno of errnos) BY_ERRNO.set(errno, [...(BY_ERRNO.get(errno) ?? []), entry]);
}

/** For numbers that are not above: what the class of the SQLSTATE says. */
const BY_STATE: readonly (readonly [state: string, entry: Entry])[] = [
  ["23", { error: IntegrityError, message: "A constraint refused the change." }],
  ["22", { error: DataError, message: "The server refused a value." }],
  ["40001", { error: SerializationFailureError, message: "The transaction lost against another; run it again." }],
  ["28", { error: AuthenticationError, message: "The server refused the user." }],
  ["08", { error: ConnectionLostError, message: LOST }],
  ["70100", { error: QueryCancelledError, message: "The statement was interrupted." }],
];

interface Facts {
  readonly errno: number | null;
  readonly sqlState: string | null;
  readonly message: string;
  readonly isConnecting: boolean;
  readonly flavour: Flavour;
}

export function entryOf({ errno, sqlState, message, isConnecting, flavour }: Facts): Entry | null {
  const fits = (entry: Entry): boolean =>
    entry.text?.test(message) !== false &&
    (entry.connecting !== true || isConnecting) &&
    (entry.flavour ?? flavour) === flavour;
  return (
    BY_ERRNO.get(errno ?? 0)?.find(fits) ??
    BY_STATE.find(([state]) => sqlState?.startsWith(state) === true)?.[1] ??
    null
  );
}

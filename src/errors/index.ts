export { addSuppressed, DatabaseError, isDatabaseError } from "./base.js";
export { ERROR_CODES } from "./codes.js";

export {
  ConfigurationError,
  InvalidValueError,
  TransactionAbortedError,
  TransactionClosedError,
  UnsupportedError,
  UsageError,
} from "./usage.js";
export { AbortError, NoRowError } from "./call.js";
export {
  AuthenticationError,
  ConnectionError,
  ConnectionLostError,
  ConnectionRefusedError,
  ConnectTimeoutError,
  ProtocolError,
  ServerStartingError,
  TlsError,
  TooManyConnectionsError,
} from "./connection.js";
export { PoolClosedError, PoolDeadlockError, PoolError, PoolQueueFullError, PoolTimeoutError } from "./pool.js";
export {
  CorruptionError,
  InternalServerError,
  LockTimeoutError,
  PermissionDeniedError,
  QueryCancelledError,
  QueryError,
  QueryTimeoutError,
  ReadOnlyError,
  StalePlanError,
} from "./query.js";
export {
  CheckViolationError,
  ExclusionViolationError,
  ForeignKeyViolationError,
  IntegrityError,
  NotNullViolationError,
  UniqueViolationError,
} from "./integrity.js";
export {
  DataError,
  DivisionByZeroError,
  InvalidDatetimeError,
  InvalidEncodingError,
  InvalidTextRepresentationError,
  NumericOutOfRangeError,
  StringTooLongError,
} from "./data.js";
export {
  AmbiguousColumnError,
  DuplicateObjectError,
  SqlSyntaxError,
  TypeMismatchError,
  UndefinedColumnError,
  UndefinedDatabaseError,
  UndefinedFunctionError,
  UndefinedSchemaError,
  UndefinedTableError,
} from "./statement.js";
export {
  DatabaseBusyError,
  DeadlockError,
  SerializationFailureError,
  SnapshotConflictError,
  TransactionConflictError,
} from "./conflict.js";
export {
  DiskFullError,
  OutOfMemoryError,
  PacketTooLargeError,
  ResourceError,
  TooComplexError,
  TooManyPreparedStatementsError,
} from "./resource.js";
export { connectingError, connectionError } from "./failure.js";
export { AmbiguousCommitError, CommitError, CommitRolledBackError } from "./commit.js";

export type { DatabaseErrorOptions } from "./base.js";
export { NO_FACTS } from "./facts.js";
export type { ConnectionFailure, NativeErrorFacts } from "./facts.js";
export type { ErrorCode, ErrorCodeFacts, Outcome, Retryable } from "./codes.js";
export type { IntegrityErrorOptions } from "./integrity.js";

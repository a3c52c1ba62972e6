/**
 * Async database access for TypeScript on Node.js, over PostgreSQL, MySQL, MariaDB and SQLite.
 *
 * ```ts
 * import { Database, integer, MetaData, string } from "databases";
 *
 * const metadata = new MetaData();
 * const notes = metadata.table("notes", { id: integer().primaryKey(), text: string(100) });
 *
 * const database = await new Database("sqlite:///notes.db").connect();
 * await metadata.createAll(database);
 * await database.execute(notes.insert(), { text: "example" });
 * const rows = await database.fetchAll(notes.select()); // { id: number; text: string | null }[]
 * await database.disconnect();
 * ```
 *
 * @module
 */

// Connect
export { Database } from "./database/database.js";
export { Connection } from "./database/connection.js";
export { Transaction } from "./database/transaction.js";
export { registerDialect, registerDriver } from "./database/registry.js";
export { DatabaseURL } from "./url/index.js";

// Declare
export { MetaData } from "./schema/metadata.js";
export {
  bigInteger,
  binary,
  boolean,
  date,
  dateTime,
  double,
  enumeration,
  float,
  integer,
  json,
  numeric,
  smallInteger,
  string,
  text,
  time,
  typeDecorator,
  uuid,
} from "./schema/factories.js";
export { check, foreignKey, index, primaryKey, unique } from "./schema/constraints.js";
export { createIndexes, createTable, dropTable } from "./schema/ddl.js";

// Select
export { select } from "./sql/selection.js";
export { param } from "./sql/parameter.js";
export { list, sql } from "./sql/raw.js";

// Combine
export { and, exists, falseValue, not, nullValue, or, trueValue } from "./sql/conditions.js";
export { caseWhen, cast, literal } from "./sql/values.js";

// Functions
export { avg, count, max, min, stringAgg, sum } from "./sql/aggregates.js";
export { coalesce, greatest, least, nullIf } from "./sql/conditional-functions.js";
export { length, lower, ltrim, replace, rtrim, substring, trim, upper } from "./sql/text-functions.js";
export { abs, ceil, floor, power, random, round, sign, sqrt } from "./sql/numeric-functions.js";
export { currentDate, extract, now } from "./sql/date-functions.js";
export { denseRank, firstValue, lag, lastValue, lead, ntile, rank, rowNumber } from "./sql/window-functions.js";
export { fn } from "./sql/fn.js";

// Errors
export {
  AbortError,
  AmbiguousColumnError,
  AmbiguousCommitError,
  AuthenticationError,
  CheckViolationError,
  CommitError,
  CommitRolledBackError,
  ConfigurationError,
  ConnectionError,
  ConnectionLostError,
  ConnectionRefusedError,
  ConnectTimeoutError,
  CorruptionError,
  DatabaseBusyError,
  DatabaseError,
  DataError,
  DeadlockError,
  DiskFullError,
  DivisionByZeroError,
  DuplicateObjectError,
  ERROR_CODES,
  ExclusionViolationError,
  ForeignKeyViolationError,
  IntegrityError,
  InternalServerError,
  InvalidDatetimeError,
  InvalidEncodingError,
  InvalidTextRepresentationError,
  InvalidValueError,
  isDatabaseError,
  LockTimeoutError,
  NoRowError,
  NotNullViolationError,
  NumericOutOfRangeError,
  OutOfMemoryError,
  PacketTooLargeError,
  PermissionDeniedError,
  PoolClosedError,
  PoolDeadlockError,
  PoolError,
  PoolQueueFullError,
  PoolTimeoutError,
  ProtocolError,
  QueryCancelledError,
  QueryError,
  QueryTimeoutError,
  ReadOnlyError,
  ResourceError,
  SerializationFailureError,
  ServerStartingError,
  SnapshotConflictError,
  SqlSyntaxError,
  StalePlanError,
  StringTooLongError,
  TlsError,
  TooComplexError,
  TooManyConnectionsError,
  TooManyPreparedStatementsError,
  TransactionAbortedError,
  TransactionClosedError,
  TransactionConflictError,
  TypeMismatchError,
  UndefinedColumnError,
  UndefinedDatabaseError,
  UndefinedFunctionError,
  UndefinedSchemaError,
  UndefinedTableError,
  UniqueViolationError,
  UnsupportedError,
  UsageError,
} from "./errors/index.js";

// Types: rows and tables
export type { InsertOf, RowOf, Table, TableAlias, UpdateOf } from "./schema/table.js";
export type { Definitions, TableColumns, TableInsert, TableKey, TableRow, TableUpdate } from "./schema/infer.js";
export type { ColumnDefinition, ReferenceOptions } from "./schema/definition.js";
export type { JsonFactory, NewColumn, NewCountingColumn } from "./schema/factories.js";
export type { IndexOptions, TableElement } from "./schema/constraints.js";
export type { DdlElement } from "./schema/ddl.js";
export type { MetaDataOptions } from "./schema/metadata.js";
export type { NamingConvention } from "./schema/naming.js";

// Types: statements and expressions
export type { Column } from "./sql/column.js";
export type { ColumnElement, Condition, Label } from "./sql/element.js";
export type { AggregateElement, AggregateLabel, FunctionElement, WindowOptions } from "./sql/function-element.js";
export type { ColumnsOf, FromClause } from "./sql/from.js";
export type { Delete } from "./sql/delete.js";
export type { Insert } from "./sql/insert.js";
export type { Operand, ParameterReference } from "./sql/operand.js";
export type { OrderElement } from "./sql/order.js";
export type { Parameter } from "./sql/parameter.js";
export type { Bind, NoRow, NotOneColumn, OneColumn, Query, RawQuery } from "./sql/query.js";
export type { Fragment, RawStatement, TypedRawStatement } from "./sql/raw.js";
export type { Whole } from "./sql/rows.js";
export type { Select, Subquery } from "./sql/select.js";
export type { LockOptions } from "./sql/select-parts.js";
export type { Update } from "./sql/update.js";
export type { CaseBuilder } from "./sql/values.js";

// Types: connections and calls
export type { TlsOptions } from "./database/encryption.js";
export type { Hook } from "./database/hooks.js";
export type { LimitOptions } from "./database/limits.js";
export type { ExecuteManyResult } from "./database/many.js";
export type { DatabaseOptions, Password } from "./database/options.js";
export type {
  ArrayOptions,
  IterateArrayOptions,
  IterateOptions,
  Queryable,
  QueryOptions,
} from "./database/queryable.js";
export type { DriverEntry } from "./database/registry.js";
export type { ExecuteResult } from "./database/results.js";
export type { RowIterator } from "./database/row-iterator.js";
export type { BeginOptions, TransactionOptions } from "./database/transaction-options.js";
export type { Method, TransactionalDecorator } from "./database/transactional.js";
export type { Dialect, IsolationLevel } from "./compiler/dialect.js";
export type {
  Driver,
  DriverConnection,
  DriverResult,
  DriverStatement,
  DriverStream,
  DriverTraits,
} from "./driver/driver.js";
export type { PoolFigures } from "./driver/pool-report.js";
export type { SqlType, TypeSource } from "./types/type.js";

// Types: errors and URLs
export type { ErrorCode, NativeErrorFacts, Outcome, Retryable } from "./errors/index.js";
export type { DatabaseURLChanges, UrlHost } from "./url/index.js";

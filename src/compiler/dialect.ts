import type { ConstraintNode } from "../ast/ddl.js";
import type { ExpressionNode } from "../ast/expression.js";
import type { ColumnNode } from "../ast/from.js";
import type { NodeKind, NodeOf } from "../ast/node.js";
import type { LockClause } from "../ast/statement.js";
import type { DatabaseError, NativeErrorFacts } from "../errors/index.js";
import type { BindRole, NonNullWire, SqlType } from "../types/type.js";
import type { WireValue } from "../util/wire.js";
import type { Features } from "./features.js";
import type { LexicalRules } from "./lexer.js";
import type { SqlWriter } from "./writer.js";

/** Writes one kind of node. Standard SQL has one for each kind; a dialect replaces those in which it differs. */
export type Renderers = { readonly [Kind in NodeKind]: (node: NodeOf<Kind>, writer: SqlWriter) => void };

export type RendererOverrides = Partial<Renderers>;

/** How one portable type is called in DDL and CAST, and how its values travel where that is not the type's own way. */
export interface TypeRule {
  /** The name in DDL. @throws {UnsupportedError} where the type cannot be had with these parameters. */
  readonly ddl: (type: SqlType, where: string) => string;
  /** The name in CAST, where it is another. */
  readonly cast?: (type: SqlType) => string;
  readonly toDriver?: (type: SqlType, value: unknown, role: BindRole) => WireValue;
  readonly fromDriver?: (type: SqlType, wire: NonNullWire) => unknown;
  /** The expression as a column of the type stores it, where the server does not convert what is assigned. */
  readonly assigned?: (type: SqlType, value: ExpressionNode) => ExpressionNode;
  /** Refuses an operation that this storage cannot do exactly: order, arithmetic. */
  readonly refuses?: (type: SqlType, operation: "order" | "arithmetic") => string | null;
}

export const ISOLATION_LEVELS = ["read uncommitted", "read committed", "repeatable read", "serializable"] as const;

export type IsolationLevel = (typeof ISOLATION_LEVELS)[number];

/** What a transaction is asked to be; a level is satisfied by a stronger one. */
export interface TransactionCharacteristics {
  readonly isolation: IsolationLevel | null;
  readonly readOnly: boolean;
  readonly deferrable: boolean;
}

/** The words of transactions. */
export interface TransactionSyntax {
  /** The statements that begin one, in order. @throws {UnsupportedError} for what the server cannot do. */
  begin(characteristics: TransactionCharacteristics): readonly string[];
  readonly commit: string;
  readonly rollback: string;
  savepoint(name: string): string;
  releaseSavepoint(name: string): string;
  rollbackToSavepoint(name: string): string;
}

/** Clauses that every database has and nearly every one writes its own way. */
export interface Clauses {
  limit(limit: ExpressionNode | null, offset: ExpressionNode | null, writer: SqlWriter): void;
  lock(lock: LockClause, writer: SqlWriter): void;
  /** Between the parentheses of IN where there is nothing: a query of no row, so that IN is false and NOT IN true. */
  readonly emptyList: string;
  /** After `INSERT INTO table`, for a row of defaults only. */
  readonly emptyRow: string;
}

/** One setting of a connection, and how it is seen to hold. */
export interface SessionSetting {
  readonly set: string;
  /** The statement whose first value tells; that of `set` itself where it is left out. */
  readonly check?: string;
  /** The answers that are right. */
  readonly expected: readonly string[];
  /** True where it changes the database itself, which one that is only read does not allow. */
  readonly writes: boolean;
}

/** A query that the server keeps open under a name, so that other statements may run between its pieces. Only inside a transaction. */
export interface CursorSyntax {
  /** What the transaction is told before: the planner shall count on all the rows. */
  readonly prepare: readonly string[];
  declare(name: string, query: string): string;
  fetch(name: string, count: number): string;
  close(name: string): string;
}

/** Where databases differ within CREATE TABLE. */
export interface DdlRules {
  /** True for a constraint that `columnSuffix` writes, beside its column. */
  inlines(constraint: ConstraintNode): boolean;
  /** The type of a column that counts up, where it is not the one that its type rule names. */
  columnType?(column: ColumnNode, constraints: readonly ConstraintNode[]): string | null;
  /** What follows type, NOT NULL and DEFAULT: how a generated column counts up. */
  columnSuffix(column: ColumnNode, constraints: readonly ConstraintNode[], writer: SqlWriter): void;
  /** True for a column whose default is an expression even where it is a literal, so that `defaultExpression` writes it. */
  isExpressionDefault?(column: ColumnNode): boolean;
  /** The server's default, in parentheses where they are asked for. */
  defaultExpression(expression: ExpressionNode, writer: SqlWriter): void;
}

/** One database's SQL: data, and the few functions that differ. No room but a dialect asks for its name; they ask for a feature. */
export interface Dialect {
  readonly name: string;
  readonly features: Features;
  readonly renderers: Renderers;
  readonly types: ReadonlyMap<string, TypeRule>;
  /** Portable functions that are spelled otherwise here, by their portable name. */
  readonly functions: ReadonlyMap<string, FunctionRenderer>;
  readonly clauses: Clauses;
  readonly ddl: DdlRules;
  readonly lexical: LexicalRules;
  readonly transactions: TransactionSyntax;
  /** The settings that a connection is opened with, where the protocol carries them. */
  readonly startup: Readonly<Record<string, string>>;
  /** What each new connection is set to, in order, before anything else; the checks of what `startup` has set are here, too. */
  readonly session: readonly SessionSetting[];
  /** How the server is told for how long a statement may run; `null` where it cannot be. */
  readonly statementTimeout: ((timeoutMs: number) => SessionSetting) | null;
  /** `null` where an open result occupies its connection. */
  readonly cursors: CursorSyntax | null;
  /** Quotes a name: doubles its delimiter, refuses NUL and the empty name. */
  quoteIdentifier(name: string): string;
  /** Writes a value of a type as a literal, for DDL. */
  quoteLiteral(wire: WireValue): string;
  /** The placeholder of the parameter at a position, counted from 1; `type` where the server must be told it. */
  placeholder(position: number, type: SqlType | null): string;
  /** Makes our error of a native one. */
  toError(facts: NativeErrorFacts, cause: unknown, sql: string | null): DatabaseError;
  /** The dialect for a server of this version: features differ by version. */
  forVersion(serverVersion: string): Dialect;
}

export type FunctionRenderer = (node: NodeOf<"function">, writer: SqlWriter) => void;

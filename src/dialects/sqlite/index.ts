import type { ColumnNode } from "../../ast/from.js";
import type { ConstraintNode } from "../../ast/ddl.js";
import { checkMembers, defaultInParentheses } from "../../compiler/ddl.js";
import type { Dialect, DdlRules, TransactionSyntax, SessionSetting } from "../../compiler/dialect.js";
import type { Features } from "../../compiler/features.js";
import type { LexicalRules } from "../../compiler/lexer.js";
import { limitOffset } from "../../compiler/select.js";
import { standardClauses, standardRenderers, standardTransactions } from "../../compiler/standard.js";
import { UsageError } from "../../errors/index.js";
import type { WireValue } from "../../util/wire.js";
import { toError } from "./errors.js";
import { sqliteExpressions } from "./expressions.js";
import { featuresOf, SQLITE_FEATURES } from "./features.js";
import { SQLITE_FUNCTIONS } from "./functions.js";
import { SQLITE_TYPES } from "./types.js";

const clauses: Dialect["clauses"] = {
  ...standardClauses,
  limit: limitOffset("-1"),
};

/** A lone generated key is `INTEGER PRIMARY KEY`, the row id; AUTOINCREMENT keeps SQLite from giving a deleted row's key again. */
const ddl: DdlRules = {
  inlines: (constraint) => constraint.kind === "primaryKey" && isRowId(constraint.columns),
  // Only INTEGER is the row id; SQLite's integers have 64 bits by any name.
  columnType: (column, constraints) => (rowIdKey(column, constraints) === null ? null : "INTEGER"),
  columnSuffix: (column, constraints, writer) => {
    checkMembers(column, writer);
    const key = rowIdKey(column, constraints);
    if (key === null) return;
    if (key.name !== null) {
      writer.write(" CONSTRAINT ");
      writer.identifier(key.name);
    }
    writer.write(" PRIMARY KEY AUTOINCREMENT");
  },
  defaultExpression: defaultInParentheses,
};

/** The primary key that is this column as row id. */
function rowIdKey(column: ColumnNode, constraints: readonly ConstraintNode[]): ConstraintNode | null {
  const key = constraints.find((constraint) => constraint.kind === "primaryKey");
  return key?.kind === "primaryKey" && isRowId(key.columns) && key.columns[0] === column ? key : null;
}

function isRowId([only, second]: readonly ColumnNode[]): boolean {
  return only?.defaults?.generated === true && second === undefined;
}

const transactions: TransactionSyntax = {
  // Every transaction is serializable, which satisfies each level. IMMEDIATE takes the write lock first: a later upgrade could not wait.
  begin: ({ readOnly }) => [readOnly ? "BEGIN DEFERRED" : "BEGIN IMMEDIATE"],
  ...standardTransactions(quoteIdentifier),
};

/** In memory there is no journal to write ahead. */
const SESSION: readonly SessionSetting[] = [
  { set: "PRAGMA journal_mode = wal", expected: ["wal", "memory"], writes: true },
  { set: "PRAGMA synchronous = full", check: "PRAGMA synchronous", expected: ["2"], writes: false },
  { set: "PRAGMA foreign_keys = ON", check: "PRAGMA foreign_keys", expected: ["1"], writes: false },
];

const lexical: LexicalRules = {
  identifierQuotes: { '"': '"', "`": "`", "[": "]" },
  stringQuotes: "'",
  backslashEscapes: false,
  escapeStrings: false,
  dollarQuotes: false,
  hashComments: false,
  dashesNeedSpace: false,
  executableComments: false,
  nestedComments: false,
  placeholderCharacters: "?$@:",
  effects: new Map(),
  temporarySchema: "temp",
  userVariables: false,
  refusesSeveral: false,
};

function quoteIdentifier(name: string): string {
  if (name === "" || name.includes("\0")) throw new UsageError("A name in SQL is not empty and has no NUL character.");
  return `"${name.replaceAll('"', '""')}"`;
}

function quoteLiteral(wire: WireValue): string {
  if (wire === null) return "NULL";
  if (typeof wire === "object")
    return `X'${Buffer.from(wire.buffer, wire.byteOffset, wire.byteLength).toString("hex")}'`;
  if (typeof wire === "boolean") return wire ? "1" : "0";
  if (typeof wire !== "string") return numberLiteral(wire);
  if (wire.includes("\0")) throw new UsageError("A text in SQL has no NUL character.");
  return `'${wire.replaceAll("'", "''")}'`;
}

/** A negative number stands in parentheses: after a minus it would begin a comment. */
function numberLiteral(wire: number | bigint): string {
  return wire < 0 ? `(${wire})` : String(wire);
}

function dialectWith(features: Features): Dialect {
  return {
    name: "sqlite",
    features,
    renderers: { ...standardRenderers, ...sqliteExpressions },
    types: SQLITE_TYPES,
    functions: SQLITE_FUNCTIONS,
    clauses,
    ddl,
    lexical,
    transactions,
    startup: {},
    session: SESSION,
    statementTimeout: null,
    cursors: null,
    quoteIdentifier,
    quoteLiteral,
    placeholder: () => "?",
    toError,
    forVersion: (serverVersion) => dialectFor(serverVersion),
  };
}

const BY_VERSION = new Map<string, Dialect>();

/** One dialect object a version, so that what was compiled for it is found again. */
function dialectFor(serverVersion: string): Dialect {
  let dialect = BY_VERSION.get(serverVersion);
  if (dialect === undefined) BY_VERSION.set(serverVersion, (dialect = dialectWith(featuresOf(serverVersion))));
  return dialect;
}

/** SQLite as it is today; `forVersion` is the dialect of a certain server. */
export const sqlite: Dialect = dialectWith(SQLITE_FEATURES);

import { hasNode, NODE, type NodeKind } from "../ast/node.js";
import type { DdlNode } from "../ast/ddl.js";
import type { StatementNode } from "../ast/statement.js";
import { bindParameters, textOf, type CallValues } from "../compiler/bind.js";
import { changesSession, type CompiledQuery } from "../compiler/compiled.js";
import type { Compiler } from "../compiler/compile.js";
import type { DriverStatement } from "../driver/driver.js";
import { UsageError } from "../errors/index.js";
import type { RawQuery } from "../sql/query.js";
import { isRecord } from "../util/record.js";
import type { Stand, Venue } from "./venue.js";

/** The kinds of nodes that can be run; all others are parts of statements. */
const RUNNABLE: { readonly [Kind in NodeKind]?: true } & {
  readonly [Kind in (StatementNode | DdlNode)["kind"]]: true;
} = {
  select: true,
  insert: true,
  update: true,
  delete: true,
  raw: true,
  createTable: true,
  dropTable: true,
  createIndex: true,
  dropIndex: true,
  addConstraint: true,
  dropConstraint: true,
};

/** The node of a statement; `null` for text, and for an object of text and parameters. @throws {UsageError} for anything else. */
export function statementNode(query: unknown): StatementNode | DdlNode | null {
  if (hasNode(query)) {
    const node = query[NODE];
    // The table says which nodes are statements.
    if (RUNNABLE[node.kind] === true) return node as StatementNode | DdlNode;
  } else if (typeof query === "string" || isRawQuery(query)) return null;
  throw new UsageError(
    "This is no query: give a statement such as notes.select(), a text with :name binds, sql`…`, or an object { sql, parameters }.",
  );
}

/**
 * A query in the text of one dialect.
 *
 * @throws {UsageError} for anything that is no query; nothing that came as JSON can be part of a statement.
 */
export function compileQuery(compiler: Compiler, query: unknown, values: CallValues | null): CompiledQuery {
  if (typeof query === "string") return compiler.compileText(query);
  const node = statementNode(query);
  if (node !== null) return compiler.compile(node, writtenKeys(node, values));
  if (values !== null) {
    throw new UsageError("A query { sql, parameters } brings its parameters along: leave out the values of the call.");
  }
  const { sql, parameters } = query as RawQuery;
  return compiler.compileNative(sql, parameters);
}

/** The text by which an insert takes many rows of the call at once; `null` for any other statement, and where lists make texts differ. */
export function rowsText(
  compiler: Compiler,
  query: unknown,
  { expand, returns }: CompiledQuery,
  row: CallValues,
): ((count: number) => string) | null {
  const node = statementNode(query);
  if (node?.kind !== "insert" || node.source !== null || expand !== null || returns !== "none") return null;
  return (count) => compiler.compileRows(node, Object.keys(row), count);
}

function writtenKeys(node: StatementNode | DdlNode, values: CallValues | null): readonly string[] | null {
  if (node.kind === "insert") return node.source === null && values !== null ? Object.keys(values) : null;
  return node.kind === "update" && node.set === null && values !== null ? Object.keys(values) : null;
}

function isRawQuery(query: unknown): query is RawQuery {
  if (typeof query !== "object" || query === null) return false;
  const { sql, parameters } = query as Partial<Record<keyof RawQuery, unknown>>;
  return typeof sql === "string" && Array.isArray(parameters);
}

/** The values of a call as an object. @throws {UsageError} where they are anything else. */
export function checkValues(values: unknown): CallValues | null {
  if (values === undefined || values === null) return null;
  if (isRecord(values)) return values;
  throw new UsageError("The values of a call are an object by name: { id: 1 }. For several rows use executeMany.");
}

/** One run of a query: its text and what is bound. Every default is made here, once. */
export function bindQuery(compiled: CompiledQuery, values: CallValues | null): DriverStatement {
  return {
    sql: textOf(compiled, values),
    parameters: bindParameters(compiled, values),
    reusable: compiled.expand === null,
    integers: compiled.integers,
    isCommand: false,
  };
}

/** A query as it goes to a driver. */
export interface Prepared {
  readonly compiled: CompiledQuery;
  readonly statement: DriverStatement;
}

/** The query for the server behind a place, where that is of another version than the one that it was compiled for. */
export function prepareFor(stand: Stand, query: unknown, values: CallValues | null): Prepared {
  try {
    const compiled = compileQuery(stand.session.compiler, query, values);
    return { compiled, statement: bindQuery(compiled, values) };
  } catch (error) {
    stand.leave(null);
    throw error;
  }
}

/** @throws {UsageError} for a statement that would change more than itself. */
export function refuseEffect(venue: Venue, { effect, text }: CompiledQuery): void {
  if (effect === "transaction") {
    throw new UsageError(
      `${firstWord(text)} is not run as text: transactions are begun by database.transaction() or database.begin(), and end with them.`,
    );
  }
  if (changesSession(effect) && venue.isStandAlone) {
    throw new UsageError(
      `${firstWord(text)} would change a connection that others use next: run it in database.connection(), or in onConnect for all of them.`,
    );
  }
}

function firstWord(text: string): string {
  return /[a-z]+/i.exec(text)?.[0].toUpperCase() ?? "This statement";
}

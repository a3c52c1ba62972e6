import type { ExpressionNode, FragmentNode } from "../ast/expression.js";
import type { NamedFromNode } from "../ast/from.js";
import type { Node } from "../ast/node.js";
import { PRECEDENCE, type Precedence } from "../ast/operators.js";
import type { QueryNode } from "../ast/statement.js";
import { UnsupportedError, UsageError } from "../errors/index.js";
import type { BindRole, SqlType } from "../types/type.js";
import type { CompiledBind } from "./compiled.js";
import type { Dialect } from "./dialect.js";
import { codecsOf, type Codecs } from "./codecs.js";
import { precedenceOf } from "./precedence.js";

/** Text and parameters in the order in which they are written. */
export type Chunk = string | CompiledBind;

/** What the columns of one query may belong to. */
interface Scope {
  /** `null` inside raw SQL, whose FROM is not known. */
  readonly tables: ReadonlySet<NamedFromNode> | null;
  /** Columns are written without their table: in RETURNING, CHECK, an index. */
  readonly unqualified: boolean;
}

/**
 * Collects one statement's text and parameters while renderers walk its tree.
 *
 * Scopes say which tables a column may name: the innermost query's, then those around it, so that a subquery may refer outwards.
 */
export class SqlWriter {
  readonly dialect: Dialect;
  readonly codecs: Codecs;
  /** Values are written as literals, as DDL needs them. */
  readonly inline: boolean;
  #chunks: Chunk[] = [];
  #ctes = new Map<string, { readonly node: Node; readonly chunks: readonly Chunk[] | null }>();
  #withInside = false;
  #scopes: Scope[] = [];
  readonly #parameterNames = new Set<string>();
  readonly #written = new Map<string, CompiledBind>();

  constructor(dialect: Dialect, inline = false) {
    this.dialect = dialect;
    this.codecs = codecsOf(dialect);
    this.inline = inline;
  }

  /** The names of the parameters that were written so far. */
  get parameterNames(): ReadonlySet<string> {
    return this.#parameterNames;
  }

  write(text: string): void {
    this.#chunks.push(text);
  }

  identifier(name: string): void {
    this.#chunks.push(this.dialect.quoteIdentifier(name));
  }

  /** Writes any node by its renderer. */
  node(node: Node): void {
    (this.dialect.renderers[node.kind] as (node: Node, writer: SqlWriter) => void)(node, this);
  }

  /** Writes an expression, in parentheses unless it binds at least as tightly as its place asks. */
  expression(node: ExpressionNode, atLeast: Precedence = PRECEDENCE.lowest): void {
    if (precedenceOf(node) >= atLeast) {
      this.node(node);
      return;
    }
    this.write("(");
    this.node(node);
    this.write(")");
  }

  /** Writes an expression where a condition is asked for: a bare boolean is compared with 1 where the database has none. */
  predicate(node: ExpressionNode, atLeast: Precedence = PRECEDENCE.lowest): void {
    if (this.dialect.features.nativeBoolean || !isBareBoolean(node)) {
      this.expression(node, atLeast);
      return;
    }
    const grouped = atLeast > PRECEDENCE.comparison;
    if (grouped) this.write("(");
    this.expression(node, PRECEDENCE.collate);
    this.write(" = 1");
    if (grouped) this.write(")");
  }

  /** Remembers that the parameter written last is the new value of a column. */
  noteWritten(key: string): void {
    const last = this.#chunks.at(-1);
    if (typeof last === "object") this.#written.set(key, last);
  }

  /** The parameter that is the new value of a column, where it is one. */
  writtenBind(key: string): CompiledBind | undefined {
    return this.#written.get(key);
  }

  /** Writes the items with a separator between. */
  list<T>(items: Iterable<T>, write: (item: T) => void, separator = ", "): void {
    let first = true;
    for (const item of items) {
      if (!first) this.write(separator);
      first = false;
      write(item);
    }
  }

  /** A bound value, or a literal where the statement takes no parameters. */
  value(value: unknown, type: SqlType | null, role: BindRole, inline: boolean = this.inline): void {
    const wire = this.codecs.encoder(type, role, "a value").encode(value);
    if (inline) this.write(this.dialect.quoteLiteral(wire));
    else this.#chunks.push({ source: "value", value: wire, type });
  }

  bind(bind: CompiledBind): CompiledBind {
    if (this.inline) throw new UsageError("DDL takes no parameters; write the value itself.");
    if (bind.source === "parameter") this.#parameterNames.add(bind.name);
    this.#chunks.push(bind);
    return bind;
  }

  /** Runs `write` inside a query whose columns may come from these tables. @throws {UsageError} for two of one name. */
  within(tables: readonly NamedFromNode[], unqualified: boolean, write: () => void): void {
    const names = new Set<string>();
    for (const table of tables) {
      const name = referenceOf(table);
      if (names.has(name))
        throw new UsageError(`FROM has "${table.name}" twice; give one of them another name with .as().`);
      names.add(name);
    }
    this.#scopes.push({ tables: new Set(tables), unqualified });
    write();
    this.#scopes.pop();
  }

  /** Writes raw SQL, whose columns may come from anywhere. */
  raw(body: FragmentNode): void {
    this.#scopes.push({ tables: null, unqualified: false });
    this.node(body);
    this.#scopes.pop();
  }

  /** Writes a query that sees nothing of those around it: a table of FROM, a CTE, the source of an insert. */
  derivedQuery(query: QueryNode): void {
    const around = this.#scopes;
    this.#scopes = [];
    this.node(query);
    this.#scopes = around;
  }

  /** Whether a column of the table is written with its table's name. @throws {UsageError} when the table is not in any FROM around. */
  qualifies(table: NamedFromNode, column: string): boolean {
    for (let depth = this.#scopes.length - 1; depth >= 0; depth--) {
      const scope = this.#scopes[depth] as Scope;
      if (scope.tables === null) return true;
      if (!scope.tables.has(table)) continue;
      this.#requireNotHidden(table, column, depth);
      // Inside a query of its own the column alone might be that query's.
      return !scope.unqualified || depth < this.#scopes.length - 1;
    }
    if (this.#scopes.length === 0) return true;
    throw new UsageError(
      `The column "${column}" belongs to "${table.name}", which is not in FROM. Join it, or select from it; an alias has columns of its own.`,
    );
  }

  /** @throws {UsageError} when a query further in calls something else by the table's name, so that SQL would take the column from there. */
  #requireNotHidden(table: NamedFromNode, column: string, depth: number): void {
    const name = referenceOf(table);
    for (const { tables } of this.#scopes.slice(depth + 1)) {
      for (const other of tables ?? []) {
        if (referenceOf(other) !== name) continue;
        throw new UsageError(
          `The column "${column}" belongs to a "${table.name}" that another one hides; give one of them another name with .as().`,
        );
      }
    }
  }

  /** Whether a query around selects from the table, so that a subquery may refer to it. */
  isInScope(table: NamedFromNode): boolean {
    return this.#scopes.some(({ tables }) => tables?.has(table) === true);
  }

  /** Writes into a buffer of its own. */
  capture(write: () => void): readonly Chunk[] {
    const outer = this.#chunks;
    this.#chunks = [];
    try {
      write();
      return this.#chunks;
    } finally {
      this.#chunks = outer;
    }
  }

  append(chunks: readonly Chunk[]): void {
    for (const chunk of chunks) this.#chunks.push(chunk);
  }

  /** Makes sure that the statement's WITH names a query, once. @throws {UsageError} for two different queries of one name. */
  cte(name: string, node: Node, write: () => void): void {
    const known = this.#ctes.get(name);
    if (known === undefined) {
      this.#ctes.set(name, { node, chunks: null });
      const chunks = this.capture(write);
      // Deleted and set again, so that a CTE stands after those that it uses.
      this.#ctes.delete(name);
      this.#ctes.set(name, { node, chunks });
    } else if (known.node !== node) {
      throw new UsageError(`Two different queries are called "${name}" in WITH; give each its own name.`);
    }
  }

  /** Writes a statement whose WITH stands in front of the queries inside it, where the database takes none before the statement. */
  withInside(write: () => void): void {
    this.#withInside = true;
    write();
    this.#withInside = false;
  }

  /** Writes a query, with a WITH of its own in front where it is to have one. */
  query(write: () => void): void {
    if (!this.#withInside) {
      write();
      return;
    }
    const around = this.#ctes;
    this.#ctes = new Map();
    this.#withInside = false;
    const body = this.capture(write);
    this.append(this.withClause());
    this.append(body);
    this.#ctes = around;
    this.#withInside = true;
  }

  /** The statement's WITH, empty where it names nothing. */
  withClause(): readonly Chunk[] {
    if (this.#ctes.size === 0) return [];
    return this.capture(() => {
      this.write("WITH ");
      this.list(this.#ctes, ([name, { chunks }]) => {
        this.identifier(name);
        this.write(" AS (");
        this.append(chunks ?? []);
        this.write(")");
      });
      this.write(" ");
    });
  }

  /** All that was written. */
  chunks(): readonly Chunk[] {
    return this.#chunks;
  }

  /** @throws {UnsupportedError} always: names the dialect, the construct and a way out. */
  unsupported(construct: string, wayOut: string): never {
    throw new UnsupportedError(`${this.dialect.name} has no ${construct}. ${wayOut}`);
  }
}

/** By what name columns refer to it. */
function referenceOf(table: NamedFromNode): string {
  return table.kind === "table" && table.schema !== null ? JSON.stringify([table.schema, table.name]) : table.name;
}

/** Kinds whose boolean is a stored value rather than a comparison. */
const BARE_BOOLEANS: ReadonlySet<ExpressionNode["kind"]> = new Set([
  "column",
  "function",
  "case",
  "cast",
  "value",
  "parameter",
  "subqueryExpression",
]);

function isBareBoolean(node: ExpressionNode): boolean {
  if (node.kind === "label") return isBareBoolean(node.operand);
  return node.type?.kind === "boolean" && BARE_BOOLEANS.has(node.kind);
}

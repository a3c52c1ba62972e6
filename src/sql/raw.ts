import type { ExpressionNode, FragmentNode, FragmentPart } from "../ast/expression.js";
import { hasNode, NODE, type Node } from "../ast/node.js";
import type { RawNode } from "../ast/statement.js";
import { UsageError } from "../errors/index.js";
import { inferType } from "../types/infer.js";
import type { TypeSource } from "../types/type.js";
import { describe, isFrom, isQuery, operand, typeOf, undefinedError } from "./coerce.js";
import { ColumnElement } from "./element.js";
import { derived } from "./from.js";
import type { Bind, KEY, OneColumn, PARAMETERS, Query, ROW, SCALAR, TUPLE, VALUES } from "./query.js";
import { Subquery } from "./select.js";

/** The union of binds for an object of parameters, as `sql<Row, { id: number }>` names them. */
type BindsOf<Values> = { [Name in keyof Values & string]: Bind<Name, Values[Name]> }[keyof Values & string];

/** A raw SQL statement: text with bound values between. Its rows are what its type argument claims, until `.columns()` declares them. */
export class RawStatement<Row = Record<string, unknown>, Parameters = never> implements Query<
  Row,
  Row[keyof Row][],
  OneColumn<Row[keyof Row] | null>,
  Parameters,
  never,
  never
> {
  readonly [NODE]: RawNode;
  declare readonly [ROW]: Row;
  declare readonly [TUPLE]: Row[keyof Row][];
  declare readonly [SCALAR]: OneColumn<Row[keyof Row] | null>;
  declare readonly [PARAMETERS]: Parameters;
  declare readonly [VALUES]: never;
  declare readonly [KEY]: never;

  constructor(node: RawNode) {
    this[NODE] = node;
  }

  /**
   * Declares the columns that the statement gives, in order: each value goes through its type, and the statement can be selected from.
   *
   * @example
   * ```ts
   * const tallies = sql`SELECT completed, count(*) FROM ${notes} GROUP BY completed`.columns({ completed: boolean(), total: integer() });
   * ```
   */
  columns<const Columns extends Readonly<Record<string, TypeSource>>>(
    columns: Columns,
  ): TypedRawStatement<
    { -readonly [Key in keyof Columns]: Columns[Key] extends TypeSource<infer Value> ? Value : never },
    Parameters
  > {
    const declared = Object.entries(columns).map(([key, source]) => ({
      key,
      type: typeOf(source, `.columns({ ${key} })`),
    }));
    if (declared.length === 0)
      throw new UsageError(".columns({}) declares nothing; name every column of the statement.");
    return new TypedRawStatement({ ...this[NODE], columns: declared });
  }
}

/** A raw statement whose columns are declared. */
export class TypedRawStatement<Row, Parameters = never> extends RawStatement<Row, Parameters> {
  /** The statement as something to select from. */
  subquery<const Name extends string>(name: Name): Subquery<Name, Row, Parameters> {
    return new Subquery(derived("subquery", name, this[NODE]));
  }

  /** The statement as a common table expression. */
  cte<const Name extends string>(name: Name): Subquery<Name, Row, Parameters> {
    return new Subquery(derived("cte", name, this[NODE]));
  }
}

/** A piece of SQL for the inside of another: a quoted name, or joined parts. */
export class Fragment {
  readonly [NODE]: ExpressionNode;

  constructor(node: ExpressionNode) {
    this[NODE] = node;
  }
}

/** The `sql` tag and what belongs to it. */
export interface SqlTag {
  /**
   * A raw statement. In `${}` values are bound; tables and columns are quoted; queries stand in parentheses; arrays go through `list(array)`.
   * A bound text is of the type that its place asks for: `WHERE day = ${"2026-01-31"}` compares days.
   *
   * @throws {UsageError} for `undefined`, a bare array, or anything that is no SQL value.
   */
  <Row = Record<string, unknown>, Values = never>(
    strings: TemplateStringsArray,
    ...values: readonly unknown[]
  ): RawStatement<Row, [Values] extends [never] ? never : BindsOf<Values>>;
  /** A raw expression, for the inside of a typed statement. Its value comes as the driver gives it, as `V` claims. */
  readonly value: <V = unknown>(strings: TemplateStringsArray, ...values: readonly unknown[]) => ColumnElement<V>;
  /** A quoted name, its parts joined by dots. */
  readonly identifier: (...parts: readonly string[]) => Fragment;
  /** The parts one after another, the separator (SQL text, `", "` when left out) between them. */
  readonly join: (parts: readonly unknown[], separator?: string) => Fragment;
}

function fragmentNode(strings: TemplateStringsArray, values: readonly unknown[], grouped: boolean): FragmentNode {
  requireTemplate(strings);
  const parts: (string | FragmentPart)[] = [];
  strings.forEach((text: string | undefined, index) => {
    if (text === undefined) throw new UsageError("The sql template has an invalid escape; write \\\\ for a backslash.");
    if (text !== "") parts.push(text);
    if (index < values.length) parts.push(partOf(values[index], "${} of a sql template"));
  });
  return { kind: "fragment", parts, grouped, type: null };
}

/** Refuses a call that is no tagged template: an array from outside must not become SQL text. */
function requireTemplate(strings: unknown): void {
  if (
    !Array.isArray(strings) ||
    !Object.isFrozen(strings) ||
    !Array.isArray((strings as { readonly raw?: unknown }).raw)
  ) {
    throw new UsageError("sql is a template tag: write sql`SELECT …`, without parentheses.");
  }
}

function partOf(value: unknown, where: string): FragmentPart {
  if (!hasNode(value)) {
    if (Array.isArray(value))
      throw new UsageError(`${where} got an array; write \${list(array)} for a list of values.`);
    if (value !== null && value !== undefined && inferType(value) === null) {
      throw new UsageError(`${where} takes SQL values, tables, columns and queries, but got ${describe(value)}.`);
    }
    if (value === undefined) throw undefinedError(where);
    return bareValue(value, where);
  }
  const node: Node = value[NODE];
  if (isFrom(node) || isQuery(node) || node.kind === "list" || node.kind === "identifier") return node;
  return operand(value, null, where);
}

/** A text may be a value of any type there, a date or a document: the server takes it for what its place asks for. */
function bareValue(value: unknown, where: string): ExpressionNode {
  if (typeof value !== "string") return operand(value, null, where);
  return { kind: "value", value, type: null, role: "compare", inline: false };
}

/** Where types and run time meet: what the rows are is the caller's claim. */
function statement(strings: TemplateStringsArray, ...values: readonly unknown[]): never {
  return new RawStatement({ kind: "raw", body: fragmentNode(strings, values, false), columns: null }) as never;
}

function identifier(...parts: readonly string[]): Fragment {
  if (parts.length === 0 || parts.some((part) => typeof part !== "string" || part === "")) {
    throw new UsageError("sql.identifier() takes names that are not empty.");
  }
  return new Fragment({ kind: "identifier", parts, type: null });
}

function join(parts: readonly unknown[], separator = ", "): Fragment {
  if (!Array.isArray(parts) || parts.length === 0) throw new UsageError("sql.join() takes an array that is not empty.");
  if (typeof separator !== "string") throw new UsageError("The separator of sql.join() is SQL text, a string.");
  const joined = parts.flatMap((part, index) => {
    const piece = partOf(part, "sql.join()");
    return index === 0 ? [piece] : [separator, piece];
  });
  return new Fragment({ kind: "fragment", parts: joined, grouped: false, type: null });
}

export const sql: SqlTag = Object.assign(statement, {
  value: <V>(strings: TemplateStringsArray, ...values: readonly unknown[]): ColumnElement<V> =>
    new ColumnElement(fragmentNode(strings, values, true)),
  identifier,
  join,
});

/**
 * A list of bound values in parentheses, for `IN ${list(ids)}` in a `sql` template.
 * @throws {UsageError} for anything but an array, or for `undefined` in it.
 */
export function list(values: readonly unknown[]): Fragment {
  if (!Array.isArray(values)) throw new UsageError(`list() takes an array, but got ${describe(values)}.`);
  const members = Array.from(values, (value) => bareValue(value, "list()"));
  return new Fragment({ kind: "list", members, type: null });
}

import type { ExpressionNode } from "../ast/expression.js";
import type { NamedFromNode } from "../ast/from.js";
import { hasNode, NODE } from "../ast/node.js";
import type { SelectItem, SelectShape, ShapeField } from "../ast/statement.js";
import { UsageError } from "../errors/index.js";
import { describe, expression, undefinedError } from "./coerce.js";
import { FromClause } from "./from.js";
import type { Item, ParametersOf } from "./operand.js";
import type { PARAMETERS } from "./query.js";
import type { DistinctKeys, NamedSelection, Whole } from "./rows.js";
import { Select } from "./select.js";
import { itemsOfTable, selectNode, wholeSelect } from "./select-parts.js";

/** "one" where every item is an aggregate, so that the statement gives a row even of an empty table. */
type RowsOf = "one";

/**
 * Selects expressions, each under its own key: a column's key, a function's name, or what `.as()` says.
 *
 * Rows are flat, keys in selection order. Two items of one key do not compile, and throw. FROM is the one table that the columns come from; with more
 * tables write the joins.
 *
 * @throws {UsageError} for an item without a name, two of one key, or anything that is no expression.
 * @example
 * ```ts
 * await database.fetchAll(select(users.c.name, count()).join(posts).groupBy(users.c.name));
 * // { name: string; count: number }[]
 * ```
 */
export function select<const Items extends readonly Item[]>(
  ...items: Items & DistinctKeys<Items>
): Select<Items, never, never, ParametersOf<Items>, RowsOf>;
/** Selects all columns of a table, alias or subquery. */
export function select<Name extends string, Row, P>(
  table: FromClause<Name, unknown, Row, P>,
): Select<Whole<Row, Name>, Name, never, P>;
/**
 * Selects by name: an expression under its key, a table as an object of its own.
 *
 * A table that an outer join left without a partner is `null`, told by its primary key or a NOT NULL column.
 *
 * @example
 * ```ts
 * await database.fetchAll(select({ note: notes, author: users.c.name }).from(notes).leftJoin(users));
 * // { note: { id: number; … }; author: string | null }[]
 * ```
 */
export function select<const S extends NamedSelection>(
  selection: S,
): Select<S, never, never, S[keyof S][typeof PARAMETERS], RowsOf>;
export function select(...given: readonly unknown[]): Select<never, never, never, never, never> {
  const [only] = given;
  if (given.length === 0) throw new UsageError("select() needs at least one column, expression or table.");
  if (given.length === 1 && only instanceof FromClause) return new Select(wholeSelect(only[NODE]));
  if (given.length === 1 && isRecord(only)) return new Select(namedSelect(only));
  return new Select(selectNode(flatItems(given, "select()"), null, null));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !hasNode(value) && !Array.isArray(value);
}

/** The items of a flat row, each with its own key. */
function flatItems(given: readonly unknown[], where: string): readonly SelectItem[] {
  const keys = new Set<string>();
  return given.map((each) => {
    const item = flatItem(each, where);
    if (keys.has(item.key)) {
      throw new UsageError(
        `${where} has two columns of the key "${item.key}"; name one with .as("…"), or nest: select({ … }).`,
      );
    }
    keys.add(item.key);
    return item;
  });
}

function flatItem(given: unknown, where: string): SelectItem {
  const node = expression(given, where);
  const key = nameOf(node);
  if (key === null) throw new UsageError(`${where} needs a name for an expression: give it one with .as("…").`);
  return { key, expression: node };
}

function nameOf(node: ExpressionNode): string | null {
  switch (node.kind) {
    case "column":
      return node.key;
    case "label":
      return node.name;
    case "function":
      return node.name;
    case "filter":
      return node.aggregate.name;
    case "window":
      return nameOf(node.function);
    default:
      return null;
  }
}

function namedSelect(selection: Record<string, unknown>): ReturnType<typeof selectNode> {
  const items: SelectItem[] = [];
  const shape: ShapeField[] = [];
  for (const key of Object.keys(selection)) {
    const value = selection[key];
    if (value === undefined) throw undefinedError(`select({ ${key} })`);
    shape.push(value instanceof FromClause ? nested(key, value[NODE], items) : flat(key, value, items));
  }
  if (shape.length === 0) throw new UsageError("select({}) needs at least one column, expression or table.");
  return selectNode(items, shape, null);
}

function flat(key: string, value: unknown, items: SelectItem[]): ShapeField {
  if (!hasNode(value)) {
    throw new UsageError(`select({ ${key} }) takes a table or an expression, but got ${describe(value)}.`);
  }
  items.push({ key, expression: expression(value, `select({ ${key} })`) });
  return { key, index: items.length - 1 };
}

function nested(key: string, from: NamedFromNode, items: SelectItem[]): ShapeField {
  const first = items.length;
  items.push(...itemsOfTable(from));
  const fields: SelectShape = from.columns.map((column, offset) => ({ key: column.key, index: first + offset }));
  const witness = from.columns.findIndex((column) => column.primaryKey);
  const certain = witness === -1 ? from.columns.findIndex((column) => !column.nullable) : witness;
  return { key, fields, from, presence: certain === -1 ? null : first + certain };
}

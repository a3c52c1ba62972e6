import type { ExpressionNode, OrderNode } from "../../ast/expression.js";
import type { ColumnNode } from "../../ast/from.js";
import type { SelectItem, SelectNode } from "../../ast/statement.js";
import { collectTables } from "../../ast/walk.js";
import { expressionRenderers } from "../../compiler/expressions.js";
import { namedIn } from "../../compiler/from.js";
import { indexOf, positionOf, unlabelled } from "../../compiler/positions.js";
import { selectRenderers } from "../../compiler/select.js";
import type { SqlWriter } from "../../compiler/writer.js";

/** NULL comes before all values by itself: only what is otherwise takes a term of its own. */
const BY_ITSELF = { asc: "first", desc: "last" } as const;

export function order(node: OrderNode, writer: SqlWriter): void {
  const nulls = node.nulls === BY_ITSELF[node.direction] ? null : node.nulls;
  expressionRenderers.order({ ...node, nulls, operand: constant(node.operand) }, writer);
}

const BOUND: ReadonlySet<ExpressionNode["kind"]> = new Set(["value", "parameter"]);

/** MariaDB takes a bound number that stands alone for the position of a column. */
function constant(node: ExpressionNode): ExpressionNode {
  if (!BOUND.has(unlabelled(node).kind)) return node;
  return { kind: "fragment", parts: ["COALESCE(", node, ")"], grouped: false, type: node.type };
}

/** Writes what GROUP BY and ORDER BY share with the selection as its position there. */
export function select(node: SelectNode, writer: SqlWriter): void {
  if (node.groupBy.length === 0 && node.orderBy.length === 0) {
    selectRenderers.select(node, writer);
    return;
  }
  const groupBy = node.groupBy.map((term) => positionOf(term, node.items) ?? constant(term));
  const orderBy = node.orderBy.flatMap((term) => ordered(term, node, writer));
  selectRenderers.select({ ...node, groupBy, orderBy }, writer);
}

function ordered(term: OrderNode, node: SelectNode, writer: SqlWriter): readonly OrderNode[] {
  const operand = positionOf(term.operand, node.items);
  if (operand === null) return [term];
  const placed: OrderNode = { ...term, operand, nulls: null };
  if (term.nulls === null || term.nulls === BY_ITSELF[term.direction]) return [placed];
  return [nullsOf(term, node, writer), placed];
}

/** Whether the value is NULL, as a term before it: a position is none within an expression. */
function nullsOf({ operand, nulls }: OrderNode, node: SelectNode, writer: SqlWriter): OrderNode {
  const test = nulls === "first" ? " IS NOT NULL" : " IS NULL";
  return {
    kind: "order",
    operand: { kind: "fragment", parts: ["(", within(operand, node, writer), `)${test}`], grouped: false, type: null },
    direction: "asc",
    nulls: null,
    type: null,
  };
}

/** By its name in the selection where groups or distinct rows are ordered, which are known by nothing else. */
function within(operand: ExpressionNode, node: SelectNode, writer: SqlWriter): ExpressionNode {
  const expression = unlabelled(operand);
  const isKnown =
    node.groupBy.length === 0 ? !node.distinct : !node.groupBy.some((it) => unlabelled(it) === expression);
  if (isKnown || expression.kind === "column") return expression;
  const { key } = node.items[indexOf(operand, node.items)] as SelectItem;
  if (columnsOf(node).some(({ name }) => name.toLowerCase() === key.toLowerCase())) {
    // The column goes before the selection.
    writer.unsupported(
      `NULLS FIRST or LAST where groups or distinct rows are ordered by "${key}", which is a column of FROM as well`,
      "Select the expression by another name.",
    );
  }
  return { kind: "identifier", parts: [key], type: operand.type };
}

function columnsOf({ from, items }: SelectNode): readonly ColumnNode[] {
  const tables = new Set(from === null ? [] : namedIn(from));
  // FROM that is left out has what the selection is made of.
  if (from === null) for (const { expression } of items) collectTables(expression, tables);
  return [...tables].flatMap((table) => table.columns);
}

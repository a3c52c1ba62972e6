import type { ExpressionNode, OrderNode } from "../../ast/expression.js";
import type { FromNode } from "../../ast/from.js";
import type { NodeOf } from "../../ast/node.js";
import type { SelectNode } from "../../ast/statement.js";
import { absentTables } from "../../ast/walk.js";
import { ddlRenderers } from "../../compiler/ddl.js";
import { expressionRenderers } from "../../compiler/expressions.js";
import { positionOf } from "../../compiler/positions.js";
import { selectRenderers } from "../../compiler/select.js";
import type { SqlWriter } from "../../compiler/writer.js";

/*
 * NULL comes before all values, as on the other databases, where nothing else is said; PostgreSQL itself puts it behind them.
 * It is written only where there may be a NULL, and indexes that we create have the same order: both keep an ORDER BY on its index.
 */

/** What outer joins may leave out in the queries that are being written, the innermost last. */
const absentIn = new WeakMap<SqlWriter, ReadonlySet<FromNode>[]>();

function mayBeNull(node: ExpressionNode, writer: SqlWriter): boolean {
  if (node.kind === "label") return mayBeNull(node.operand, writer);
  if (node.kind !== "column") return true;
  return node.nullable || (absentIn.get(writer) ?? []).some((absent) => absent.has(node.from));
}

export function order(node: OrderNode, writer: SqlWriter): void {
  const nulls = node.nulls ?? (mayBeNull(node.operand, writer) ? (node.direction === "asc" ? "first" : "last") : null);
  expressionRenderers.order({ ...node, nulls }, writer);
}

export function createIndex(node: NodeOf<"createIndex">, writer: SqlWriter): void {
  const terms = node.index.terms.map((term) =>
    term.kind === "column" && term.nullable
      ? ({ kind: "order", operand: term, direction: "asc", nulls: null, type: null } as const)
      : term,
  );
  ddlRenderers.createIndex({ ...node, index: { ...node.index, terms } }, writer);
}

/**
 * What GROUP BY and ORDER BY share with the selection is written as its position there: with values inside, the two would be different
 * expressions to the server, which knows none of the values.
 */
export function select(node: SelectNode, writer: SqlWriter): void {
  const stack = absentIn.get(writer) ?? [];
  absentIn.set(writer, stack);
  stack.push(absentTables(node.from));
  const groupBy = node.groupBy.map((term) => positionOf(term, node.items) ?? term);
  const orderBy = node.orderBy.map((term) => {
    const position = term.operand.kind === "label" ? null : positionOf(term.operand, node.items);
    return position === null ? term : { ...term, operand: position };
  });
  selectRenderers.select({ ...node, groupBy, orderBy }, writer);
  stack.pop();
}

import type { ExpressionNode } from "../ast/expression.js";
import type { SelectItem } from "../ast/statement.js";

/**
 * The position in the selection of what GROUP BY or ORDER BY shares with it, `null` where it shares nothing, or a mere column. With values
 * inside, the two would be different expressions to a server, which knows none of the values.
 */
export function positionOf(term: ExpressionNode, items: readonly SelectItem[]): ExpressionNode | null {
  const index = term.kind === "column" ? -1 : indexOf(term, items);
  return index < 0 ? null : { kind: "fragment", parts: [String(index + 1)], grouped: false, type: term.type };
}

/** Which of the selected expressions a term is, with or without its label; -1 for none of them. */
export function indexOf(term: ExpressionNode, items: readonly SelectItem[]): number {
  return items.findIndex(({ expression }) => expression === term || unlabelled(expression) === unlabelled(term));
}

export function unlabelled(node: ExpressionNode): ExpressionNode {
  return node.kind === "label" ? node.operand : node;
}

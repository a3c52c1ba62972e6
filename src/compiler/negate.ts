import type { ExpressionNode } from "../ast/expression.js";
import { OPERATORS } from "../ast/operators.js";

/** The condition that is true exactly where this one is false, `null` where no operator says so. */
export function negate(node: ExpressionNode): ExpressionNode | null {
  switch (node.kind) {
    case "binary": {
      const operator = OPERATORS[node.operator].negation;
      return operator === null ? null : { ...node, operator };
    }
    case "in":
    case "like":
    case "between":
    case "exists":
      return { ...node, negated: !node.negated };
    case "prefix":
      return node.operator === "not" ? node.operand : null;
    case "constant":
      return typeof node.value === "boolean" ? { ...node, value: !node.value } : null;
    case "label":
      return negate(node.operand);
    default:
      return null;
  }
}

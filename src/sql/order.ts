import type { ExpressionNode, OrderNode } from "../ast/expression.js";
import { NODE } from "../ast/node.js";

/** One term of ORDER BY, made by `.asc()` and `.desc()`. */
export class OrderElement {
  readonly [NODE]: OrderNode;

  constructor(node: OrderNode) {
    this[NODE] = node;
  }

  /** NULLs before all values. Emulated exactly where the server has no such words. */
  nullsFirst(): OrderElement {
    return new OrderElement({ ...this[NODE], nulls: "first" });
  }

  /** NULLs after all values. Emulated exactly where the server has no such words. */
  nullsLast(): OrderElement {
    return new OrderElement({ ...this[NODE], nulls: "last" });
  }
}

export function orderBy(operand: ExpressionNode, direction: "asc" | "desc"): OrderElement {
  return new OrderElement({ kind: "order", operand, direction, nulls: null, type: null });
}

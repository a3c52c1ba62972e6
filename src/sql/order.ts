import type { ExpressionNode, OrderNode } from "../ast/expression.js";
import { NODE } from "../ast/node.js";
import type { PARAMETERS } from "./query.js";

/** One term of ORDER BY, made by `.asc()` and `.desc()`, with the parameters inside it. */
export class OrderElement<out Parameters = unknown> {
  readonly [NODE]: OrderNode;
  declare readonly [PARAMETERS]: Parameters;

  constructor(node: OrderNode) {
    this[NODE] = node;
  }

  /** NULLs before all values. Emulated exactly where the server has no such words. */
  nullsFirst(): OrderElement<Parameters> {
    return new OrderElement({ ...this[NODE], nulls: "first" });
  }

  /** NULLs after all values. Emulated exactly where the server has no such words. */
  nullsLast(): OrderElement<Parameters> {
    return new OrderElement({ ...this[NODE], nulls: "last" });
  }
}

export function orderBy(operand: ExpressionNode, direction: "asc" | "desc"): OrderElement<never> {
  return new OrderElement({ kind: "order", operand, direction, nulls: null, type: null });
}

import type { ExpressionNode, FunctionNode } from "../ast/expression.js";
import type { SqlType } from "../types/type.js";
import { expression } from "./coerce.js";
import type { ColumnElement } from "./element.js";
import { FunctionElement } from "./function-element.js";

/** A call of a portable function, by its portable name. */
export function functionNode(name: string, args: readonly ExpressionNode[], type: SqlType | null): FunctionNode {
  return { kind: "function", name, arguments: args, distinct: false, known: true, aggregate: false, type };
}

/** A function of one argument that gives a value of the argument's type. */
export function sameType<V, T extends string, P, const Name extends string>(
  name: Name,
  value: ColumnElement<V, T, P>,
): FunctionElement<V, T, Name, P> {
  const argument = expression(value, `${name}()`);
  return new FunctionElement(functionNode(name, [argument], argument.type));
}

import type { ExpressionNode, FunctionNode } from "../ast/expression.js";
import { isDecorated } from "../types/decorated.js";
import { doubleType } from "../types/float.js";
import { bigIntegerType } from "../types/integer.js";
import { textType } from "../types/text.js";
import type { SqlType } from "../types/type.js";
import { expression, operand } from "./coerce.js";
import { AggregateElement } from "./function-element.js";
import { functionNode } from "./function-node.js";
import type { NotNull, Operand } from "./operand.js";

/** The type of counts and of sums of integers: whole numbers that are refused past 2^53 rather than rounded. */
const wholeNumber: SqlType<number> = bigIntegerType({ as: "number" });

function aggregateNode(name: string, args: readonly ExpressionNode[], type: SqlType | null): FunctionNode {
  return { ...functionNode(name, args, type), aggregate: true };
}

/** How many rows there are, or how many have a value that is not NULL. */
export function count<P = never>(value?: Operand<unknown, P>): AggregateElement<number, never, "count", P>;
export function count(...values: readonly unknown[]): AggregateElement<number, never, "count", never> {
  const args = values.map((value) => expression(value, "count()"));
  return new AggregateElement(aggregateNode("count", args, wholeNumber));
}

/** The sum of the values that are not NULL; NULL without any. Of integers a number, of `bigInteger` a bigint, of `numeric` a string. */
export function sum<V, P>(value: Operand<V, P>): AggregateElement<NotNull<V> | null, never, "sum", P> {
  const argument = expression(value, "sum()");
  return new AggregateElement(aggregateNode("sum", [argument], sumType(argument.type)));
}

function sumType(type: SqlType | null): SqlType | null {
  if (type === null || isDecorated(type)) return type;
  return type.kind === "integer" || type.kind === "smallInteger" ? wholeNumber : type;
}

/** The mean of the values that are not NULL, as a double; NULL without any. */
export function avg<P>(value: Operand<unknown, P>): AggregateElement<number | null, never, "avg", P> {
  return new AggregateElement(aggregateNode("avg", [expression(value, "avg()")], doubleType));
}

/** The least value; NULL without any. */
export function min<V, P>(value: Operand<V, P>): AggregateElement<NotNull<V> | null, never, "min", P> {
  const argument = expression(value, "min()");
  return new AggregateElement(aggregateNode("min", [argument], argument.type));
}

/** The greatest value; NULL without any. */
export function max<V, P>(value: Operand<V, P>): AggregateElement<NotNull<V> | null, never, "max", P> {
  const argument = expression(value, "max()");
  return new AggregateElement(aggregateNode("max", [argument], argument.type));
}

/** The texts that are not NULL joined with the separator between, in no certain order; NULL without any. */
export function stringAgg<P>(
  value: Operand<string | null, P>,
  separator: string,
): AggregateElement<string | null, never, "stringAgg", P> {
  const between = operand(separator, textType, "stringAgg()");
  return new AggregateElement(aggregateNode("stringAgg", [expression(value, "stringAgg()"), between], textType));
}

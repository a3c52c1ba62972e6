import { doubleType } from "../types/float.js";
import { integerType } from "../types/integer.js";
import { expression, operand } from "./coerce.js";
import type { ColumnElement } from "./element.js";
import { FunctionElement } from "./function-element.js";
import { functionNode, sameType } from "./function-node.js";

/** Without its sign. */
export function abs<V, T extends string = never, P = never>(
  value: ColumnElement<V, T, P>,
): FunctionElement<V, T, "abs", P> {
  return sameType("abs", value);
}

/** Rounded to the nearest whole number, or to so many decimal digits; halves away from zero. */
export function round<V, T extends string = never, P = never>(
  value: ColumnElement<V, T, P>,
  digits: number = 0,
): FunctionElement<V, T, "round", P> {
  const argument = expression(value, "round()");
  return new FunctionElement(functionNode("round", [argument, operand(digits, integerType, "round()")], argument.type));
}

/** The greatest whole number that is not greater. */
export function floor<V, T extends string = never, P = never>(
  value: ColumnElement<V, T, P>,
): FunctionElement<V, T, "floor", P> {
  return sameType("floor", value);
}

/** The least whole number that is not less. */
export function ceil<V, T extends string = never, P = never>(
  value: ColumnElement<V, T, P>,
): FunctionElement<V, T, "ceil", P> {
  return sameType("ceil", value);
}

/** -1, 0 or 1, as the value is negative, zero or positive. */
export function sign<V, T extends string = never, P = never>(
  value: ColumnElement<V, T, P>,
): FunctionElement<number | Extract<V, null>, T, "sign", P> {
  return new FunctionElement(functionNode("sign", [expression(value, "sign()")], integerType));
}

/** The square root, as a double; NULL of a negative number. */
export function sqrt<V, T extends string = never, P = never>(
  value: ColumnElement<V, T, P>,
): FunctionElement<number | null, T, "sqrt", P> {
  return new FunctionElement(functionNode("sqrt", [expression(value, "sqrt()")], doubleType));
}

/** The value to the power of the exponent, as a double. */
export function power<V, T extends string = never, P = never>(
  value: ColumnElement<V, T, P>,
  exponent: number,
): FunctionElement<number | Extract<V, null>, T, "power", P> {
  const args = [expression(value, "power()"), operand(exponent, doubleType, "power()")];
  return new FunctionElement(functionNode("power", args, doubleType));
}

/** A double from 0 to 1, 1 excluded, another for each row. */
export function random(): FunctionElement<number, never, "random"> {
  return new FunctionElement(functionNode("random", [], doubleType));
}

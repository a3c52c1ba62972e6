import type { ExpressionNode, FunctionNode } from "../ast/expression.js";
import { integerType } from "../types/integer.js";
import { textType } from "../types/text.js";
import { operand } from "./coerce.js";
import type { ColumnElement } from "./element.js";
import { FunctionElement } from "./function-element.js";
import { functionNode } from "./function-node.js";
import type { Input, Operand } from "./operand.js";

function textFunction<V, P>(name: string, value: Operand<V, P>, ...more: readonly ExpressionNode[]): FunctionNode {
  return functionNode(name, [operand(value, textType, `${name}()`), ...more], textType);
}

/** In lower case. Beyond ASCII it is the server's decision; SQLite leaves such letters as they are. */
export function lower<V extends string | null, T extends string = never, P = never>(
  value: ColumnElement<V, T, P>,
): FunctionElement<string | Extract<V, null>, T, "lower", P> {
  return new FunctionElement(textFunction("lower", value));
}

/** In upper case. Beyond ASCII it is the server's decision; SQLite leaves such letters as they are. */
export function upper<V extends string | null, T extends string = never, P = never>(
  value: ColumnElement<V, T, P>,
): FunctionElement<string | Extract<V, null>, T, "upper", P> {
  return new FunctionElement(textFunction("upper", value));
}

/** How many characters (code points) the text has. */
export function length<V extends string | null, T extends string = never, P = never>(
  value: ColumnElement<V, T, P>,
): FunctionElement<number | Extract<V, null>, T, "length", P> {
  return new FunctionElement({ ...textFunction("length", value), type: integerType });
}

/** Without spaces at both ends. */
export function trim<V extends string | null, T extends string = never, P = never>(
  value: ColumnElement<V, T, P>,
): FunctionElement<string | Extract<V, null>, T, "trim", P> {
  return new FunctionElement(textFunction("trim", value));
}

/** Without spaces at the start. */
export function ltrim<V extends string | null, T extends string = never, P = never>(
  value: ColumnElement<V, T, P>,
): FunctionElement<string | Extract<V, null>, T, "ltrim", P> {
  return new FunctionElement(textFunction("ltrim", value));
}

/** Without spaces at the end. */
export function rtrim<V extends string | null, T extends string = never, P = never>(
  value: ColumnElement<V, T, P>,
): FunctionElement<string | Extract<V, null>, T, "rtrim", P> {
  return new FunctionElement(textFunction("rtrim", value));
}

/** The part that begins at `start` (the first character is 1), of `length` characters or to the end. */
export function substring<V extends string | null, T extends string = never, P = never>(
  value: ColumnElement<V, T, P>,
  start: Input<number>,
  characters?: Input<number>,
): FunctionElement<string | Extract<V, null>, T, "substring", P>;
export function substring(
  value: Operand,
  ...bounds: readonly unknown[]
): FunctionElement<never, never, "substring", never> {
  const nodes = bounds.map((bound) => operand(bound, integerType, "substring()"));
  return new FunctionElement(textFunction("substring", value, ...nodes));
}

/** The text with every occurrence of `search` replaced. */
export function replace<V extends string | null, T extends string = never, P = never>(
  value: ColumnElement<V, T, P>,
  search: Input<string>,
  replacement: Input<string>,
): FunctionElement<string | Extract<V, null>, T, "replace", P> {
  const rest = [operand(search, textType, "replace()"), operand(replacement, textType, "replace()")];
  return new FunctionElement(textFunction("replace", value, ...rest));
}

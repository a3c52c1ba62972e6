import { UsageError } from "../errors/index.js";
import { bigIntegerType, integerType } from "../types/integer.js";
import type { SqlType } from "../types/type.js";
import { expression, operand } from "./coerce.js";
import { FunctionElement } from "./function-element.js";
import { functionNode } from "./function-node.js";
import type { Operand } from "./operand.js";

/* Functions that only a window gives a meaning: `rowNumber().over({ orderBy: [notes.c.id] })`. */

const wholeNumber: SqlType<number> = bigIntegerType({ as: "number" });

/** Numbers the rows of a window from 1: `rowNumber().over({ orderBy: [notes.c.id] })`. */
export function rowNumber(): FunctionElement<number, never, "rowNumber"> {
  return new FunctionElement(functionNode("rowNumber", [], wholeNumber));
}

/** The rank in a window, with gaps after equals. */
export function rank(): FunctionElement<number, never, "rank"> {
  return new FunctionElement(functionNode("rank", [], wholeNumber));
}

/** The rank in a window, without gaps. */
export function denseRank(): FunctionElement<number, never, "denseRank"> {
  return new FunctionElement(functionNode("denseRank", [], wholeNumber));
}

/** Numbers the rows of a window by so many buckets of equal size, from 1. */
export function ntile(buckets: number): FunctionElement<number, never, "ntile"> {
  if (!Number.isSafeInteger(buckets) || buckets < 1) throw new UsageError("ntile() takes a whole number, one or more.");
  return new FunctionElement(functionNode("ntile", [operand(buckets, integerType, "ntile()")], wholeNumber));
}

/** The value of the row `offset` rows before in the window; NULL where there is none. */
export function lag<V, P>(value: Operand<V, P>, offset: number = 1): FunctionElement<V | null, never, "lag", P> {
  return shifted("lag", value, offset);
}

/** The value of the row `offset` rows after in the window; NULL where there is none. */
export function lead<V, P>(value: Operand<V, P>, offset: number = 1): FunctionElement<V | null, never, "lead", P> {
  return shifted("lead", value, offset);
}

function shifted<V, P, const Name extends string>(
  name: Name,
  value: Operand<V, P>,
  offset: number,
): FunctionElement<V | null, never, Name, P> {
  const argument = expression(value, `${name}()`);
  return new FunctionElement(functionNode(name, [argument, operand(offset, integerType, `${name}()`)], argument.type));
}

/** The value of the window's first row; NULL where a frame holds none. */
export function firstValue<V, P>(value: Operand<V, P>): FunctionElement<V | null, never, "firstValue", P> {
  const argument = expression(value, "firstValue()");
  return new FunctionElement(functionNode("firstValue", [argument], argument.type));
}

/** The value of the window's last row, NULL where a frame holds none; mind that a window with an order ends at the current row unless a frame says otherwise. */
export function lastValue<V, P>(value: Operand<V, P>): FunctionElement<V | null, never, "lastValue", P> {
  const argument = expression(value, "lastValue()");
  return new FunctionElement(functionNode("lastValue", [argument], argument.type));
}

import type { ExpressionNode } from "../ast/expression.js";
import { UsageError } from "../errors/index.js";
import { dateTimeType } from "../types/date-time.js";
import { dateType } from "../types/date.js";
import { integerType } from "../types/integer.js";
import { expression } from "./coerce.js";
import type { ColumnElement } from "./element.js";
import { FunctionElement } from "./function-element.js";
import { functionNode } from "./function-node.js";

/** The moment of the statement (on PostgreSQL: of the transaction), in UTC. */
export function now(): FunctionElement<Date, never, "now"> {
  return new FunctionElement(functionNode("now", [], dateTimeType()));
}

/** The day of the statement, in UTC: `'YYYY-MM-DD'`. */
export function currentDate(): FunctionElement<string, never, "currentDate"> {
  return new FunctionElement(functionNode("currentDate", [], dateType));
}

/** The fields that `extract` reads. */
export const EXTRACT_FIELDS = ["year", "month", "day", "hour", "minute", "second"] as const;

export type ExtractField = (typeof EXTRACT_FIELDS)[number];

/** One field of a date or date and time, as a whole number. */
export function extract<V, T extends string = never, P = never>(
  field: ExtractField,
  value: ColumnElement<V, T, P>,
): FunctionElement<number | Extract<V, null>, T, "extract", P> {
  if (!EXTRACT_FIELDS.includes(field)) throw new UsageError(`extract() knows the fields ${EXTRACT_FIELDS.join(", ")}.`);
  const name: ExpressionNode = { kind: "identifier", parts: [field], type: null };
  return new FunctionElement(functionNode("extract", [name, expression(value, "extract()")], integerType));
}

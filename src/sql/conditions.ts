import type { ExpressionNode, PrefixNode } from "../ast/expression.js";
import { NODE } from "../ast/node.js";
import type { SelectNode } from "../ast/statement.js";
import { UsageError } from "../errors/index.js";
import { booleanType } from "../types/boolean.js";
import { condition, describe } from "./coerce.js";
import { type Condition, ColumnElement } from "./element.js";
import type { Operand, ParametersOf } from "./operand.js";
import type { Query } from "./query.js";

/** True where all conditions are. With one it is that one. */
export function and<const C extends readonly Operand<boolean | null>[]>(...conditions: C): Condition<ParametersOf<C>> {
  return junction("and", conditions);
}

/** True where at least one condition is. With one it is that one. */
export function or<const C extends readonly Operand<boolean | null>[]>(...conditions: C): Condition<ParametersOf<C>> {
  return junction("or", conditions);
}

function junction(operator: "and" | "or", conditions: readonly unknown[]): Condition<never> {
  const members = conditions.map((each) => condition(each, `${operator}()`));
  const [first, second] = members;
  if (first === undefined) {
    throw new UsageError(
      `${operator}() needs at least one condition; trueValue() and falseValue() say the empty ones.`,
    );
  }
  if (second === undefined) return new ColumnElement(first);
  const flat = members.flatMap((each) =>
    each.kind === "junction" && each.operator === operator ? each.members : [each],
  );
  return new ColumnElement({ kind: "junction", operator, members: flat, type: booleanType });
}

/** True where the condition is false; NULL stays NULL. */
export function not<P = never>(negated: Operand<boolean | null, P>): Condition<P> {
  const operand = condition(negated, "not()");
  const node: PrefixNode = { kind: "prefix", operator: "not", operand, type: booleanType };
  return new ColumnElement(node);
}

/** True where the query gives a row; a column of the outer query may stand in its conditions. */
export function exists<P>(query: Query<unknown, unknown, unknown, P, never>): Condition<P> {
  const node = query?.[NODE];
  if (node?.kind !== "select") throw new UsageError(`exists() takes a select, but got ${describe(query)}.`);
  return new ColumnElement({ kind: "exists", query: node satisfies SelectNode, negated: false, type: booleanType });
}

function constant<Value extends null | boolean>(value: Value): ColumnElement<Value> {
  const node: ExpressionNode = { kind: "constant", value, type: value === null ? null : booleanType };
  return new ColumnElement(node);
}

/** TRUE. */
export function trueValue(): ColumnElement<true> {
  return constant(true);
}

/** FALSE. */
export function falseValue(): ColumnElement<false> {
  return constant(false);
}

/** NULL, where a value is asked for. */
export function nullValue(): ColumnElement<null> {
  return constant(null);
}

import type { ExpressionNode } from "../ast/expression.js";
import type { ColumnNode, TableNode } from "../ast/from.js";
import type { HasNode } from "../ast/node.js";
import type { Assignments } from "../ast/statement.js";
import { UsageError } from "../errors/index.js";
import type { VALUE } from "../types/type.js";
import { isRecord } from "../util/record.js";
import { describe, operand, undefinedError } from "./coerce.js";
import type { ParameterReference } from "./operand.js";
import type { Bind, PARAMETERS } from "./query.js";

/** An expression seen through its value alone: a place that named its parameters would be where they are inferred from. */
interface Expression<out Value> extends HasNode<ExpressionNode> {
  readonly [VALUE]: Value;
}

/** What a written column may be given: a value, an expression, a parameter. */
export type WithExpressions<Values> = {
  readonly [Key in keyof Values]: Values[Key] | Expression<Values[Key]> | ParameterReference<string>;
};

/** Refuses keys that are no columns: inferring what was given, the compiler does not look for them. */
export type OnlyColumns<Given, Values> = Given extends readonly unknown[]
  ? readonly NoOthers<Given[number], Values>[]
  : NoOthers<Given, Values>;

type NoOthers<Row, Values> = {
  readonly [Key in KeyOf<Row>]?: Key extends keyof Values ? unknown : NoSuchColumn;
};
interface NoSuchColumn {
  readonly "the table has no such column": never;
}
type KeyOf<Row> = Row extends unknown ? keyof Row : never;

/** The parameters that given values, of one row or of several, ask the call for. */
export type ParametersIn<Given, Values> = ParametersInRow<
  Given extends readonly unknown[] ? Given[number] : Given,
  Values
>;

type ParametersInRow<Row, Values> = Row extends unknown
  ? {
      [Key in keyof Row]-?: Row[Key] extends ParameterReference<infer Name>
        ? Bind<Name, Key extends keyof Values ? Exclude<Values[Key], undefined> : never>
        : Row[Key] extends { readonly [PARAMETERS]: unknown }
          ? Row[Key][typeof PARAMETERS]
          : never;
    }[keyof Row]
  : never;

/** The columns and their expressions, in the order given. */
export function assignments(table: TableNode, given: unknown, where: string): Assignments {
  if (!isRecord(given)) {
    throw new UsageError(`${where} takes an object by column key, but got ${describe(given)}.`);
  }
  const assigned = new Map<string, ExpressionNode>();
  for (const key of Object.keys(given)) {
    const column = columnOf(table, key, where);
    const value = given[key];
    if (value === undefined) throw undefinedError(`the column "${key}" in ${where}`);
    assigned.set(key, operand(value, column.type, `the column "${key}" in ${where}`, "write"));
  }
  return assigned;
}

export function columnOf(table: TableNode, key: string, where: string): ColumnNode {
  const column = table.columns.find((each) => each.key === key);
  if (column === undefined) {
    const known = table.columns.map((each) => each.key).join(", ");
    throw new UsageError(`${where} names "${key}", which is no column of the table "${table.name}". It has: ${known}.`);
  }
  return column;
}

import type { ExpressionNode } from "../ast/expression.js";
import type { HasNode } from "../ast/node.js";
import type { VALUE } from "../types/type.js";
import type { Bind, OneColumn, PARAMETERS, Query } from "./query.js";

/* Phantom keys of expressions. None exists at run time. */
export declare const TABLES: unique symbol;
export declare const NAME: unique symbol;
export declare const AGGREGATE: unique symbol;

/** Any SQL expression, seen through its value and the parameters that it asks for. */
export interface Operand<
  out Value = unknown,
  out Parameters = unknown,
  out Tables = unknown,
> extends HasNode<ExpressionNode> {
  readonly [VALUE]: Value;
  readonly [PARAMETERS]: Parameters;
  /** The tables whose absence from an outer join makes the value NULL. */
  readonly [TABLES]: Tables;
}

/** An expression with a name, as a flat row needs it: a column, a function (named after itself), or anything under `.as()`. */
export interface Item<
  out Value = unknown,
  out Tables = unknown,
  out Name = unknown,
  out Parameters = unknown,
> extends Operand<Value, Parameters, Tables> {
  readonly [NAME]: Name;
}

/** A parameter whose type comes from where it stands. */
export interface ParameterReference<out Name extends string> extends HasNode<ExpressionNode> {
  readonly parameter: Name;
}

export type NotNull<Value> = Exclude<Value, null>;

/** `null` where the value may be it. */
export type NullOf<Value> = Value & null;

/** The values, the parameters, and the tables, of the expressions among arguments. */
export type ValueIn<Argument> = Argument extends { readonly [VALUE]: infer Value } ? Value : never;
export type ParametersIn<Argument> = Argument extends { readonly [PARAMETERS]: infer Parameters } ? Parameters : never;
export type TablesIn<Argument> = Argument extends { readonly [TABLES]: infer Tables extends string } ? Tables : never;

/** The parameters of several expressions. */
export type ParametersOf<Operands extends readonly { readonly [PARAMETERS]: unknown }[]> =
  Operands[number][typeof PARAMETERS];

/** What an operator takes beside a `Value`: a plain value or another expression. `undefined` is neither. */
export type Input<Value, Parameters = never> = NotNull<Value> | Operand<NotNull<Value> | null, Parameters>;

/** What IN takes: values, or a query of one column. */
export type ListInput<Value, Parameters = never> =
  readonly Input<Value>[] | Query<unknown, unknown, OneColumn<NotNull<Value> | null>, Parameters, never>;

/** The parameter of this name, if there is one: a place that took something else infers no name. */
export type ParameterFor<Name extends string, Value> = Name extends string ? Bind<Name, Value> : never;

/** The value of arithmetic: exact decimals (strings) win over `bigint`, `bigint` over `number`; NULL in either makes NULL. */
export type Arithmetic<Left, Right> =
  | NullOf<Left | Right>
  | (string extends Left | Right ? string : bigint extends Left | Right ? bigint : NotNull<Left | Right>);

/** The quotient of a true division: a double, NULL when dividing by zero. */
export type Quotient = number | null;

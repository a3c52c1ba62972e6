import type { HasNode } from "../ast/node.js";
import type { StatementNode } from "../ast/statement.js";
import type { DdlNode } from "../ast/ddl.js";

/* Phantom keys: what a statement tells the compiler of TypeScript. None exists at run time. */
export declare const ROW: unique symbol;
export declare const TUPLE: unique symbol;
export declare const SCALAR: unique symbol;
export declare const PARAMETERS: unique symbol;
export declare const VALUES: unique symbol;
export declare const KEY: unique symbol;

/**
 * A statement that can be run, seen through its types: the row that it gives, the same row by position, the value of a one-column row,
 * the parameters that the call must bind, the values that it must give, and the key of an inserted row.
 */
export interface Query<
  out Row = unknown,
  out Tuple = unknown,
  out Scalar = unknown,
  out Parameters = unknown,
  out Values = unknown,
  out Key = unknown,
> extends HasNode<StatementNode | DdlNode> {
  readonly [ROW]: Row;
  readonly [TUPLE]: Tuple;
  readonly [SCALAR]: Scalar;
  readonly [PARAMETERS]: Parameters;
  readonly [VALUES]: Values;
  readonly [KEY]: Key;
}

/** A parameter by name, with the value that it takes. A statement carries the union of its parameters. */
export interface Bind<out Name extends string = string, out Value = unknown> {
  readonly name: Name;
  readonly value: Value;
}

/** What `fetchVal` takes: a statement whose row has one column. */
export interface OneColumn<out Value> {
  readonly value: Value;
}

/** The scalar of a statement of several columns: it lacks `value`, so the compiler names it where one column is asked for. */
export interface NotOneColumn {
  readonly "fetchVal takes a statement of one column": never;
}

/** The row of a statement that gives none: no object, so that it is refused where rows are asked for. The compiler would show a plain literal as `string`. */
export type NoRow = `this statement gives no rows; add .returning(…)${string}`;

/** What is inferred from another argument: as `NoInfer`, but open to a mapped type, which would not see a union's members through that. */
export type Inferred<T> = [T][T extends unknown ? 0 : never];

type ParameterValues<Parameters> = [Parameters] extends [never]
  ? unknown
  : { [Each in Parameters as Each extends Bind ? Each["name"] : never]: Each extends Bind ? Each["value"] : never };

/** What the call must give: the row or SET values, and a value for each parameter. */
export type CallValues<Parameters, Values> = [Parameters] extends [never]
  ? Values
  : [Values] extends [never]
    ? ParameterValues<Parameters>
    : Values & ParameterValues<Parameters>;

/** The arguments after the query: values are asked for exactly where the statement needs them; `Values` with `null` may be left out. */
export type CallArguments<Parameters, Values, Options> = [Parameters | Values] extends [never]
  ? [values?: null, options?: Options]
  : [Parameters, null] extends [never, Values]
    ? [values?: Values, options?: Options]
    : [values: CallValues<Parameters, NonNullable<Values>>, options?: Options];

/** What other builders compile to: text with the dialect's own placeholders, and their values in order. */
export interface RawQuery {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

import type { FilterNode, FunctionNode, WindowFrame, WindowNode } from "../ast/expression.js";
import { NODE } from "../ast/node.js";
import { UsageError } from "../errors/index.js";
import { condition, expression, order, undefinedError } from "./coerce.js";
import { ColumnElement } from "./element.js";
import type { AGGREGATE, Item, NAME, Operand } from "./operand.js";
import type { OrderElement } from "./order.js";

/** A function call: an expression named after its function. */
export class FunctionElement<
  out Value = unknown,
  out Tables extends string = never,
  out Name extends string = string,
  out Parameters = never,
>
  extends ColumnElement<Value, Tables, Parameters>
  implements Item<Value, Tables, Name, Parameters>
{
  declare readonly [NODE]: FunctionNode | FilterNode | WindowNode;
  declare readonly [NAME]: Name;

  /**
   * The function over a window of rows: `rowNumber().over({ partitionBy: [notes.c.author], orderBy: [notes.c.id] })`.
   * An empty window is all rows of the result.
   */
  over(window: WindowOptions = {}): FunctionElement<Value, Tables, Name, Parameters> {
    const node = this[NODE];
    if (node.kind === "window") throw new UsageError(".over() was called twice on one function.");
    for (const [key, value] of Object.entries(window))
      if (value === undefined) throw undefinedError(`${key} of a window`);
    return new FunctionElement({
      kind: "window",
      function: node,
      partitionBy: termsOf(window.partitionBy, "partitionBy").map((term) => expression(term, "partitionBy")),
      orderBy: termsOf(window.orderBy, "orderBy").map((term) => order(term, "a window's orderBy")),
      frame: frameOf(window),
      type: node.type,
    });
  }
}

function termsOf(terms: unknown, where: string): readonly unknown[] {
  if (terms === undefined) return [];
  if (!Array.isArray(terms)) throw new UsageError(`The ${where} of a window takes an array: [column].`);
  return terms as readonly unknown[];
}

/** A window: which rows are looked at together, in which order, and how far around the current one. */
export interface WindowOptions {
  readonly partitionBy?: readonly Operand[];
  readonly orderBy?: readonly (OrderElement | Operand)[];
  /** Rows around the current one: `[-5, 0]` is five before to the current; `null` is unbounded. */
  readonly rows?: FrameBounds;
  /** The same, counted in values of the order's term. */
  readonly range?: FrameBounds;
  /** The same, counted in groups of peers. */
  readonly groups?: FrameBounds;
}

export type FrameBounds = readonly [start: number | null, end: number | null];

const FRAME_UNITS = ["rows", "range", "groups"] as const;

function frameOf(window: WindowOptions): WindowFrame | null {
  const given = FRAME_UNITS.filter((unit) => window[unit] !== undefined);
  const [unit, second] = given;
  if (unit === undefined) return null;
  if (second !== undefined) throw new UsageError(`A window has one frame, but got ${unit} and ${second}.`);
  const [start, end] = window[unit] as FrameBounds;
  for (const bound of [start, end]) {
    if (bound !== null && !Number.isSafeInteger(bound)) {
      throw new UsageError(`The bounds of ${unit} are whole numbers, or null for unbounded.`);
    }
  }
  if (start !== null && end !== null && start > end)
    throw new UsageError(`The frame of ${unit} ends before it starts.`);
  return { unit, start, end };
}

/** An aggregate over the rows of a group, or of the whole result. */
export class AggregateElement<
  out Value = unknown,
  out Tables extends string = never,
  out Name extends string = string,
  out Parameters = never,
> extends FunctionElement<Value, Tables, Name, Parameters> {
  declare readonly [NODE]: FunctionNode | FilterNode;
  declare readonly [AGGREGATE]: true;

  /** Only over the rows for which the condition is true. Emulated exactly where the server lacks FILTER. */
  filter<P = never>(where: Operand<boolean | null, P>): AggregateElement<Value, Tables, Name, Parameters | P> {
    const aggregate = this.#function(".filter()");
    return new AggregateElement({
      kind: "filter",
      aggregate,
      condition: condition(where, ".filter()"),
      type: aggregate.type,
    });
  }

  /** Over the distinct values only: `count(users.c.city).distinct()`. */
  distinct(): AggregateElement<Value, Tables, Name, Parameters> {
    const node = this.#function(".distinct()");
    if (node.arguments.length === 0) throw new UsageError(".distinct() needs an argument: count(column).distinct().");
    return new AggregateElement({ ...node, distinct: true });
  }

  override as<const Alias extends string>(name: Alias): AggregateLabel<Value, Tables, Alias, Parameters> {
    return super.as(name) as AggregateLabel<Value, Tables, Alias, Parameters>;
  }

  #function(where: string): FunctionNode {
    const node = this[NODE];
    if (node.kind === "filter") throw new UsageError(`${where} comes before .filter(), and .filter() once.`);
    return node;
  }
}

/** An aggregate under a name; it still gives its one row. */
export interface AggregateLabel<
  out Value,
  out Tables extends string,
  out Name extends string,
  out Parameters,
> extends ColumnElement<Value, Tables, Parameters> {
  readonly [NAME]: Name;
  readonly [AGGREGATE]: true;
}

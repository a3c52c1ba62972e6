import type { ExpressionNode, LikeNode } from "../ast/expression.js";
import { NODE } from "../ast/node.js";
import type { OperatorName } from "../ast/operators.js";
import { UsageError } from "../errors/index.js";
import { booleanType } from "../types/boolean.js";
import { doubleType } from "../types/float.js";
import { isWhole, promote } from "../types/promote.js";
import { textType } from "../types/text.js";
import type { SqlType, TypeSource, VALUE } from "../types/type.js";
import { describe, list, operand, peerOf, typeOf, undefinedError } from "./coerce.js";
import { escapeLike, LIKE_ESCAPE, type LikeOptions, type PatternInput, requireEscape } from "./like.js";
import type {
  Arithmetic,
  Input,
  Item,
  ListInput,
  NAME,
  NotNull,
  NullOf,
  Operand,
  ParameterFor,
  ParameterReference,
  Quotient,
  TABLES,
} from "./operand.js";
import { orderBy, type OrderElement } from "./order.js";
import type { PARAMETERS } from "./query.js";

/** A condition: true, false or NULL. */
export type Condition<Parameters = never> = ColumnElement<boolean | null, never, Parameters>;

/**
 * A SQL expression with its operators as methods.
 *
 * `Value` is what it gives, NULL included; `Tables` are the tables whose absence from an outer join makes it NULL; `Parameters` are the names that
 * the call must bind. Operators never change the element; they give a new one.
 */
export class ColumnElement<
  out Value = unknown,
  out Tables extends string = never,
  out Parameters = never,
> implements Operand<Value, Parameters> {
  readonly [NODE]: ExpressionNode;
  declare readonly [VALUE]: Value;
  declare readonly [TABLES]: Tables;
  declare readonly [PARAMETERS]: Parameters;

  constructor(node: ExpressionNode) {
    this[NODE] = node;
  }

  /** Equal. `.eq(null)` is IS NULL. */
  eq<Name extends string = never, P = never>(
    value: Input<Value, P> | ParameterReference<Name> | null,
  ): Condition<Parameters | P | ParameterFor<Name, NotNull<Value>>> {
    return value === null ? this.#is("is", null) : this.#compare("eq", value);
  }

  /** Not equal. `.ne(null)` is IS NOT NULL. */
  ne<Name extends string = never, P = never>(
    value: Input<Value, P> | ParameterReference<Name> | null,
  ): Condition<Parameters | P | ParameterFor<Name, NotNull<Value>>> {
    return value === null ? this.#is("isNot", null) : this.#compare("ne", value);
  }

  /** Less than. NULL is refused: it has no order. */
  lt<Name extends string = never, P = never>(
    value: Input<Value, P> | ParameterReference<Name>,
  ): Condition<Parameters | P | ParameterFor<Name, NotNull<Value>>> {
    return this.#ordered("lt", value);
  }

  /** Less than or equal. */
  lte<Name extends string = never, P = never>(
    value: Input<Value, P> | ParameterReference<Name>,
  ): Condition<Parameters | P | ParameterFor<Name, NotNull<Value>>> {
    return this.#ordered("lte", value);
  }

  /** Greater than. */
  gt<Name extends string = never, P = never>(
    value: Input<Value, P> | ParameterReference<Name>,
  ): Condition<Parameters | P | ParameterFor<Name, NotNull<Value>>> {
    return this.#ordered("gt", value);
  }

  /** Greater than or equal. */
  gte<Name extends string = never, P = never>(
    value: Input<Value, P> | ParameterReference<Name>,
  ): Condition<Parameters | P | ParameterFor<Name, NotNull<Value>>> {
    return this.#ordered("gte", value);
  }

  /** Equal, or both NULL; never NULL itself. */
  isNotDistinctFrom<Name extends string = never, P = never>(
    value: Input<Value, P> | ParameterReference<Name> | null,
  ): Condition<Parameters | P | ParameterFor<Name, Value>> {
    return this.#compare("isNotDistinctFrom", value);
  }

  /** Not equal, where NULL is a value like any other; never NULL itself. */
  isDistinctFrom<Name extends string = never, P = never>(
    value: Input<Value, P> | ParameterReference<Name> | null,
  ): Condition<Parameters | P | ParameterFor<Name, Value>> {
    return this.#compare("isDistinctFrom", value);
  }

  /** IS NULL, IS TRUE, IS FALSE. */
  is(value: null | boolean): Condition<Parameters> {
    return this.#is("is", value);
  }

  /** IS NOT NULL, IS NOT TRUE, IS NOT FALSE. */
  isNot(value: null | boolean): Condition<Parameters> {
    return this.#is("isNot", value);
  }

  /** One of the values, or of a query's rows. An empty array is false. */
  in<Name extends string = never, P = never>(
    value: ListInput<Value, P> | ParameterReference<Name>,
  ): Condition<Parameters | P | ParameterFor<Name, readonly NotNull<Value>[]>> {
    return this.#in(value, false);
  }

  /** None of the values, nor of a query's rows. An empty array is true. */
  notIn<Name extends string = never, P = never>(
    value: ListInput<Value, P> | ParameterReference<Name>,
  ): Condition<Parameters | P | ParameterFor<Name, readonly NotNull<Value>[]>> {
    return this.#in(value, true);
  }

  /** From `low` to `high`, both included. */
  between<Low extends string = never, High extends string = never, P = never, Q = never>(
    low: Input<Value, P> | ParameterReference<Low>,
    high: Input<Value, Q> | ParameterReference<High>,
  ): Condition<Parameters | P | Q | ParameterFor<Low | High, NotNull<Value>>> {
    const type = this[NODE].type;
    if (low === null || high === null) throw neverTrue(".between()");
    return new ColumnElement({
      kind: "between",
      operand: this[NODE],
      low: operand(low, type, ".between()"),
      high: operand(high, type, ".between()"),
      negated: false,
      type: booleanType,
    });
  }

  /** Matches a pattern with `%` and `_`, where case counts. `escape` names the character that makes them plain. */
  like<Name extends string = never, P = never>(
    pattern: PatternInput<Name, P>,
    options?: LikeOptions,
  ): Condition<Parameters | P | ParameterFor<Name, string>> {
    return this.#like(".like()", { pattern, escape: options?.escape ?? null });
  }

  /** Does not match the pattern. */
  notLike<Name extends string = never, P = never>(
    pattern: PatternInput<Name, P>,
    options?: LikeOptions,
  ): Condition<Parameters | P | ParameterFor<Name, string>> {
    return this.#like(".notLike()", { pattern, escape: options?.escape ?? null, negated: true });
  }

  /** Matches a pattern whatever the case. Beyond ASCII, what is the same letter is the server's decision. */
  ilike<Name extends string = never, P = never>(
    pattern: PatternInput<Name, P>,
    options?: LikeOptions,
  ): Condition<Parameters | P | ParameterFor<Name, string>> {
    return this.#like(".ilike()", { pattern, escape: options?.escape ?? null, ignoreCase: true });
  }

  /** Holds the text somewhere; `%` and `_` in it are plain characters. */
  contains<Name extends string = never, P = never>(
    text: PatternInput<Name, P>,
  ): Condition<Parameters | P | ParameterFor<Name, string>> {
    return this.#like(".contains()", { pattern: text, wildcards: "both" });
  }

  /** Begins with the text. */
  startsWith<Name extends string = never, P = never>(
    text: PatternInput<Name, P>,
  ): Condition<Parameters | P | ParameterFor<Name, string>> {
    return this.#like(".startsWith()", { pattern: text, wildcards: "after" });
  }

  /** Ends with the text. */
  endsWith<Name extends string = never, P = never>(
    text: PatternInput<Name, P>,
  ): Condition<Parameters | P | ParameterFor<Name, string>> {
    return this.#like(".endsWith()", { pattern: text, wildcards: "before" });
  }

  /** Sum. */
  plus<V, T extends string, P>(
    value: ColumnElement<V, T, P>,
  ): ColumnElement<Arithmetic<Value, V>, Tables | T, Parameters | P>;
  plus<Name extends string = never, P = never>(
    value: Input<Value, P> | ParameterReference<Name>,
  ): ColumnElement<Value, Tables, Parameters | P | ParameterFor<Name, NotNull<Value>>>;
  plus(value: unknown): ColumnElement<never, never, never> {
    return this.#arithmetic("plus", value);
  }

  /** Difference. */
  minus<V, T extends string, P>(
    value: ColumnElement<V, T, P>,
  ): ColumnElement<Arithmetic<Value, V>, Tables | T, Parameters | P>;
  minus<Name extends string = never, P = never>(
    value: Input<Value, P> | ParameterReference<Name>,
  ): ColumnElement<Value, Tables, Parameters | P | ParameterFor<Name, NotNull<Value>>>;
  minus(value: unknown): ColumnElement<never, never, never> {
    return this.#arithmetic("minus", value);
  }

  /** Product. */
  times<V, T extends string, P>(
    value: ColumnElement<V, T, P>,
  ): ColumnElement<Arithmetic<Value, V>, Tables | T, Parameters | P>;
  times<Name extends string = never, P = never>(
    value: Input<Value, P> | ParameterReference<Name>,
  ): ColumnElement<Value, Tables, Parameters | P | ParameterFor<Name, NotNull<Value>>>;
  times(value: unknown): ColumnElement<never, never, never> {
    return this.#arithmetic("times", value);
  }

  /** Quotient as a double, on every database; NULL when dividing by zero. */
  div<Name extends string = never, P = never>(
    value: Input<Value, P> | number | Operand<number | bigint | string | null, P> | ParameterReference<Name>,
  ): ColumnElement<Quotient, Tables, Parameters | P | ParameterFor<Name, NotNull<Value>>> {
    return new ColumnElement({
      kind: "binary",
      operator: "div",
      left: this[NODE],
      right: operand(value, this[NODE].type, ".div()"),
      type: doubleType,
    });
  }

  /** Quotient of integers without its fraction, towards zero; NULL when dividing by zero. */
  intDiv<Name extends string = never, P = never>(
    value: Input<Value, P> | ParameterReference<Name>,
  ): ColumnElement<Value | null, Tables, Parameters | P | ParameterFor<Name, NotNull<Value>>> {
    return this.#arithmetic("intDiv", value);
  }

  /** Remainder, with the sign of the dividend; NULL when dividing by zero. */
  mod<Name extends string = never, P = never>(
    value: Input<Value, P> | ParameterReference<Name>,
  ): ColumnElement<Value | null, Tables, Parameters | P | ParameterFor<Name, NotNull<Value>>> {
    return this.#arithmetic("mod", value);
  }

  /** The value with its sign turned. */
  neg(): ColumnElement<Value, Tables, Parameters> {
    return new ColumnElement({ kind: "prefix", operator: "negative", operand: this[NODE], type: this[NODE].type });
  }

  /** The two texts joined; NULL when either is. */
  concat<V, T extends string, P>(
    value: ColumnElement<V, T, P>,
  ): ColumnElement<string | NullOf<Value | V>, Tables | T, Parameters | P>;
  concat<Name extends string = never, P = never>(
    value: Input<string, P> | ParameterReference<Name>,
  ): ColumnElement<string | NullOf<Value>, Tables, Parameters | P | ParameterFor<Name, string>>;
  concat(value: unknown): ColumnElement<never, never, never> {
    return new ColumnElement({
      kind: "binary",
      operator: "concat",
      left: this[NODE],
      right: operand(value, textType, ".concat()"),
      type: textType,
    });
  }

  /** Ascending, in ORDER BY. */
  asc(): OrderElement<Parameters> {
    return orderBy(this[NODE], "asc");
  }

  /** Descending, in ORDER BY. */
  desc(): OrderElement<Parameters> {
    return orderBy(this[NODE], "desc");
  }

  /** Ascending with NULLs before all values. */
  nullsFirst(): OrderElement<Parameters> {
    return this.asc().nullsFirst();
  }

  /** Ascending with NULLs after all values. */
  nullsLast(): OrderElement<Parameters> {
    return this.asc().nullsLast();
  }

  /** The value as another type, converted by the server: `.cast(integer())`. */
  cast<V>(type: TypeSource<V>): ColumnElement<NotNull<V> | NullOf<Value>, Tables, Parameters> {
    return new ColumnElement({ kind: "cast", operand: this[NODE], type: typeOf(type, ".cast()") });
  }

  /** Compared and ordered by the named collation of the server. */
  collate(collation: string): ColumnElement<Value, Tables, Parameters> {
    return new ColumnElement({ kind: "collate", operand: this[NODE], collation, type: this[NODE].type });
  }

  /** The value under a name: its key in a row, its name in a subquery, and what ORDER BY may refer to. */
  as<const Name extends string>(name: Name): Label<Value, Tables, Name, Parameters> {
    if (typeof name !== "string" || name === "") throw new UsageError(".as() takes a name that is not empty.");
    const node = this[NODE];
    const inner = node.kind === "label" ? node.operand : node;
    return new Label({ kind: "label", name, operand: inner, type: inner.type });
  }

  #compare(operator: OperatorName, value: unknown): Condition<never> {
    const left = this[NODE];
    const right = operand(value, left.type, `.${operator}()`);
    return new ColumnElement({ kind: "binary", operator, left, right, type: booleanType });
  }

  #ordered(operator: OperatorName, value: unknown): Condition<never> {
    if (value === null) {
      throw neverTrue(`.${operator}()`);
    }
    return this.#compare(operator, value);
  }

  #is(operator: "is" | "isNot", value: unknown): Condition<never> {
    if (value === undefined) throw undefinedError(`.${operator}()`);
    if (value !== null && typeof value !== "boolean") {
      throw new UsageError(
        `.${operator}() takes null, true or false, but got ${describe(value)}. Use .eq() for values.`,
      );
    }
    const type = value === null ? null : booleanType;
    return new ColumnElement({
      kind: "binary",
      operator,
      left: this[NODE],
      right: { kind: "constant", value, type },
      type: booleanType,
    });
  }

  #in(value: unknown, negated: boolean): Condition<never> {
    const type = this[NODE].type;
    const members = list(value, type, negated ? ".notIn()" : ".in()");
    return new ColumnElement({ kind: "in", operand: this[NODE], list: members, negated, type: booleanType });
  }

  #like(
    where: string,
    given: Partial<Omit<LikeNode, "pattern">> & { readonly pattern: unknown },
  ): Condition<Parameters> {
    const wildcards = given.wildcards ?? "none";
    if (given.pattern === null) throw neverTrue(where);
    requireEscape(given.escape ?? null, given.pattern, where);
    const plain = wildcards !== "none" && typeof given.pattern === "string";
    return new ColumnElement({
      kind: "like",
      operand: this[NODE],
      pattern: operand(plain ? escapeLike(given.pattern as string, wildcards) : given.pattern, textType, where),
      escape: wildcards === "none" ? (given.escape ?? null) : LIKE_ESCAPE,
      ignoreCase: given.ignoreCase ?? false,
      negated: given.negated ?? false,
      wildcards: plain ? "none" : wildcards,
      type: booleanType,
    });
  }

  #arithmetic(operator: OperatorName, value: unknown): ColumnElement<never, never, never> {
    const left = this[NODE];
    const right = operand(value, peerOf(left.type, value), `.${operator}()`);
    if (operator === "intDiv") requireWhole([left.type, right.type]);
    const type = promote(left.type, right.type, operator === "times" ? "sum" : "greater");
    return new ColumnElement({ kind: "binary", operator, left, right, type });
  }
}

function requireWhole(types: readonly (SqlType | null)[]): void {
  if (types.every((type) => type === null || isWhole(type))) return;
  throw new UsageError(".intDiv() divides whole numbers; use .div() for others.");
}

function neverTrue(where: string): UsageError {
  return new UsageError(`${where} with null is never true. Test for NULL with .is(null) or .isNot(null).`);
}

/** An expression under a name. */
export class Label<out Value, out Tables extends string, out Name extends string, out Parameters = never>
  extends ColumnElement<Value, Tables, Parameters>
  implements Item<Value, Tables, Name, Parameters>
{
  declare readonly [NAME]: Name;
}

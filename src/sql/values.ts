import type { ExpressionNode } from "../ast/expression.js";
import { UsageError } from "../errors/index.js";
import { unify } from "../types/promote.js";
import type { TypeSource } from "../types/type.js";
import { condition, operand, peerOf, typeOf } from "./coerce.js";
import { ColumnElement } from "./element.js";
import type { NotNull, NullOf, Operand } from "./operand.js";

/**
 * A value as an expression: bound, never written into the text. Its type is the given one, or follows from the value.
 *
 * @throws {UsageError} for `undefined`, and for objects and arrays without a type.
 * @example
 * ```ts
 * select(literal(1).as("one"), literal({ a: 1 }, json()).as("document"));
 * ```
 */
export function literal<const Value extends string | number | bigint | boolean | Date | Uint8Array | null>(
  value: Value,
): ColumnElement<Widened<Value>>;
export function literal<Value>(value: NotNull<Value>, type: TypeSource<Value>): ColumnElement<NotNull<Value>>;
export function literal(value: unknown, type?: TypeSource): ColumnElement<never> {
  return new ColumnElement(operand(value, type?.type ?? null, "literal()"));
}

type Widened<Value> = Value extends string
  ? string
  : Value extends number
    ? number
    : Value extends bigint
      ? bigint
      : Value extends boolean
        ? boolean
        : Value;

/** Converts a value to another type on the server: `cast(notes.c.id, text())`. */
export function cast<Value>(
  value: string | number | bigint | boolean | Date | Uint8Array,
  type: TypeSource<Value>,
): ColumnElement<NotNull<Value>>;
export function cast<V, Value, T extends string = never, P = never>(
  value: Operand<V, P, T>,
  type: TypeSource<Value>,
): ColumnElement<NotNull<Value> | NullOf<V>, T, P>;
export function cast(value: unknown, type: TypeSource): ColumnElement<never> {
  const node = operand(value, null, "cast()");
  return new ColumnElement({ kind: "cast", operand: node, type: typeOf(type, "cast()") });
}

/** CASE in the making: add branches with `.when()`, end with `.else()` or `.end()`. */
export class CaseBuilder<out Value = never, out Tables extends string = never, out Parameters = never> {
  readonly #branches: readonly { readonly when: ExpressionNode; readonly then: ExpressionNode }[];

  constructor(branches: readonly { readonly when: ExpressionNode; readonly then: ExpressionNode }[] = []) {
    this.#branches = branches;
  }

  /** The value where this condition is true and none before was. */
  when<const V, T extends string = never, P = never, Q = never>(
    when: Operand<boolean | null, P>,
    then: Operand<V, Q, T> | V,
  ): CaseBuilder<Value | Widened<V>, Tables | T, Parameters | P | Q> {
    const branch = { when: condition(when, ".when()"), then: this.#value(then, "the value of .when()") };
    return new CaseBuilder([...this.#branches, branch]);
  }

  /** The value where no condition is true. */
  else<const V, T extends string = never, P = never>(
    value: Operand<V, P, T> | V,
  ): ColumnElement<Value | Widened<V>, Tables | T, Parameters | P> {
    return this.#build(this.#value(value, ".else()"));
  }

  /** Without ELSE: NULL where no condition is true. */
  end(): ColumnElement<Value | null, Tables, Parameters> {
    return this.#build(null);
  }

  /** A bare value has the type of the branches before. */
  #value(value: unknown, where: string): ExpressionNode {
    return operand(value, peerOf(unify(this.#branches.map(({ then }) => then.type)), value), where);
  }

  #build(otherwise: ExpressionNode | null): ColumnElement<never, never, never> {
    if (this.#branches.length === 0) throw new UsageError("caseWhen() needs at least one .when(condition, value).");
    const type = unify([...this.#branches.map(({ then }) => then.type), otherwise?.type ?? null]);
    return new ColumnElement({ kind: "case", branches: this.#branches, otherwise, type });
  }
}

/**
 * CASE WHEN: the value of the first condition that is true.
 *
 * @example
 * ```ts
 * caseWhen(notes.c.completed, "done").else("open").as("state");
 * ```
 */
export function caseWhen<const V, T extends string = never, P = never, Q = never>(
  when: Operand<boolean | null, P>,
  then: Operand<V, Q, T> | V,
): CaseBuilder<Widened<V>, T, P | Q> {
  return new CaseBuilder().when(when, then);
}

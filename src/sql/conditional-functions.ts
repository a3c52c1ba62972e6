import { UsageError } from "../errors/index.js";
import { unify } from "../types/promote.js";
import { expression, operand, peerOf } from "./coerce.js";
import { FunctionElement } from "./function-element.js";
import { functionNode } from "./function-node.js";
import type { Input, NotNull, NullOf, Operand, ParametersIn, TablesIn, ValueIn } from "./operand.js";

/** What a function of alternatives takes beside an expression: others, or values of its type. */
type Alternatives<V> = readonly [Operand | NotNull<V>, ...(Operand | NotNull<V>)[]];

type AllNull<V, Rest extends readonly unknown[]> = Rest extends readonly [infer First, ...infer Others]
  ? AllNull<V & ValueIn<First>, Others>
  : NullOf<V>;

type LastOf<List extends readonly unknown[]> = List extends readonly [...unknown[], infer Last] ? Last : never;

/** The first argument that is not NULL; NULL only where all are. */
export function coalesce<V, T extends string, P, const Rest extends Alternatives<V>>(
  first: Operand<V, P, T>,
  ...rest: Rest
): FunctionElement<
  NotNull<V | ValueIn<Rest[number]>> | AllNull<V, Rest>,
  null extends ValueIn<LastOf<Rest>> ? T | TablesIn<Rest[number]> : TablesIn<LastOf<Rest>>,
  "coalesce",
  P | ParametersIn<Rest[number]>
>;
export function coalesce(...values: readonly unknown[]): FunctionElement<never, never, "coalesce", never> {
  if (values.length < 2) throw new UsageError("coalesce() needs at least two arguments.");
  const first = operand(values[0], null, "coalesce()");
  const rest = values.slice(1).map((value) => operand(value, peerOf(first.type, value), "coalesce()"));
  const type = unify([first, ...rest].map((each) => each.type));
  return new FunctionElement(functionNode("coalesce", [first, ...rest], type));
}

/** NULL where the two are equal, else the first. */
export function nullIf<V, P>(value: Operand<V, P>, other: Input<V>): FunctionElement<V | null, never, "nullIf", P> {
  const first = expression(value, "nullIf()");
  return new FunctionElement(functionNode("nullIf", [first, operand(other, first.type, "nullIf()")], first.type));
}

/** The greatest of the arguments; NULL when any of them is. */
export function greatest<V, T extends string, P, const Rest extends Alternatives<V>>(
  first: Operand<V, P, T>,
  ...others: Rest
): FunctionElement<V | ValueIn<Rest[number]>, T | TablesIn<Rest[number]>, "greatest", P | ParametersIn<Rest[number]>> {
  return extreme("greatest", first, others);
}

/** The least of the arguments; NULL when any of them is. */
export function least<V, T extends string, P, const Rest extends Alternatives<V>>(
  first: Operand<V, P, T>,
  ...others: Rest
): FunctionElement<V | ValueIn<Rest[number]>, T | TablesIn<Rest[number]>, "least", P | ParametersIn<Rest[number]>> {
  return extreme("least", first, others);
}

function extreme<const Name extends string>(
  name: Name,
  first: unknown,
  others: readonly unknown[],
): FunctionElement<never, never, Name, never> {
  if (others.length === 0) throw new UsageError(`${name}() needs at least two arguments.`);
  const node = expression(first, `${name}()`);
  const rest = others.map((other) => operand(other, peerOf(node.type, other), `${name}()`));
  return new FunctionElement(functionNode(name, [node, ...rest], unify([node, ...rest].map((each) => each.type))));
}

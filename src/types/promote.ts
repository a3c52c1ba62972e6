import { isDecorated } from "./decorated.js";
import { doubleType } from "./float.js";
import { bigIntegerType, integerType } from "./integer.js";
import { numericResult } from "./numeric.js";
import type { SqlType } from "./type.js";

/** The kinds of numbers from the narrowest to the widest: arithmetic gives the wider of its two. */
const RANKS: ReadonlyMap<string, number> = new Map([
  ["smallInteger", 0],
  ["integer", 1],
  ["bigInteger", 2],
  ["numeric", 3],
  ["float", 4],
  ["double", 5],
]);

/** How an operator makes the scale of exact numbers: a product has the sum of its operands' scales, everything else the greater of them. */
export type ScaleRule = "greater" | "sum";

/**
 * The type of arithmetic on two types; `null` where one of them is unknown or no number.
 * A decorated type stays: only it knows how its values are read.
 * An exact number beside a double stays a string, since a static type tells the two apart only so; its digits are the double's.
 * An exact result has a scale where both operands have one, and no precision: the column's own limit does not bind it.
 */
export function promote(left: SqlType | null, right: SqlType | null, scale: ScaleRule = "greater"): SqlType | null {
  if (left !== null && isDecorated(left)) return left;
  if (right !== null && isDecorated(right)) return right;
  const rank = Math.max(RANKS.get(left?.kind ?? "") ?? NaN, RANKS.get(right?.kind ?? "") ?? NaN);
  if (left === null || right === null || Number.isNaN(rank)) return null;
  if (rank > 3 && left.kind !== "numeric" && right.kind !== "numeric") return doubleType;
  if (rank > 3) return numericResult(null);
  if (rank === 3) return numericResult(resultScale(scaleOf(left), scaleOf(right), scale));
  return rank === 2 ? bigIntegerResult(left.needsBigInt || right.needsBigInt) : integerType;
}

/** The type of one of several values: of numbers the widest, else the first that is known. */
export function unify(types: readonly (SqlType | null)[]): SqlType | null {
  const known = types.filter((type) => type !== null);
  const [first = null] = known;
  if (known.every((type) => type === first)) return first;
  return known.reduce<SqlType | null>((left, right) => promote(left, right), first) ?? first;
}

export function isWhole(type: SqlType): boolean {
  return (RANKS.get(type.kind) ?? Infinity) <= 2;
}

function bigIntegerResult(asBigInt: boolean): SqlType {
  return asBigInt ? bigIntegerType() : bigIntegerType({ as: "number" });
}

/** An integer's is 0; that of a numeric without one is not known. */
function scaleOf(type: SqlType): number | null {
  return type.kind === "numeric" ? (type.parameters.scale ?? null) : 0;
}

function resultScale(left: number | null, right: number | null, rule: ScaleRule): number | null {
  if (left === null || right === null) return null;
  return rule === "sum" ? left + right : Math.max(left, right);
}

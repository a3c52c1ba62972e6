import { UsageError } from "../errors/index.js";
import { invalidValue, numberFlaw, textFlaw, typeMismatch } from "./refuse.js";
import type { BindRole, NonNullWire, SqlType, TypeParameters } from "./type.js";

const BIGINT_MIN = -(2n ** 63n);
const BIGINT_MAX = 2n ** 63n - 1n;

/** Whole numbers as `number`. The range is the column's: a value to compare with, or a sum, may be any safe integer. */
class IntegerType implements SqlType<number> {
  readonly kind: string;
  readonly parameters: TypeParameters = {};
  readonly needsBigInt = false;
  readonly #min: number;
  readonly #max: number;

  constructor(kind: string, bits: number) {
    this.kind = kind;
    this.#min = -(2 ** (bits - 1));
    this.#max = 2 ** (bits - 1) - 1;
  }

  toDriver(value: unknown, role: BindRole): number {
    const whole = safeInteger(value);
    const min = role === "write" ? this.#min : Number.MIN_SAFE_INTEGER;
    const max = role === "write" ? this.#max : Number.MAX_SAFE_INTEGER;
    if (whole === null || whole < min || whole > max) throw invalidInteger(value, min, max);
    return whole;
  }

  fromDriver(wire: NonNullWire): number {
    return Number.isSafeInteger(wire) ? (wire as number) : deliveredNumber(wire);
  }
}

/** Whole numbers of 64 bits as `bigint`. */
class BigIntegerType implements SqlType<bigint> {
  readonly kind = "bigInteger";
  readonly parameters: TypeParameters = {};
  readonly needsBigInt = true;

  toDriver(value: unknown): bigint {
    const whole = Number.isSafeInteger(value) ? BigInt(value as number) : value;
    if (typeof whole === "bigint" && whole >= BIGINT_MIN && whole <= BIGINT_MAX) return whole;
    throw invalidInteger(value, BIGINT_MIN, BIGINT_MAX);
  }

  fromDriver(wire: NonNullWire): bigint {
    return typeof wire === "bigint" ? wire : deliveredBigInt(wire);
  }
}

/**
 * Whole numbers of a 64-bit column as `number`, refused past 2^53 in both directions.
 * The driver may deliver numbers: one that was rounded on the way is at least 2^53, thus refused as well.
 */
class BigIntegerAsNumberType implements SqlType<number> {
  readonly kind = "bigInteger";
  readonly parameters: TypeParameters = {};
  readonly needsBigInt = false;

  toDriver(value: unknown): bigint {
    const whole = safeInteger(value);
    if (whole === null) throw invalidInteger(value, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
    return BigInt(whole);
  }

  fromDriver(wire: NonNullWire): number {
    return Number.isSafeInteger(wire) ? (wire as number) : deliveredNumber(wire);
  }
}

/** The value as a number that is exactly it, `null` where there is none; -0 becomes 0. */
function safeInteger(value: unknown): number | null {
  const number = typeof value === "bigint" ? Number(value) : value;
  return Number.isSafeInteger(number) ? (number as number) + 0 : null;
}

function invalidInteger(value: unknown, min: number | bigint, max: number | bigint): Error {
  const isWhole = typeof value === "bigint" || Number.isInteger(value);
  const got = isWhole ? "one out of this range" : numberFlaw(value, "a number with a fraction");
  return invalidValue(`a whole number from ${min} to ${max}`, got);
}

function deliveredNumber(wire: NonNullWire): number {
  const number = Number(deliveredBigInt(wire));
  if (Number.isSafeInteger(number)) return number;
  throw typeMismatch("a whole number that a number can hold", "one beyond 2^53 (bigInteger() reads it as a bigint)");
}

// Some servers give the sum of integers as decimal text.
const WHOLE_TEXT = /^-?[0-9]{1,80}$/;

function deliveredBigInt(wire: NonNullWire): bigint {
  if (typeof wire === "bigint") return wire;
  if (Number.isSafeInteger(wire)) return BigInt(wire as number);
  if (typeof wire === "string" && WHOLE_TEXT.test(wire)) return BigInt(wire);
  const flaw = Number.isInteger(wire) ? "one beyond 2^53 that is no longer exact" : "a number with a fraction";
  throw typeMismatch("a whole number", typeof wire === "number" ? numberFlaw(wire, flaw) : textFlaw(wire));
}

/** 32 bits. */
export const integerType: SqlType<number> = new IntegerType("integer", 32);

/** 16 bits. */
export const smallIntegerType: SqlType<number> = new IntegerType("smallInteger", 16);

export interface BigIntegerOptions<As extends "bigint" | "number" = "bigint" | "number"> {
  readonly as?: As;
}

const BIG_INTEGER_TYPES: { readonly bigint: SqlType<bigint>; readonly number: SqlType<number> } = {
  bigint: new BigIntegerType(),
  number: new BigIntegerAsNumberType(),
};

/** 64 bits: `bigint`, or with `{ as: "number" }` a `number` that is refused past 2^53 in both directions. */
export function bigIntegerType(options?: BigIntegerOptions<"bigint">): SqlType<bigint>;
export function bigIntegerType(options: BigIntegerOptions<"number"> & { readonly as: "number" }): SqlType<number>;
export function bigIntegerType(options: BigIntegerOptions = {}): SqlType<bigint> | SqlType<number> {
  const { as = "bigint" } = options;
  if (!Object.hasOwn(BIG_INTEGER_TYPES, as)) throw new UsageError('bigInteger({ as }) takes "bigint" or "number".');
  return BIG_INTEGER_TYPES[as];
}

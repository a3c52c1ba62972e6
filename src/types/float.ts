import { invalidValue, kindOf, numberFlaw, textFlaw, typeMismatch } from "./refuse.js";
import type { NonNullWire, SqlType, TypeParameters } from "./type.js";

// Some servers give an average as decimal text.
const NUMBER_TEXT = /^-?[0-9]{1,400}(?:\.[0-9]{1,400})?(?:[eE][+-]?[0-9]{1,4})?$/;

/** 64-bit floating point. What not every database stores, NaN and the infinities, is refused; -0 and denormals are kept. */
class DoubleType implements SqlType<number> {
  readonly kind: string = "double";
  readonly parameters: TypeParameters = {};
  readonly needsBigInt = false;

  toDriver(value: unknown): number {
    if (typeof value === "number" && Number.isFinite(value)) return value;
    throw invalidValue("a finite number", kindOf(value));
  }

  fromDriver(wire: NonNullWire): number {
    return typeof wire === "number" ? wire : deliveredDouble(wire);
  }
}

/**
 * 32-bit floating point: a number is rounded to the nearest one that 32 bits hold, in both directions.
 * So a database that keeps more bits gives the same rows as one that does not.
 */
class FloatType extends DoubleType {
  override readonly kind = "float";

  override toDriver(value: unknown): number {
    const rounded = Math.fround(super.toDriver(value));
    if (Number.isFinite(rounded)) return rounded;
    throw invalidValue("a number that 32 bits hold", numberFlaw(value, "a larger one (double() takes it)"));
  }

  override fromDriver(wire: NonNullWire): number {
    return Math.fround(super.fromDriver(wire));
  }
}

function deliveredDouble(wire: NonNullWire): number {
  if (typeof wire === "bigint" || (typeof wire === "string" && NUMBER_TEXT.test(wire))) return Number(wire);
  throw typeMismatch("a number", textFlaw(wire));
}

export const doubleType: SqlType<number> = new DoubleType();

export const floatType: SqlType<number> = new FloatType();

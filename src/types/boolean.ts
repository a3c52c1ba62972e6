import { invalidValue, kindOf, numberFlaw, typeMismatch } from "./refuse.js";
import type { NonNullWire, SqlType, TypeParameters } from "./type.js";

class BooleanType implements SqlType<boolean> {
  readonly kind = "boolean";
  readonly parameters: TypeParameters = {};
  readonly needsBigInt = false;

  toDriver(value: unknown): boolean {
    if (typeof value === "boolean") return value;
    throw invalidValue("true or false", kindOf(value));
  }

  /** Databases without booleans have 0 and 1; any other number is refused, since they do not agree on its truth. */
  fromDriver(wire: NonNullWire): boolean {
    if (wire === true || wire === 1 || wire === 1n) return true;
    if (wire === false || wire === 0 || wire === 0n) return false;
    throw typeMismatch("true, false, 0 or 1", numberFlaw(wire, "another number"));
  }
}

export const booleanType: SqlType<boolean> = new BooleanType();

import { invalidValue, textFlaw, typeMismatch } from "./refuse.js";
import type { NonNullWire, SqlType, TypeParameters } from "./type.js";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const EXPECTED = "a UUID as 'xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx'";

/** A UUID of any version as text, in lower case in both directions: where it is stored as text, equality is by its letters. */
class UuidType implements SqlType<string> {
  readonly kind = "uuid";
  readonly parameters: TypeParameters = {};
  readonly needsBigInt = false;

  toDriver(value: unknown): string {
    if (typeof value === "string" && UUID.test(value)) return value.toLowerCase();
    throw invalidValue(EXPECTED, textFlaw(value));
  }

  fromDriver(wire: NonNullWire): string {
    if (typeof wire === "string" && UUID.test(wire)) return wire.toLowerCase();
    throw typeMismatch(EXPECTED, textFlaw(wire));
  }
}

export const uuidType: SqlType<string> = new UuidType();

import { invalidValue, textFlaw, typeMismatch } from "../../types/refuse.js";
import type { NonNullWire, SqlType, TypeParameters } from "../../types/type.js";

const EXPECTED = "an interval in ISO 8601 such as 'P1Y2M3DT4H5M6.5S'";
const FIELD = "[+-]?[0-9]{1,10}";
const INTERVAL = new RegExp(
  `^P(?=[0-9T+-])(?:${FIELD}Y)?(?:${FIELD}M)?(?:${FIELD}W)?(?:${FIELD}D)?` +
    `(?:T(?=[0-9+-])(?:${FIELD}H)?(?:${FIELD}M)?(?:${FIELD}(?:\\.[0-9]{1,6})?S)?)?$`,
);
const INFINITE = /^-?infinity$/;

/** A span of time as ISO 8601 text. The server keeps months, days and microseconds apart: `P1M` is not `P30D`, and `P7D` comes back for `P1W`. */
class IntervalType implements SqlType<string> {
  readonly kind = "interval";
  readonly parameters: TypeParameters = {};
  readonly needsBigInt = false;

  toDriver(value: unknown): string {
    if (typeof value === "string" && INTERVAL.test(value)) return value;
    throw invalidValue(EXPECTED, textFlaw(value));
  }

  fromDriver(wire: NonNullWire): string {
    if (typeof wire === "string" && (INTERVAL.test(wire) || INFINITE.test(wire))) return wire;
    throw typeMismatch(EXPECTED, textFlaw(wire));
  }
}

export const intervalType: SqlType<string> = new IntervalType();

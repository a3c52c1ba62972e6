import { parseDay } from "./calendar.js";
import { invalidValue, textFlaw, typeMismatch } from "./refuse.js";
import type { NonNullWire, SqlType, TypeParameters } from "./type.js";

const EXPECTED = "a date of the years 0001 to 9999 as 'YYYY-MM-DD'";

/** A day of the calendar, without a time and thus without a time zone: a `Date` is none. */
class DateType implements SqlType<string> {
  readonly kind = "date";
  readonly parameters: TypeParameters = {};
  readonly needsBigInt = false;

  toDriver(value: unknown): string {
    if (typeof value === "string" && isDate(value)) return value;
    throw invalidValue(EXPECTED, textFlaw(value));
  }

  fromDriver(wire: NonNullWire): string {
    if (typeof wire === "string" && isDate(wire)) return wire;
    throw typeMismatch(EXPECTED, textFlaw(wire));
  }
}

function isDate(text: string): boolean {
  return text.length === 10 && !Number.isNaN(parseDay(text));
}

export const dateType: SqlType<string> = new DateType();

import { endOfFraction, parseSeconds } from "./calendar.js";
import { invalidValue, textFlaw, typeMismatch } from "./refuse.js";
import type { NonNullWire, SqlType, TypeParameters } from "./type.js";

const EXPECTED = "a time from 00:00:00 to 23:59:59.999999 as 'HH:MM:SS' or 'HH:MM:SS.ffffff'";
const FRACTION_AT = 8;
const MAX_LENGTH = FRACTION_AT + 1 + 6;
const DIGIT_0 = 0x30;
const DOT = 0x2e;

/** A time of day. Zeros that end its fraction are dropped in both directions, so that equal times are equal texts. */
class TimeType implements SqlType<string> {
  readonly kind = "time";
  readonly parameters: TypeParameters = {};
  readonly needsBigInt = false;

  toDriver(value: unknown): string {
    const time = typeof value === "string" ? canonicalTime(value) : null;
    if (time === null) throw invalidValue(EXPECTED, textFlaw(value));
    return time;
  }

  fromDriver(wire: NonNullWire): string {
    const time = typeof wire === "string" ? canonicalTime(wire) : null;
    if (time === null) throw typeMismatch(EXPECTED, textFlaw(wire));
    return time;
  }
}

function canonicalTime(text: string): string | null {
  if (Number.isNaN(parseSeconds(text, 0)) || endOfFraction(text, FRACTION_AT) !== text.length) return null;
  let end = text.length;
  if (end > FRACTION_AT) {
    while (text.charCodeAt(end - 1) === DIGIT_0) end--;
    if (text.charCodeAt(end - 1) === DOT) end--;
  }
  return end > MAX_LENGTH ? null : text.slice(0, end);
}

export const timeType: SqlType<string> = new TimeType();

/**
 * Dates and times of day as fixed text, and their arithmetic in the proleptic Gregorian calendar and UTC.
 * `Date` would do neither: its parser takes local time and impossible dates, its two-digit years are of the 20th century.
 */

const DAY_MS = 86_400_000;
export const MIN_INSTANT_MS = -62_135_596_800_000; // 0001-01-01
export const MAX_INSTANT_MS = 253_402_300_799_999; // 9999-12-31
const MONTH_DAYS = [0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const TWO_DIGITS: readonly string[] = Array.from({ length: 100 }, (_, number) => String(number).padStart(2, "0"));

const DASH = 0x2d;
const COLON = 0x3a;
const DOT = 0x2e;
const SPACE = 0x20;
const LETTER_T = 0x54;
const LETTER_Z = 0x5a;
const PLUS = 0x2b;

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** The two digits at `at` as a number; far below zero where there are none, so that every range check fails. */
function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at);
  const ones = text.charCodeAt(at + 1);
  return isDigit(tens) && isDigit(ones) ? tens * 10 + ones - 0x30 * 11 : -10_000;
}

function daysInMonth(year: number, month: number): number {
  if (month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)) return 29;
  return MONTH_DAYS[month] ?? 0;
}

/** The day that starts the text, `YYYY-MM-DD`, counted from 1970-01-01; NaN where it is none. */
export function parseDay(text: string): number {
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  if (text.charCodeAt(4) !== DASH || text.charCodeAt(7) !== DASH) return NaN;
  if (!(year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month))) return NaN;
  return dayNumber(year, month, day);
}

/** Years are counted from March, so that the leap day is a year's last. */
function dayNumber(year: number, month: number, day: number): number {
  const y = month > 2 ? year : year - 1;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  return y * 365 + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) + dayOfYear - 719_468;
}

/** The time of day at `at`, `HH:MM:SS`, in seconds; NaN where it is none. A leap second is none, and neither is 24:00:00. */
export function parseSeconds(text: string, at: number): number {
  const hour = twoDigits(text, at);
  const minute = twoDigits(text, at + 3);
  const second = twoDigits(text, at + 6);
  if (text.charCodeAt(at + 2) !== COLON || text.charCodeAt(at + 5) !== COLON) return NaN;
  if (!(hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 60)) return NaN;
  return (hour * 60 + minute) * 60 + second;
}

/** Where the fraction of a second that may start at `at` ends; `at` without one, -1 for a point without 1 to 9 digits. */
export function endOfFraction(text: string, at: number): number {
  if (at >= text.length || text.charCodeAt(at) !== DOT) return at;
  let end = at + 1;
  while (end < text.length && isDigit(text.charCodeAt(end))) end++;
  return end - at > 1 && end - at <= 10 ? end : -1;
}

/** `digits` digits of a fraction as a number, from the `first`-th behind the point at `at`; absent ones are 0. */
function fractionDigits(text: string, at: number, end: number, first: number, digits: number): number {
  let number = 0;
  for (let place = at + first; place < at + first + digits; place++) {
    number = number * 10 + (place < end ? text.charCodeAt(place) - 0x30 : 0);
  }
  return number;
}

/** The zone at `at` in milliseconds east of UTC: nothing, `Z`, `+HH`, `+HH:MM`, `+HH:MM:SS`; NaN for anything else. */
function parseZone(text: string, at: number): number {
  const rest = text.length - at;
  if (rest === 0) return 0;
  const sign = text.charCodeAt(at);
  if (sign === LETTER_Z) return rest === 1 ? 0 : NaN;
  if ((sign !== PLUS && sign !== DASH) || (rest !== 3 && rest !== 6 && rest !== 9)) return NaN;
  const seconds = parseSeconds(text.slice(at + 1) + ":00:00".slice(rest - 3), 0);
  return (sign === PLUS ? seconds : -seconds) * 1000;
}

const TIME_AT = 11;
const FRACTION_AT = 19;

/**
 * The instant that `YYYY-MM-DD HH:MM:SS[.f][zone]` names (a `T` may stand for the blank, no zone is UTC), in milliseconds since 1970, rounded down.
 * NaN where the text is none, or not in the years 1 to 9999 of UTC.
 */
export function parseInstant(text: string): number {
  const separator = text.charCodeAt(10);
  if (separator !== SPACE && separator !== LETTER_T) return NaN;
  const end = endOfFraction(text, FRACTION_AT);
  if (end < 0) return NaN;
  const zone = end === text.length ? 0 : parseZone(text, end);
  const millis = end === FRACTION_AT ? 0 : fractionDigits(text, FRACTION_AT, end, 1, 3);
  const instant = parseDay(text) * DAY_MS + parseSeconds(text, TIME_AT) * 1000 + millis - zone;
  return instant >= MIN_INSTANT_MS && instant <= MAX_INSTANT_MS ? instant : NaN;
}

/** The microseconds behind the milliseconds of a text that `parseInstant` took; NaN where it has finer digits yet. */
export function microsecondsOf(text: string): number {
  const end = endOfFraction(text, FRACTION_AT);
  if (fractionDigits(text, FRACTION_AT, end, 7, 3) !== 0) return NaN;
  return fractionDigits(text, FRACTION_AT, end, 4, 3);
}

/** Whether a text that `parseInstant` took names its zone. */
export function hasZone(text: string): boolean {
  return endOfFraction(text, FRACTION_AT) < text.length;
}

/** `YYYY-MM-DD`, the separator, `HH:MM:SS.mmm` in UTC, of an instant within the years 1 to 9999. */
export function formatInstant(instantMs: number, separator: " " | "T"): string {
  const days = Math.floor(instantMs / DAY_MS);
  const ms = instantMs - days * DAY_MS;
  const seconds = Math.floor(ms / 1000);
  return `${formatDay(days)}${separator}${two(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}.${threeDigits(ms % 1000)}`;
}

/** The inverse of `dayNumber`: 400 years are 146 097 days, the last of which is a leap day. */
function formatDay(days: number): string {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0);
  return `${two(year / 100)}${two(year % 100)}-${two(month)}-${two(day)}`;
}

function two(number: number): string {
  return TWO_DIGITS[Math.floor(number)] as string;
}

export function threeDigits(number: number): string {
  return `${Math.floor(number / 100)}${two(number % 100)}`;
}

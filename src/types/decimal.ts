// What the largest of the databases' decimal types holds.
const MAX_INTEGER_DIGITS = 131_072;
const MAX_FRACTION_DIGITS = 16_383;

/** An exact decimal number: `coefficient` divided by ten to the `scale`. No zero begins or ends the coefficient; zero has an empty one and no sign. */
export interface Decimal {
  readonly negative: boolean;
  readonly coefficient: string;
  /** Below zero where the number ends in zeros before the point. */
  readonly scale: number;
}

const ZERO: Decimal = { negative: false, coefficient: "", scale: 0 };
const DECIMAL = /^([+-]?)([0-9]*)(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]{1,6}))?$/;
const MAX_LENGTH = MAX_INTEGER_DIGITS + MAX_FRACTION_DIGITS + 10;
const DIGIT_0 = 0x30;

/** The number that a text such as `-12.50`, `.5` or `1e-7` is; `null` where it is none, or one that no database takes. */
export function parseDecimal(text: string): Decimal | null {
  const match = text.length <= MAX_LENGTH ? DECIMAL.exec(text) : null;
  if (match === null) return null;
  const [, sign, integer = "", fraction = "", exponent = "0"] = match;
  const digits = integer + fraction;
  if (digits === "") return null;
  let start = 0;
  let end = digits.length;
  while (start < end && digits.charCodeAt(start) === DIGIT_0) start++;
  while (end > start && digits.charCodeAt(end - 1) === DIGIT_0) end--;
  if (start === end) return ZERO;
  const scale = end - integer.length - Number(exponent);
  const decimal: Decimal = { negative: sign === "-", coefficient: digits.slice(start, end), scale };
  return integerDigits(decimal) > MAX_INTEGER_DIGITS || scale > MAX_FRACTION_DIGITS ? null : decimal;
}

/** The count of digits before the point, without zeros that lead. */
export function integerDigits(decimal: Decimal): number {
  return Math.max(decimal.coefficient.length - decimal.scale, 0);
}

/** The count of digits behind the point, without zeros that end. */
export function fractionDigits(decimal: Decimal): number {
  return Math.max(decimal.scale, 0);
}

/** The number as plain digits, at least `minScale` of them behind the point. */
export function formatDecimal(decimal: Decimal, minScale: number): string {
  const { negative, coefficient, scale } = decimal;
  const digits = coefficient.padEnd(coefficient.length - scale, "0").padStart(scale + 1, "0");
  const point = digits.length - fractionDigits(decimal);
  const fraction = digits.slice(point).padEnd(minScale, "0");
  return `${negative ? "-" : ""}${digits.slice(0, point)}${fraction === "" ? "" : `.${fraction}`}`;
}

/** Whether the text is already what `formatDecimal` writes for a number of exactly `scale` digits behind the point. */
export function isCanonical(text: string, scale: number): boolean {
  const start = text.charCodeAt(0) === 0x2d ? 1 : 0;
  const point = scale === 0 ? text.length : text.length - scale - 1;
  if (point <= start || (scale > 0 && text.charCodeAt(point) !== 0x2e)) return false;
  if (text.charCodeAt(start) === DIGIT_0 && point > start + 1) return false;
  let isZero = true;
  for (let place = start; place < text.length; place++) {
    if (place === point) continue;
    const code = text.charCodeAt(place);
    if (code < DIGIT_0 || code > DIGIT_0 + 9) return false;
    if (code !== DIGIT_0) isZero = false;
  }
  return !(isZero && start === 1);
}

/** The most digits that `toFixed` writes. */
const MAX_FIXED = 100;

/** A number that a server computed where a decimal was asked for, as the text of one: with the type's digits, where it has them. */
export function fixedText(value: number, scale: number | undefined): string {
  return scale === undefined ? String(value) : value.toFixed(Math.min(scale, MAX_FIXED));
}

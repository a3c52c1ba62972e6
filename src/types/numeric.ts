import { UsageError } from "../errors/index.js";
import { type Decimal, formatDecimal, fractionDigits, integerDigits, isCanonical, parseDecimal } from "./decimal.js";
import { invalidValue, kindOf, typeMismatch } from "./refuse.js";
import type { BindRole, NonNullWire, SqlType, TypeParameters } from "./type.js";

const MAX_PRECISION = 1000;

/**
 * Exact decimal numbers as text in one canonical form, so that equal numbers are equal texts:
 * exactly `scale` digits behind the point where there is a scale, else as few as the number has.
 */
class NumericType implements SqlType<string> {
  readonly kind = "numeric";
  readonly parameters: TypeParameters;
  readonly needsBigInt = false;
  readonly #scale: number | null;
  readonly #maxIntegerDigits: number;

  constructor(precision: number | null, scale: number | null) {
    this.parameters = { ...(precision === null ? null : { precision }), ...(scale === null ? null : { scale }) };
    this.#scale = scale;
    this.#maxIntegerDigits = precision === null ? Infinity : precision - (scale ?? 0);
  }

  /** Nothing is ever rounded. A value to compare with may have more digits than the column. */
  toDriver(value: unknown, role: BindRole): string {
    const decimal = exactDecimal(value);
    if (decimal === null) throw invalidValue("an exact decimal number as text such as '12.50'", flawOf(value));
    if (role === "write") this.#refuseExcess(decimal);
    return formatDecimal(decimal, this.#scale ?? 0);
  }

  fromDriver(wire: NonNullWire): string {
    if (typeof wire === "string" && this.#scale !== null && isCanonical(wire, this.#scale)) return wire;
    const decimal = exactDecimal(wire);
    if (decimal === null) throw typeMismatch("an exact decimal number", flawOf(wire));
    if (this.#scale !== null && fractionDigits(decimal) > this.#scale) {
      throw typeMismatch(`a decimal number with ${this.#scale} digits behind the point`, "one with more");
    }
    return formatDecimal(decimal, this.#scale ?? 0);
  }

  #refuseExcess(decimal: Decimal): void {
    if (this.#scale !== null && fractionDigits(decimal) > this.#scale) {
      throw invalidValue(
        `a decimal number with at most ${this.#scale} digits behind the point`,
        "one with more (round it first)",
      );
    }
    if (integerDigits(decimal) > this.#maxIntegerDigits) {
      throw invalidValue(
        `a decimal number with at most ${this.#maxIntegerDigits} digits before the point`,
        "one with more",
      );
    }
  }
}

/** A `number` is exact only as a safe integer. */
function exactDecimal(value: unknown): Decimal | null {
  if (typeof value === "string") return parseDecimal(value);
  return typeof value === "bigint" || Number.isSafeInteger(value) ? parseDecimal(String(value)) : null;
}

function flawOf(value: unknown): string {
  if (typeof value === "string") return "text that is none";
  if (typeof value === "bigint") return "one of too many digits";
  return Number.isFinite(value) ? "a number with a fraction or beyond 2^53, which is not exact" : kindOf(value);
}

const plainNumeric: SqlType<string> = new NumericType(null, null);

/**
 * Exact decimal numbers of at most `precision` digits, `scale` of them behind the point (0 where only a precision is given).
 * Without both, as many as the database holds.
 */
export function numericType(precision?: number, scale: number = 0): SqlType<string> {
  if (precision === undefined) return plainNumeric;
  if (!Number.isInteger(precision) || precision < 1 || precision > MAX_PRECISION) {
    throw new UsageError(`numeric(precision, scale) takes a precision from 1 to ${MAX_PRECISION}.`);
  }
  if (!Number.isInteger(scale) || scale < 0 || scale > precision) {
    throw new UsageError("numeric(precision, scale) takes a scale from 0 to the precision.");
  }
  return new NumericType(precision, scale);
}

/** What an expression of exact numbers gives: any precision, and `scale` digits behind the point where that is known. */
export function numericResult(scale: number | null): SqlType<string> {
  return scale === null ? plainNumeric : new NumericType(null, scale);
}

/** The type of a bare number among exact ones: it has the digits that it has. `null` for what is no exact number. */
export function numericOf(value: unknown): SqlType<string> | null {
  const decimal = exactDecimal(value);
  if (decimal === null) return null;
  const scale = fractionDigits(decimal);
  return new NumericType(integerDigits(decimal) + scale, scale);
}

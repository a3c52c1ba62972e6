import { defineKind } from "./base.js";
import type { CodeWithin } from "./codes.js";
import { QueryError } from "./query.js";

/** Thrown when the database refused a value in a way that no subclass names: correct the value. */
export class DataError extends QueryError {
  declare readonly code: CodeWithin<"DATA">;

  static {
    defineKind(this, "DATA");
  }
}

/** Thrown when a text or binary value is longer than its column: shorten it, or widen the column. */
export class StringTooLongError extends DataError {
  declare readonly code: "STRING_TOO_LONG";

  static {
    defineKind(this, "STRING_TOO_LONG");
  }
}

/** Thrown when a number does not fit its type: correct it, or widen the column. */
export class NumericOutOfRangeError extends DataError {
  declare readonly code: "NUMERIC_OUT_OF_RANGE";

  static {
    defineKind(this, "NUMERIC_OUT_OF_RANGE");
  }
}

/** Thrown when a text is not a value of the type it was used as (a UUID, a number, JSON): correct it. */
export class InvalidTextRepresentationError extends DataError {
  declare readonly code: "INVALID_TEXT_REPRESENTATION";

  static {
    defineKind(this, "INVALID_TEXT_REPRESENTATION");
  }
}

/** Thrown when a text is not a date or time, or is outside the range of them: correct it. */
export class InvalidDatetimeError extends DataError {
  declare readonly code: "INVALID_DATETIME";

  static {
    defineKind(this, "INVALID_DATETIME");
  }
}

/** Thrown when raw SQL divided by zero: guard it with NULLIF. */
export class DivisionByZeroError extends DataError {
  declare readonly code: "DIVISION_BY_ZERO";

  static {
    defineKind(this, "DIVISION_BY_ZERO");
  }
}

/** Thrown when a text holds characters that the database's encoding lacks: use UTF-8 there, or correct the text. */
export class InvalidEncodingError extends DataError {
  declare readonly code: "INVALID_ENCODING";

  static {
    defineKind(this, "INVALID_ENCODING");
  }
}

import { InvalidValueError, UsageError } from "../../errors/index.js";
import type { WireValue } from "../../util/wire.js";
import type { Bound } from "./handle.js";
import { AnswerError } from "./link.js";

/** The protocol counts them in 16 bits. */
const MAX_PARAMETERS = 65_535;

const MIN_INTEGER = -(2n ** 63n);
const INTEGER_END = 2n ** 64n;
const DOUBLE_END = 2 ** 63;

/**
 * The parameters in a form in which both packages send them exactly: whole numbers as whole numbers, all others as doubles.
 *
 * @throws {UsageError} when they are too many, or a number is none that the server has.
 */
export function bindable(parameters: readonly WireValue[]): Bound[] {
  if (parameters.length > MAX_PARAMETERS) {
    throw new UsageError(
      `The statement has ${parameters.length} parameters, and the server takes ${MAX_PARAMETERS}: split it.`,
    );
  }
  return parameters.map(bind);
}

function bind(value: WireValue): Bound {
  switch (typeof value) {
    case "number":
      return bindNumber(value);
    case "bigint":
      if (value >= MIN_INTEGER && value < INTEGER_END) return value;
      throw new InvalidValueError("A bigint among the parameters has more than 64 bits: bind it as text.");
    case "boolean":
      return value ? 1 : 0;
    case "object":
      return value === null ? null : Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    default:
      return value;
  }
}

function bindNumber(value: number): number | bigint {
  if ((value | 0) === value) return value;
  if (!Number.isFinite(value)) {
    throw new InvalidValueError("NaN or an infinity is among the parameters, and the server has neither: bind null.");
  }
  return Number.isInteger(value) && value >= -DOUBLE_END && value < DOUBLE_END ? BigInt(value) : value;
}

/** What must not stand in a text for each of its question marks to be a placeholder. */
const QUOTES = /['"`#]|--|\/\*/;

/** Why a statement cannot be run whose parameters are not as many as the server says: values would be read at the wrong places. */
export function miscounted(sql: string, given: number, expected: number): Error {
  const marks = sql.split("?").length - 1;
  const isPossible = QUOTES.test(sql) ? expected <= marks : expected === marks;
  if (!isPossible) return new AnswerError("The server has counted placeholders that the statement does not have.");
  return new UsageError(`The statement has ${expected} placeholders and ${given} parameters: give one for each.`);
}

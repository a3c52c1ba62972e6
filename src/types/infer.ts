import { types } from "node:util";

import { binaryType } from "./binary.js";
import { booleanType } from "./boolean.js";
import { dateTimeType } from "./date-time.js";
import { doubleType } from "./float.js";
import { bigIntegerType, integerType } from "./integer.js";
import { textType } from "./text.js";
import type { SqlType } from "./type.js";

const INT_MAX = 2 ** 31 - 1;
const bigInteger = bigIntegerType();
const bigIntegerAsNumber = bigIntegerType({ as: "number" });
const dateTime = dateTimeType();

/**
 * The type of a bare value where no column gives it one, `null` where a value of its kind has none by itself (arrays, objects, `undefined` …).
 * The type's own codec still has the last word: NaN is a double, and refused by it.
 */
export function inferType(value: unknown): SqlType | null {
  switch (typeof value) {
    case "string":
      return textType;
    case "number":
      return inferNumber(value);
    case "bigint":
      return bigInteger;
    case "boolean":
      return booleanType;
    case "object":
      if (types.isDate(value)) return dateTime;
      return types.isUint8Array(value) ? binaryType : null;
    default:
      return null;
  }
}

function inferNumber(value: number): SqlType<number> {
  if (!Number.isSafeInteger(value) || Object.is(value, -0)) return doubleType;
  return value >= -INT_MAX - 1 && value <= INT_MAX ? integerType : bigIntegerAsNumber;
}

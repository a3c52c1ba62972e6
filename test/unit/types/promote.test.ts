import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { dateType } from "../../../src/types/date.js";
import { doubleType, floatType } from "../../../src/types/float.js";
import { bigIntegerType, integerType, smallIntegerType } from "../../../src/types/integer.js";
import { numericType } from "../../../src/types/numeric.js";
import { promote } from "../../../src/types/promote.js";
import { textType } from "../../../src/types/text.js";

const big = bigIntegerType();
const bigAsNumber = bigIntegerType({ as: "number" });

describe("the type of arithmetic", () => {
  test("is the wider of the two, in either order", () => {
    for (const [left, right, result] of [
      [smallIntegerType, smallIntegerType, integerType],
      [smallIntegerType, integerType, integerType],
      [integerType, big, big],
      [integerType, bigAsNumber, bigAsNumber],
      [big, bigAsNumber, big],
      [numericType(), big, numericType()],
      [numericType(), doubleType, numericType()],
      [integerType, floatType, doubleType],
      [floatType, floatType, doubleType],
    ] as const) {
      assert.equal(promote(left, right), result);
      assert.equal(promote(right, left), result);
    }
  });

  test("has the scale that the operator makes", () => {
    const price = numericType(10, 2);
    const rate = numericType(5, 4);
    assert.deepEqual(promote(price, rate)?.parameters, { scale: 4 });
    assert.deepEqual(promote(price, integerType)?.parameters, { scale: 2 });
    assert.deepEqual(promote(price, rate, "sum")?.parameters, { scale: 6 });
    assert.deepEqual(promote(price, numericType())?.parameters, {});
  });

  test("is not known where an operand's is not, or is no number", () => {
    assert.equal(promote(null, integerType), null);
    assert.equal(promote(integerType, null), null);
    assert.equal(promote(textType, integerType), null);
    assert.equal(promote(dateType, dateType), null);
  });
});

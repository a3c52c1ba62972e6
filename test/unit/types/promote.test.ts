import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { dateType } from "../../../src/types/date.js";
import { doubleType, floatType } from "../../../src/types/float.js";
import { decoratedType } from "../../../src/types/decorated.js";
import { bigIntegerType, integerType, smallIntegerType } from "../../../src/types/integer.js";
import { numericOf, numericType } from "../../../src/types/numeric.js";
import { isWhole, promote, unify } from "../../../src/types/promote.js";
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

  test("is a decorated operand's, which alone knows how its values are read", () => {
    const cents = decoratedType(big, { toDriver: (value: number) => BigInt(value), fromDriver: Number });
    assert.equal(promote(cents, cents), cents);
    assert.equal(promote(cents, doubleType), cents);
    assert.equal(promote(integerType, cents), cents);
  });
});

describe("the type of alternatives", () => {
  test("is the widest of numbers, else the first that is known", () => {
    assert.equal(unify([]), null);
    assert.equal(unify([null, null]), null);
    assert.equal(unify([null, textType, null]), textType);
    assert.equal(unify([textType, textType]), textType);
    assert.equal(unify([dateType, textType]), dateType);
    assert.equal(unify([smallIntegerType, smallIntegerType]), smallIntegerType);
    assert.equal(unify([integerType, null, doubleType]), doubleType);
    assert.equal(unify([doubleType, integerType]), doubleType);
    assert.equal(unify([integerType, big]), big);
  });
});

test("whole numbers are integers of any size", () => {
  assert.deepEqual([smallIntegerType, integerType, big, bigAsNumber].map(isWhole), [true, true, true, true]);
  assert.deepEqual([numericType(5), doubleType, floatType, textType].map(isWhole), [false, false, false, false]);
});

test("a bare exact number has the digits that it has, no others", () => {
  assert.deepEqual(numericOf("12.50")?.parameters, { precision: 3, scale: 1 });
  assert.deepEqual(numericOf("0.001")?.parameters, { precision: 3, scale: 3 });
  assert.deepEqual(numericOf(1200n)?.parameters, { precision: 4, scale: 0 });
  assert.deepEqual(numericOf(7)?.parameters, { precision: 1, scale: 0 });
  for (const value of ["abc", 0.5, null, {}]) assert.equal(numericOf(value), null);
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import fc from "fast-check";

import { doubleType, floatType } from "../../../src/types/float.js";
import { assertMismatch, assertRefused, assertRoundTrip } from "./assertions.js";

describe("double", () => {
  test("every finite double goes through bit by bit", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        assertRoundTrip(doubleType, value, value);
        assert.ok(Object.is(doubleType.toDriver(value, "write"), value));
      }),
    );
    for (const value of [-0, 5e-324, Number.MAX_VALUE, 2 ** 53 + 2]) {
      assert.ok(Object.is(doubleType.fromDriver(doubleType.toDriver(value, "write") as number), value));
    }
  });

  test("NaN and the infinities are refused", () => {
    assert.match(assertRefused(doubleType, NaN), /got NaN/);
    assert.match(assertRefused(doubleType, -Infinity), /got an infinite number/);
  });

  test("an integer and decimal text of an expression are read", () => {
    assert.equal(doubleType.fromDriver(3n), 3);
    assert.equal(doubleType.fromDriver("2.5000"), 2.5);
    assert.equal(doubleType.fromDriver("-1e-7"), -1e-7);
    for (const wire of ["", " 1", "0x10", "1.", ".5", "NaN", "one"]) assertMismatch(doubleType, wire);
  });
});

describe("float", () => {
  test("every number of 32 bits goes through", () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
        assertRoundTrip(floatType, value, value);
      }),
    );
  });

  test("a number is rounded to 32 bits on both ways, however many the database keeps", () => {
    assert.equal(floatType.toDriver(0.1, "write"), Math.fround(0.1));
    assert.equal(floatType.toDriver(0.1, "compare"), Math.fround(0.1));
    assert.equal(floatType.fromDriver(0.1), Math.fround(0.1));
  });

  test("what 32 bits cannot hold is refused", () => {
    assertRefused(floatType, 1e39);
    assertRefused(floatType, NaN);
  });
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { booleanType } from "../../../src/types/boolean.js";
import { assertMismatch, assertRefused, assertRoundTrip } from "./assertions.js";

describe("boolean", () => {
  test("goes through, and is read from 0 and 1 too", () => {
    assertRoundTrip(booleanType, true, true);
    assertRoundTrip(booleanType, false, false);
    for (const wire of [1, 1n]) assert.equal(booleanType.fromDriver(wire), true);
    for (const wire of [0, 0n, -0]) assert.equal(booleanType.fromDriver(wire), false);
  });

  test("no other number or text is a truth value", () => {
    for (const wire of [2, -1, 0.5, NaN, 2n, "true", "t", "1", ""]) assertMismatch(booleanType, wire);
    for (const value of [0, 1, "true", 1n]) assertRefused(booleanType, value);
  });
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import fc from "fast-check";

import { UsageError } from "../../../src/errors/index.js";
import { bigIntegerType, integerType, smallIntegerType } from "../../../src/types/integer.js";
import { assertMismatch, assertRefused, assertRoundTrip } from "./assertions.js";

const MAX_SAFE = Number.MAX_SAFE_INTEGER;

for (const [type, bits] of [
  [integerType, 32],
  [smallIntegerType, 16],
] as const) {
  const min = -(2 ** (bits - 1));
  const max = 2 ** (bits - 1) - 1;

  describe(`${type.kind}`, () => {
    test("every value of its range goes through, as a number or a bigint", () => {
      fc.assert(
        fc.property(fc.integer({ min, max }), (value) => {
          assertRoundTrip(type, value, value);
          assert.equal(type.toDriver(BigInt(value), "write"), value);
          assert.equal(type.fromDriver(BigInt(value)), value);
          assert.equal(type.fromDriver(String(value)), value);
        }),
      );
      assertRoundTrip(type, min, min);
      assertRoundTrip(type, max, max);
    });

    test("nothing beyond its range is stored", () => {
      for (const value of [min - 1, max + 1, BigInt(max) + 1n, 2 ** 53, 2n ** 64n, 1e300]) assertRefused(type, value);
    });

    test("compared values and delivered sums may be any safe integer", () => {
      assert.equal(type.toDriver(max + 1, "compare"), max + 1);
      assert.equal(type.toDriver(-MAX_SAFE, "compare"), -MAX_SAFE);
      assert.equal(type.fromDriver(MAX_SAFE), MAX_SAFE);
      assertRefused(type, 2 ** 53, "compare");
      assertRefused(type, 2n ** 53n, "compare");
    });

    test("fractions are refused and -0 is 0", () => {
      assert.match(assertRefused(type, 1.5), /got a number with a fraction/);
      assertRefused(type, 1.5, "compare");
      assert.ok(Object.is(type.toDriver(-0, "write"), 0));
    });

    test("a delivered number that is not whole, or was rounded, is refused", () => {
      for (const wire of [
        1.5,
        NaN,
        Infinity,
        2 ** 53,
        2n ** 53n,
        -(2n ** 53n),
        "9007199254740992",
        "1.0",
        "",
        "0x1",
        "1e3",
        " 1",
      ]) {
        assertMismatch(type, wire);
      }
    });
  });
}

describe("bigInteger", () => {
  const type = bigIntegerType();
  const min = -(2n ** 63n);
  const max = 2n ** 63n - 1n;

  test("every value of 64 bits goes through", () => {
    fc.assert(
      fc.property(fc.bigInt({ min, max }), (value) => {
        assertRoundTrip(type, value, value);
        assert.equal(type.fromDriver(String(value)), value);
      }),
    );
    for (const value of [min, max, 2n ** 53n + 1n]) assertRoundTrip(type, value, value);
  });

  test("safe integers are taken as numbers too, and unsafe ones refused", () => {
    assert.equal(type.toDriver(MAX_SAFE, "write"), BigInt(MAX_SAFE));
    assert.equal(type.toDriver(-0, "write"), 0n);
    assert.equal(type.fromDriver(5), 5n);
    assertRefused(type, 2 ** 53);
    assert.match(assertMismatch(type, 2 ** 53), /no longer exact/);
  });

  test("nothing beyond 64 bits is sent", () => {
    assertRefused(type, max + 1n);
    assertRefused(type, min - 1n, "compare");
  });

  test("it needs the driver's bigint, and as a number does not", () => {
    assert.equal(type.needsBigInt, true);
    assert.equal(bigIntegerType({ as: "number" }).needsBigInt, false);
  });
});

describe('bigInteger({ as: "number" })', () => {
  const type = bigIntegerType({ as: "number" });

  test("every safe integer goes out as a bigint and comes back as a number", () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (value) => {
        assertRoundTrip(type, value + 0, BigInt(value));
        assert.equal(type.fromDriver(value), value);
      }),
    );
  });

  test("2^53 and beyond is refused both ways, exact or rounded", () => {
    for (const value of [2 ** 53, -(2 ** 53), 2n ** 53n, 2n ** 63n]) {
      assertRefused(type, value);
      assertMismatch(type, value);
    }
  });

  test("no other form can be asked for", () => {
    assert.throws(() => bigIntegerType({ as: "string" as "number" }), UsageError);
    assert.throws(() => bigIntegerType({ as: "toString" as "number" }), UsageError);
  });
});

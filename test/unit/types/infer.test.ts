import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { runInNewContext } from "node:vm";

import fc from "fast-check";

import { inferType } from "../../../src/types/infer.js";
import { integerType } from "../../../src/types/integer.js";
import { textType } from "../../../src/types/text.js";
import type { NonNullWire } from "../../../src/types/type.js";
import { decodeUntyped } from "../../../src/types/untyped.js";
import { hostileValues } from "./hostile.js";

describe("a bare value", () => {
  test("has the type of its kind, and goes through it as it is", () => {
    const values = fc.oneof(
      fc.string(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.maxSafeInteger(),
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      fc.boolean(),
      fc.date({ min: new Date("0001-01-01"), max: new Date("9999-12-31"), noInvalidDate: true }),
      fc.uint8Array(),
    );
    fc.assert(
      fc.property(
        values.filter((value) => typeof value !== "string" || !value.includes("\0")),
        (value) => {
          const type = inferType(value);
          assert.ok(type !== null);
          assert.deepEqual(type.fromDriver(type.toDriver(value, "compare") as NonNullWire), value);
        },
      ),
    );
  });

  test("a number is an integer by its size, and a double where it is none", () => {
    assert.equal(inferType(2 ** 31 - 1), integerType);
    assert.equal(inferType(-(2 ** 31)), integerType);
    assert.equal(inferType(2 ** 31)?.kind, "bigInteger");
    assert.equal(inferType(-(2 ** 31) - 1)?.kind, "bigInteger");
    assert.equal(inferType(2 ** 53)?.kind, "double");
    for (const value of [1.5, -0, NaN, Infinity]) assert.equal(inferType(value)?.kind, "double");
  });

  test("text is text without a length", () => {
    assert.equal(inferType("a"), textType);
  });

  test("dates and bytes of another realm are known", () => {
    assert.equal(inferType(runInNewContext("new Date(0)"))?.kind, "dateTime");
    assert.equal(inferType(runInNewContext("new Uint8Array(1)"))?.kind, "binary");
  });

  test("anything else has no type, or one that refuses it", () => {
    for (const [label, value] of hostileValues) {
      const type = inferType(value);
      if (type !== null) assert.throws(() => type.toDriver(value, "compare"), { name: "InvalidValueError" }, label);
    }
    for (const value of [undefined, null, [], {}, () => 1, Symbol("a"), new String("a"), new Int8Array(1)]) {
      assert.equal(inferType(value), null);
    }
  });
});

describe("a column of which nothing is declared", () => {
  test("gives integers as number where they are safe, else as bigint", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }), (value) => {
        const isSafe = value >= -(2n ** 53n) + 1n && value <= 2n ** 53n - 1n;
        assert.equal(decodeUntyped(value), isSafe ? Number(value) : value);
      }),
    );
    assert.equal(decodeUntyped(2n ** 53n - 1n), 2 ** 53 - 1);
    assert.equal(decodeUntyped(2n ** 53n), 2n ** 53n);
  });

  test("gives everything else as it came, bytes as a plain Uint8Array", () => {
    for (const wire of [null, "a", 1.5, NaN, true, false, ""]) assert.ok(Object.is(decodeUntyped(wire), wire));
    const bytes = decodeUntyped(Buffer.from([1, 2]));
    assert.deepEqual(bytes, new Uint8Array([1, 2]));
    assert.equal(Object.getPrototypeOf(bytes), Uint8Array.prototype);
  });
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import fc from "fast-check";

import { UsageError } from "../../../src/errors/index.js";
import { numericResult, numericType } from "../../../src/types/numeric.js";
import { assertMismatch, assertRefused, assertRoundTrip } from "./assertions.js";

/** `units` divided by ten to the `scale`, written by plain integer arithmetic. */
function decimalOf(units: bigint, scale: number): string {
  const one = 10n ** BigInt(scale);
  const size = units < 0n ? -units : units;
  const fraction = scale === 0 ? "" : `.${String(size % one).padStart(scale, "0")}`;
  return `${units < 0n ? "-" : ""}${size / one}${fraction}`;
}

const shapes = fc
  .integer({ min: 1, max: 60 })
  .chain((precision) => fc.record({ precision: fc.constant(precision), scale: fc.nat({ max: precision }) }));

const numbers = shapes.chain(({ precision, scale }) => {
  const max = 10n ** BigInt(precision) - 1n;
  return fc.record({
    precision: fc.constant(precision),
    scale: fc.constant(scale),
    units: fc.bigInt({ min: -max, max }),
  });
});

describe("numeric(precision, scale)", () => {
  test("every number of its range goes through, with exactly its scale", () => {
    fc.assert(
      fc.property(numbers, ({ precision, scale, units }) => {
        assertRoundTrip(numericType(precision, scale), decimalOf(units, scale), decimalOf(units, scale));
      }),
    );
  });

  test("every way to write a number gives its one canonical text", () => {
    fc.assert(
      fc.property(
        numbers,
        fc.nat({ max: 5 }),
        fc.nat({ max: 5 }),
        fc.integer({ min: -70, max: 70 }),
        (number, zerosBefore, zerosBehind, exponent) => {
          const { precision, scale, units } = number;
          const type = numericType(precision, scale);
          const text = decimalOf(units, scale);
          const sign = text.startsWith("-") ? "-" : "";
          const [integer = "", fraction = ""] = text.slice(sign.length).split(".");
          const padded = `${sign}${"0".repeat(zerosBefore)}${integer}.${fraction}${"0".repeat(zerosBehind)}`;
          assert.equal(type.toDriver(padded, "write"), text);
          assert.equal(type.fromDriver(padded), text);
          if (sign === "") assert.equal(type.toDriver(`+${text}`, "write"), text);
          assert.equal(type.toDriver(`${units}e${-scale}`, "write"), text);
          // The same number with its point moved by the exponent.
          const shifted =
            exponent <= 0 ? decimalOf(units, scale - exponent) : `${units}${"0".repeat(exponent)}e${-scale - exponent}`;
          assert.equal(type.toDriver(exponent <= 0 ? `${shifted}e${-exponent}` : shifted, "write"), text);
        },
      ),
    );
  });

  test("one digit more than the precision or the scale is refused, and nothing is rounded", () => {
    fc.assert(
      fc.property(shapes, fc.integer({ min: 1, max: 9 }), fc.boolean(), ({ precision, scale }, digit, negative) => {
        const type = numericType(precision, scale);
        const sign = negative ? "-" : "";
        assertRefused(type, `${sign}0.${"0".repeat(scale)}${digit}`);
        assertMismatch(type, `${sign}0.${"0".repeat(scale)}${digit}`);
        assertRefused(type, `${sign}${digit}${"0".repeat(precision - scale)}`);
        assertRefused(type, BigInt(`${digit}${"0".repeat(precision - scale)}`));
      }),
    );
  });

  test("a compared value may have more digits than the column", () => {
    const type = numericType(4, 2);
    assert.equal(type.toDriver("0.005", "compare"), "0.005");
    assert.equal(type.toDriver("123456", "compare"), "123456.00");
  });

  test("whole numbers are taken as bigint and safe number, fractions only as text", () => {
    const type = numericType(30, 2);
    assert.equal(type.toDriver(12, "write"), "12.00");
    assert.equal(type.toDriver(-0, "write"), "0.00");
    assert.equal(type.toDriver(10n ** 20n, "write"), "100000000000000000000.00");
    assert.equal(type.fromDriver(7n), "7.00");
    assert.match(assertRefused(type, 12.5), /a number with a fraction or beyond 2\^53, which is not exact/);
    assertRefused(type, 2 ** 53);
    assertMismatch(type, 12.5);
  });

  test("zero has no sign", () => {
    for (const zero of ["-0", "-0.00", "+0", "0e9", "-.0", "0e-999999"]) {
      assert.equal(numericType(5, 2).toDriver(zero, "write"), "0.00");
      assert.equal(numericType(5, 2).fromDriver(zero), "0.00");
    }
  });

  test("text that is no decimal number is refused", () => {
    for (const text of [
      "",
      ".",
      "-",
      "e5",
      "1e",
      "1.2.3",
      "1,5",
      " 1",
      "1 ",
      "0x1",
      "1_000",
      "NaN",
      "Infinity",
      "--1",
      "١",
      "1\n",
    ]) {
      assertRefused(numericType(10, 2), text);
      assertMismatch(numericType(10, 2), text);
    }
  });

  test("a number of absurd size is refused at once", () => {
    const started = performance.now();
    for (const text of ["1e999999", "1e-999999", "9".repeat(1_000_000), `0.${"0".repeat(1_000_000)}1`]) {
      assertRefused(numericType(), text);
    }
    assertRoundTrip(numericType(), `1${"0".repeat(100_000)}`, `1${"0".repeat(100_000)}`);
    assert.ok(performance.now() - started < 1000);
  });

  test("a scale without a meaning is refused when the type is made", () => {
    assert.deepEqual(numericType(10).parameters, { precision: 10, scale: 0 });
    for (const [precision, scale] of [
      [0, 0],
      [10, 11],
      [10, -1],
      [1.5, 0],
      [10, 0.5],
      [1001, 0],
      [NaN, 0],
    ] as const) {
      assert.throws(() => numericType(precision, scale), UsageError);
    }
  });
});

describe("numeric()", () => {
  test("any number goes through with as few digits as it has", () => {
    const type = numericType();
    for (const [text, canonical] of [
      ["1.10", "1.1"],
      ["100", "100"],
      ["-0.0", "0"],
      ["1e3", "1000"],
      [".5", "0.5"],
      ["007", "7"],
    ] as const) {
      assert.equal(type.toDriver(text, "write"), canonical);
      assert.equal(type.fromDriver(text), canonical);
    }
    const long = `${"9".repeat(500)}.${"123456789".repeat(50)}`;
    assertRoundTrip(type, long, long);
  });

  test("a result of known scale has all its digits, whatever its precision", () => {
    assert.equal(numericResult(2).fromDriver("12345678901234567890.5"), "12345678901234567890.50");
    assert.deepEqual(numericResult(2).parameters, { scale: 2 });
    assert.equal(numericResult(null), numericType());
  });
});

import fc from "fast-check";
import { bigInteger, double, float, integer, numeric, smallInteger } from "../../../src/index.js";
import { kind, type Kind } from "./kind.js";

const INT32 = 2 ** 31;
const INT64 = 2n ** 63n;

/** An exact decimal as it comes back: `digits` over ten to the `scale`. */
function decimal(digits: bigint, scale: number): string {
  const text = String(digits < 0n ? -digits : digits).padStart(scale + 1, "0");
  return `${digits < 0n ? "-" : ""}${text.slice(0, -scale)}.${text.slice(-scale)}`;
}

function decimals(precision: number, scale: number): fc.Arbitrary<string> {
  const most = 10n ** BigInt(precision) - 1n;
  return fc
    .oneof(fc.bigInt({ min: -most, max: most }), fc.bigInt({ min: -1000n, max: 1000n }))
    .map((digits) => decimal(digits, scale));
}

/** Bounded so that a sum of some hundreds stays within 15 digits. */
export const numeric15 = {
  column: numeric(15, 2),
  values: fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }).map((cents) => decimal(cents, 2)),
};

export const numbers: readonly Kind[] = [
  kind({
    name: "integer",
    column: integer(),
    values: fc.integer({ min: -INT32, max: INT32 - 1 }),
    edges: [-INT32, INT32 - 1, 0, -0, 1, -1],
    stored: (value) => value + 0,
    sameAs: (value) => value + 0,
  }),
  kind({
    name: "smallInteger",
    column: smallInteger(),
    values: fc.integer({ min: -32_768, max: 32_767 }),
    edges: [-32_768, 32_767, 0],
  }),
  kind({
    name: "bigInteger",
    column: bigInteger(),
    values: fc.oneof(fc.bigInt({ min: -INT64, max: INT64 - 1n }), fc.bigInt({ min: -3n, max: 3n })),
    edges: [-INT64, INT64 - 1n, 0n, 2n ** 53n, 2n ** 53n + 1n, -(2n ** 53n) - 1n],
  }),
  kind({
    name: "bigInteger as number",
    column: bigInteger({ as: "number" }),
    values: fc.maxSafeInteger(),
    edges: [Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, 0, INT32, -INT32 - 1],
    stored: (value) => value + 0,
    sameAs: (value) => value + 0,
  }),
  kind({
    name: "numeric(15, 2)",
    column: numeric(15, 2),
    values: decimals(15, 2),
    edges: ["9999999999999.99", "-9999999999999.99", "0.00", "0.01", "-0.01", "0.10", "1.00", "12345678.90"],
  }),
  kind({
    name: "numeric in other words",
    column: numeric(10, 3),
    values: fc.integer({ min: -9_999_999, max: 9_999_999 }).map((value) => `${value}`),
    edges: ["1", "+1", "01.5", ".5", "1e3", "-0", "1.50000"],
    stored: (value) => decimal(BigInt(Math.round(Number(value) * 1000)), 3),
    sameAs: Number,
  }),
  kind({
    name: "numeric(38, 10)",
    column: numeric(38, 10),
    values: decimals(38, 10),
    edges: [
      "9999999999999999999999999999.9999999999",
      "-9999999999999999999999999999.9999999999",
      "0.0000000001",
      "-0.0000000001",
      "0.0000000000",
      "9007199254740993.0000000000",
    ],
  }),
  kind({
    name: "double",
    column: double(),
    values: fc.double({ noNaN: true, noDefaultInfinity: true }),
    edges: [
      0,
      -0,
      0.1,
      -1.5,
      1e21,
      5e-324,
      -5e-324,
      2.225_073_858_507_201e-308,
      Number.MIN_VALUE,
      Number.MAX_VALUE,
      -Number.MAX_VALUE,
      Number.EPSILON,
      2 ** 53 + 2,
      123,
    ],
    sameAs: (value) => value + 0,
  }),
  kind({
    name: "float",
    column: float(),
    values: fc.float({ noNaN: true, noDefaultInfinity: true }),
    edges: [
      0, 0.1, -1.5, 3.402_823_466_385_288_6e38, 1.175_494_350_822_287_5e-38, 1.401_298_464_324_817e-45, 16_777_217,
    ],
    stored: Math.fround,
    sameAs: (value) => Math.fround(value) + 0,
  }),
];

import fc from "fast-check";
import {
  bigInteger,
  binary,
  boolean,
  date,
  dateTime,
  double,
  enumeration,
  float,
  integer,
  json,
  numeric,
  smallInteger,
  string,
  text,
  time,
  typeDecorator,
  uuid,
} from "../../src/index.js";

/** Any column as a factory gives it. */
type AnyColumn = ReturnType<typeof text>;

/** One column type: its values, and those at its edges. */
export interface Kind {
  readonly name: string;
  readonly column: AnyColumn;
  readonly values: fc.Arbitrary<unknown>;
  readonly edges: readonly unknown[];
  /** What comes back, where that is another value than what went in. */
  readonly stored?: (value: unknown) => unknown;
  /** What equal values have in common; `null` where the type is not compared. */
  readonly sameAs: ((value: unknown) => unknown) | null;
}

interface TypedKind<Value> {
  readonly name: string;
  readonly column: unknown;
  readonly values: fc.Arbitrary<Value>;
  readonly edges: readonly Value[];
  readonly stored?: (value: Value) => unknown;
  readonly sameAs?: ((value: Value) => unknown) | null;
}

/** Forgets the type of the values, which is checked where the kind is written. */
function kind<Value>(typed: TypedKind<Value>): Kind {
  return { sameAs: (value: Value) => value, ...typed } as Kind;
}

const INT32 = 2 ** 31;
const INT64 = 2n ** 63n;
const FIRST_MS = Date.parse("0001-01-01T00:00:00.000Z");
const LAST_MS = Date.parse("9999-12-31T23:59:59.999Z");

/** Text that every database holds: well-formed, without NUL. */
const portable = fc.string({ unit: "binary", maxLength: 40 }).map((value) => value.replaceAll("\0", ""));

const EDGE_TEXTS = [
  "",
  " ",
  " padded  ",
  "a",
  "A",
  "á",
  "a\u0301",
  "it's \"quoted\" `back` \\ slash",
  "100%_!",
  "😀 👨‍👩‍👧‍👦 🇺🇳",
  "\ufeff\uffff\u{10ffff}",
  "line\r\nline\ttab",
  "null",
  "0",
  "1e5",
  "'; DROP TABLE x; --",
  ":name ? $1 @x #y",
];

/** An exact decimal as it comes back: `digits` over ten to the `scale`. */
function decimal(digits: bigint, scale: number): string {
  const text = String(digits < 0n ? -digits : digits).padStart(scale + 1, "0");
  return `${digits < 0n ? "-" : ""}${text.slice(0, -scale)}.${text.slice(-scale)}`;
}

function decimals(precision: number, scale: number): fc.Arbitrary<string> {
  const most = 10n ** BigInt(precision) - 1n;
  return fc.oneof(fc.bigInt({ min: -most, max: most }), fc.bigInt({ min: -1000n, max: 1000n })).map((digits) => decimal(digits, scale));
}

const days = fc
  .integer({ min: FIRST_MS / 86_400_000, max: Math.floor(LAST_MS / 86_400_000) })
  .map((day) => new Date(day * 86_400_000).toISOString().slice(0, 10));

const instants = fc.integer({ min: FIRST_MS, max: LAST_MS });

/** `YYYY-MM-DD HH:MM:SS.ffffff`. */
const microseconds = fc
  .tuple(instants, fc.integer({ min: 0, max: 999 }))
  .map(([ms, micros]) => `${new Date(ms).toISOString().slice(0, -1).replace("T", " ")}${String(micros).padStart(3, "0")}`);

const EDGE_INSTANTS = [FIRST_MS, LAST_MS, 0, -1, 1, Date.parse("2024-02-29T23:59:59.999Z"), Date.parse("1969-12-31T23:59:59.001Z")];

/** `HH:MM:SS[.ffffff]` without the zeros that end a fraction. */
function withoutZeros(time: string): string {
  return time.includes(".") ? time.replace(/\.?0+$/, "") : time;
}

class Money {
  readonly cents: bigint;

  constructor(cents: bigint) {
    this.cents = cents;
  }
}

const money = typeDecorator(bigInteger(), {
  toDriver: (value: Money) => value.cents,
  fromDriver: (cents) => new Money(cents),
});

const tags = typeDecorator(json<string[]>(), {
  toDriver: (value: ReadonlySet<string>) => [...value],
  fromDriver: (list) => new Set(list),
});

/** Stands in for `Temporal.PlainDateTime`. */
class PlainText {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  static from(text: string): PlainText {
    return new PlainText(text);
  }

  toString(): string {
    return this.#text;
  }

  /** What a test compares. */
  get text(): string {
    return this.#text;
  }
}

/** Bounded so that a sum of some hundreds stays within 15 digits. */
export const numeric15 = {
  column: numeric(15, 2),
  values: fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }).map((cents) => decimal(cents, 2)),
};

export const kinds: readonly Kind[] = [
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
    edges: [0, 0.1, -1.5, 3.402_823_466_385_288_6e38, 1.175_494_350_822_287_5e-38, 1.401_298_464_324_817e-45, 16_777_217],
    stored: Math.fround,
    sameAs: (value) => Math.fround(value) + 0,
  }),
  kind({ name: "string(40)", column: string(40), values: portable.filter((value) => [...value].length <= 40), edges: EDGE_TEXTS }),
  kind({
    name: "text",
    column: text(),
    values: portable,
    edges: [...EDGE_TEXTS, "😀".repeat(5_000)],
  }),
  kind({ name: "boolean", column: boolean(), values: fc.boolean(), edges: [true, false] }),
  kind({ name: "date", column: date(), values: days, edges: ["0001-01-01", "9999-12-31", "1970-01-01", "2024-02-29", "1582-10-10"] }),
  kind({
    name: "time",
    column: time(),
    values: fc.integer({ min: 0, max: 86_399_999_999 }).map((micros) => {
      const clock = new Date(Math.floor(micros / 1000)).toISOString().slice(11, 23);
      return `${clock}${String(micros % 1000).padStart(3, "0")}`;
    }),
    edges: ["00:00:00", "23:59:59.999999", "12:30:00.5", "01:02:03.000001"],
    stored: withoutZeros,
    sameAs: withoutZeros,
  }),
  kind({
    name: "dateTime",
    column: dateTime(),
    values: instants.map((ms) => new Date(ms)),
    edges: EDGE_INSTANTS.map((ms) => new Date(ms)),
    sameAs: Number,
  }),
  kind({
    name: "dateTime with a time zone",
    column: dateTime({ timezone: true }),
    values: instants.map((ms) => new Date(ms)),
    edges: EDGE_INSTANTS.map((ms) => new Date(ms)),
    sameAs: Number,
  }),
  kind({
    name: "dateTime as string",
    column: dateTime({ as: "string" }),
    values: microseconds,
    edges: ["0001-01-01 00:00:00.000000", "9999-12-31 23:59:59.999999", "2024-02-29 12:00:00.000001", "1969-12-31 23:59:59.999999"],
  }),
  kind({
    name: "dateTime with a time zone as string",
    column: dateTime({ timezone: true, as: "string" }),
    values: microseconds.map((value) => `${value.replace(" ", "T")}Z`),
    edges: ["2024-02-29T12:00:00.000001Z", "0001-01-01T00:00:00.000000Z", "9999-12-31T23:59:59.999999Z"],
  }),
  kind({
    name: "dateTime as a class",
    column: dateTime({ as: PlainText }),
    values: microseconds.map((value) => new PlainText(value)),
    edges: [new PlainText("2024-02-29 12:00:00.000001")],
    sameAs: ({ text }) => text,
  }),
  kind({
    name: "json",
    column: json(),
    values: fc
      .jsonValue()
      .map((value) => JSON.parse(JSON.stringify(value).replaceAll("\\u0000", "")) as unknown)
      .filter((value) => value !== null),
    edges: [
      true,
      false,
      0,
      -1.5,
      1e300,
      "",
      "text",
      '"quoted"',
      [],
      {},
      [null, [[]], { a: null }],
      { a: 1, b: [true, "x", { c: 2 }] },
      JSON.parse('{"__proto__":1,"constructor":2}'),
      "😀",
    ],
    sameAs: null,
  }),
  kind({
    name: "uuid",
    column: uuid(),
    values: fc.uuid(),
    edges: ["00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff", "6FA459EA-EE8A-3CA4-894E-DB77E160355E"],
    stored: (value) => value.toLowerCase(),
    sameAs: (value) => value.toLowerCase(),
  }),
  kind<Uint8Array>({
    name: "binary",
    column: binary(),
    values: fc.uint8Array({ maxLength: 300 }),
    edges: [
      new Uint8Array(),
      Uint8Array.from({ length: 256 }, (_, byte) => byte),
      new Uint8Array(100_000).fill(255),
      Buffer.from("a buffer"),
      new Uint8Array([1, 2, 3, 4, 5]).subarray(1, 3),
    ],
    stored: (value) => Uint8Array.from(value),
    sameAs: (value) => Buffer.from(value).toString("hex"),
  }),
  kind({
    name: "enumeration",
    column: enumeration("draft", "sent", "it's lost", "😀", ""),
    values: fc.constantFrom("draft", "sent", "it's lost", "😀", ""),
    edges: ["draft", "it's lost", "😀"],
  }),
  kind({
    name: "a type of one's own",
    column: money(),
    values: fc.bigInt({ min: -INT64, max: INT64 - 1n }).map((cents) => new Money(cents)),
    edges: [new Money(0n), new Money(INT64 - 1n)],
    sameAs: ({ cents }) => cents,
  }),
  kind({
    name: "a type of one's own over JSON",
    column: tags(),
    values: fc.uniqueArray(fc.string({ maxLength: 5 })).map((list) => new Set(list)),
    edges: [new Set<string>(), new Set(["a", "b"])],
    sameAs: null,
  }),
];

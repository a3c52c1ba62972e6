import type { TypeRule } from "../../compiler/dialect.js";
import { UnsupportedError } from "../../errors/index.js";
import { textFlaw, typeMismatch } from "../../types/refuse.js";
import type { NonNullWire, SqlType } from "../../types/type.js";
import { castNode } from "./nodes.js";
import { quoteIdentifier } from "./quoting.js";

type Name = string | ((type: SqlType) => string);

/** How the server calls a type: stored in a column, and without the limits that a CAST would cut or round a value by. */
const NAMES: ReadonlyMap<string, readonly [stored: Name, bound: string | ((type: SqlType) => string)]> = new Map<
  string,
  readonly [Name, Name]
>([
  ["integer", ["integer", "integer"]],
  // A value to compare with may be larger, and arithmetic and assignment make no difference.
  ["smallInteger", ["smallint", "integer"]],
  ["bigInteger", ["bigint", "bigint"]],
  ["numeric", [numericName, "numeric"]],
  ["float", ["real", "real"]],
  ["double", ["double precision", "double precision"]],
  ["string", [({ parameters: { length } }) => (length === undefined ? "varchar" : `varchar(${length})`), "text"]],
  ["text", ["text", "text"]],
  ["enumeration", ["text", "text"]],
  ["boolean", ["boolean", "boolean"]],
  ["date", ["date", "date"]],
  ["time", ["time", "time"]],
  [
    "dateTime",
    [
      ({ parameters: { timezone, precision = 6 } }) =>
        `${timezone === true ? "timestamptz" : "timestamp"}(${precision})`,
      ({ parameters: { timezone } }) => (timezone === true ? "timestamptz" : "timestamp"),
    ],
  ],
  ["json", ["jsonb", "jsonb"]],
  ["uuid", ["uuid", "uuid"]],
  ["binary", ["bytea", "bytea"]],
  ["interval", ["interval", "interval"]],
  ["array", [(type) => `${storedName(elementOf(type))}[]`, (type) => `${boundName(elementOf(type)) ?? "text"}[]`]],
]);

function numericName({ parameters: { precision, scale = 0 } }: SqlType): string {
  return precision === undefined ? "numeric" : `numeric(${precision}, ${scale})`;
}

function elementOf({ parameters: { element } }: SqlType): SqlType {
  if (element !== undefined) return element;
  throw new UnsupportedError("An array without a type of its elements has no name in postgresql. Use array(text()).");
}

function nameOf(name: Name, type: SqlType): string {
  return typeof name === "string" ? name : name(type);
}

/** @throws {UnsupportedError} for a type that is another database's. */
function storedName(type: SqlType): string {
  const names = NAMES.get(type.kind);
  if (names !== undefined) return nameOf(names[0], type);
  throw new UnsupportedError(`postgresql has no type ${type.kind}. Declare another type.`);
}

/** What a placeholder is cast to; `null` where nothing is known of its type. */
export function boundName(type: SqlType): string | null {
  const names = NAMES.get(type.kind);
  return names === undefined ? null : nameOf(names[1], type);
}

const INFINITE = /^-?infinity$/;
/** What the server has beyond the years 1 to 9999. */
const BEYOND_DAY = /^(?:-?infinity|[0-9]{4,7}-[0-9]{2}-[0-9]{2}(?: BC)?)$/;
const BEYOND = /^([0-9]{4,7}-[0-9]{2}-[0-9]{2}) ([0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]{1,6}))?(?:\+00)?( BC)?$/;
const SAMPLE = "2000-01-01 00:00:00";

/** Whether the values of a type of dates are texts: a `Date` knows neither infinity nor all the years. */
function readsText(type: SqlType): boolean {
  return typeof type.fromDriver(SAMPLE) === "string";
}

/** A year of four digits after Christ, as all types read it. */
function isOrdinary(wire: NonNullWire): boolean {
  return typeof wire === "string" && wire.charCodeAt(4) === 0x2d && !wire.endsWith("C");
}

const date: TypeRule = {
  ddl: storedName,
  toDriver: (type, value, role) => (isInfinite(value) ? value : type.toDriver(value, role)),
  fromDriver: (type, wire) =>
    typeof wire === "string" && !isOrdinary(wire) && BEYOND_DAY.test(wire) ? wire : type.fromDriver(wire),
};

function isInfinite(value: unknown): value is string {
  return typeof value === "string" && INFINITE.test(value);
}

const dateTime: TypeRule = {
  ddl: storedName,
  toDriver: (type, value, role) => (isInfinite(value) && readsText(type) ? value : type.toDriver(value, role)),
  fromDriver: (type, wire) => (isOrdinary(wire) ? type.fromDriver(wire) : beyond(type, wire)),
};

function beyond(type: SqlType, wire: NonNullWire): unknown {
  const parts = typeof wire === "string" ? BEYOND.exec(wire) : null;
  const isKnown = parts !== null || isInfinite(wire);
  if (!isKnown || !readsText(type)) {
    throw typeMismatch(
      "a date and time of the years 0001 to 9999",
      isKnown ? 'one beyond, or infinity, which { as: "string" } reads' : textFlaw(wire),
    );
  }
  if (parts === null) return wire;
  const [, day, clock, fraction = "", era = ""] = parts;
  const micros = fraction.padEnd(6, "0");
  return type.parameters.timezone === true ? `${day}T${clock}.${micros}Z${era}` : `${day} ${clock}.${micros}${era}`;
}

const MIDNIGHT = "24:00:00";

const NO_DECIMALS: ReadonlySet<unknown> = new Set(["NaN", "Infinity", "-Infinity"]);

/** The most digits that `toFixed` writes. */
const MAX_FIXED = 100;

/** Arithmetic with a double gives one; what others stored may be no number at all, which only the text can tell. */
const numeric: TypeRule = {
  ddl: storedName,
  fromDriver: (type, wire) => {
    if (typeof wire === "number") {
      const { scale } = type.parameters;
      return type.fromDriver(scale === undefined ? String(wire) : wire.toFixed(Math.min(scale, MAX_FIXED)));
    }
    return NO_DECIMALS.has(wire) ? wire : type.fromDriver(wire);
  },
};

const FRACTIONS: ReadonlySet<string | undefined> = new Set(["float", "double"]);

/** Halves go away from zero, as on other databases; the server's own assignment of a double takes the even neighbour. */
const whole: TypeRule = {
  ddl: storedName,
  assigned: (type, value) => (FRACTIONS.has(value.type?.kind) ? castNode(value, type) : value),
};

/** Texts are compared and converted at full length: `CAST(x AS varchar(5))` would cut them silently. */
const string: TypeRule = {
  ddl: (type) => {
    const { collation } = type.parameters;
    return collation === undefined ? storedName(type) : `${storedName(type)} COLLATE ${quoteIdentifier(collation)}`;
  },
  cast: () => "text",
};

const OWN_RULES: Readonly<Record<string, TypeRule>> = {
  integer: whole,
  smallInteger: whole,
  bigInteger: whole,
  numeric,
  string,
  date,
  dateTime,
  time: {
    ddl: storedName,
    fromDriver: (type, wire) => (wire === MIDNIGHT ? wire : type.fromDriver(wire)),
  },
};

/** By the portable type's kind. */
export const POSTGRESQL_TYPES: ReadonlyMap<string, TypeRule> = new Map(
  [...NAMES.keys()].map((kind) => [kind, OWN_RULES[kind] ?? { ddl: storedName }]),
);

import type { TypeRule } from "../../compiler/dialect.js";
import { InvalidValueError, UnsupportedError } from "../../errors/index.js";
import { fractionDigits, integerDigits, parseDecimal } from "../../types/decimal.js";
import type { SqlType, TypeParameters } from "../../types/type.js";
import { quoteIdentifier } from "./quoting.js";
import type { Flavour } from "./server.js";

/** What DECIMAL holds: so many digits, and so many of them behind the point. */
const MAX_PRECISION = 65;
const MAX_SCALE = 30;

/** VARCHAR's 65 535 bytes, at four a character, less what a row needs beside them. */
const MAX_VARCHAR = 16_383;

/** The most digits that `toFixed` writes. */
const MAX_FIXED = 100;

function unsupported(flavour: Flavour, construct: string, wayOut: string): never {
  throw new UnsupportedError(`${flavour} has no ${construct}. ${wayOut}`);
}

function named(name: string): TypeRule {
  return { ddl: () => name };
}

const FRACTIONS: ReadonlySet<string | undefined> = new Set(["float", "double"]);

/** Halves go away from zero, as elsewhere; by itself the server takes a double's to the even number. */
function whole(name: string): TypeRule {
  return {
    ddl: () => name,
    // A sum beside a constant is a DECIMAL of many digits, all of them zero.
    fromDriver: (type, wire) => type.fromDriver(typeof wire === "string" ? wire.replace(/\.0+$/, "") : wire),
    assigned: (type, value) => (FRACTIONS.has(value.type?.kind) ? { kind: "cast", operand: value, type } : value),
  };
}

/** How many digits behind the point the widest DECIMAL has that holds all whole digits of the type. */
export function widestScale({ precision, scale = 0 }: TypeParameters): number {
  return precision === undefined ? MAX_SCALE : Math.max(0, Math.min(MAX_SCALE, MAX_PRECISION - (precision - scale)));
}

/** The widest DECIMAL for values of the type. */
export function widestDecimal(parameters: TypeParameters): string {
  return `DECIMAL(${MAX_PRECISION}, ${widestScale(parameters)})`;
}

/** @throws {InvalidValueError} for a decimal that the server would round, and so take for another. */
function requireFit(text: string, type: SqlType): string {
  const scale = widestScale(type.parameters);
  const decimal = parseDecimal(text);
  if (decimal === null || (fractionDigits(decimal) <= scale && integerDigits(decimal) <= MAX_PRECISION - scale))
    return text;
  throw new InvalidValueError(
    `Expected a decimal of at most ${MAX_PRECISION - scale} digits before the point and ${scale} behind it, got one of more.`,
  );
}

function numeric(flavour: Flavour): TypeRule {
  return {
    ddl: (type, where) => {
      const { precision, scale = 0 } = type.parameters;
      if (precision === undefined) return widestDecimal(type.parameters);
      if (precision <= MAX_PRECISION && scale <= MAX_SCALE) return `DECIMAL(${precision}, ${scale})`;
      return unsupported(
        flavour,
        `numeric(${precision}, ${scale}) (${where})`,
        `It holds ${MAX_PRECISION} digits, ${MAX_SCALE} of them behind the point.`,
      );
    },
    toDriver: (type, value, role) => {
      const wire = type.toDriver(value, role);
      return typeof wire === "string" ? requireFit(wire, type) : wire;
    },
    // An exact number beside a double makes a double.
    fromDriver: (type, wire) => {
      if (typeof wire !== "number" || Number.isSafeInteger(wire)) return type.fromDriver(wire);
      const { scale } = type.parameters;
      return type.fromDriver(scale === undefined ? String(wire) : wire.toFixed(Math.min(scale, MAX_FIXED)));
    },
  };
}

function string(flavour: Flavour): TypeRule {
  return {
    ...text("VARCHAR"),
    ddl: ({ parameters: { length, collation } }, where) => {
      if (length === undefined) {
        return unsupported(flavour, `string() without a length (${where})`, "Give it one, string(255), or use text().");
      }
      if (length > MAX_VARCHAR) {
        return unsupported(
          flavour,
          `string(${length}) (${where})`,
          `Use text(), or at most ${MAX_VARCHAR} characters.`,
        );
      }
      return `VARCHAR(${length})${collation === undefined ? "" : ` COLLATE ${quoteIdentifier(collation)}`}`;
    },
  };
}

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Beside a NULL of no type the server takes a text for bytes. */
function text(name: string): TypeRule {
  return {
    ddl: () => name,
    fromDriver: (type, wire) => type.fromDriver(typeof wire === "object" ? UTF8.decode(wire) : wire),
  };
}

/** As on every database its order is that of its texts; a check keeps the column to its members. */
const enumeration: TypeRule = {
  ...text("VARCHAR"),
  ddl: ({ parameters: { members = [] } }) =>
    `VARCHAR(${Math.max(1, ...members.map((member) => Array.from(member).length))})`,
};

const boolean: TypeRule = {
  ddl: () => "BOOLEAN",
  toDriver: (type, value, role) => (type.toDriver(value, role) === true ? 1 : 0),
};

const dateTime: TypeRule = {
  ddl: ({ parameters: { precision = 6 } }) => `DATETIME(${precision})`,
};

/** By the portable type's kind. */
export function typesOf(flavour: Flavour): ReadonlyMap<string, TypeRule> {
  return new Map([
    ["integer", whole("INT")],
    ["smallInteger", whole("SMALLINT")],
    ["bigInteger", whole("BIGINT")],
    ["numeric", numeric(flavour)],
    ["float", named("FLOAT")],
    ["double", named("DOUBLE")],
    ["string", string(flavour)],
    ["text", text("LONGTEXT")],
    ["boolean", boolean],
    ["date", named("DATE")],
    ["time", named("TIME(6)")],
    ["dateTime", dateTime],
    ["json", text("JSON")],
    // MariaDB's own type has another order, and refuses some of version 8.
    ["uuid", text("CHAR(36) CHARACTER SET ascii COLLATE ascii_bin")],
    ["binary", named("LONGBLOB")],
    ["enumeration", enumeration],
  ]);
}

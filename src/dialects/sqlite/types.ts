import type { ExpressionNode } from "../../ast/expression.js";
import type { TypeRule } from "../../compiler/dialect.js";
import { InvalidValueError } from "../../errors/index.js";
import { fixedText } from "../../types/decimal.js";
import type { SqlType } from "../../types/type.js";

/** Digits of an exact decimal that a double holds, so that SQLite's numbers give them back. */
const EXACT_DIGITS = 15;

function named(name: string, cast?: string): TypeRule {
  return cast === undefined ? { ddl: () => name } : { ddl: () => name, cast: () => cast };
}

/** A result of arithmetic has no precision: its operands were numbers. */
function isExact({ parameters: { precision = 0 } }: SqlType): boolean {
  return precision <= EXACT_DIGITS;
}

/** @throws {InvalidValueError} for a decimal that would be rounded, and so taken for another. */
function exactNumber(text: string): number {
  const digits = text.replace(/^-?0*\.?0*/, "").replace(".", "");
  if (digits.length <= EXACT_DIGITS) return Number(text);
  throw new InvalidValueError(
    `Expected a decimal of at most ${EXACT_DIGITS} digits beside this column, got one of more.`,
  );
}

const FRACTIONS: ReadonlySet<string | undefined> = new Set(["float", "double", "numeric"]);

/** A column's type is a hint to SQLite: what is assigned is converted here, as other servers do it by themselves. */
function cast(type: SqlType, operand: ExpressionNode): ExpressionNode {
  return { kind: "cast", operand, type };
}

const toWhole: TypeRule["assigned"] = (type, value) => (FRACTIONS.has(value.type?.kind) ? cast(type, value) : value);

const toScale: TypeRule["assigned"] = (type, value) => {
  const { kind, parameters } = value.type ?? {};
  const isNull = value.kind === "constant" && value.value === null;
  return isNull || (kind === "numeric" && parameters?.scale === type.parameters.scale) ? value : cast(type, value);
};

const WIDE_NUMERIC = `numeric of more than ${EXACT_DIGITS} digits is stored as text on SQLite, and compared for equality only`;

/**
 * An exact decimal: up to 15 digits a number, beyond that its canonical text.
 * A number is read back to the type's scale, so that `'0.30'` stays what it was whatever a sum of doubles made of it.
 */
const numeric: TypeRule = {
  ddl: (type) => {
    const { precision, scale } = type.parameters;
    return isExact(type) ? `NUMERIC(${precision ?? EXACT_DIGITS}, ${scale ?? 0})` : "TEXT";
  },
  cast: (type) => (isExact(type) ? "NUMERIC" : "TEXT"),
  toDriver: (type, value, role) => {
    const text = type.toDriver(value, role);
    return isExact(type) && typeof text === "string" ? exactNumber(text) : text;
  },
  fromDriver: (type, wire) => {
    if (typeof wire !== "number") return type.fromDriver(typeof wire === "bigint" ? String(wire) : wire);
    return type.fromDriver(fixedText(wire, type.parameters.scale));
  },
  assigned: toScale,
  refuses: (type) => (isExact(type) ? null : WIDE_NUMERIC),
};

const boolean: TypeRule = {
  ddl: () => "BOOLEAN",
  cast: () => "INTEGER",
  toDriver: (type, value, role) => (type.toDriver(value, role) === true ? 1 : 0),
};

/** A double that happens to be whole must stay REAL, or a later division would lose its fraction. */
const real: TypeRule = { ddl: () => "REAL" };

/** By the portable type's kind. Names follow the affinity rules: a name with CHAR or TEXT keeps text as it is. */
export const SQLITE_TYPES: ReadonlyMap<string, TypeRule> = new Map([
  ["integer", { ...named("INTEGER"), assigned: toWhole }],
  ["smallInteger", { ...named("SMALLINT", "INTEGER"), assigned: toWhole }],
  ["bigInteger", { ...named("BIGINT", "INTEGER"), assigned: toWhole }],
  ["numeric", numeric],
  ["float", real],
  ["double", real],
  [
    "string",
    {
      ddl: ({ parameters: { length } }: SqlType) => (length === undefined ? "VARCHAR" : `VARCHAR(${length})`),
      cast: () => "TEXT",
    },
  ],
  ["text", named("TEXT")],
  ["boolean", boolean],
  ["date", named("DATE", "TEXT")],
  ["time", named("TIME", "TEXT")],
  ["dateTime", named("DATETIME", "TEXT")],
  ["json", named("TEXT")],
  ["uuid", named("CHAR(36)", "TEXT")],
  ["binary", named("BLOB")],
  ["enumeration", named("TEXT")],
]);

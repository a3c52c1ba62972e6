import type { WireColumn, WireValue } from "../../util/wire.js";
import type { NativeRow } from "./handle.js";

/** One column of a result as the protocol describes it. */
export interface Field {
  readonly name: string;
  /** The protocol's number of the type; that of SET where the value is an array of its members. */
  readonly type: number;
  /** How many digits a fraction has; more than {@link MAX_FRACTION} where the server leaves that to the value. */
  readonly decimals: number;
  /** True for bytes, for what has no character set. */
  readonly isBinary: boolean;
  readonly isJson: boolean;
}

/** The protocol's numbers of the types that are treated by type; all others are text, or bytes. */
export const TYPE = {
  float: 4,
  timestamp: 7,
  bigint: 8,
  time: 11,
  datetime: 12,
  bit: 16,
  vector: 242,
  json: 245,
  decimal: 246,
  enum: 247,
  set: 248,
  tinyBlob: 249,
  blob: 252,
  varString: 253,
  string: 254,
  geometry: 255,
} as const;

export type Integers = "number" | "bigint";

/** Makes what the port carries of what a package gives; never called with `null`. */
type Convert = (value: unknown) => WireValue;

/** The columns of a result, and how its rows are converted; made once for a statement as long as its columns stay. */
export class Shape {
  readonly columns: readonly WireColumn[];
  readonly #fields: readonly Field[];
  readonly #steps: Partial<Record<Integers, readonly Step[]>> = {};

  constructor(fields: readonly Field[]) {
    this.#fields = fields;
    this.columns = fields.map(({ name, isJson }) => ({ name, kind: isJson ? "json" : "other" }));
  }

  /** Converts the rows in place. */
  convert(rows: readonly NativeRow[], integers: Integers): WireRow[] {
    const steps = (this.#steps[integers] ??= stepsOf(this.#fields, integers));
    for (const { index, convert } of steps) {
      for (const row of rows) {
        const value = row[index];
        if (value !== null) row[index] = convert(value);
      }
    }
    return rows as WireRow[];
  }
}

export type WireRow = WireValue[];

interface Step {
  readonly index: number;
  readonly convert: Convert;
}

function stepsOf(fields: readonly Field[], integers: Integers): Step[] {
  return fields.flatMap((field, index) => {
    const convert = converterOf(field, integers);
    return convert === null ? [] : [{ index, convert }];
  });
}

function converterOf({ type, decimals, isBinary, isJson }: Field, integers: Integers): Convert | null {
  switch (type) {
    case TYPE.bigint:
      return integers === "number" ? narrowest : toBigInt;
    case TYPE.float:
      return toFloat;
    case TYPE.time:
      return (value) => withFraction(value as string, decimals, "end");
    case TYPE.datetime:
    case TYPE.timestamp:
      // One package does not write the zeros before a fraction where the column has none.
      return (value) => withFraction(value as string, decimals, decimals === 0 ? "start" : "end");
    case TYPE.set:
      return joined;
    case TYPE.bit:
    case TYPE.geometry:
    case TYPE.vector:
      return toBytes;
    default:
      if (!isTextual(type)) return null;
      return isBinary && !isJson ? toBytes : null;
  }
}

function isTextual(type: number): boolean {
  return type === 15 || type === TYPE.enum || type === TYPE.set || (type >= TYPE.tinyBlob && type <= TYPE.string);
}

/** Both packages give a whole number beyond 2^53 in a form that keeps its digits. */
function narrowest(value: unknown): number | bigint {
  if (typeof value === "number") return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : toBigInt(value);
}

/** Both packages read a generated key as a signed number, and it has no sign. */
export function exactId(id: bigint): number | bigint {
  return narrowest(BigInt.asUintN(64, id));
}

function toBigInt(value: unknown): bigint {
  return typeof value === "bigint" ? value : BigInt(value as number | string);
}

/** The text protocol shows fewer digits than a float has. */
function toFloat(value: unknown): number {
  return Math.fround(value as number);
}

/** A copy: the bytes lie in what came from the socket together with much else. */
function toBytes(value: unknown): Uint8Array {
  return new Uint8Array(value as Uint8Array);
}

/** The members of a SET, which are text without a comma. */
function joined(value: unknown): string {
  return (value as string[]).join(",");
}

/** How many digits the server keeps of a second. */
const MAX_FRACTION = 6;

/**
 * Writes a time with as many digits after the point as its column has; a digit that is not zero is never lost.
 *
 * @param missing at which side of the digits zeros may be missing.
 */
function withFraction(text: string, decimals: number, missing: "start" | "end"): string {
  const point = text.indexOf(".");
  const length = point === -1 ? 0 : text.length - point - 1;
  if (length === decimals) return text;
  const whole = point === -1 ? text : text.slice(0, point);
  const given = point === -1 ? "" : text.slice(point + 1);
  const digits = missing === "end" ? given.padEnd(MAX_FRACTION, "0") : given.padStart(MAX_FRACTION, "0");
  const wanted = decimals <= MAX_FRACTION ? decimals : 0;
  const kept = /[^0]/.test(digits.slice(wanted)) ? digits : digits.slice(0, wanted);
  return kept === "" ? whole : `${whole}.${kept}`;
}

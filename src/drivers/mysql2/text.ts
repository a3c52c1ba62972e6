import { type Field, TYPE } from "../mysql-common/fields.js";
import type { NativeRow } from "../mysql-common/handle.js";

/** Types that the text protocol writes as a number that a double holds. */
const NUMBERS: ReadonlySet<number> = new Set([1, 2, 3, TYPE.float, 5, 9, 13]);

/** Types that are bytes whatever their character set. */
const BYTES: ReadonlySet<number> = new Set([TYPE.bit, TYPE.geometry, TYPE.vector]);

/** Types whose character set says nothing: what they are written as is ASCII, or UTF-8. */
const TEXTS: ReadonlySet<number> = new Set([0, 6, 7, 8, 10, 11, 12, 14, TYPE.json, TYPE.decimal]);

/** Reads a row of the text protocol: the package's own reading rounds doubles. Makes of it what the package gives for the prepared protocol. */
export function readText(row: readonly (Buffer | null)[], fields: readonly Field[]): NativeRow {
  return row.map((bytes, index) => (bytes === null ? null : readValue(bytes, fields[index] as Field)));
}

function readValue(bytes: Buffer, { type, isBinary }: Field): unknown {
  if (NUMBERS.has(type)) return Number(bytes.toString("latin1"));
  return BYTES.has(type) || (isBinary && !TEXTS.has(type)) ? bytes : bytes.toString("utf8");
}

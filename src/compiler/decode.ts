import { UsageError } from "../errors/index.js";
import { decodeUntyped, decodeUntypedJson } from "../types/untyped.js";
import type { WireColumn, WireValue } from "../util/wire.js";
import type { CompiledQuery, CompiledResult, Decoder, ResultField } from "./compiled.js";

type Cells = readonly WireValue[];

export type Row = Record<string, unknown>;

/** Rows as objects, each cell through its decoder exactly once. */
export function decodeRows(result: CompiledResult, rows: readonly Cells[]): Row[] {
  const decoded: Row[] = [];
  for (let index = 0; index < rows.length; index++) decoded.push(decodeRow(result, rows[index] as Cells));
  return decoded;
}

export function decodeRow({ decoders, fields }: CompiledResult, cells: Cells): Row {
  return objectOf(fields, decoders, cells);
}

function objectOf(fields: readonly ResultField[], decoders: readonly Decoder[], cells: Cells): Row {
  const row: Row = {};
  for (let at = 0; at < fields.length; at++) {
    const field = fields[at] as ResultField;
    if ("index" in field) setField(row, field.key, (decoders[field.index] as Decoder)(cells[field.index] as WireValue));
    else setField(row, field.key, isAbsent(field.presence, cells) ? null : objectOf(field.fields, decoders, cells));
  }
  return row;
}

function isAbsent(presence: number | null, cells: Cells): boolean {
  return presence !== null && cells[presence] === null;
}

/** `__proto__` is a column like any other: an assignment would set the prototype. */
function setField(row: Row, key: string, value: unknown): void {
  if (key === "__proto__")
    Object.defineProperty(row, key, { value, writable: true, enumerable: true, configurable: true });
  else row[key] = value;
}

/** Rows by position, in selection order. */
export function decodeTuples({ decoders }: CompiledResult, rows: readonly Cells[]): unknown[][] {
  return rows.map((cells) => cells.map((cell, index) => (decoders[index] as Decoder)(cell)));
}

/** Rows of raw text as objects, under the names that the driver gives; a name that comes again gets a number: `id`, `id_1`. */
export function decodeUntypedRows(columns: readonly WireColumn[], rows: readonly Cells[]): Row[] {
  return decodeRows(untypedResult(columns), rows);
}

/**
 * How the rows of a statement are read.
 *
 * @throws {UsageError} where raw SQL gives another number of columns than were declared for it.
 */
export function resultFor({ result }: Pick<CompiledQuery, "result">, columns: readonly WireColumn[]): CompiledResult {
  if (result === null) return untypedResult(columns);
  if (result.decoders.length === columns.length) return result;
  throw new UsageError(
    `The statement gives ${columns.length} columns, and .columns() declares ${result.decoders.length}: declare each of them, in order.`,
    { outcome: "committed" },
  );
}

/** How rows of raw text are read: every column by its kind, under a name of its own. */
function untypedResult(columns: readonly WireColumn[]): CompiledResult {
  const taken = new Set(columns.map(({ name }) => name));
  const used = new Set<string>();
  const fields = columns.map(({ name }, index): ResultField => {
    const key = used.has(name) ? numbered(name, (each) => !taken.has(each) && !used.has(each)) : name;
    used.add(key);
    return { key, index };
  });
  return { decoders: columns.map(({ kind }) => (kind === "json" ? decodeUntypedJson : decodeUntyped)), fields };
}

/** The name with the first number that makes it one of its own. */
function numbered(name: string, isFree: (name: string) => boolean): string {
  let number = 1;
  while (!isFree(`${name}_${number}`)) number++;
  return `${name}_${number}`;
}

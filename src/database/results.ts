import type { CompiledQuery, InsertedKeyPart } from "../compiler/compiled.js";
import { decodeRow, decodeRows, decodeTuples, resultFor } from "../compiler/decode.js";
import type { DriverResult, DriverStatement } from "../driver/driver.js";
import { NoRowError, UsageError } from "../errors/index.js";
import type { WireValue } from "../util/wire.js";

/* What each call makes of a result. They are functions of their own, so that no call needs a closure. */

export function allRows(compiled: CompiledQuery, _: DriverStatement, { columns, rows }: DriverResult): unknown[] {
  return rows.length === 0 ? [] : decodeRows(resultFor(compiled, columns), rows);
}

export function allTuples(compiled: CompiledQuery, _: DriverStatement, { columns, rows }: DriverResult): unknown[] {
  return rows.length === 0 ? [] : decodeTuples(resultFor(compiled, columns), rows);
}

export function firstRow(compiled: CompiledQuery, _: DriverStatement, { columns, rows }: DriverResult): unknown {
  const [row] = rows;
  return row === undefined ? null : decodeRow(resultFor(compiled, columns), row);
}

export function firstTuple(compiled: CompiledQuery, _: DriverStatement, { columns, rows }: DriverResult): unknown {
  return rows.length === 0 ? null : decodeTuples(resultFor(compiled, columns), rows.slice(0, 1))[0];
}

export function firstValue(compiled: CompiledQuery, statement: DriverStatement, result: DriverResult): unknown {
  return result.rows.length === 0 ? null : valueOf(compiled, result);
}

export function firstValueOrThrow(compiled: CompiledQuery, _: DriverStatement, result: DriverResult): unknown {
  if (result.rows.length === 0) throw noRowError();
  return valueOf(compiled, result);
}

function valueOf(compiled: CompiledQuery, { columns, rows }: DriverResult): unknown {
  const { decoders } = resultFor(compiled, columns);
  const [decode] = decoders;
  const [row] = rows;
  if (decode === undefined || row === undefined || decoders.length > 1) {
    throw new UsageError(
      `fetchVal takes a query of one column, and this one has ${decoders.length}: select one, or use fetchOne.`,
      { outcome: "committed" },
    );
  }
  return decode(row[0] as WireValue);
}

export function firstRowOrThrow(compiled: CompiledQuery, statement: DriverStatement, result: DriverResult): unknown {
  return firstRow(compiled, statement, result) ?? throwNoRow();
}

export function firstTupleOrThrow(compiled: CompiledQuery, statement: DriverStatement, result: DriverResult): unknown {
  return firstTuple(compiled, statement, result) ?? throwNoRow();
}

function throwNoRow(): never {
  throw noRowError();
}

function noRowError(): NoRowError {
  return new NoRowError("The query gave no row; use fetchOne or fetchVal where that is no error, and handle null.");
}

/** What `execute()` tells of a statement. */
export interface ExecuteResult<out Key = Record<string, unknown>> {
  /** How many rows were matched by a write, or read; 0 for DDL, `null` where the server does not tell. */
  readonly rowCount: number | null;
  /** The key of the one row that was inserted into a table with a primary key, by column; else `null`. */
  readonly insertedPrimaryKey: Key | null;
}

export function summary(compiled: CompiledQuery, statement: DriverStatement, result: DriverResult): ExecuteResult {
  const rowCount = rowCountOf(compiled, result);
  const { insertedKey } = compiled;
  if (insertedKey === null || rowCount !== 1) return { rowCount, insertedPrimaryKey: null };
  return { rowCount, insertedPrimaryKey: keyOf(insertedKey, statement, result) };
}

function rowCountOf({ effect, insertedKey }: CompiledQuery, { columns, rows, rowCount }: DriverResult): number | null {
  if (effect === "schema") return 0;
  // A read has no count of its own; a write that gives its rows back may have none either.
  if (rowCount === null && columns.length > 0) return rows.length;
  return insertedKey === null ? rowCount : (rowCount ?? 1);
}

function keyOf(
  parts: readonly InsertedKeyPart[],
  { parameters }: DriverStatement,
  { rows, lastInsertId }: DriverResult,
): Record<string, unknown> | null {
  const [row = []] = rows;
  const entries: [string, unknown][] = [];
  for (const part of parts) {
    const wire =
      part.source === "bind" ? parameters[part.index] : part.source === "returning" ? row[part.index] : lastInsertId;
    if (wire === undefined || wire === null) return null;
    entries.push([part.key, part.decode(wire)]);
  }
  return Object.fromEntries(entries);
}

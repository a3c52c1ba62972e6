import { setImmediate } from "node:timers/promises";
import { bindParameters, type CallValues } from "../compiler/bind.js";
import { changesSession, type CompiledQuery } from "../compiler/compiled.js";
import { DatabaseError, UsageError } from "../errors/index.js";
import { isRecord } from "../util/record.js";
import type { WireValue } from "../util/wire.js";
import { queries } from "./diagnostics.js";
import { run } from "./execute.js";
import { limitsOf, refuseOver, stricter, type LimitOptions, type Limits } from "./limits.js";
import type { Origin } from "./origin.js";
import { summary } from "./results.js";
import { sendLists } from "./send-lists.js";
import { compileQuery, refuseEffect, statementNode } from "./statement.js";
import type { TransactionLevel } from "./transaction-level.js";
import { inTransaction } from "./unit.js";
import { readyVenue, type Venue } from "./venue.js";

/** What `executeMany()` tells. */
export interface ExecuteManyResult {
  /** How many rows all runs have matched together. */
  readonly rowCount: number;
}

/** How many rows are bound at a time: the memory that it takes does not grow with their number. */
const CHUNK_SIZE = 500;

/** How long the chunks may keep the event loop from its timers. */
const SLICE_MS = 10;

/** Runs a statement once for each row; all of them or none. */
export async function runMany(
  given: Venue,
  query: unknown,
  rows: readonly CallValues[],
  options: LimitOptions | null,
  origin: Origin,
): Promise<ExecuteManyResult> {
  statementNode(query);
  if (rows.length === 0) return { rowCount: 0 };
  const ready = readyVenue(given);
  const venue = ready instanceof Promise ? await ready : ready;
  if (rows.length === 1) {
    const { rowCount } = await run(venue, query, rows[0] ?? null, options, summary);
    return { rowCount: rowCount ?? 0 };
  }
  const limits = stricter(limitsOf(options, venue.acquireTimeoutMs), venue.limits);
  refuseOver(limits);
  const send = async (level: TransactionLevel): Promise<number> => sendAll(level, query, rows, limits);
  return { rowCount: await inTransaction(venue, { origin, limits }, send) };
}

/** @throws {UsageError} for anything but an array of objects. */
export function checkRows(rows: unknown): readonly CallValues[] {
  if (!Array.isArray(rows))
    throw new UsageError("executeMany takes an array of objects by name: [{ id: 1 }, { id: 2 }].");
  const index = rows.findIndex((row) => !isRecord(row));
  // Copied, as they are sent over some time in which the caller may go on with them.
  if (index === -1) return rows.map((row: CallValues) => ({ ...row }));
  throw new UsageError(
    `executeMany takes an array of objects by name, [{ id: 1 }, { id: 2 }], and row ${index} is none.`,
  );
}

/** Rows of one set of keys after another: the order of the rows is kept. */
async function sendAll(
  level: TransactionLevel,
  query: unknown,
  rows: readonly CallValues[],
  limits: Limits,
): Promise<number> {
  let rowCount = 0;
  let sliceEndMs = performance.now() + SLICE_MS;
  for (let start = 0; start < rows.length;) {
    const compiled = compileQuery(level.compiler, query, rows[start] ?? null);
    refuseEffect(level, compiled);
    if (changesSession(compiled.effect)) {
      throw new UsageError(
        "executeMany() runs what works on rows; what changes the connection is run by execute(), once.",
      );
    }
    const end = endOfRun(rows, start);
    rowCount += await sendChunk(level, query, compiled, rows.slice(start, end), start, limits);
    start = end;
    if (performance.now() < sliceEndMs) continue;
    await setImmediate();
    // The rows so far go with their transaction.
    refuseOver(limits, "rolled-back");
    sliceEndMs = performance.now() + SLICE_MS;
  }
  return rowCount;
}

/** Where the rows stop to have the keys of the first, or the chunk is full. */
function endOfRun(rows: readonly CallValues[], start: number): number {
  const keys = Object.keys(rows[start] ?? {});
  const limit = Math.min(rows.length, start + CHUNK_SIZE);
  let end = start + 1;
  while (end < limit && hasKeys(rows[end] ?? {}, keys)) end += 1;
  return end;
}

function hasKeys(row: CallValues, keys: readonly string[]): boolean {
  const own = Object.keys(row);
  return own.length === keys.length && own.every((key, index) => key === keys[index]);
}

async function sendChunk(
  level: TransactionLevel,
  query: unknown,
  compiled: CompiledQuery,
  rows: readonly CallValues[],
  start: number,
  limits: Limits,
): Promise<number> {
  const lists = rows.map((row, index) => bindRow(compiled, row, start + index));
  const stand = await level.enter(compiled.effect, limits);
  const { session } = stand;
  try {
    const count = publish(level, compiled, () => sendLists(session, query, compiled, rows, lists, limits));
    const rowCount = await count;
    stand.leave(null);
    return rowCount;
  } catch (error) {
    const translated = session.translate(error, compiled.text);
    stand.leave(translated);
    throw translated;
  }
}

function publish(level: TransactionLevel, compiled: CompiledQuery, send: () => Promise<number>): Promise<number> {
  if (!queries.hasSubscribers) return send();
  const { database, compiler } = level;
  return queries.trace({ database, dialect: compiler.dialect.name, sql: compiled.text }, send);
}

function bindRow(compiled: CompiledQuery, row: CallValues, index: number): readonly WireValue[] {
  try {
    return bindParameters(compiled, row);
  } catch (error) {
    if (error instanceof DatabaseError) error.message = `Row ${index} of executeMany: ${error.message}`;
    throw error;
  }
}

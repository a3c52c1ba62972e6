import type { CallValues } from "../compiler/bind.js";
import { decodeRows, decodeTuples, resultFor } from "../compiler/decode.js";
import type { CompiledQuery, CompiledResult } from "../compiler/compiled.js";
import type { Compiler } from "../compiler/compile.js";
import { UsageError } from "../errors/index.js";
import { isDeclarable } from "./cursor.js";
import { queries } from "./diagnostics.js";
import { run } from "./execute.js";
import { Level } from "./level.js";
import { limitsOf, stricter, type LimitOptions, type Limits } from "./limits.js";
import type { Origin } from "./origin.js";
import { Reading } from "./reading.js";
import { allRows, allTuples } from "./results.js";
import { whileBusy } from "./retry.js";
import { RowIterator, type RowSource } from "./row-iterator.js";
import { bindQuery, compileQuery, prepareFor, refuseEffect, type Prepared } from "./statement.js";
import { inTransaction } from "./unit.js";
import type { Stand, Venue } from "./venue.js";

/** What a call of `iterate` may say of how it reads. */
export interface ReadOptions extends LimitOptions {
  readonly isByPosition: boolean;
  readonly batchSize?: number | undefined;
  readonly maxBufferedRows?: number | undefined;
}

const DEFAULT_BATCH_SIZE = 100;
const DEFAULT_MAX_BUFFERED_ROWS = 10_000;

interface Request {
  readonly venue: Venue;
  readonly query: unknown;
  readonly values: CallValues | null;
  readonly options: ReadOptions;
  readonly limits: Limits;
  readonly origin: Origin;
  readonly batchSize: number;
  readonly maxBufferedRows: number;
}

/** The rows of a query one by one. Where it runs is decided now, by the context of the call. */
export function iterate(
  venue: Venue,
  query: unknown,
  values: CallValues | null,
  options: ReadOptions,
  origin: Origin,
): RowIterator<unknown> {
  const limits = (): Limits => stricter(limitsOf(options, venue.acquireTimeoutMs), venue.limits);
  // What is wrong with them shows at the call.
  limits();
  const batchSize = count("batchSize", options.batchSize ?? DEFAULT_BATCH_SIZE);
  const maxBufferedRows = count("maxBufferedRows", options.maxBufferedRows ?? DEFAULT_MAX_BUFFERED_ROWS);
  const request = { venue, query, values, options, origin, batchSize, maxBufferedRows };
  return new RowIterator(limits, (begun) => open({ ...request, limits: begun }));
}

/** `null` where nothing limits the call. */
function limitsIn({ signal, timeoutMs }: ReadOptions): LimitOptions | null {
  return signal === undefined && timeoutMs === undefined ? null : { signal, timeoutMs };
}

function count(name: string, value: number): number {
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new UsageError(`${name} must be a whole number above 0.`);
}

async function open(request: Request): Promise<RowSource<unknown>> {
  const venue = await request.venue.ready();
  const { compiler } = venue;
  if (compiler === null) return open({ ...request, venue });
  const compiled = compileQuery(compiler, request.query, request.values);
  if (compiled.effect !== "read" || isCutShort(venue, compiler, compiled)) return readWhole({ ...request, venue });
  refuseEffect(venue, compiled);
  const read = (): Promise<RowSource<unknown>> =>
    whileBusy(request.limits, () => readOn(venue, compiler, compiled, request));
  if (!queries.hasSubscribers) return read();
  const sql = compiled.text;
  return queries.trace({ database: venue.database, dialect: compiler.dialect.name, sql }, read);
}

/** Only a cursor outlives the savepoint in which a stand-alone statement runs. */
function isCutShort({ isolates }: Venue, { dialect }: Compiler, { text }: CompiledQuery): boolean {
  return isolates && dialect.cursors !== null && !isDeclarable(text);
}

async function readOn(
  venue: Venue,
  compiler: Compiler,
  compiled: CompiledQuery,
  request: Request,
): Promise<RowSource<unknown>> {
  const { query, values, limits, origin } = request;
  // Before a place is taken: what is wrong with the values is found first.
  const planned = { compiled, statement: bindQuery(compiled, values) };
  const options = { ...request, isIsolated: venue.isolates };
  const openOn = async (stand: Stand, level: Level | null): Promise<OpenReading> => {
    const prepared = stand.session.compiler === compiler ? planned : prepareFor(stand, query, values);
    return { prepared, reading: await Reading.open(stand, level, prepared.statement, options) };
  };
  const { prepared, reading } =
    venue.isolates && compiler.dialect.cursors !== null
      ? await inTransaction(
          venue,
          { origin, limits },
          async (level) =>
            // The cursor outlives the savepoint in which it was declared.
            await openOn(await level.enter("read", limits), level.outer),
        )
      : await openBeside(venue, request, openOn);
  let shape: CompiledResult | null = null;
  const decode = request.options.isByPosition ? decodeTuples : decodeRows;
  return {
    get isSynchronous() {
      return reading.isSynchronous;
    },
    next: async () => {
      const rows = await reading.next();
      shape ??= resultFor(prepared.compiled, reading.columns);
      return decode(shape, rows);
    },
    close: () => reading.close(),
  };
}

interface OpenReading {
  readonly prepared: Prepared;
  readonly reading: Reading;
}

async function openBeside(
  venue: Venue,
  { limits, origin }: Request,
  openOn: (stand: Stand, level: Level | null) => Promise<OpenReading>,
): Promise<OpenReading> {
  const stand = await venue.enter("read", limits, origin);
  return await openOn(stand, stand instanceof Level ? stand : null);
}

/** What writes is run at once, so that the writers' turn is not kept for as long as its rows are looked at. */
async function readWhole({ venue, query, values, options }: Request): Promise<RowSource<unknown>> {
  let rows = await run(venue, query, values, limitsIn(options), options.isByPosition ? allTuples : allRows);
  return {
    isSynchronous: true,
    next: () => {
      const all = rows;
      rows = [];
      return Promise.resolve(all);
    },
    close: () => Promise.resolve(),
  };
}

import type { CallValues as BoundValues } from "../compiler/bind.js";
import { UsageError } from "../errors/index.js";
import type { CallArguments, CallValues, Inferred, OneColumn, Query, RawQuery } from "../sql/query.js";
import { run } from "./execute.js";
import { iterate } from "./iterate.js";
import type { LimitOptions } from "./limits.js";
import { checkRows, runMany, type ExecuteManyResult } from "./many.js";
import { Origin } from "./origin.js";
import * as results from "./results.js";
import type { ExecuteResult } from "./results.js";
import type { RowIterator } from "./row-iterator.js";
import { checkValues } from "./statement.js";
import type { Venue } from "./venue.js";

/** The options of every call; they come third, after the values (`null` where there are none). */
export interface QueryOptions extends LimitOptions {
  /** How rows are given: by name, or by position. Default `"object"`. */
  readonly rows?: "object" | undefined;
}

/** The options of a call whose rows are wanted by position. */
export interface ArrayOptions extends LimitOptions {
  readonly rows: "array";
}

/** How `iterate()` reads. */
export interface IterateOptions extends QueryOptions, ReadSizes {}

/** How `iterate()` reads rows by position. */
export interface IterateArrayOptions extends ArrayOptions, ReadSizes {}

interface ReadSizes {
  /** How many rows are read from the driver at a time; default 100. */
  readonly batchSize?: number | undefined;
  /** How many rows are kept in memory at most when another statement needs the connection in between; default 10 000. */
  readonly maxBufferedRows?: number | undefined;
}

/** A text with `:name` binds, or an object of another builder. */
type Raw = string | RawQuery;
type RawRow = Record<string, unknown>;
type RawValues = Readonly<Record<string, unknown>> | null | undefined;

/** As {@link CallArguments}, where the options cannot be left out. */
type ArrayArguments<Parameters, Values, Options> = [Parameters | Values] extends [never]
  ? [values: null | undefined, options: Options]
  : [Parameters, null] extends [never, Values]
    ? [values: Values | undefined, options: Options]
    : [values: CallValues<Parameters, NonNullable<Values>>, options: Options];

interface AnyOptions extends LimitOptions {
  readonly rows?: "object" | "array" | undefined;
}

/**
 * What can be asked queries: a {@link Database}, a {@link Connection}, a {@link Transaction}.
 *
 * Every call takes the query, the values (the row of an insert, the SET values of an update, the binds of parameters) and the options, and
 * throws, besides the errors of the database:
 * `UsageError` for what cannot work, such as a missing or unknown name; `InvalidValueError` for a value that its column does not take;
 * `UnsupportedError` for what this database cannot do; `PoolTimeoutError` when no connection came free in time; `AbortError` when the signal
 * aborted; `QueryTimeoutError` when `timeoutMs` was over.
 */
export abstract class Queryable {
  /** @internal Where a call that is made now runs. */
  abstract place(): Venue;

  /** @internal What holds for each call that does not say otherwise. */
  protected get defaults(): LimitOptions | null {
    return null;
  }

  /**
   * All rows of a query: an array, which is empty where there are none.
   *
   * @example
   * const rows = await database.fetchAll(notes.select().where(notes.c.completed.eq(true)));
   * const same = await database.fetchAll("SELECT * FROM notes WHERE completed = :completed", { completed: true });
   */
  fetchAll(query: Raw, values: RawValues, options: ArrayOptions): Promise<unknown[][]>;
  fetchAll<Row = RawRow>(query: Raw, values?: RawValues, options?: QueryOptions): Promise<Row[]>;
  fetchAll<Tuple extends readonly unknown[], Parameters, Values>(
    query: Query<unknown, Tuple, unknown, Parameters, Values>,
    ...rest: ArrayArguments<Inferred<Parameters>, Inferred<Values>, ArrayOptions>
  ): Promise<Tuple[]>;
  fetchAll<Row extends object, Parameters, Values>(
    query: Query<Row, unknown, unknown, Parameters, Values>,
    ...rest: CallArguments<Inferred<Parameters>, Inferred<Values>, QueryOptions>
  ): Promise<Row[]>;
  async fetchAll(query: unknown, values?: unknown, options?: AnyOptions): Promise<unknown> {
    const finish = byPosition(options) ? results.allTuples : results.allRows;
    const reply = run(this.place(), query, checkValues(values), this.#limits(options), finish);
    return reply instanceof Promise ? await reply : reply;
  }

  /**
   * The first row of a query, `null` where there is none. The query is run as it is: give it a `limit(1)` where it may have many rows.
   *
   * @example
   * const row = await database.fetchOne(notes.select().where(notes.c.id.eq(1)));
   */
  fetchOne(query: Raw, values: RawValues, options: ArrayOptions): Promise<unknown[] | null>;
  fetchOne<Row = RawRow>(query: Raw, values?: RawValues, options?: QueryOptions): Promise<Row | null>;
  fetchOne<Tuple extends readonly unknown[], Parameters, Values>(
    query: Query<unknown, Tuple, unknown, Parameters, Values>,
    ...rest: ArrayArguments<Inferred<Parameters>, Inferred<Values>, ArrayOptions>
  ): Promise<Tuple | null>;
  fetchOne<Row extends object, Parameters, Values>(
    query: Query<Row, unknown, unknown, Parameters, Values>,
    ...rest: CallArguments<Inferred<Parameters>, Inferred<Values>, QueryOptions>
  ): Promise<Row | null>;
  async fetchOne(query: unknown, values?: unknown, options?: AnyOptions): Promise<unknown> {
    const finish = byPosition(options) ? results.firstTuple : results.firstRow;
    const reply = run(this.place(), query, checkValues(values), this.#limits(options), finish);
    return reply instanceof Promise ? await reply : reply;
  }

  /**
   * The first row of a query.
   *
   * @throws {NoRowError} where there is none.
   */
  fetchOneOrThrow(query: Raw, values: RawValues, options: ArrayOptions): Promise<unknown[]>;
  fetchOneOrThrow<Row = RawRow>(query: Raw, values?: RawValues, options?: QueryOptions): Promise<Row>;
  fetchOneOrThrow<Tuple extends readonly unknown[], Parameters, Values>(
    query: Query<unknown, Tuple, unknown, Parameters, Values>,
    ...rest: ArrayArguments<Inferred<Parameters>, Inferred<Values>, ArrayOptions>
  ): Promise<Tuple>;
  fetchOneOrThrow<Row extends object, Parameters, Values>(
    query: Query<Row, unknown, unknown, Parameters, Values>,
    ...rest: CallArguments<Inferred<Parameters>, Inferred<Values>, QueryOptions>
  ): Promise<Row>;
  async fetchOneOrThrow(query: unknown, values?: unknown, options?: AnyOptions): Promise<unknown> {
    const finish = byPosition(options) ? results.firstTupleOrThrow : results.firstRowOrThrow;
    const reply = run(this.place(), query, checkValues(values), this.#limits(options), finish);
    return reply instanceof Promise ? await reply : reply;
  }

  /**
   * The value of a query of one column, in its first row; `null` where there is no row, as where the value is NULL. An aggregate that always
   * gives a row is known never to be without one.
   *
   * @example
   * const total = await database.fetchVal(select(count()).from(notes)); // number
   */
  fetchVal<Value = unknown>(query: Raw, values?: RawValues, options?: QueryOptions): Promise<Value | null>;
  fetchVal<Value, Parameters, Values>(
    query: Query<unknown, unknown, OneColumn<Value>, Parameters, Values>,
    ...rest: CallArguments<Inferred<Parameters>, Inferred<Values>, QueryOptions>
  ): Promise<Value>;
  async fetchVal(query: unknown, values?: unknown, options?: AnyOptions): Promise<unknown> {
    const reply = run(this.place(), query, checkValues(values), this.#limits(options), results.firstValue);
    return reply instanceof Promise ? await reply : reply;
  }

  /**
   * The value of a query of one column, in its first row; `null` only where that value is NULL.
   *
   * @throws {NoRowError} where there is no row.
   */
  fetchValOrThrow<Value = unknown>(query: Raw, values?: RawValues, options?: QueryOptions): Promise<Value>;
  fetchValOrThrow<Tuple extends readonly unknown[], Parameters, Values>(
    query: Query<unknown, Tuple, OneColumn<unknown>, Parameters, Values>,
    ...rest: CallArguments<Inferred<Parameters>, Inferred<Values>, QueryOptions>
  ): Promise<Tuple[0]>;
  async fetchValOrThrow(query: unknown, values?: unknown, options?: AnyOptions): Promise<unknown> {
    const reply = run(this.place(), query, checkValues(values), this.#limits(options), results.firstValueOrThrow);
    return reply instanceof Promise ? await reply : reply;
  }

  /**
   * Runs a statement and tells how many rows it matched, and the primary key of the row that it inserted.
   *
   * `rowCount` is 0 for DDL and the number of rows for a SELECT. `insertedPrimaryKey` is an object by column after an insert of exactly one
   * row into a table with a primary key, else `null`.
   *
   * @example
   * const { insertedPrimaryKey } = await database.execute(notes.insert(), { text: "example" }); // { id: 1 }
   */
  execute(query: Raw, values?: RawValues, options?: QueryOptions): Promise<ExecuteResult<never>>;
  execute<Parameters, Values, Key>(
    query: Query<unknown, unknown, unknown, Parameters, Values, Key>,
    ...rest: CallArguments<Inferred<Parameters>, Inferred<Values>, QueryOptions>
  ): Promise<ExecuteResult<Key>>;
  async execute(query: unknown, values?: unknown, options?: AnyOptions): Promise<unknown> {
    const reply = run(this.place(), query, checkValues(values), this.#limits(options), results.summary);
    return reply instanceof Promise ? await reply : reply;
  }

  /**
   * Runs a statement once for each object of values, in their order; all of them or none. With `[]` nothing is sent.
   *
   * A row that lacks a column gets its DEFAULT, `null` is NULL. `rowCount` adds up the rows that were matched.
   *
   * @example
   * await database.executeMany(notes.insert(), [{ text: "example 1" }, { text: "example 2", completed: true }]);
   */
  executeMany(query: Raw, rows: readonly BoundValues[], options?: QueryOptions): Promise<ExecuteManyResult>;
  executeMany<Parameters, Values>(
    query: Query<unknown, unknown, unknown, Parameters, Values>,
    rows: readonly CallValues<Inferred<Parameters>, NonNullable<Inferred<Values>>>[],
    options?: QueryOptions,
  ): Promise<ExecuteManyResult>;
  async executeMany(query: unknown, rows: unknown, options?: AnyOptions): Promise<ExecuteManyResult> {
    const origin = new Origin("executeMany()", Queryable.prototype.executeMany);
    return await runMany(this.place(), query, checkRows(rows), this.#limits(options), origin);
  }

  /**
   * The rows of a query one by one, never all in memory.
   *
   * Outside of a transaction the iteration has a connection for itself until it ends; inside, and on a kept connection, other queries may run
   * in the loop. It ends with the rows, with `break` or `throw`, and when the signal aborts; it can be used once.
   *
   * @example
   * for await (const row of database.iterate(notes.select())) console.log(row.text);
   */
  iterate(query: Raw, values: RawValues, options: IterateArrayOptions): RowIterator<unknown[]>;
  iterate<Row = RawRow>(query: Raw, values?: RawValues, options?: IterateOptions): RowIterator<Row>;
  iterate<Tuple extends readonly unknown[], Parameters, Values>(
    query: Query<unknown, Tuple, unknown, Parameters, Values>,
    ...rest: ArrayArguments<Inferred<Parameters>, Inferred<Values>, IterateArrayOptions>
  ): RowIterator<Tuple>;
  iterate<Row extends object, Parameters, Values>(
    query: Query<Row, unknown, unknown, Parameters, Values>,
    ...rest: CallArguments<Inferred<Parameters>, Inferred<Values>, IterateOptions>
  ): RowIterator<Row>;
  iterate(query: unknown, values?: unknown, options?: AnyOptions & ReadSizes): RowIterator<unknown> {
    const origin = new Origin("iterate()", Queryable.prototype.iterate);
    const limits = this.#limits(options);
    const isByPosition = byPosition(options);
    return iterate(this.place(), query, checkValues(values), { ...options, ...limits, isByPosition }, origin);
  }

  /**
   * The same calls with a signal or a time limit for all of them; what a call says itself goes first.
   *
   * @example
   * const limited = database.with({ signal: request.signal, timeoutMs: 2_000 });
   * await limited.fetchAll(notes.select());
   */
  with(options: LimitOptions): Queryable {
    checkNames(options, LIMITS);
    return new View(this, { ...this.defaults, ...options });
  }

  /** `null` where nothing limits the call, so that it can take the short way. */
  #limits(options: AnyOptions | undefined): LimitOptions | null {
    const { defaults } = this;
    if (options === undefined) return defaults;
    checkNames(options, OPTIONS);
    const { signal = defaults?.signal, timeoutMs = defaults?.timeoutMs } = options;
    return signal === undefined && timeoutMs === undefined ? null : { signal, timeoutMs };
  }
}

/** A queryable with other defaults. */
class View extends Queryable {
  readonly #target: Queryable;
  readonly #defaults: LimitOptions;

  constructor(target: Queryable, defaults: LimitOptions) {
    super();
    this.#target = target;
    this.#defaults = defaults;
  }

  override place(): Venue {
    return this.#target.place();
  }

  protected override get defaults(): LimitOptions {
    return this.#defaults;
  }
}

const LIMITS: readonly string[] = ["signal", "timeoutMs"];
const OPTIONS: readonly string[] = [...LIMITS, "rows", "batchSize", "maxBufferedRows"];

/** Whether rows are wanted by position. */
function byPosition(options: AnyOptions | undefined): boolean {
  const rows = options?.rows;
  if (rows === undefined || rows === "object" || rows === "array") return rows === "array";
  throw new UsageError('The option rows is "object" or "array".');
}

function checkNames(options: unknown, known: readonly string[]): void {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new UsageError(
      "The options of a call are an object, and come third: fetchAll(query, null, { timeoutMs: 1000 }).",
    );
  }
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new UsageError(`A call has no option ${JSON.stringify(unknown)}; it has ${known.join(", ")}.`);
}

import { setTimeout as sleep } from "node:timers/promises";
import type { DriverConnection, DriverResult, DriverStatement, DriverStream } from "../../driver/driver.js";
import { ConnectionLostError, UsageError } from "../../errors/index.js";
import type { WireColumn, WireValue } from "../../util/wire.js";
import { Shape, type WireRow } from "./fields.js";
import type { Answer, Bound, MysqlHandle } from "./handle.js";
import type { Link } from "./link.js";
import { bindable, miscounted } from "./parameters.js";
import type { Prepared } from "./prepared.js";
import { isNotPreparable, isStale, Statements } from "./statements.js";
import { MysqlStream } from "./stream.js";
import { TransactionState } from "./transaction.js";
import type { Variants } from "./variants.js";

/** How long the server may take to close a connection that has said good-bye. */
const QUIT_MS = 1_000;

/** A statement that does nothing; its answer tells the state of the transaction. */
const NOTHING = "DO 0";

const NO_COLUMNS: readonly WireColumn[] = [];
const NO_ROWS: readonly WireRow[] = [];

/** A connection to a MySQL or MariaDB server. */
export class MysqlConnection implements DriverConnection {
  readonly raw: unknown;
  readonly serverVersion: string;
  readonly #handle: MysqlHandle;
  readonly #link: Link;
  readonly #statements: Statements;
  readonly #transaction: TransactionState;
  /** The session's database, as the last answer that said something has it. */
  #database: string | null;
  /** Nothing else runs while it is open. */
  #stream: MysqlStream | null = null;
  #pending = 0;
  #closing: Promise<void> | null = null;

  constructor(handle: MysqlHandle, link: Link) {
    this.raw = handle.raw;
    // A prefix by which MariaDB passes for an old MySQL among replicas.
    this.serverVersion = handle.serverVersion.replace(/^5\.5\.5-/, "");
    this.#handle = handle;
    this.#link = link;
    this.#statements = new Statements(handle);
    this.#transaction = new TransactionState(handle.status);
    this.#database = handle.database;
  }

  get isOpen(): boolean {
    return this.#closing === null && this.#link.isOpen;
  }

  get transactionStatus(): DriverConnection["transactionStatus"] {
    return this.isOpen ? this.#transaction.status : "idle";
  }

  async execute(statement: DriverStatement): Promise<DriverResult> {
    this.#checkUsable();
    const { isCommand, sql } = statement;
    if (isCommand || (this.#statements.isUnpreparable(sql) && statement.parameters.length === 0)) {
      return this.#query(statement);
    }
    const parameters = bindable(statement.parameters);
    try {
      return await this.#run(statement, parameters);
    } catch (error) {
      if (isNotPreparable(error) && parameters.length === 0) {
        this.#statements.noteUnpreparable(sql);
        return this.#query(statement);
      }
      if (!this.#isForgotten(error, statement)) throw error;
      return this.#run(statement, parameters);
    }
  }

  async executeMany(statement: DriverStatement, lists: readonly (readonly WireValue[])[]): Promise<number> {
    this.#checkUsable();
    const own = statement.reusable ? null : this.#statements.of(statement);
    try {
      let rowCount = 0;
      // One after the other: a statement behind a deadlock's victim would run outside of the transaction that the deadlock has ended.
      for (const list of lists) {
        rowCount += await this.#runOne(statement, own ?? this.#statements.of(statement), bindable(list));
      }
      return rowCount;
    } catch (error) {
      if (isStale(error)) this.#statements.forget(statement);
      throw error;
    } finally {
      own?.close();
    }
  }

  async stream(statement: DriverStatement, batchSize: number): Promise<DriverStream> {
    this.#checkUsable();
    const parameters = bindable(statement.parameters);
    try {
      return await this.#open(statement, parameters, batchSize);
    } catch (error) {
      if (isNotPreparable(error) && parameters.length === 0) return this.#openText(statement, batchSize);
      if (!this.#isForgotten(error, statement)) throw error;
      return this.#open(statement, parameters, batchSize);
    }
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  async #close(): Promise<void> {
    if (!this.#link.isOpen) return;
    if (this.#pending === 0 && this.#stream === null) {
      const timer = new AbortController();
      const gone = new Promise<void>((resolve) => void this.#link.onLoss(() => resolve()));
      this.#handle.quit();
      await Promise.race([gone, sleep(QUIT_MS, undefined, { signal: timer.signal }).catch(() => undefined)]);
      timer.abort();
    }
    this.#link.lose(closedError("unknown"));
  }

  #checkUsable(): void {
    if (!this.isOpen) throw closedError("not-executed");
    if (this.#stream !== null) {
      throw new UsageError("An iteration is open on this connection: read it to its end or close it first.");
    }
  }

  /** Whether the server has lost a statement that can be prepared and run again without a transaction to care for. */
  #isForgotten(error: unknown, statement: DriverStatement): boolean {
    if (!isStale(error)) return false;
    this.#statements.forget(statement);
    return this.isOpen && this.#transaction.status === "idle";
  }

  async #query({ sql, integers }: DriverStatement): Promise<DriverResult> {
    const answer = await this.#answer(this.#handle.query(sql));
    return this.#read(answer, () => new Shape(answer.fields), integers);
  }

  async #run(statement: DriverStatement, parameters: readonly Bound[]): Promise<DriverResult> {
    const variants = this.#statements.of(statement);
    const prepared = variants.ready(parameters) ?? (await this.#prepare(variants, parameters));
    const reply = this.#sent(statement, variants, () => this.#execute(statement, prepared, parameters));
    const answer = await this.#answer(reply);
    return this.#read(answer, () => prepared.shapeOf(answer.fields), statement.integers);
  }

  /** What is not kept is closed as soon as it has been sent. */
  #sent<Sent>(statement: DriverStatement, variants: Variants, send: () => Sent): Sent {
    try {
      return send();
    } finally {
      this.#statements.release(statement, variants);
    }
  }

  async #runOne(statement: DriverStatement, variants: Variants, parameters: readonly Bound[]): Promise<number> {
    const prepared = variants.ready(parameters) ?? (await this.#prepare(variants, parameters));
    const { fields, rows, affectedRows } = await this.#answer(this.#execute(statement, prepared, parameters));
    return fields.length > 0 ? rows.length : affectedRows;
  }

  #prepare(variants: Variants, parameters: readonly Bound[]): Promise<Prepared> {
    return this.#settled(variants.prepare(parameters));
  }

  async #open(statement: DriverStatement, parameters: readonly Bound[], batchSize: number): Promise<DriverStream> {
    const variants = this.#statements.of(statement);
    const prepared = variants.ready(parameters) ?? (await this.#prepare(variants, parameters));
    return this.#sent(statement, variants, () => {
      this.#checkCount(statement, prepared, parameters);
      const stream = this.#newStream(statement, batchSize);
      const source = prepared.native.stream(parameters, stream);
      this.#stream = stream;
      return stream.begin(source);
    });
  }

  /** What only the text protocol takes is short. */
  async #openText(statement: DriverStatement, batchSize: number): Promise<DriverStream> {
    const { fields, rows, status } = await this.#answer(this.#handle.query(statement.sql));
    const stream = this.#newStream(statement, batchSize);
    if (fields.length > 0) stream.fields(fields);
    for (const row of rows) stream.row(row);
    stream.end(status);
    return stream;
  }

  #newStream({ integers }: DriverStatement, batchSize: number): MysqlStream {
    return new MysqlStream(this.#link, batchSize, integers, {
      ended: (status) => {
        this.#stream = null;
        this.#transaction.note(status);
      },
      failed: async (error) => {
        this.#stream = null;
        const told = this.#link.fail(error);
        await this.#learnState(told);
        return told;
      },
    });
  }

  async #answer(reply: Promise<Answer>): Promise<Answer> {
    const answer = await this.#settled(reply);
    this.#transaction.note(answer.status);
    const { database } = answer;
    if (database !== null && database !== this.#database) {
      // Prepared statements stay in the database that they were prepared in.
      this.#statements.forgetAll();
      this.#database = database;
    }
    return answer;
  }

  async #settled<Value>(reply: Promise<Value>): Promise<Value> {
    this.#pending += 1;
    try {
      return await this.#link.within(reply);
    } catch (error) {
      const told = this.#link.fail(error);
      await this.#learnState(told);
      throw told;
    } finally {
      this.#pending -= 1;
    }
  }

  /** An error does not tell what has become of the transaction: some end it, as DDL that fails has done before. */
  async #learnState(error: unknown): Promise<void> {
    if (!this.#transaction.mayEndWithError || !this.#link.isOpen) return;
    // What is to be prepared has not been run.
    if (isNotPreparable(error)) return;
    try {
      this.#transaction.note((await this.#link.within(this.#handle.query(NOTHING))).status);
    } catch (error_) {
      this.#link.fail(error_);
      this.#transaction.forget();
    }
  }

  #execute(statement: DriverStatement, prepared: Prepared, parameters: readonly Bound[]): Promise<Answer> {
    this.#checkCount(statement, prepared, parameters);
    return prepared.native.execute(parameters);
  }

  #checkCount({ sql }: DriverStatement, { native }: Prepared, { length }: readonly Bound[]): void {
    if (length !== native.parameterCount) throw this.#link.fail(miscounted(sql, length, native.parameterCount));
  }

  /** Values that are none of their column's type are no answer either. */
  #read(answer: Answer, shapeOf: () => Shape, integers: DriverStatement["integers"]): DriverResult {
    try {
      return resultOf(answer, shapeOf(), integers);
    } catch (error) {
      throw this.#link.fail(error);
    }
  }
}

function closedError(outcome: "not-executed" | "unknown"): ConnectionLostError {
  return new ConnectionLostError("The connection is closed.", { outcome });
}

function resultOf(answer: Answer, shape: Shape, integers: DriverStatement["integers"]): DriverResult {
  const { affectedRows, insertId } = answer;
  if (shape.columns.length > 0) {
    const rows = shape.convert(answer.rows, integers);
    return { columns: shape.columns, rows, rowCount: null, lastInsertId: null, command: null };
  }
  const lastInsertId = Number(insertId) === 0 ? null : insertId;
  return { columns: NO_COLUMNS, rows: NO_ROWS, rowCount: affectedRows, lastInsertId, command: null };
}

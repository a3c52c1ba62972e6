import type { Compiler } from "../compiler/compile.js";
import type { Driver, DriverConnection, DriverResult, DriverStatement, DriverStream } from "../driver/driver.js";
import type { WireValue } from "../util/wire.js";
import { abortError, areEndless, settleWithin, timeoutError, type Limits } from "./limits.js";
import type { Reading } from "./reading.js";

/**
 * One connection as the pool keeps it and this layer uses it: with the compiler of its server's version, and with what is known of its state.
 *
 * The pool reads `isOpen` and `transactionStatus` when it gets a connection back: one whose state is in doubt says that it is not open.
 */
export class Session implements DriverConnection {
  readonly compiler: Compiler;
  /** The URL for people. */
  readonly database: string;
  /** The rows that are still to be read from the connection by an iteration that lets others use it. */
  reading: Reading | null = null;
  readonly #connection: DriverConnection;
  readonly #driver: Driver;
  #isInDoubt = false;
  #isAltered = false;
  #names = 0;

  constructor(connection: DriverConnection, driver: Driver, compiler: Compiler, database: string) {
    this.#connection = connection;
    this.#driver = driver;
    this.compiler = compiler;
    this.database = database;
  }

  get raw(): unknown {
    return this.#connection.raw;
  }

  get serverVersion(): string {
    return this.#connection.serverVersion;
  }

  /** False where the pool must not lend it again. */
  get isOpen(): boolean {
    return !this.#isAltered && this.isUsable;
  }

  /** False where nothing more can be sent, or what would come of it is unknown. */
  get isUsable(): boolean {
    return !this.#isInDoubt && this.#connection.isOpen;
  }

  get transactionStatus(): DriverConnection["transactionStatus"] {
    return this.#connection.transactionStatus;
  }

  /** Nobody knows any more what state the connection is in: it is closed when it is given back. */
  doubt(): void {
    this.#isInDoubt = true;
  }

  /** Its user has changed its settings: it serves its user to the end, and nobody after. */
  alter(): void {
    this.#isAltered = true;
  }

  execute(statement: DriverStatement): DriverResult | Promise<DriverResult> {
    return this.#connection.execute(statement);
  }

  executeMany(statement: DriverStatement, lists: readonly (readonly WireValue[])[]): number | Promise<number> {
    return this.#connection.executeMany(statement, lists);
  }

  stream(statement: DriverStatement, batchSize: number): DriverStream | Promise<DriverStream> {
    return this.#connection.stream(statement, batchSize);
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  /** Runs a word of ours that has neither parameters nor rows, and gives what the server says it has done. @param reusable whether the text will come again. */
  async command(sql: string, reusable: boolean, limits: Limits | null): Promise<string | null> {
    const { command } = await this.#run({ sql, parameters: [], reusable, integers: "number", isCommand: true }, limits);
    return command;
  }

  /** Runs a statement of ours and gives the first value of its first row; `null` where it gives none. */
  async answerOf(sql: string, limits: Limits): Promise<WireValue> {
    const statement = { sql, parameters: [], reusable: false, integers: "number", isCommand: false } as const;
    const { rows } = await this.#run(statement, limits);
    return rows[0]?.[0] ?? null;
  }

  async #run(statement: DriverStatement, limits: Limits | null): Promise<DriverResult> {
    try {
      const reply = this.#connection.execute(statement);
      return reply instanceof Promise ? await this.within(reply, limits) : reply;
    } catch (error) {
      throw this.translate(error, statement.sql);
    }
  }

  /**
   * Waits for what was sent as long as the limits allow. A synchronous driver has answered already; beyond a limit the answer of another is
   * given up together with the connection, because nothing else can follow it there.
   */
  async within<Value>(reply: Promise<Value>, limits: Limits | null): Promise<Value> {
    if (limits === null || areEndless(limits)) return reply;
    const settlement = await settleWithin(reply, limits);
    if ("value" in settlement) return settlement.value;
    this.doubt();
    void this.#connection.close();
    throw settlement.ended === "aborted" && limits.signal !== null
      ? abortError(limits.signal, "unknown")
      : timeoutError("unknown");
  }

  /** Makes our error of a native one; any other is left as it is. Its stack begins at whoever calls this. */
  translate(error: unknown, sql: string | null): unknown {
    const facts = this.#driver.facts(error);
    if (facts === null) return error;
    if (facts.connectionLost) this.doubt();
    const translated = this.compiler.dialect.toError(facts, error, sql);
    // The frames of the construction would leave too few for the caller's.
    Error.captureStackTrace(translated, Session.prototype.translate);
    return translated;
  }

  /** A name that nothing on this connection has had: for a savepoint, for a cursor. */
  nextName(prefix: "sp" | "cursor"): string {
    this.#names += 1;
    return `${prefix}${this.#names}`;
  }
}

import { deadlineIn } from "../driver/deadline.js";
import type { DriverStatement, DriverStream } from "../driver/driver.js";
import { UsageError } from "../errors/index.js";
import type { WireColumn, WireValue } from "../util/wire.js";
import { Cursor, isDeclarable } from "./cursor.js";
import type { Level } from "./level.js";
import type { Limits } from "./limits.js";
import type { Failure } from "./outcome.js";
import type { Origin } from "./origin.js";
import type { Session } from "./session.js";
import type { Stand } from "./venue.js";

type Rows = readonly (readonly WireValue[])[];

const NO_ROWS: Rows = [];

/** How a result is read in pieces. */
export interface ReadingOptions {
  readonly batchSize: number;
  /** How many rows may be kept for the sake of other statements on the connection. */
  readonly maxBufferedRows: number;
  readonly limits: Limits;
  readonly origin: Origin;
  /** Whether an error of the rows is to leave the level as it was. */
  readonly isIsolated: boolean;
}

/**
 * A result that is read in pieces, from a connection that it has for itself or shares with the other calls of a level.
 *
 * A shared one makes way for another statement: what is left of the rows is first read into memory.
 */
export class Reading {
  /** True where the driver answers at once, so that nothing else runs meanwhile unless it is let. */
  isSynchronous = true;
  readonly #session: Session;
  readonly #sql: string;
  readonly #stand: Stand;
  readonly #level: Level | null;
  readonly #options: ReadingOptions;
  readonly #source: DriverStream;
  /** True once all rows are read, or given up. */
  #isEnded = false;
  #buffered: Rows[] = [];
  #failure: Failure | null = null;
  #isCut = false;

  private constructor(stand: Stand, level: Level | null, source: DriverStream, sql: string, options: ReadingOptions) {
    this.#session = stand.session;
    this.#stand = stand;
    this.#level = level;
    this.#source = source;
    this.#sql = sql;
    this.#options = options;
  }

  get columns(): readonly WireColumn[] {
    return this.#source.columns;
  }

  /** Opens a result on a place that it then leaves, or keeps until its end. */
  static async open(
    stand: Stand,
    level: Level | null,
    statement: DriverStatement,
    options: ReadingOptions,
  ): Promise<Reading> {
    const { session } = stand;
    try {
      const cursor = stand.isAutocommit ? null : cursorFor(session, statement, options);
      await cursor?.open();
      const opening = cursor ?? session.stream(statement, options.batchSize);
      const source = opening instanceof Promise ? await session.within(opening, options.limits) : opening;
      const reading = new Reading(stand, level, source, statement.sql, options);
      reading.isSynchronous = !(opening instanceof Promise) && cursor === null;
      if (!stand.isExclusive && cursor === null) session.reading = reading;
      if (!stand.isExclusive) stand.leave(null);
      return reading;
    } catch (error) {
      const translated = session.translate(error, statement.sql);
      stand.leave(translated);
      throw translated;
    }
  }

  /** The next rows; none at the end. */
  async next(): Promise<Rows> {
    for (;;) {
      const buffered = this.#buffered.shift();
      if (buffered !== undefined) return buffered;
      if (this.#failure !== null) throw this.#failure.error;
      if (this.#isEnded) return this.#end();
      if (this.#level === null) return this.#read();
      // A cursor ends with its transaction, which does not wait for it.
      if (!this.#level.isOpen && this.#source instanceof Cursor) this.#level.refuse("read");
      // Another statement may be running; by the time the gate is ours, it may have made us read on.
      if (await this.#level.takeGate("statement", this.#limits(this.#level))) await this.#readShared(this.#level);
    }
  }

  /** The wait for the gate begins anew with each piece: an iteration may last. */
  #limits({ acquireTimeoutMs }: Level): Limits {
    const { limits } = this.#options;
    return { ...limits, waitUntilMs: Math.min(deadlineIn(acquireTimeoutMs), limits.endMs) };
  }

  #end(): Rows {
    if (this.#isCut) this.#level?.refuse("read");
    return NO_ROWS;
  }

  async #readShared(level: Level): Promise<void> {
    try {
      if (!this.#isEnded && this.#buffered.length === 0) this.#buffered.push(await this.#read());
      level.leave(null);
    } catch (error) {
      level.leave(error);
      throw error;
    }
  }

  /** Reads the next piece; at the end of the rows, and after an error, the connection is left. */
  async #read(): Promise<Rows> {
    try {
      const reply = this.#source.next();
      this.isSynchronous = !(reply instanceof Promise);
      const rows = reply instanceof Promise ? await this.#session.within(reply, this.#options.limits) : reply;
      if (rows.length === 0) this.#release(null);
      return rows;
    } catch (error) {
      const translated = this.#session.translate(error, this.#sql);
      await this.#source.close();
      this.#failure = { error: translated };
      this.#release(translated);
      throw translated;
    }
  }

  /**
   * Reads the rest into memory, so that another statement can use the connection, whose gate the caller holds. An error of the rows is the
   * iteration's, and waits for it.
   *
   * @throws {UsageError} when there is more than may be kept: the reading stays as it was.
   */
  async makeWay(level: Level): Promise<void> {
    let count = this.#buffered.reduce((sum, rows) => sum + rows.length, 0);
    while (!this.#isEnded) {
      if (count >= this.#options.maxBufferedRows) throw this.#tooManyRows();
      try {
        const rows = await this.#read();
        count += rows.length;
        if (rows.length > 0) this.#buffered.push(rows);
      } catch (error) {
        level.note(error, true);
      }
    }
  }

  #tooManyRows(): UsageError {
    return new UsageError(
      `This statement would use the connection from which ${this.#options.origin} still reads, and more than ` +
        `${this.#options.maxBufferedRows} of its rows are left: end the iteration first, raise its maxBufferedRows, or use fetchAll.`,
    );
  }

  /** Gives up what has not been read. */
  async close(): Promise<void> {
    this.#buffered = [];
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#isCut = true;
    if (this.#source instanceof Cursor) await this.#closeShared(this.#source);
    else await this.#source.close();
    this.#release(null);
  }

  /** Closing is a statement of the level, where there is still one; at the level's end the server closes what is open. */
  async #closeShared(cursor: Cursor): Promise<void> {
    const level = this.#level;
    if (level === null || !level.isOpen || level.nested !== null) return;
    if (!(await level.takeGate("statement", this.#limits(level)))) return;
    try {
      await cursor.close();
      level.leave(null);
    } catch (error) {
      level.leave(error);
      throw error;
    }
  }

  #release(error: unknown): void {
    this.#isEnded = true;
    if (this.#session.reading === this) this.#session.reading = null;
    if (this.#stand.isExclusive) this.#stand.leave(error);
  }
}

/** In a transaction, a cursor keeps the connection free for the statements of the loop's body. */
function cursorFor(session: Session, statement: DriverStatement, options: ReadingOptions): Cursor | null {
  const { cursors } = session.compiler.dialect;
  return cursors === null || !isDeclarable(statement.sql) ? null : new Cursor(session, cursors, statement, options);
}

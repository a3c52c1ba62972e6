import type { DriverStream } from "../../driver/driver.js";
import { ConnectionLostError } from "../../errors/index.js";
import type { WireColumn } from "../../util/wire.js";
import { Shape, type Field, type Integers, type WireRow } from "./fields.js";
import type { NativeRow, RowSink, RowSource } from "./handle.js";
import type { Link } from "./link.js";

/** For how long the rest of a result is read after its reader has left; then the connection is ended. */
const DRAIN_MS = 50;

const LEFT_MESSAGE = "The connection was closed: an iteration was left with much of its result unread.";

const NO_COLUMNS: readonly WireColumn[] = [];

/** What the connection hears of a stream. */
export interface StreamEvents {
  /** @param status as in {@link RowSink.end}. */
  ended(status: number | null): void;
  /** @returns the error to fail with. */
  failed(error: unknown): Promise<unknown>;
}

/**
 * The rows of a statement in pieces. What the server sends is taken in until a piece is full; then it waits in the server, and in the socket.
 *
 * Only the first result that has rows is read: a procedure may give several.
 */
export class MysqlStream implements DriverStream, RowSink {
  readonly #link: Link;
  readonly #batchSize: number;
  readonly #integers: Integers;
  readonly #events: StreamEvents;
  #source: RowSource | null = null;
  #shape: Shape | null = null;
  #rows: NativeRow[] = [];
  #isSkipping = false;
  #isLeft = false;
  #stopListening: (() => void) | null = null;
  #state: "open" | "ending" | "ended" = "open";
  #failure: { readonly error: unknown } | null = null;
  #wake: (() => void) | null = null;

  constructor(link: Link, batchSize: number, integers: Integers, events: StreamEvents) {
    this.#link = link;
    this.#batchSize = batchSize;
    this.#integers = integers;
    this.#events = events;
  }

  get columns(): readonly WireColumn[] {
    return this.#shape?.columns ?? NO_COLUMNS;
  }

  /** Waits until the columns are known, or that there are none. */
  async begin(source: RowSource): Promise<this> {
    this.#source = source;
    this.#stopListening = this.#link.onLoss((error) => this.#finish({ error }));
    while (this.#shape === null && !this.#isAtEnd) await this.#nextEvent();
    if (this.#failure !== null) throw this.#failure.error;
    return this;
  }

  fields(fields: readonly Field[]): void {
    if (this.#shape !== null) this.#isSkipping = true;
    else this.#shape = new Shape(fields);
    this.#tell();
  }

  row(row: NativeRow): boolean {
    if (this.#isSkipping) return true;
    this.#rows.push(row);
    if (this.#rows.length < this.#batchSize) return true;
    this.#tell();
    return false;
  }

  end(status: number | null): void {
    if (this.#state !== "open") return;
    this.#events.ended(status);
    this.#finish(null);
  }

  fail(error: unknown): void {
    if (this.#state !== "open") return;
    // The state of the transaction is to be known before the error is.
    this.#state = "ending";
    void this.#events.failed(error).then((told) => this.#finish({ error: told }));
  }

  next(): readonly WireRow[] | Promise<readonly WireRow[]> {
    return this.#rows.length >= this.#batchSize || this.#state === "ended" ? this.#take() : this.#read();
  }

  async close(): Promise<void> {
    this.#isSkipping = true;
    this.#isLeft = true;
    this.#rows = [];
    // Whoever still reads is at the end.
    this.#tell();
    if (!this.#isAtEnd) await this.#drain();
    this.#failure = null;
  }

  get #isAtEnd(): boolean {
    return this.#state === "ended";
  }

  async #drain(): Promise<void> {
    const timer = setTimeout(() => this.#link.lose(new ConnectionLostError(LEFT_MESSAGE)), DRAIN_MS);
    this.#source?.resume();
    while (!this.#isAtEnd) await this.#nextEvent();
    clearTimeout(timer);
  }

  async #read(): Promise<readonly WireRow[]> {
    this.#source?.resume();
    while (this.#rows.length < this.#batchSize && !this.#isAtEnd && !this.#isLeft) await this.#nextEvent();
    return this.#take();
  }

  #take(): readonly WireRow[] {
    // An end that was none must not look like one.
    if (this.#failure !== null) throw this.#failure.error;
    const rows = this.#rows.length > this.#batchSize ? this.#rows.splice(0, this.#batchSize) : this.#rows;
    if (rows === this.#rows) this.#rows = [];
    try {
      return this.#shape === null ? [] : this.#shape.convert(rows, this.#integers);
    } catch (error) {
      throw this.#link.fail(error);
    }
  }

  #finish(failure: { readonly error: unknown } | null): void {
    if (this.#state === "ended") return;
    this.#state = "ended";
    this.#failure = failure;
    this.#stopListening?.();
    this.#tell();
  }

  #nextEvent(): Promise<void> {
    return new Promise((resolve) => (this.#wake = resolve));
  }

  #tell(): void {
    const wake = this.#wake;
    this.#wake = null;
    wake?.();
  }
}

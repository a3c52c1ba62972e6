import type { DriverStream } from "../../driver/driver.js";
import { ConnectionLostError } from "../../errors/index.js";
import type { SqliteRow } from "./handle.js";
import type { PreparedStatement } from "./prepared.js";
import type { WireColumn } from "../../util/wire.js";

/** The rows of a statement in pieces. The first piece is read when it is made, so that errors show and the columns are right. */
export class SqliteStream implements DriverStream {
  readonly columns: readonly WireColumn[];
  readonly #rows: Iterator<SqliteRow>;
  readonly #batchSize: number;
  readonly #onEnd: () => void;
  #first: readonly SqliteRow[] | null;
  #state: "open" | "ended" | "cut" = "open";

  constructor(prepared: PreparedStatement, rows: Iterator<SqliteRow>, batchSize: number, onEnd: () => void) {
    this.#rows = rows;
    this.#batchSize = batchSize;
    this.#onEnd = onEnd;
    this.#first = this.#read();
    this.columns = prepared.columnsOf(this.#first);
  }

  get isOpen(): boolean {
    return this.#state === "open";
  }

  next(): readonly SqliteRow[] {
    // An end that was none must not look like one.
    if (this.#state === "cut") throw new ConnectionLostError("The SQLite connection was closed during the iteration.");
    const first = this.#first;
    this.#first = null;
    return first ?? this.#read();
  }

  close(): void {
    if (this.#state === "open") this.#stop("ended");
    this.#first = null;
  }

  /** Ends with the connection, before its time. */
  cut(): void {
    if (this.#state === "open") this.#stop("cut");
  }

  #stop(state: "ended" | "cut"): void {
    this.#end(state);
    this.#rows.return?.();
  }

  #read(): SqliteRow[] {
    const batch: SqliteRow[] = [];
    try {
      while (this.#state === "open" && batch.length < this.#batchSize) {
        const { done, value } = this.#rows.next();
        if (done === true) this.#end("ended");
        else batch.push(value);
      }
    } catch (error) {
      this.#end("ended");
      throw error;
    }
    return batch;
  }

  #end(state: "ended" | "cut"): void {
    this.#state = state;
    this.#onEnd();
  }
}

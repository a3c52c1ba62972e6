import type { Driver, DriverConnection, DriverResult, DriverStatement, DriverStream } from "../../src/driver/driver.js";
import { driver as sqlite } from "../../src/drivers/better-sqlite3.js";
import { DatabaseURL } from "../../src/url/index.js";
import type { WireValue } from "../../src/util/wire.js";
import { requestFor } from "./request.js";

/** A driver that is in no registry: a database in memory behind the port, which notes all text that passes. */
export class ToyDriver implements Driver {
  readonly name = "toy";
  readonly log: string[] = [];
  readonly #memory = new DatabaseURL("sqlite://");

  isInstalled(): boolean {
    return true;
  }

  traits(): ReturnType<Driver["traits"]> {
    return sqlite.traits(this.#memory);
  }

  async connect(_request: unknown, signal: AbortSignal | null): Promise<DriverConnection> {
    return new ToyConnection(await sqlite.connect(requestFor(this.#memory), signal), this.log);
  }

  facts(error: unknown): ReturnType<Driver["facts"]> {
    return sqlite.facts(error);
  }
}

class ToyConnection implements DriverConnection {
  readonly raw = null;
  readonly #inner: DriverConnection;
  readonly #log: string[];

  constructor(inner: DriverConnection, log: string[]) {
    this.#inner = inner;
    this.#log = log;
  }

  get serverVersion(): string {
    return this.#inner.serverVersion;
  }

  get isOpen(): boolean {
    return this.#inner.isOpen;
  }

  get transactionStatus(): DriverConnection["transactionStatus"] {
    return this.#inner.transactionStatus;
  }

  /** Answers later, as a driver over a network does. */
  async execute(statement: DriverStatement): Promise<DriverResult> {
    this.#log.push(statement.sql);
    await Promise.resolve();
    return this.#inner.execute(numberless(statement));
  }

  async executeMany(statement: DriverStatement, lists: readonly (readonly WireValue[])[]): Promise<number> {
    this.#log.push(`${statement.sql} × ${lists.length}`);
    return this.#inner.executeMany(numberless(statement), lists);
  }

  async stream(statement: DriverStatement, batchSize: number): Promise<DriverStream> {
    this.#log.push(statement.sql);
    return this.#inner.stream(numberless(statement), batchSize);
  }

  close(): Promise<void> {
    return this.#inner.close();
  }
}

/** The package underneath takes `?1` for a name; the placeholders of a statement are in order anyway. */
function numberless(statement: DriverStatement): DriverStatement {
  return { ...statement, sql: statement.sql.replaceAll(/\?\d+/g, "?") };
}

import type { DriverConnection, DriverResult, DriverStatement, DriverStream } from "../../driver/driver.js";
import { ConnectionLostError, UsageError } from "../../errors/index.js";
import type { WireValue } from "../../util/wire.js";
import { Batch } from "./batch.js";
import { Command, Execution } from "./execute.js";
import type { Link } from "./link.js";
import { PgStream, Portal } from "./stream.js";

/** How long a server may take to hang up after the goodbye. */
const GOODBYE_MS = 1_000;

/** A session on a PostgreSQL server. */
export class PgConnection implements DriverConnection {
  readonly serverVersion: string;
  readonly #link: Link;
  /** Nothing else runs while it is open. */
  #portal: Portal | null = null;
  #closing: Promise<void> | null = null;

  constructor(link: Link) {
    this.#link = link;
    this.serverVersion = link.serverVersion;
  }

  get raw(): unknown {
    return this.#link.client;
  }

  get isOpen(): boolean {
    return this.#link.ending === null;
  }

  get transactionStatus(): "idle" | "open" | "failed" {
    return this.#link.transactionStatus;
  }

  execute(statement: DriverStatement): Promise<DriverResult> {
    this.#checkUsable();
    const exchange = statement.isCommand
      ? new Command(this.#link, statement.sql)
      : new Execution(this.#link, statement);
    this.#link.submit(exchange);
    return exchange.answer;
  }

  executeMany(statement: DriverStatement, lists: readonly (readonly WireValue[])[]): number | Promise<number> {
    this.#checkUsable();
    if (lists.length === 0) return 0;
    const batch = new Batch(this.#link, statement, lists);
    this.#link.submit(batch);
    return batch.answer;
  }

  async stream(statement: DriverStatement, batchSize: number): Promise<DriverStream> {
    this.#checkUsable();
    const portal = new Portal(this.#link, statement, batchSize);
    this.#portal = portal;
    const first = portal.read();
    this.#link.submit(portal);
    return new PgStream(portal, await first);
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#link.end(GOODBYE_MS));
  }

  #checkUsable(): void {
    const { ending } = this.#link;
    if (ending !== null) {
      throw new ConnectionLostError("The PostgreSQL connection is closed.", { outcome: "not-executed", cause: ending });
    }
    if (this.#portal?.isOpen === true) {
      throw new UsageError("An iteration is open on this PostgreSQL connection: read it to its end or close it first.");
    }
    this.#portal = null;
  }
}

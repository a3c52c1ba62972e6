import type { DriverStatement, DriverStream } from "../../driver/driver.js";
import type { WireColumn, WireValue } from "../../util/wire.js";
import { Deferred } from "./deferred.js";
import { type ExchangeLink, StatementExchange, writer } from "./exchange.js";
import { protocolFailure } from "./failure.js";
import { checkParameters, checkSql } from "./frame-writer.js";
import { Layout, readRow } from "./layout.js";
import { MESSAGE } from "./messages.js";
import type { Decode } from "./values.js";

type Row = readonly WireValue[];

const NO_ROWS: readonly Row[] = [];

/** A portal whose rows are asked for in pieces; the server computes no more than was asked for. */
export class Portal extends StatementExchange {
  readonly #statement: DriverStatement;
  readonly #batchSize: number;
  protected override isSynced = false;
  #layout: Layout = Layout.NONE;
  #decoders: readonly Decode[] | null = null;
  #rows: Row[] = [];
  #reading: Deferred<readonly Row[]> | null = null;
  #closing: Deferred<void> | null = null;
  /** The server waits to be asked for more. */
  #isSuspended = false;
  #isOver = false;
  #ending: Error | null = null;

  /** @throws {UsageError} when the statement cannot be sent. */
  constructor(link: ExchangeLink, statement: DriverStatement, batchSize: number) {
    checkSql(statement.sql);
    checkParameters(statement.parameters);
    super(link, statement.sql, statement.reusable);
    this.#statement = statement;
    this.#batchSize = batchSize;
  }

  /** False once the server is ready for something else. */
  get isOpen(): boolean {
    return !this.#isOver;
  }

  get columns(): readonly WireColumn[] {
    return this.#layout.columns;
  }

  submit(): null {
    const { name, statement } = this.use;
    const frames = this.prepare().bind(name, this.#statement.parameters);
    const layout = statement?.layout ?? null;
    if (layout === null) frames.describePortal();
    else this.#describe(layout);
    this.link.send(frames.execute(this.#batchSize).flush().take());
    return null;
  }

  /** The next rows; none at the end. One call at a time; the first is answered by what {@link submit} sends. */
  read(): Promise<readonly Row[]> {
    if (this.#ending !== null) return Promise.reject(this.#ending);
    if (this.#isOver || this.#closing !== null) return Promise.resolve(NO_ROWS);
    this.#reading = new Deferred();
    if (this.#isSuspended) {
      this.#isSuspended = false;
      this.link.send(writer.reset().execute(this.#batchSize).flush().take());
    }
    return this.#reading.promise;
  }

  /** Ends early. Never rejects. */
  close(): Promise<void> {
    if (this.#isOver) return Promise.resolve();
    this.#closing ??= new Deferred();
    // Within a transaction a Sync alone would leave the portal, and what it holds, open.
    if (!this.isSynced) this.sync(writer.reset().closePortal());
    return this.#closing.promise;
  }

  receive(type: number, bytes: Buffer, start: number, end: number): boolean {
    switch (type) {
      case MESSAGE.dataRow:
        if (this.#decoders === null) throw protocolFailure("rows came without a description");
        if (this.#closing === null) this.#rows.push(readRow(this.#decoders, bytes, start, end));
        return true;
      case MESSAGE.portalSuspended:
        this.#isSuspended = true;
        this.#deliver();
        return true;
      case MESSAGE.parseComplete:
        return this.parsed();
      case MESSAGE.bindComplete:
        return this.bound();
      case MESSAGE.closeComplete:
        return true;
      case MESSAGE.rowDescription:
        return this.#describe(Layout.read(bytes, start, end));
      case MESSAGE.noData:
        return this.#describe(Layout.NONE);
      case MESSAGE.commandComplete:
      case MESSAGE.emptyQuery:
        // The rows wait for ReadyForQuery: until then the end may turn out to be an error.
        if (!this.isSynced) this.sync(writer.reset());
        return true;
      case MESSAGE.readyForQuery:
        if (!this.isSynced) throw protocolFailure("a portal ended before it was complete");
        return false;
      default:
        return this.receiveOther(type);
    }
  }

  protected settle(error: Error | null): void {
    this.#isOver = true;
    this.#ending = error;
    if (error === null) this.#deliver();
    else this.#reading?.reject(error);
    this.#closing?.resolve();
  }

  protected restart(): void {
    this.#rows = [];
    this.isSynced = false;
    this.#isSuspended = false;
  }

  #deliver(): void {
    const rows = this.#rows;
    this.#rows = [];
    this.#reading?.resolve(rows);
    this.#reading = null;
  }

  #describe(layout: Layout): true {
    this.#layout = layout;
    this.#decoders = layout.decoders(this.#statement.integers);
    if (this.named !== null) this.named.layout = layout;
    return true;
  }
}

/** The rows of a portal in pieces. The first is read when it is made, so that errors show and the columns are known. */
export class PgStream implements DriverStream {
  readonly columns: readonly WireColumn[];
  readonly #portal: Portal;
  #first: readonly Row[] | null;

  constructor(portal: Portal, first: readonly Row[]) {
    this.columns = portal.columns;
    this.#portal = portal;
    this.#first = first;
  }

  next(): readonly Row[] | Promise<readonly Row[]> {
    const first = this.#first;
    this.#first = null;
    return first ?? this.#portal.read();
  }

  close(): Promise<void> {
    this.#first = null;
    return this.#portal.close();
  }
}

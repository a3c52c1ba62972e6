import type { DriverResult, DriverStatement } from "../../driver/driver.js";
import type { WireValue } from "../../util/wire.js";
import { Deferred } from "./deferred.js";
import { Exchange, type ExchangeLink, StatementExchange, writer } from "./exchange.js";
import { protocolFailure } from "./failure.js";
import { checkParameters, checkSql } from "./frame-writer.js";
import { Layout, readRow } from "./layout.js";
import { MESSAGE } from "./messages.js";
import { isWrite, readTag, type Tag } from "./tag.js";
import type { Decode } from "./values.js";

const NO_ROWS: readonly WireValue[][] = [];

/** A statement without text, such as a comment. */
const NOTHING: Tag = { command: "", rows: null };

/** One statement, and its whole result. */
export class Execution extends StatementExchange {
  readonly #answer = new Deferred<DriverResult>();
  readonly #statement: DriverStatement;
  #bytes: Buffer;
  #layout: Layout | null = null;
  #decoders: readonly Decode[] | null = null;
  #rows: WireValue[][] = [];
  #tag: Tag | null = null;

  /** @throws {UsageError} when the statement cannot be sent. */
  constructor(link: ExchangeLink, statement: DriverStatement) {
    checkSql(statement.sql);
    checkParameters(statement.parameters);
    super(link, statement.sql, statement.reusable);
    this.#statement = statement;
    this.#bytes = this.#encode();
  }

  get answer(): Promise<DriverResult> {
    return this.#answer.promise;
  }

  submit(): null {
    this.link.send(this.#bytes);
    return null;
  }

  receive(type: number, bytes: Buffer, start: number, end: number): boolean {
    switch (type) {
      case MESSAGE.dataRow:
        if (this.#decoders === null) throw protocolFailure("rows came without a description");
        this.#rows.push(readRow(this.#decoders, bytes, start, end));
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
        this.#tag = readTag(bytes, start, end);
        return true;
      case MESSAGE.emptyQuery:
        this.#tag = NOTHING;
        return true;
      case MESSAGE.readyForQuery:
        if (this.#tag === null && this.error === null) throw protocolFailure("an answer ended before it was complete");
        return false;
      default:
        return this.receiveOther(type);
    }
  }

  protected settle(error: Error | null): void {
    if (error === null) this.#answer.resolve(this.#result());
    else this.#answer.reject(error);
  }

  #result(): DriverResult {
    const tag = this.#tag ?? NOTHING;
    const layout = this.#layout ?? Layout.NONE;
    const { columns } = layout;
    // SELECT … INTO and CREATE TABLE … AS say SELECT, too, and give no result.
    const makesTable = layout === Layout.NONE && tag.command === "SELECT";
    this.link.statements.executed(makesTable ? "CREATE" : tag.command);
    const rowCount = isWrite(tag) ? tag.rows : columns.length > 0 ? null : 0;
    const rows = columns.length > 0 ? this.#rows : NO_ROWS;
    return { columns, rows, rowCount, lastInsertId: null, command: tag.command === "" ? null : tag.command };
  }

  protected restart(): void {
    this.#rows = [];
    this.#tag = null;
    this.#bytes = this.#encode();
  }

  #encode(): Buffer {
    const { name, statement } = this.use;
    const frames = this.prepare().bind(name, this.#statement.parameters);
    this.#layout = statement?.layout ?? null;
    // The server refuses to run a prepared statement whose result has changed, so one description serves it for ever.
    if (this.#layout === null) frames.describePortal();
    else this.#decoders = this.#layout.decoders(this.#statement.integers);
    return frames.execute(0).sync().take();
  }

  #describe(layout: Layout): true {
    this.#layout = layout;
    this.#decoders = layout.decoders(this.#statement.integers);
    if (this.named !== null) this.named.layout = layout;
    return true;
  }
}

/** A word of ours without parameters and rows, by the text protocol. */
export class Command extends Exchange {
  readonly #answer = new Deferred<DriverResult>();
  readonly #sql: string;
  #tag: Tag | null = null;

  constructor(link: ExchangeLink, sql: string) {
    checkSql(sql);
    super(link);
    this.#sql = sql;
  }

  get answer(): Promise<DriverResult> {
    return this.#answer.promise;
  }

  submit(): null {
    this.link.send(writer.reset().query(this.#sql).take());
    return null;
  }

  receive(type: number, bytes: Buffer, start: number, end: number): boolean {
    if (type === MESSAGE.commandComplete) {
      this.#tag = readTag(bytes, start, end);
      return true;
    }
    if (type === MESSAGE.readyForQuery && this.#tag === null) throw protocolFailure("a command was not answered");
    return this.receiveOther(type);
  }

  protected settle(error: Error | null): void {
    if (error !== null) return this.#answer.reject(error);
    const { command } = this.#tag ?? NOTHING;
    this.link.statements.executed(command);
    this.#answer.resolve({ columns: Layout.NONE.columns, rows: NO_ROWS, rowCount: 0, lastInsertId: null, command });
  }
}

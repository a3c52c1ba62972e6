import type { DriverStatement } from "../../driver/driver.js";
import type { WireValue } from "../../util/wire.js";
import { Deferred } from "./deferred.js";
import { type ExchangeLink, StatementExchange, writer } from "./exchange.js";
import { protocolFailure } from "./failure.js";
import { checkParameters, checkSql } from "./frame-writer.js";
import { MESSAGE } from "./messages.js";
import { readTag, rowsWritten } from "./tag.js";

/** So much is written at once; then it is the turn of others in the process until the socket has taken it. */
const SLICE_LENGTH = 64 * 1024;

/** One statement for many parameter lists, all under one Sync: an error skips the lists that follow. */
export class Batch extends StatementExchange {
  readonly #answer = new Deferred<number>();
  readonly #lists: readonly (readonly WireValue[])[];
  #written = 0;
  #answered = 0;
  #rowCount = 0;
  protected override isSynced = false;

  /** @throws {UsageError} when one of the lists cannot be sent. */
  constructor(link: ExchangeLink, { sql, reusable }: DriverStatement, lists: readonly (readonly WireValue[])[]) {
    checkSql(sql);
    for (const list of lists) checkParameters(list);
    super(link, sql, reusable);
    this.#lists = lists;
  }

  get answer(): Promise<number> {
    return this.#answer.promise;
  }

  submit(): null {
    this.prepare();
    this.#write();
    return null;
  }

  receive(type: number, bytes: Buffer, start: number, end: number): boolean {
    switch (type) {
      case MESSAGE.parseComplete:
        return this.parsed();
      case MESSAGE.bindComplete:
        return this.bound();
      case MESSAGE.closeComplete:
      // What a statement returns is not asked for.
      case MESSAGE.dataRow:
        return true;
      case MESSAGE.commandComplete:
        this.#answered += 1;
        this.#rowCount += rowsWritten(readTag(bytes, start, end));
        return true;
      case MESSAGE.emptyQuery:
        this.#answered += 1;
        return true;
      case MESSAGE.readyForQuery:
        if (this.error === null && this.#answered !== this.#lists.length) {
          throw protocolFailure("a batch ended before it was complete");
        }
        return false;
      default:
        return this.receiveOther(type);
    }
  }

  protected settle(error: Error | null): void {
    if (error === null) this.#answer.resolve(this.#rowCount);
    else this.#answer.reject(error);
  }

  protected restart(): void {
    this.#written = this.#answered = this.#rowCount = 0;
    this.isSynced = false;
  }

  /** Goes on from where the last slice ended, behind what the writer holds. */
  readonly #write = (): void => {
    while (!this.isSynced) {
      while (this.#written < this.#lists.length && writer.length < SLICE_LENGTH) {
        writer.bind(this.use.name, this.#lists[this.#written] ?? []).execute(0);
        this.#written += 1;
      }
      if (this.#written === this.#lists.length) return this.sync(writer);
      if (!this.link.send(writer.take())) return this.link.onceDrained(this.#resume);
    }
  };

  readonly #resume = (): void => {
    writer.reset();
    this.#write();
  };
}

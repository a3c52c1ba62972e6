import { UsageError } from "../../errors/index.js";
import { isServerError, markLost, pgFacts } from "./facts.js";
import { protocolFailure } from "./failure.js";
import { FrameWriter } from "./frame-writer.js";
import { MESSAGE } from "./messages.js";
import type { NativeQuery } from "./native.js";
import type { Statements, StatementUse } from "./statements.js";

/** What an exchange needs of its connection. */
export interface ExchangeLink {
  readonly statements: Statements;
  /** Of the moment of the last ReadyForQuery. */
  readonly transactionStatus: "idle" | "open" | "failed";
  /** Puts the exchange into the queue; it is sent when it is its turn. */
  submit(exchange: Exchange): void;
  /** False where what is written waits in memory, until it has drained. */
  send(bytes: Buffer): boolean;
  onceDrained(callback: () => void): void;
}

/** Everything is written and taken within one turn, so that one is enough. */
export const writer: FrameWriter = new FrameWriter();

/**
 * One request and its answer, from its first message to the ReadyForQuery that ends it.
 *
 * It settles with that, so that whoever awaits it finds the connection ready and its transaction's status up to date, or with the connection's end.
 */
export abstract class Exchange implements NativeQuery {
  protected readonly link: ExchangeLink;
  /** Why it fails when the server is ready again. */
  protected error: Error | null = null;
  /** Whether all that the server needs to become ready again is on its way. */
  protected isSynced = true;
  #isFailing = false;

  constructor(link: ExchangeLink) {
    this.link = link;
  }

  /** Called by the queue, once the exchanges before it are over. */
  abstract submit(): null;

  /**
   * Takes one message of the answer; false for those that are the session's.
   *
   * @throws {PgFailure} when it has no place in the answer.
   */
  abstract receive(type: number, bytes: Buffer, start: number, end: number): boolean;

  /** The exchange is over, with or without an error. */
  protected abstract settle(error: Error | null): void;

  /** An error of the server follows; after it nothing comes but ReadyForQuery. */
  expectError(): void {
    this.#isFailing = true;
    if (!this.isSynced) this.sync(writer.reset());
  }

  handleError(error: Error): void {
    if (this.#isFailing) this.error ??= error;
    else this.lose(error);
  }

  handleReadyForQuery(): void {
    this.#isFailing = false;
    this.finish(this.error);
  }

  /** The connection is gone, in the course of the exchange or before it. */
  lose(error: Error): void {
    this.settle(markLost(this.error ?? error));
  }

  /** The server is ready again. */
  protected finish(error: Error | null): void {
    this.settle(error);
  }

  protected sync(frames: FrameWriter): void {
    this.isSynced = true;
    this.link.send(frames.sync().take());
  }

  /** What no answer of ours has room for. */
  protected receiveOther(type: number): boolean {
    switch (type) {
      case MESSAGE.copyIn:
        this.error = new UsageError("COPY … FROM STDIN needs the connection's own object (raw), or a file.");
        // A Sync that was sent with the statement has been passed over by the server.
        this.sync(writer.reset().copyFail("not supported"));
        return true;
      case MESSAGE.copyOut:
        this.error = new UsageError(
          "COPY … TO STDOUT needs the connection's own object (raw): select the rows instead.",
        );
        return true;
      case MESSAGE.copyData:
      case MESSAGE.copyDone:
        if (this.error !== null) return true;
        break;
      case MESSAGE.error:
      case MESSAGE.notice:
      case MESSAGE.notification:
      case MESSAGE.parameterStatus:
      case MESSAGE.readyForQuery:
        return false;
    }
    throw protocolFailure(`a message of type ${type} came out of turn`);
  }
}

/** An exchange about a statement that may be prepared. */
export abstract class StatementExchange extends Exchange {
  protected readonly sql: string;
  protected use: StatementUse;
  readonly #isReusable: boolean;
  #isParsed = false;
  #isBound = false;
  #isRepeated = false;

  constructor(link: ExchangeLink, sql: string, isReusable: boolean) {
    super(link);
    this.sql = sql;
    this.#isReusable = isReusable;
    this.use = link.statements.use(sql, isReusable);
  }

  /** Forgets what has come of the answer: the statement is sent again. */
  protected abstract restart(): void;

  /** Writes what comes before the first Bind. */
  protected prepare(): FrameWriter {
    writer.reset();
    for (const name of this.link.statements.takeClosing()) writer.closeStatement(name);
    return this.use.needsParse ? writer.parse(this.use.name, this.sql) : writer;
  }

  /** The server has the statement under its name. */
  protected parsed(): true {
    this.#isParsed = true;
    if (this.named?.state === "naming") this.named.state = "named";
    return true;
  }

  /** The statement, while it has the name that it had for this exchange: what is learned of it holds for no other name. */
  protected get named(): StatementUse["statement"] {
    const { statement, name } = this.use;
    return statement?.name === name ? statement : null;
  }

  /** The server has planned the statement with its parameters: from now on an error may come from its run. */
  protected bound(): true {
    this.#isBound = true;
    return true;
  }

  /**
   * A prepared statement that failed before it ran may have failed for what has changed since: it is gone, or its result has other columns, or its
   * parameters have types that no longer fit. It is sent again with its text, once. Within a transaction the error has failed all of it.
   */
  protected override finish(error: Error | null): void {
    if (error === null) return super.finish(null);
    const { link, use } = this;
    const isStale = !this.#isBound && use.name !== "" && maySayStale(error, use.needsParse);
    if (isStale || (use.needsParse && !this.#isParsed)) link.statements.forget(use);
    if (!isStale || this.#isRepeated || link.transactionStatus !== "idle") return super.finish(error);
    this.#isRepeated = true;
    this.error = null;
    this.use = link.statements.use(this.sql, this.#isReusable);
    this.restart();
    link.submit(this);
  }
}

/** What a plan that no longer fits is refused with: a feature not supported, data that is none of the type, a name gone, a type or a table. */
const STALE = /^(0A|22|26|42)/;

/** With its text a statement is as fresh as can be; but behind a pooler its name may be taken. */
function maySayStale(error: Error, isFresh: boolean): boolean {
  const { sqlState } = pgFacts(error) ?? { sqlState: null };
  if (sqlState === null || !isServerError(error)) return false;
  return isFresh ? sqlState === "26000" || sqlState === "42P05" : STALE.test(sqlState);
}

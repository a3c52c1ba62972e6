import { tracingChannel, type TracingChannel } from "node:diagnostics_channel";

/** What is published about a statement, never a value of it: with `error` on the events after a failure. */
export interface QueryMessage {
  /** The URL, without its password. */
  readonly database: string;
  readonly dialect: string;
  readonly sql: string;
  error?: unknown;
}

/** What is published about a transaction, from before its BEGIN to after its end. */
export interface TransactionMessage {
  readonly database: string;
  /** The call that began it. */
  readonly call: string;
  error?: unknown;
}

/** What is published about the wait for a connection. */
export interface AcquireMessage {
  readonly database: string;
  /** What the connection is for. */
  readonly holder: string;
  readonly write: boolean;
  error?: unknown;
}

/**
 * A tracing channel of `node:diagnostics_channel`, whose five events are published as `tracePromise` does, but for the result: rows are data.
 *
 * It costs nothing while `hasSubscribers` is false.
 */
export class Traces<Message extends { error?: unknown }> {
  readonly #channel: TracingChannel<unknown, Message>;

  constructor(name: string) {
    this.#channel = tracingChannel<unknown, Message>(name);
  }

  get hasSubscribers(): boolean {
    return this.#channel.hasSubscribers;
  }

  trace<Result>(message: Message, run: () => Result | Promise<Result>): Promise<Result> {
    const { start, end } = this.#channel;
    return start.runStores(message, () => {
      const result = promised(run);
      end.publish(message);
      return this.#settle(message, result);
    });
  }

  async #settle<Result>(message: Message, result: Promise<Result>): Promise<Result> {
    const { asyncStart, asyncEnd, error: failed } = this.#channel;
    try {
      return await result;
    } catch (error) {
      message.error = error;
      failed.publish(message);
      throw error;
    } finally {
      asyncStart.publish(message);
      asyncEnd.publish(message);
    }
  }
}

/** What a function gives, later: also what it throws. */
async function promised<Result>(run: () => Result | Promise<Result>): Promise<Result> {
  return await run();
}

export const queries: Traces<QueryMessage> = new Traces("databases:query");
export const transactions: Traces<TransactionMessage> = new Traces("databases:transaction");
export const acquires: Traces<AcquireMessage> = new Traces("databases:acquire");

import { connect, type Socket } from "node:net";
import type { Address } from "../../driver/address.js";
import type { Driver } from "../../driver/driver.js";
import { isDatabaseError } from "../../errors/index.js";

const DEFAULT_PORT = 3306;

/** After how much silence the system asks whether the server is still there. */
const KEEP_ALIVE_MS = 30_000;

/** A connection that ended without a word of the package's about it. */
export class LinkError extends Error {
  readonly code = "LINK_CLOSED";
}

/** An answer that a package cannot read. */
export class AnswerError extends Error {
  readonly code = "ANSWER_UNREADABLE";
}

/**
 * The socket of one connection, which is ours and not the package's: it can be ended at any time, and whoever waits for an answer then hears of it.
 *
 * Neither package settles every call of a connection that is lost, or closed by its user.
 */
export class Link {
  readonly socket: Socket;
  readonly #facts: Driver["facts"];
  readonly #waiting = new Set<(error: unknown) => void>();
  #loss: { readonly error: unknown } | null = null;

  /** @param facts what the package's errors mean. */
  constructor({ host, port, socketPath }: Address, facts: Driver["facts"]) {
    this.#facts = facts;
    const where = socketPath === null ? { host, port: port ?? DEFAULT_PORT } : { path: socketPath };
    this.socket = connect({ ...where, noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS });
    this.guard(this.socket);
    this.socket.on("error", (error) => this.lose(error));
    this.socket.on("close", () => this.lose(null));
  }

  get isOpen(): boolean {
    return this.#loss === null;
  }

  /** Settles as the promise does, or fails when the connection is lost before. */
  within<Value>(promise: Promise<Value>): Promise<Value> {
    return new Promise((resolve, reject) => {
      if (this.#loss !== null) reject(this.#loss.error);
      else this.#waiting.add(reject);
      promise.then(
        (value) => {
          this.#waiting.delete(reject);
          resolve(value);
        },
        (error: unknown) => {
          this.#waiting.delete(reject);
          reject(error);
        },
      );
    });
  }

  /** Calls back once, when the connection is lost. @returns what takes the call back again. */
  onLoss(listener: (error: unknown) => void): () => void {
    if (this.#loss !== null) listener(this.#loss.error);
    else this.#waiting.add(listener);
    return () => this.#waiting.delete(listener);
  }

  /** Ends the connection, whatever is on its way. @param error why; `null` where nobody knows. */
  lose(error: unknown): void {
    if (this.#loss !== null) return;
    const loss = error ?? new LinkError("The connection was closed before the answer came.");
    this.#loss = { error: loss };
    this.socket.destroy();
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const tell of waiting) tell(loss);
  }

  /**
   * Takes an error of a call, and ends the connection where that is what the error means.
   *
   * An error of which nothing is known is an answer that the package cannot read: what follows it in the socket belongs to nobody.
   *
   * @returns the error to fail with.
   */
  fail(error: unknown): unknown {
    if (error === this.#loss?.error || isDatabaseError(error)) return error;
    const facts = this.#facts(error);
    if (facts !== null) {
      if (facts.connectionLost) this.lose(error);
      return error;
    }
    // Nothing that the server has sent can be at fault where it has sent nothing.
    if (this.socket.bytesRead === 0) return error;
    const told = unreadable(error);
    this.lose(told);
    return told;
  }

  /** An exception in a package's reader of what the server sent ends the connection, and not the process. */
  guard(socket: Socket): void {
    const emit = socket.emit.bind(socket) as (event: string, ...values: unknown[]) => boolean;
    socket.emit = (event: string, ...values: unknown[]): boolean => {
      try {
        return emit(event, ...values);
      } catch (cause) {
        this.lose(unreadable(cause));
        return true;
      }
    };
  }
}

function unreadable(cause: unknown): AnswerError {
  return new AnswerError("The server's answer cannot be read.", { cause });
}

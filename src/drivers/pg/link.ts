import type { Socket } from "node:net";
import { Exchange, type ExchangeLink } from "./exchange.js";
import { PgFailure, protocolFailure } from "./failure.js";
import { FrameReader, type FrameTaker, HEADER_LENGTH } from "./frame-reader.js";
import { Guard, type Guarded } from "./guard.js";
import { MESSAGE } from "./messages.js";
import type { NativeClient, NativeConfig, NativeConnection, NativeModule } from "./native.js";
import { Statements } from "./statements.js";

/** What a session begins with. */
export interface LinkOptions extends Pick<NativeConfig, "user" | "database" | "host" | "port" | "password"> {
  readonly startup: Readonly<Record<string, string>>;
  readonly isPrivate: boolean;
  /** Whether prepared statements may be kept by name. */
  readonly mayName: boolean;
}

const STATUS: ReadonlyMap<number, "idle" | "open" | "failed"> = new Map([
  [0x49, "idle"],
  [0x54, "open"],
  [0x45, "failed"],
]);

/**
 * `pg`'s client over a socket that is open already. It starts the session and keeps the queue; the answers to our own exchanges go straight to them.
 *
 * Whatever goes wrong ends in the socket's `close`: that is where `pg` and we let go of what is pending.
 */
export class Link implements ExchangeLink, FrameTaker, Guarded {
  readonly client: NativeClient;
  readonly statements: Statements;
  readonly isPrivate: boolean;
  serverVersion = "";
  transactionStatus: "idle" | "open" | "failed" = "idle";
  answering: "foreign" | "own" | null = null;
  readonly #socket: Socket;
  readonly #reader = new FrameReader(this);
  readonly #guard = new Guard(this);
  /** `pg`'s parser. */
  #feed!: (chunk: Buffer) => void;
  /** The server has reported its error and is not ready yet. */
  #failing: Exchange | null = null;
  /** Why the connection can no longer be used. */
  #ending: Error | null = null;

  constructor({ Client, Connection }: NativeModule, socket: Socket, options: LinkOptions) {
    const { startup, isPrivate, mayName, ...config } = options;
    this.#socket = socket;
    this.isPrivate = isPrivate;
    this.statements = new Statements(mayName);
    const connection = new Connection({ stream: socket, ssl: false });
    connection.connect = () => this.#attach(connection);
    connection.on("end", () => this.#ended());
    connection.on("parameterStatus", (status: { readonly parameterName: string; readonly parameterValue: string }) => {
      if (status.parameterName === "server_version") this.serverVersion = status.parameterValue.replace(/ .*/s, "");
    });
    this.client = new Client({
      ...config,
      connection,
      ssl: false,
      sslnegotiation: "postgres",
      client_encoding: "UTF8",
      connectionTimeoutMillis: 0,
    });
    this.client.getStartupConf = () => startup;
    // Without a listener the loss of the connection would end the process.
    this.client.on("error", (error: Error) => this.destroy(error));
  }

  /** `null` while the connection can be used. */
  get ending(): Error | null {
    return this.#ending;
  }

  get isAuthenticating(): boolean {
    return this.#guard.phase === "authentication";
  }

  get isProofDue(): boolean {
    return this.client.saslSession != null;
  }

  submit(exchange: Exchange): void {
    this.client.query(exchange);
  }

  send(bytes: Buffer): boolean {
    // A socket that is gone tells so by its `close`.
    return !this.#socket.writable || this.#socket.write(bytes);
  }

  onceDrained(callback: () => void): void {
    this.#socket.once("drain", callback);
  }

  /** Takes one message of the server. */
  frame(type: number, bytes: Buffer, start: number, end: number): void {
    const { client } = this;
    const active = client._getActiveQuery === undefined ? client.activeQuery : client._getActiveQuery();
    const exchange = active instanceof Exchange ? active : null;
    if (exchange?.receive(type, bytes, start, end) === true) return;
    if (active != null) this.answering = exchange === null ? "foreign" : "own";
    this.#guard.check(type, bytes, start, end);
    const message = bytes.subarray(start - HEADER_LENGTH, end);
    if (type === MESSAGE.readyForQuery) return this.#ready(message);
    if (type === MESSAGE.error && exchange !== null) {
      exchange.expectError();
      this.#failing = exchange;
    }
    this.#feed(message);
  }

  /** Says goodbye, and waits no longer than `patienceMs` until the server hangs up. */
  async end(patienceMs: number): Promise<void> {
    const closed = new PgFailure("lost", "The connection was closed.");
    const timer = setTimeout(() => this.destroy(closed), patienceMs);
    this.#ending ??= closed;
    await this.client.end();
    clearTimeout(timer);
  }

  /** Ends the connection at once. */
  destroy(ending: Error): void {
    this.#ending ??= ending;
    this.#socket.destroy();
  }

  /** In the place of `pg`'s own way to connect. */
  #attach(connection: NativeConnection): void {
    connection._connecting = true;
    connection.attachListeners({ on: (event, listener) => event === "data" && (this.#feed = listener) });
    this.#socket.on("data", (chunk: Buffer) => this.#read(chunk));
    this.#socket.on("error", (error) => connection.emit("error", error));
    this.#socket.on("close", () => connection.emit("end"));
    this.#socket.resume();
    process.nextTick(() => connection.emit("connect"));
  }

  #read(chunk: Buffer): void {
    if (this.#ending !== null) return;
    try {
      this.#reader.read(chunk);
    } catch (error) {
      const isFailure = error instanceof PgFailure;
      const failure = isFailure ? error : new PgFailure("protocol", "The server's answer cannot be read.", error);
      this.#ending ??= failure;
      this.#socket.destroy(failure);
    }
  }

  /** The answer is complete, and the next exchange's begins. */
  #ready(message: Buffer): void {
    const status = STATUS.get(message[HEADER_LENGTH] as number);
    if (status === undefined || message.length !== HEADER_LENGTH + 1) {
      throw protocolFailure("the transaction has no status that there is");
    }
    const failing = this.#failing;
    this.#failing = null;
    this.answering = null;
    this.#reader.acceptsLong = true;
    this.transactionStatus = status;
    this.#feed(message);
    failing?.handleReadyForQuery();
  }

  #ended(): void {
    this.#ending ??= new PgFailure("lost", "The server closed the connection.");
    const failing = this.#failing;
    this.#failing = null;
    failing?.lose(this.#ending);
  }
}

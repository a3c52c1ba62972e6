import type { EventEmitter } from "node:events";
import type { Socket } from "node:net";
import type { Peer } from "../../driver/peer.js";

/** What we use of `pg`: its client, for the start of a session, the queue and the user's own calls, and its connection. */
export interface NativeModule {
  readonly Client: new (config: NativeConfig) => NativeClient;
  readonly Connection: new (config: { readonly stream: Socket; readonly ssl: false }) => NativeConnection;
}

/** Every part that `pg` would otherwise look up in the environment is given. */
export interface NativeConfig {
  readonly connection: NativeConnection;
  readonly user: string;
  readonly database: string;
  readonly host: string;
  readonly port: number;
  /** Asked for it when the server wants one. */
  readonly password: () => Promise<string>;
  readonly ssl: false;
  readonly sslnegotiation: "postgres";
  readonly client_encoding: "UTF8";
  readonly connectionTimeoutMillis: 0;
}

export interface NativeClient extends EventEmitter {
  password: unknown;
  readonly connectionParameters: { password: unknown };
  /** The exchange that proves the password; `null` once the server has proven that it knows it, too. */
  readonly saslSession?: object | null;
  connect(): Promise<unknown>;
  getStartupConf(): Readonly<Record<string, string>>;
  query(query: NativeQuery): unknown;
  /** The query whose answer is being read. */
  readonly activeQuery?: unknown;
  /** The same, in versions that warn who reads the property. */
  _getActiveQuery?(): unknown;
  end(): Promise<void>;
}

export interface NativeConnection extends EventEmitter {
  readonly stream: Socket;
  /** Whether there is anything to say goodbye to. */
  _connecting: boolean;
  connect(): void;
  /** Reads the server's messages from what has `data` events. */
  attachListeners(stream: { readonly on: (event: string, listener: (chunk: Buffer) => void) => unknown }): void;
}

/** What a query is to `pg`'s queue, as far as our own queries let it see: their answers are read by us. */
export interface NativeQuery {
  /** Called when it is the query's turn to be sent. */
  submit(): null;
  /** For the server's error, and for the connection's. */
  handleError(error: Error): void;
  handleReadyForQuery(): void;
}

export const PEER: Peer = {
  packageName: "pg",
  scheme: "postgresql:",
  versions: [{ major: 8, nodeApi: 0, node: "16" }],
  load: loadNative,
};

/** Not by the package's door, which hands out another client where an environment variable says so. */
async function loadNative(): Promise<NativeModule> {
  const [client, connection] = await Promise.all([
    // @ts-ignore The package may be absent: what we use of it is declared here.
    import("pg/lib/client.js") as Promise<{ readonly default: NativeModule["Client"] }>,
    // @ts-ignore The same.
    import("pg/lib/connection.js") as Promise<{ readonly default: NativeModule["Connection"] }>,
  ]);
  return { Client: client.default, Connection: connection.default };
}

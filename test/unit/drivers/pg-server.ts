import { createServer, type Server, type Socket } from "node:net";
import { after } from "node:test";
import { DatabaseURL } from "../../../src/url/index.js";

/** A server of PostgreSQL's protocol that says what a test has it say. */
export class FakeServer {
  readonly sockets: Socket[] = [];
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** `serve` is called for each connection, once the client's first message has come; what it gives for each later chunk is sent. */
  static async start(serve: (socket: Socket, startup: Buffer) => (chunk: Buffer) => void): Promise<FakeServer> {
    const server = createServer((socket) => {
      fake.sockets.push(socket);
      socket.on("error", () => null);
      socket.once("data", (startup: Buffer) => socket.on("data", serve(socket, startup)));
    });
    const fake = new FakeServer(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    after(() => fake.stop());
    return fake;
  }

  /** One that logs anyone in, and answers what `answer` gives to each chunk that follows. */
  static ready(answer: (chunk: Buffer, socket: Socket) => Buffer | null): Promise<FakeServer> {
    return FakeServer.start((socket) => {
      socket.write(LOGIN);
      return (chunk) => {
        const bytes = answer(chunk, socket);
        if (bytes !== null) socket.write(bytes);
      };
    });
  }

  /** For a user with a password. */
  get url(): DatabaseURL {
    const { port } = this.#server.address() as { readonly port: number };
    return new DatabaseURL(`postgresql://app:canary-secret@127.0.0.1:${port}/db`);
  }

  stop(): void {
    this.#server.close();
    for (const socket of this.sockets) socket.destroy();
  }
}

/** A message of the server. */
export function message(type: string, ...parts: readonly (Buffer | string | number)[]): Buffer {
  const body = Buffer.concat(parts.map((part) => (typeof part === "number" ? int32(part) : Buffer.from(part))));
  return Buffer.concat([Buffer.from(type), int32(body.length + 4), body]);
}

export function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

export function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

/** A RowDescription of columns by name and the type's OID. */
export function description(...columns: readonly (readonly [string, number])[]): Buffer {
  const fields = columns.map(([name, oid]) =>
    Buffer.concat([Buffer.from(`${name}\0`), int32(0), int16(0), int32(oid), int16(0), int32(-1), int16(0)]),
  );
  return message("T", int16(columns.length), ...fields);
}

/** A DataRow of texts. */
export function row(...values: readonly (string | null)[]): Buffer {
  const fields = values.map((value) =>
    value === null ? int32(-1) : Buffer.concat([int32(Buffer.byteLength(value)), Buffer.from(value)]),
  );
  return message("D", int16(values.length), ...fields);
}

export const AUTHENTICATED = message("R", 0);
export const READY = message("Z", "I");
export const VERSION = message("S", "server_version\x0018.4 (fake)\0");
export const LOGIN = Buffer.concat([AUTHENTICATED, VERSION, message("K", 1, 2), READY]);

/** The answer to a statement, without ReadyForQuery. */
export const ANSWER = Buffer.concat([
  message("1"),
  message("2"),
  description(["a", 23], ["b", 25]),
  row("1", "x"),
  row("2", null),
  message("C", "SELECT 2\0"),
]);

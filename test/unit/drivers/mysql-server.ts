import { createServer, type Server, type Socket } from "node:net";
import { after } from "node:test";
import { DatabaseURL } from "../../../src/url/index.js";

/** What the server says to a command: its packets, or bytes as they are; `null` for nothing. */
export type Answer = readonly Buffer[] | Buffer | null;

/** The protocol's numbers of commands. */
export const COMMAND = { quit: 1, query: 3, prepare: 22, execute: 23 } as const;

/** A server of MySQL's protocol that says what a test has it say. */
export class FakeServer {
  readonly sockets: Socket[] = [];
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** One that says this and hears nothing. */
  static async saying(greeting: Buffer): Promise<FakeServer> {
    return FakeServer.#start((socket) => void socket.write(greeting));
  }

  /** One that logs anyone in, and answers what `answer` gives to each command that follows. */
  static async ready(answer: (command: number, text: string, socket: Socket) => Answer): Promise<FakeServer> {
    return FakeServer.#start((socket) => {
      socket.write(packet(0, GREETING));
      let isLoggedIn = false;
      socket.on("data", (chunk: Buffer) => {
        // The empty packet is the end of a file that was asked for.
        if (chunk.length === 4) socket.write(packet(3, OK));
        for (let at = 0; at + 4 < chunk.length; at += 4 + chunk.readUIntLE(at, 3)) {
          if (isLoggedIn && chunk[at + 4] === COMMAND.quit) return void socket.end();
          const said = isLoggedIn ? answer(chunk[at + 4] ?? 0, textOf(chunk, at), socket) : packet(2, OK);
          isLoggedIn = true;
          if (said !== null) socket.write(Buffer.isBuffer(said) ? said : packets(said));
        }
      });
    });
  }

  static async #start(serve: (socket: Socket) => void): Promise<FakeServer> {
    const server = createServer((socket) => {
      fake.sockets.push(socket);
      socket.on("error", () => null);
      serve(socket);
    });
    const fake = new FakeServer(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    after(() => fake.stop());
    return fake;
  }

  /** For a user with a password. */
  get url(): DatabaseURL {
    const { port } = this.#server.address() as { readonly port: number };
    return new DatabaseURL(`mysql://app:canary-secret@127.0.0.1:${port}/db`);
  }

  stop(): void {
    this.#server.close();
    for (const socket of this.sockets) socket.destroy();
  }
}

function textOf(chunk: Buffer, at: number): string {
  return chunk.toString("utf8", at + 5, at + 4 + chunk.readUIntLE(at, 3));
}

/** A packet of the server, or one that pretends to another length. */
export function packet(sequence: number, payload: Buffer, length = payload.length): Buffer {
  const header = Buffer.alloc(4);
  header.writeUIntLE(length, 0, 3);
  header[3] = sequence;
  return Buffer.concat([header, payload]);
}

/** The packets of an answer. */
export function packets(payloads: readonly Buffer[]): Buffer {
  return Buffer.concat(payloads.map((payload, index) => packet(index + 1, payload)));
}

export const bytes = (...values: readonly number[]): Buffer => Buffer.from(values);

export const OK = bytes(0, 0, 0, 2, 0, 0, 0);
export const EOF = bytes(0xfe, 0, 0, 2, 0);

/** A statement with the number 1 is prepared. */
export function preparedOf(columns: number, parameters: number): Buffer {
  return bytes(0, 1, 0, 0, 0, columns, 0, parameters, 0, 0, 0, 0);
}

/** A text of up to 250 bytes, or a value of the text protocol. */
export function text(value: string): Buffer {
  return Buffer.concat([bytes(Buffer.byteLength(value)), Buffer.from(value)]);
}

/** A column, of type BIGINT where nothing else is said. */
export function column(name: string, type = 8): Buffer {
  const names = ["def", "", "", "", name, ""].map(text);
  return Buffer.concat([...names, bytes(12, 63, 0, 20, 0, 0, 0, type, 0, 0, 0, 0, 0)]);
}

const CAPABILITIES = 0x000e_a20f;

const GREETING = Buffer.concat([
  bytes(10),
  Buffer.from("8.0.36\0"),
  bytes(1, 0, 0, 0),
  Buffer.from("abcdefgh\0"),
  bytes(CAPABILITIES & 0xff, (CAPABILITIES >> 8) & 0xff, 45, 2, 0, CAPABILITIES >> 16, 0, 21),
  Buffer.alloc(10),
  Buffer.from("abcdefghijkl\0mysql_native_password\0"),
]);

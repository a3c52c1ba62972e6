import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { authority, type Certificate } from "./certificates.js";

/** Where a server can be reached: a port of this machine, or a socket. */
export type Upstream = { readonly host: string; readonly port: number } | { readonly path: string };

/** What stands before a server, on a port of its own. */
export interface Front extends AsyncDisposable {
  readonly port: number;
}

/** Speaks with a client until the connection is encrypted, and joins it with the server. */
type Welcome = (client: Socket, upstream: Upstream, certificate: Certificate) => Promise<void>;

/** Encrypts the connections to a server that may have no TLS, with a certificate. */
export async function tlsFront(
  protocol: keyof typeof WELCOMES,
  upstream: Upstream,
  certificate: Certificate,
): Promise<Front> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    sockets.add(client.on("close", () => sockets.delete(client)));
    // A client that does not trust the certificate goes away in the middle.
    WELCOMES[protocol](client, upstream, certificate).catch(() => client.destroy());
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    port: portOf(server),
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

export function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

/** PostgreSQL's client asks for TLS, and then begins as if there were none. */
async function welcomePostgresql(client: Socket, upstream: Upstream, certificate: Certificate): Promise<void> {
  await take(client, SSL_REQUEST_LENGTH);
  client.write("S");
  const secure = await secured(client, certificate);
  join(secure, connect(upstream), identity, identity);
}

const SSL_REQUEST_LENGTH = 8;

/** MySQL's server greets first. The client's request for TLS is one packet more than the server knows of: packets are numbered. */
async function welcomeMysql(client: Socket, upstream: Upstream, certificate: Certificate): Promise<void> {
  const server = connect(upstream);
  client.on("close", () => server.destroy());
  server.on("close", () => client.destroy());
  const greeting = await takePacket(server);
  const capabilities = greeting.indexOf(0, HEADER_LENGTH + 1) + 1 + 4 + 8 + 1;
  greeting.writeUInt16LE(greeting.readUInt16LE(capabilities) | CLIENT_SSL, capabilities);
  client.write(greeting);
  await takePacket(client);
  const secure = await secured(client, certificate);
  const login = await takePacket(secure);
  login.writeUInt32LE((login.readUInt32LE(HEADER_LENGTH) & ~CLIENT_SSL) >>> 0, HEADER_LENGTH);
  const state: Login = { isOver: false };
  server.write(numbered(login, -1));
  join(secure, server, renumbering(state, -1, false), renumbering(state, 1, true));
}

const WELCOMES = { postgresql: welcomePostgresql, mysql: welcomeMysql } satisfies Record<string, Welcome>;

const HEADER_LENGTH = 4;
const CLIENT_SSL = 0x0800;
const OK = 0x00;
const ERROR = 0xff;

interface Login {
  isOver: boolean;
}

/** Numbers the packets of one direction anew, until the server has said how the login ended. */
function renumbering(state: Login, by: number, isOfServer: boolean): (chunk: Buffer) => Buffer {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk) => {
    let sent: Buffer = Buffer.alloc(0);
    rest = Buffer.concat([rest, chunk]);
    while (!state.isOver && rest.length >= HEADER_LENGTH && rest.length >= lengthOf(rest)) {
      const packet = numbered(rest.subarray(0, lengthOf(rest)), by);
      if (isOfServer && [OK, ERROR].includes(packet[HEADER_LENGTH] as number)) state.isOver = true;
      rest = rest.subarray(packet.length);
      sent = Buffer.concat([sent, packet]);
    }
    if (!state.isOver) return sent;
    const all = Buffer.concat([sent, rest]);
    rest = Buffer.alloc(0);
    return all;
  };
}

function numbered(packet: Buffer, by: number): Buffer {
  const copy = Buffer.from(packet);
  copy[3] = (copy[3] as number) + by;
  return copy;
}

function lengthOf(packet: Buffer): number {
  return packet.readUIntLE(0, 3) + HEADER_LENGTH;
}

function identity(chunk: Buffer): Buffer {
  return chunk;
}

/** Passes on what both say, until one of them ends. */
function join(one: Socket, other: Socket, ahead: (chunk: Buffer) => Buffer, back: (chunk: Buffer) => Buffer): void {
  const end = (): void => {
    one.destroy();
    other.destroy();
  };
  for (const socket of [one, other]) socket.on("close", end).on("error", end);
  one.on("data", (chunk: Buffer) => other.write(ahead(chunk)));
  other.on("data", (chunk: Buffer) => one.write(back(chunk)));
}

async function secured(client: Socket, certificate: Certificate): Promise<TLSSocket> {
  const secure = new TLSSocket(client, { isServer: true, ...certificate, ca: authority });
  await once(secure, "secure");
  return secure;
}

/** The next bytes, and no more: what follows is somebody else's to read. */
async function take(socket: Socket, length: number): Promise<Buffer> {
  for (;;) {
    const chunk = socket.read(length) as Buffer | null;
    if (chunk !== null) return chunk;
    await once(socket, "readable");
  }
}

async function takePacket(socket: Socket): Promise<Buffer> {
  const header = await take(socket, HEADER_LENGTH);
  return Buffer.concat([header, await take(socket, header.readUIntLE(0, 3))]);
}

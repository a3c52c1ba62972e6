import { connect as connectSocket, isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { Address } from "../../driver/address.js";
import { tlsOptions, type TlsPolicy } from "../../driver/tls.js";
import { PgFailure, protocolFailure } from "./failure.js";

export const DEFAULT_PORT = 5432;

/** After so long without a word, the system asks whether the other side is still there. */
const KEEP_ALIVE_AFTER_MS = 30_000;

const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);
const WITH_TLS = "S";
const WITHOUT_TLS = "N";

/** A socket to a server, encrypted where the policy wants it. */
export interface OpenSocket {
  readonly socket: Socket;
  readonly isEncrypted: boolean;
}

/**
 * Connects, and encrypts before anything else is said. It is paused: nothing that the server sends is lost until somebody listens.
 *
 * The abort of the signal rejects at once and destroys the socket, as does every error.
 */
export async function openSocket(address: Address, tls: TlsPolicy, signal: AbortSignal | null): Promise<OpenSocket> {
  const port = address.port ?? DEFAULT_PORT;
  const { socketPath, host } = address;
  const socket = connectSocket({
    ...(socketPath === null ? { host, port } : { path: `${socketPath}/.s.PGSQL.${port}` }),
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: KEEP_ALIVE_AFTER_MS,
  });
  // Errors without a listener would end the process; the same error rejects what is awaited, or `close` tells.
  socket.on("error", () => null);
  try {
    await until(socket, "connect", signal);
    // As with libpq, nothing is encrypted on a unix socket.
    const options = socketPath === null ? tlsOptions(tls) : null;
    if (options === null || !(await offersTls(socket, tls, signal))) return { socket, isEncrypted: false };
    // A name is checked where there is one; without it, the address.
    const secure = connectTls({ ...(isIP(host) === 0 ? { servername: host } : {}), host, ...options, socket });
    secure.on("error", () => null);
    await until(secure, "secureConnect", signal).catch((error: unknown) => {
      throw signal?.aborted === true ? error : tlsFailure(error);
    });
    secure.pause();
    return { socket: secure, isEncrypted: true };
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/** Asks the server for TLS. False where it has none and the policy can do without. */
async function offersTls(socket: Socket, { mode }: TlsPolicy, signal: AbortSignal | null): Promise<boolean> {
  socket.write(SSL_REQUEST);
  const [answer] = await until(socket, "data", signal);
  socket.pause();
  // Whatever follows in clear would be read as if it had come encrypted.
  const word = String(answer);
  if (word === WITH_TLS) return true;
  if (word !== WITHOUT_TLS) throw protocolFailure("it did not say whether it has TLS");
  throw new PgFailure("tls", `The server has no TLS, and sslmode=${mode} asks for it: set it up, or change sslmode.`);
}

function tlsFailure(cause: unknown): PgFailure {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new PgFailure("tls", `The connection could not be encrypted: ${reason}`, cause);
}

/** What the socket emits next under that name; rejects when it fails, closes, or the signal is aborted before. */
function until(socket: Socket, event: string, signal: AbortSignal | null): Promise<unknown[]> {
  return new Promise((resolve, reject) => {
    const succeed = (...values: unknown[]): void => settle(() => resolve(values));
    const fail = (error: Error): void => settle(() => reject(error));
    const closed = (): void => fail(new PgFailure("lost", "The server hung up while the connection was made."));
    const aborted = (): void => fail(signal?.reason as Error);
    const settle = (conclude: () => void): void => {
      socket.off(event, succeed).off("error", fail).off("close", closed);
      signal?.removeEventListener("abort", aborted);
      conclude();
    };
    socket.on(event, succeed).on("error", fail).on("close", closed);
    signal?.addEventListener("abort", aborted);
    if (signal?.aborted === true) aborted();
  });
}

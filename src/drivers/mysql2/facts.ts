import type { ConnectionFailure, NativeErrorFacts } from "../../errors/index.js";
import { failureFacts, linkFacts, serverFacts } from "../mysql-common/facts.js";
import { ServerKeyError } from "./options.js";

/** The package's own codes of a connection that fails. */
const FAILURES: ReadonlyMap<unknown, ConnectionFailure> = new Map([
  ["HANDSHAKE_NO_SSL_SUPPORT", "tls"],
  ["HANDSHAKE_SSL_ERROR", "tls"],
  ["HANDSHAKE_UNKNOWN_ERROR", "protocol"],
  ["AUTH_SWITCH_PLUGIN_ERROR", "authentication"],
  ["MYSQL_CLEAR_PASSWORD_NOT_ENABLED", "authentication"],
  ["PROTOCOL_CONNECTION_LOST", "lost"],
  ["PROTOCOL_ERROR", "protocol"],
  ["PROTOCOL_UNEXPECTED_PACKET", "protocol"],
]);

/** What the package says, without a code, to whoever uses its connection after the end. */
const CLOSED = "Can't add new command when connection is in closed state";

interface NativeError extends Error {
  readonly code?: unknown;
  readonly errno?: unknown;
  readonly fatal?: boolean;
  readonly sqlState?: string;
  /** What the server said. */
  readonly sqlMessage?: string;
}

export function facts(error: unknown): NativeErrorFacts | null {
  if (!(error instanceof Error)) return null;
  const { message, code, errno, sqlState, sqlMessage, fatal }: NativeError = error;
  if (typeof errno === "number" && sqlMessage !== undefined) return serverFacts(sqlMessage, errno, sqlState ?? null);
  // What the server says to a connection that has asked nothing.
  if (typeof code === "number" && fatal === true) return serverFacts(message, code, null);
  if (error instanceof ServerKeyError) return failureFacts(message, "authentication");
  const failure = FAILURES.get(code) ?? (message === CLOSED ? "lost" : undefined);
  return failure === undefined ? linkFacts(error) : failureFacts(message, failure);
}

import type { DatabaseError, DatabaseErrorOptions } from "./base.js";
import {
  AuthenticationError,
  ConnectionLostError,
  ConnectionRefusedError,
  ConnectTimeoutError,
  ProtocolError,
  TlsError,
} from "./connection.js";
import type { ConnectionFailure } from "./facts.js";

const LONGEST_REASON = 300;

type ErrorClass = new (message: string, options: DatabaseErrorOptions) => DatabaseError;

const BY_FAILURE: Readonly<Record<ConnectionFailure, readonly [error: ErrorClass, message: string]>> = {
  refused: [ConnectionRefusedError, "No server answers: check host and port, and whether it runs."],
  timeout: [
    ConnectTimeoutError,
    "The server did not complete the connection in time: check the network, or try again later.",
  ],
  tls: [
    TlsError,
    "No trusted encrypted connection could be made: check that the server has TLS, its certificate, and sslmode and sslrootcert.",
  ],
  authentication: [AuthenticationError, "The server and this client do not agree on how to log in: see the cause."],
  protocol: [ProtocolError, "What answers there does not speak the database's protocol: check host and port."],
  lost: [
    ConnectionLostError,
    "The connection to the server ended; whether a statement on its way was done is not known.",
  ],
};

/**
 * Makes the error of a connection that was being opened say where, and that nothing was lost with it.
 *
 * @param place the address, for people.
 * @param native what the driver or the server says; `null` to leave it out.
 */
export function connectingError(error: DatabaseError, place: string, native: string | null): DatabaseError {
  const isLost = error instanceof ConnectionLostError;
  const advice = isLost ? "The server ended the connection while it was being opened: see its log." : error.message;
  const known = isLost ? { outcome: "not-executed", retryable: "statement" } : {};
  const reason = native === null ? "" : `: ${beginningOf(native)}`;
  Object.assign(error, { ...known, message: `Cannot connect to ${place}${reason}. ${advice}` });
  // The stack begins with the message.
  Error.captureStackTrace(error, connectingError);
  return error;
}

/** A line is enough, and more may be a dump of what was sent. Cut first: nobody has vouched for the server yet, or for how long its text is. */
function beginningOf(native: string): string {
  const [line = ""] = native.slice(0, LONGEST_REASON).split("\n", 1);
  return line.trimEnd().replace(/\.$/, "");
}

/** The error of a connection that failed, the same for every database with servers. */
export function connectionError(failure: ConnectionFailure, options: DatabaseErrorOptions): DatabaseError {
  const [error, message] = BY_FAILURE[failure];
  return new error(message, options);
}

import type { ConnectionFailure, NativeErrorFacts } from "../../errors/index.js";
import { failureFacts, linkFacts, plainFacts, serverFacts } from "../mysql-common/facts.js";
import { KEY_MESSAGE } from "../mysql-common/login.js";

/** The package's own numbers, which are none of the server's. */
const FIRST_OWN = 45_000;
const LAST_OWN = 45_999;

const NO_SERVER_KEY = 45_044;

const FAILURES: ReadonlyMap<number, ConnectionFailure> = new Map([
  [45_001, "lost"],
  [45_004, "lost"],
  [45_009, "lost"],
  [45_011, "protocol"],
  [45_012, "timeout"],
  [45_013, "lost"],
  [45_020, "protocol"],
  // The server asks for a file although the client has said that it gives none.
  [45_021, "protocol"],
  [45_034, "protocol"],
  [45_023, "tls"],
  [45_024, "protocol"],
  [45_025, "authentication"],
  [45_026, "lost"],
  [NO_SERVER_KEY, "authentication"],
  [45_047, "authentication"],
  [45_056, "tls"],
  [45_057, "tls"],
  [45_059, "tls"],
  [45_062, "tls"],
  [45_063, "tls"],
  [45_064, "authentication"],
  [45_065, "protocol"],
]);

/** What the package refuses by itself, as the number that the server has for it. */
const REFUSALS: ReadonlyMap<number, number> = new Map([
  [45_046, 1153],
  [45_049, 1065],
]);

interface NativeError extends Error {
  readonly errno: number;
  readonly sqlState: string | null;
  /** What the server said; the message has the text of the statement besides. */
  readonly sqlMessage: string | null;
}

export function facts(error: unknown): NativeErrorFacts | null {
  if (!isNativeError(error)) return linkFacts(error);
  const { errno, sqlState } = error;
  const message = error.sqlMessage ?? error.message;
  if (errno < FIRST_OWN || errno > LAST_OWN) return serverFacts(message, errno, sqlState);
  const failure = FAILURES.get(errno);
  if (failure !== undefined) return failureFacts(errno === NO_SERVER_KEY ? KEY_MESSAGE : message, failure);
  const refusal = REFUSALS.get(errno);
  return refusal === undefined ? plainFacts(message) : { ...plainFacts(message), errno: refusal };
}

function isNativeError(error: unknown): error is NativeError {
  return error instanceof Error && error.name === "SqlError" && "errno" in error && Number.isInteger(error.errno);
}

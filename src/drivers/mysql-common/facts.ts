import { failureOf } from "../../driver/failure.js";
import { NO_FACTS, type ConnectionFailure, type NativeErrorFacts } from "../../errors/index.js";
import { AnswerError, LinkError } from "./link.js";

/** The server's numbers of errors after which it closes the connection, or has closed it. */
const LOSSES: ReadonlySet<number> = new Set([
  1053, 1077, 1078, 1079, 1080, 1152, 1153, 1154, 1155, 1156, 1157, 1158, 1159, 1160, 1161, 1184, 1927, 2006, 2013,
  2055, 4031,
]);

/** An error that the server has sent. Names stand in its message, which is the dialect's to read. */
export function serverFacts(message: string, errno: number, sqlState: string | null): NativeErrorFacts {
  return {
    ...NO_FACTS,
    message,
    errno,
    sqlState: sqlState === "" ? null : sqlState,
    connectionLost: LOSSES.has(errno),
  };
}

/** An error of the connection itself. */
export function failureFacts(message: string, failure: ConnectionFailure): NativeErrorFacts {
  return { ...NO_FACTS, message, failure, connectionLost: true };
}

/** An error of the package's own, of which there is only the message. */
export function plainFacts(message: string): NativeErrorFacts {
  return { ...NO_FACTS, message };
}

/** An error of the socket's, or of ours about the link; `null` for any other. */
export function linkFacts(error: unknown): NativeErrorFacts | null {
  if (!(error instanceof Error)) return null;
  if (error instanceof LinkError) return failureFacts(error.message, "lost");
  if (error instanceof AnswerError) return failureFacts(error.message, "protocol");
  const failure = failureOf(error);
  return failure === null ? null : failureFacts(error.message, failure);
}

/** The server's number of an error, where it has one. */
export function errnoOf(error: unknown): number | null {
  const { errno } = Object(error) as { readonly errno?: unknown };
  return typeof errno === "number" ? errno : null;
}

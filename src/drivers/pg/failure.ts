import type { ConnectionFailure } from "../../errors/index.js";

/** Why there is no connection, or no longer one, where that is no error of the server's and none of the socket's. */
export class PgFailure extends Error {
  readonly failure: ConnectionFailure;

  constructor(failure: ConnectionFailure, message: string, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause });
    this.name = "PgFailure";
    this.failure = failure;
  }
}

/** What came over the connection is not PostgreSQL's protocol, or not what it allows at this point. */
export function protocolFailure(what: string): PgFailure {
  return new PgFailure("protocol", `The server broke PostgreSQL's protocol: ${what}.`);
}

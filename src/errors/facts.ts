/** Ways in which a connection fails before the server, or instead of it, says anything. */
export type ConnectionFailure = "refused" | "timeout" | "tls" | "authentication" | "protocol" | "lost";

/** A native error in plain words, the same for every driver of a database: drivers read it, dialects make our error of it. */
export interface NativeErrorFacts {
  readonly message: string;
  /** The server's own number: SQLite's extended result code, MySQL's errno. */
  readonly errno: number | null;
  readonly sqlState: string | null;
  readonly constraint: string | null;
  readonly table: string | null;
  readonly column: string | null;
  readonly schema: string | null;
  /** What the server adds to its message. It may hold values: names may be read out of it, and nothing else. */
  readonly detail: string | null;
  /** PostgreSQL's name of the function that raised the error, which tells apart what shares an SQLSTATE. */
  readonly routine: string | null;
  /** Why there is no connection, where that is no error of the server's own. */
  readonly failure: ConnectionFailure | null;
  /** True where the connection is gone with the error. */
  readonly connectionLost: boolean;
}

/** What is known of an error of which nothing is. */
export const NO_FACTS: Omit<NativeErrorFacts, "message"> = {
  errno: null,
  sqlState: null,
  constraint: null,
  table: null,
  column: null,
  schema: null,
  detail: null,
  routine: null,
  failure: null,
  connectionLost: false,
};

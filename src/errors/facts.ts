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
  /** True where the connection is gone with the error. */
  readonly connectionLost: boolean;
}

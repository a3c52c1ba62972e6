/** What we use of the package `mariadb`. */
export interface NativePackage {
  createConnection(options: NativeOptions): Promise<NativeConnection>;
}

export type NativeOptions = Readonly<Record<string, unknown>>;

export interface NativeConnection {
  readonly info: NativeInfo;
  query(options: NativeOptions): Promise<NativeResult>;
  prepare(sql: string): Promise<NativePrepared>;
  end(): Promise<void>;
  on(event: "error" | "end", listener: (error?: unknown) => void): unknown;
}

/** What the package knows of the session. */
export interface NativeInfo {
  readonly serverVersion: { readonly raw: string };
  /** The flags of the last answer that was no error. */
  readonly status: number;
  readonly database: string | null | undefined;
}

export interface NativePrepared {
  readonly parameterCount: number;
  readonly columns: readonly NativeColumn[];
  execute(parameters: readonly unknown[], options?: NativeOptions): Promise<NativeResult>;
  executeStream(parameters: readonly unknown[], options?: NativeOptions): NativeStream;
  close(): void;
}

/** Rows with their columns, or the end of a statement without rows; of a procedure, arrays of both. */
export type NativeResult = readonly [rows: unknown, columns: unknown];

export interface NativeEnd {
  readonly affectedRows: number;
  readonly insertId: bigint;
}

/** A stream whose rows are given to `push`, which tells whether more is wanted, and whose `_read` asks for more. */
export interface NativeStream {
  push: (row: unknown) => boolean;
  _read(size: number): void;
  on(event: "fields", listener: (columns: readonly NativeColumn[]) => void): unknown;
  on(event: "error", listener: (error: unknown) => void): unknown;
}

export interface NativeColumn {
  readonly columnType: number;
  readonly scale: number;
  readonly collation: { readonly index: number } | undefined;
  name(): string;
  isDataTypeFormatJson(): boolean;
  /** True for a column whose values the package gives as arrays, unless they are bytes. */
  isSet(): boolean;
  /** The bytes of the value that is being read; for a `typeCast` only. */
  buffer?(): Uint8Array | null;
}

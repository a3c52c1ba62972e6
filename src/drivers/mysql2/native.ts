import type { Socket } from "node:net";

/** What we use of the package `mysql2`. */
export interface NativePackage {
  createConnection(options: NativeOptions): NativeConnection;
  readonly authPlugins: Readonly<Record<"caching_sha2_password" | "sha256_password", (options: object) => AuthPlugin>>;
  readonly TypedParameter: Readonly<Record<"LONG" | "LONGLONG" | "NEWDECIMAL", (value: unknown) => unknown>>;
}

export type NativeOptions = Readonly<Record<string, unknown>>;

/** Makes, for one connection, what answers the server's questions while it logs in. */
export type AuthPlugin = (context: unknown) => (data: Buffer) => unknown;

export interface NativeConnection {
  readonly stream: Socket;
  readonly config: { password?: unknown };
  /** The package's own cache of prepared statements, by a key that has the options of the statement before its text. */
  readonly _statements?: { set: (key: string, statement: NativePrepared) => unknown };
  query(options: NativeOptions, callback: NativeCallback): unknown;
  prepare(options: NativeOptions, callback: (error: unknown, statement: NativePrepared) => void): unknown;
  pause(): void;
  resume(): void;
  end(): unknown;
  on(event: "error" | "end", listener: (error?: unknown) => void): unknown;
  once(event: "connect", listener: (greeting: Greeting) => void): unknown;
}

export interface Greeting {
  readonly serverVersion: string;
  readonly statusFlags: number;
}

/** Rows with their columns, or the end of a statement without rows; of a procedure, arrays of both. */
export type NativeCallback = (error: unknown, rows: unknown, columns: unknown) => void;

export interface NativePrepared {
  readonly parameters: readonly unknown[];
  readonly columns: readonly NativeColumn[];
  execute(parameters: readonly unknown[], callback?: NativeCallback): NativeCommand;
  close(): unknown;
}

export interface NativeCommand {
  readonly _executeOptions?: object;
  readonly options?: object;
  on(event: "fields", listener: (columns: readonly NativeColumn[] | undefined) => void): unknown;
  on(event: "result", listener: (row: unknown) => void): unknown;
  on(event: "end", listener: () => void): unknown;
  on(event: "error", listener: (error: unknown) => void): unknown;
}

/** The end of a statement without rows. */
export interface NativeEnd {
  readonly affectedRows: number;
  /** Beyond 2^53 as text, and always as a signed number. */
  readonly insertId: number | string;
  readonly serverStatus?: number;
  readonly stateChanges?: { readonly schema: string | null };
}

export interface NativeColumn {
  readonly name: string;
  readonly columnType: number;
  readonly decimals: number;
  readonly characterSet: number;
  readonly extendedFormat?: string;
}

/** A value that is being read; for a `typeCast` only. */
export interface NativeValue {
  readonly type: string;
  buffer(): Buffer | null;
}

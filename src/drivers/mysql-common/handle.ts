import type { Field } from "./fields.js";

/** What the MySQL drivers share asks of one of them: a thin layer over its npm package's connection, without policy. */
export interface MysqlHandle {
  /** The package's own object. */
  readonly raw: unknown;
  /** As the server's greeting has it. */
  readonly serverVersion: string;
  /** The status flags that the session began with. */
  readonly status: number;
  /** The database that the session began in. */
  readonly database: string | null;
  /** Runs a text without parameters by the text protocol. */
  query(sql: string): Promise<Answer>;
  prepare(sql: string): Promise<MysqlStatement>;
  /** Says good-bye to the server, which then closes. */
  quit(): void;
}

/** A statement that the server has prepared. What it is told to do is sent in the order of the calls. */
export interface MysqlStatement {
  readonly parameterCount: number;
  execute(parameters: readonly Bound[]): Promise<Answer>;
  /** Runs it and hands its rows over as they come, from a later tick on. */
  stream(parameters: readonly Bound[], sink: RowSink): RowSource;
  /** Has the server forget it, after what was sent before; idempotent. */
  close(): void;
}

/** A parameter: a `number` is a 32-bit integer or no integer, a `bigint` is below 2^64 and not below -2^63. */
export type Bound = null | string | number | bigint | Buffer;

/** A value as a package decodes it. {@link Field} tells what it is. */
export type NativeRow = unknown[];

/** The first result that has rows, of those that a statement gives; else the end of the last. */
export interface Answer {
  readonly fields: readonly Field[];
  readonly rows: NativeRow[];
  readonly affectedRows: number;
  readonly insertId: number | bigint;
  /** The server's status flags; `null` where the package does not show them. */
  readonly status: number | null;
  /** The session's database as far as the package knows; `null` where it says nothing. */
  readonly database: string | null;
}

/** Takes what a {@link RowSource} gives, within the call that hands it over. */
export interface RowSink {
  fields(fields: readonly Field[]): void;
  /** @returns whether more is wanted at once. */
  row(row: NativeRow): boolean;
  /** @param status the server's status flags; `null` where the package does not show them. */
  end(status: number | null): void;
  fail(error: unknown): void;
}

/** Rows on their way. It stops by itself when the sink wants no more. */
export interface RowSource {
  resume(): void;
}

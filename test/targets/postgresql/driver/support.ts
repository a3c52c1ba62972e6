import assert from "node:assert/strict";
import type {
  ConnectRequest,
  DriverConnection,
  DriverResult,
  DriverStatement,
  DriverStream,
} from "../../../../src/driver/driver.js";
import { driver } from "../../../../src/drivers/pg/index.js";
import type { NativeErrorFacts } from "../../../../src/errors/index.js";
import type { WireValue } from "../../../../src/util/wire.js";
import { requestFor } from "../../../support/request.js";
import { within } from "../../../support/within.js";

const PATIENCE_MS = 10_000;

/** `pg`'s client, as far as the tests use it themselves. */
export interface Native {
  readonly processID: number;
  query(sql: string): Promise<{ readonly rows: readonly Readonly<Record<string, unknown>>[] }>;
  on(event: "notice", listener: (notice: Error) => void): void;
}

/** A session of the driver for one test; every answer comes in time, or the test fails. */
export class Session {
  readonly connection: DriverConnection;

  private constructor(connection: DriverConnection) {
    this.connection = connection;
  }

  static async open(url: string, more: Partial<ConnectRequest> = {}): Promise<Session> {
    return new Session(await within(driver.connect(requestFor(url, more), null), PATIENCE_MS));
  }

  get raw(): Native {
    return this.connection.raw as Native;
  }

  async execute(
    sql: string,
    parameters: readonly WireValue[] = [],
    more: Partial<DriverStatement> = {},
  ): Promise<DriverResult> {
    return within(this.connection.execute(statement(sql, parameters, more)), PATIENCE_MS);
  }

  async command(sql: string): Promise<string | null> {
    return (await this.execute(sql, [], { isCommand: true })).command;
  }

  /** The rows of a statement. */
  async rows(sql: string, ...parameters: readonly WireValue[]): Promise<readonly (readonly WireValue[])[]> {
    return (await this.execute(sql, parameters)).rows;
  }

  /** The one value of a statement. */
  async value(sql: string, ...parameters: readonly WireValue[]): Promise<WireValue | undefined> {
    return (await this.rows(sql, ...parameters))[0]?.[0];
  }

  async executeMany(sql: string, lists: readonly (readonly WireValue[])[]): Promise<number> {
    return within(this.connection.executeMany(statement(sql), lists), PATIENCE_MS);
  }

  async stream(sql: string, batchSize: number, parameters: readonly WireValue[] = []): Promise<DriverStream> {
    return within(this.connection.stream(statement(sql, parameters), batchSize), PATIENCE_MS);
  }

  /** How many prepared statements the server keeps for the session, and the texts of those that are ours. */
  async prepared(): Promise<readonly unknown[]> {
    const { rows } = await this.raw.query("SELECT statement FROM pg_prepared_statements ORDER BY prepare_time, name");
    return rows.map((row) => row["statement"]);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return within(this.connection.close());
  }
}

function statement(
  sql: string,
  parameters: readonly WireValue[] = [],
  more: Partial<DriverStatement> = {},
): DriverStatement {
  return { sql, parameters, reusable: true, integers: "number", isCommand: false, ...more };
}

/** The facts of the driver's error with which the action fails. */
export async function factsOf(action: Promise<unknown>): Promise<NativeErrorFacts> {
  const error = await within(action, PATIENCE_MS).then(
    () => assert.fail("nothing was thrown"),
    (reason: unknown) => reason,
  );
  return driver.facts(error) ?? assert.fail(`not the driver's: ${String(error)}`);
}

/** The lengths of a stream's pieces, to its end. */
export async function lengthsOf(stream: DriverStream): Promise<number[]> {
  const lengths: number[] = [];
  for (;;) {
    const { length } = await within(stream.next(), PATIENCE_MS);
    if (length === 0) return lengths;
    lengths.push(length);
  }
}

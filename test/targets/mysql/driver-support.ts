import assert from "node:assert/strict";
import type {
  ConnectRequest,
  Driver,
  DriverConnection,
  DriverResult,
  DriverStatement,
} from "../../../src/driver/driver.js";
import { driver as mariadb } from "../../../src/drivers/mariadb/index.js";
import { driver as mysql2 } from "../../../src/drivers/mysql2/index.js";
import type { NativeErrorFacts } from "../../../src/errors/index.js";
import type { WireValue } from "../../../src/util/wire.js";
import { requestFor } from "../../support/request.js";
import { within } from "../../support/within.js";
import type { Target } from "../../suite/target.js";

export const drivers: readonly Driver[] = [mariadb, mysql2];

export function driverOf({ name }: Target): Driver {
  const driver = drivers.find((it) => it.name === name);
  assert.ok(driver, `no driver is called ${name}`);
  return driver;
}

/** Runs a body on a connection of its own. */
export async function connected<Value>(
  driver: Driver,
  url: string,
  body: (connection: DriverConnection) => Promise<Value>,
  more: Partial<ConnectRequest> = {},
): Promise<Value> {
  const connection = await within(driver.connect(requestFor(url, more), null));
  try {
    return await body(connection);
  } finally {
    await within(connection.close());
  }
}

export function statement(
  sql: string,
  parameters: readonly WireValue[] = [],
  more: Partial<DriverStatement> = {},
): DriverStatement {
  return { sql, parameters, reusable: true, integers: "number", isCommand: false, ...more };
}

export async function run(
  connection: DriverConnection,
  sql: string,
  parameters: readonly WireValue[] = [],
  more: Partial<DriverStatement> = {},
): Promise<DriverResult> {
  return within(Promise.resolve(connection.execute(statement(sql, parameters, more))), 20_000);
}

/** The values of the first column. */
export async function column(
  connection: DriverConnection,
  sql: string,
  parameters: readonly WireValue[] = [],
  more: Partial<DriverStatement> = {},
): Promise<WireValue[]> {
  const { rows } = await run(connection, sql, parameters, more);
  return rows.map(([value]) => value as WireValue);
}

/** What a driver reads out of the error with which a call fails. */
export async function factsOf(driver: Driver, call: PromiseLike<unknown>): Promise<NativeErrorFacts> {
  const error: unknown = await within(call, 10_000).then(
    () => assert.fail("the call did not fail"),
    (reason: unknown) => reason,
  );
  const facts = driver.facts(error);
  if (facts === null) throw error;
  return facts;
}

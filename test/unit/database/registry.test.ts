import assert from "node:assert/strict";
import { test } from "node:test";
import { Database } from "../../../src/database/database.js";
import { registerDialect, registerDriver, type DriverEntry } from "../../../src/database/registry.js";
import { sqlite } from "../../../src/dialects/sqlite/index.js";
import type { Driver } from "../../../src/driver/driver.js";
import { driver as real } from "../../../src/drivers/better-sqlite3.js";
import { ConfigurationError } from "../../../src/errors/index.js";
import { requestFor } from "../../support/request.js";
import { failure, within } from "./support.js";

/** A driver of a toy database, which is an in-memory SQLite. */
function entry(name: string, isInstalled: boolean, used: string[] = []): DriverEntry {
  const driver: Driver = {
    ...real,
    name,
    isInstalled: () => isInstalled,
    traits: () => ({ singleConnection: true, isReadOnly: false, writerKey: null }),
    connect: (_, signal) => {
      used.push(name);
      return real.connect(requestFor("sqlite://"), signal);
    },
  };
  return { name, packageName: `toy-${name}`, urlOptions: [`${name}_option`], load: () => Promise.resolve(driver) };
}

test("a dialect and a driver are one line each", { timeout: 10_000 }, async () => {
  const used: string[] = [];
  registerDialect("toy1", () => Promise.resolve({ ...sqlite, name: "toy1", session: [] }));
  registerDriver("toy1", entry("first", false, used));
  registerDriver("toy1", entry("second", true, used));
  registerDriver("toy1", entry("third", true, used));
  const database = new Database("toy1://host/name?second_option=x&third_option=y");
  assert.equal(await within(database.fetchVal("SELECT 1")), 1);
  assert.equal(database.dialect, "toy1");
  await within(database.disconnect());
  const named = new Database("toy1+third://host/name");
  assert.equal(await within(named.fetchVal("SELECT 1")), 1);
  await within(named.disconnect());
  assert.deepEqual(used, ["second", "third"]);
  assert.throws(() => new Database("toy1+third://host/name?second_option=x"), ConfigurationError);
});

test("a dialect without an installed driver names the package and the scheme", { timeout: 10_000 }, async () => {
  registerDialect("toy2", () => Promise.resolve(sqlite));
  registerDriver("toy2", entry("absent", false));
  const database = new Database("toy2://host/name");
  await failure(
    database.connect(),
    ConfigurationError,
    /No driver for toy2: URLs is installed: run npm install toy-absent/,
  );
  await failure(database.fetchAll("SELECT 1"), ConfigurationError);
});

test("a driver that was asked for by name says itself what it lacks", { timeout: 10_000 }, async () => {
  registerDialect("toy3", () => Promise.resolve(sqlite));
  const missing = entry("missing", false);
  const load = async (): Promise<Driver> => ({
    ...(await missing.load()),
    connect: () => Promise.reject(new ConfigurationError("The package toy-missing is not installed.")),
  });
  registerDriver("toy3", { ...missing, load });
  await failure(new Database("toy3+missing://host/name").connect(), ConfigurationError, /toy-missing/);
  assert.throws(() => new Database("toy3+other://host/name"), ConfigurationError);
});

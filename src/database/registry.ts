import type { Dialect } from "../compiler/dialect.js";
import type { Driver } from "../driver/driver.js";
import { ConfigurationError } from "../errors/index.js";
import type { DatabaseURL } from "../url/index.js";

/** A driver that URLs can name after the `+`. */
export interface DriverEntry {
  readonly name: string;
  /** What the user installs for it; `null` where it comes with Node. */
  readonly packageName: string | null;
  /** The options in a URL that are the driver's own. */
  readonly urlOptions: readonly string[];
  readonly load: () => Promise<Driver>;
}

interface DialectEntry {
  readonly load: () => Promise<Dialect>;
  /** The first that is installed serves a URL that names none. */
  readonly drivers: DriverEntry[];
}

const dialects = new Map<string, DialectEntry>();

/** Makes a dialect known under the scheme of its URLs. It is loaded when the first database of it connects. */
export function registerDialect(scheme: string, load: () => Promise<Dialect>): void {
  dialects.set(scheme, { load, drivers: dialects.get(scheme)?.drivers ?? [] });
}

/** Makes a driver known for a dialect, after those that are. */
export function registerDriver(scheme: string, driver: DriverEntry): void {
  dialectEntry(scheme).drivers.push(driver);
}

registerDialect("postgresql", async () => (await import("../dialects/postgresql/index.js")).postgresql);
registerDriver("postgresql", {
  name: "pg",
  packageName: "pg",
  urlOptions: ["prepare", "target_session_attrs"],
  load: async () => (await import("../drivers/pg/index.js")).driver,
});
for (const scheme of ["mysql", "mariadb"]) {
  registerDialect(scheme, async () => (await import("../dialects/mysql/index.js")).mysql);
  registerDriver(scheme, {
    name: "mariadb",
    packageName: "mariadb",
    urlOptions: ["allow_public_key_retrieval"],
    load: async () => (await import("../drivers/mariadb/index.js")).driver,
  });
  registerDriver(scheme, {
    name: "mysql2",
    packageName: "mysql2",
    urlOptions: ["allow_public_key_retrieval"],
    load: async () => (await import("../drivers/mysql2/index.js")).driver,
  });
}
registerDialect("sqlite", async () => (await import("../dialects/sqlite/index.js")).sqlite);
registerDriver("sqlite", {
  name: "better-sqlite3",
  packageName: "better-sqlite3",
  urlOptions: ["mode"],
  load: async () => (await import("../drivers/better-sqlite3.js")).driver,
});
registerDriver("sqlite", {
  name: "node-sqlite",
  packageName: null,
  urlOptions: ["mode"],
  load: async () => (await import("../drivers/node-sqlite.js")).driver,
});

/**
 * The options that a URL may have for its driver.
 *
 * @throws {ConfigurationError} when there is no such dialect or driver.
 */
export function driverOptions(url: DatabaseURL): readonly string[] {
  return candidates(url).flatMap(({ urlOptions }) => urlOptions);
}

/**
 * Loads what a URL asks for.
 *
 * @throws {ConfigurationError} when there is no such dialect or driver, or no driver of the dialect is installed.
 */
export async function load(url: DatabaseURL): Promise<{ readonly dialect: Dialect; readonly driver: Driver }> {
  const [dialect, driver] = await Promise.all([dialectEntry(url.dialect).load(), loadDriver(url)]);
  return { dialect, driver };
}

async function loadDriver(url: DatabaseURL): Promise<Driver> {
  const entries = candidates(url);
  for (const entry of entries) {
    const driver = await entry.load();
    // A driver that was asked for by name tells better itself what it lacks.
    if (url.driver !== null || driver.isInstalled()) return driver;
  }
  const packages = entries.flatMap(({ packageName }) => packageName ?? []);
  throw new ConfigurationError(
    `No driver for ${url.dialect}: URLs is installed: run npm install ${packages[0] ?? entries[0]?.name ?? url.dialect}` +
      `${packages.length > 1 ? ` (or ${packages.slice(1).join(", ")})` : ""}.`,
  );
}

function candidates(url: DatabaseURL): readonly DriverEntry[] {
  const { drivers } = dialectEntry(url.dialect);
  if (url.driver === null) return drivers;
  const named = drivers.filter(({ name }) => name === url.driver);
  if (named.length > 0) return named;
  throw new ConfigurationError(
    `There is no driver ${url.driver} for ${url.dialect}: URLs; there is ${drivers.map(({ name }) => name).join(", ")}.`,
  );
}

function dialectEntry(scheme: string): DialectEntry {
  const entry = dialects.get(scheme);
  if (entry !== undefined) return entry;
  throw new ConfigurationError(
    `There is no dialect ${scheme}: a database URL begins with one of ${[...dialects.keys()].map((name) => `${name}:`).join(", ")}.`,
  );
}

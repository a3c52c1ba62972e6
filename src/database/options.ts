import { ConfigurationError, UnsupportedError } from "../errors/index.js";
import type { DatabaseURL } from "../url/index.js";
import type { Connection } from "./connection.js";
import { driverOptions } from "./registry.js";

/** How a `Database` keeps its connections; each but `onConnect` may also stand in the URL, in snake_case. The object goes before the URL. */
export interface DatabaseOptions {
  /** How many connections are kept open; default 0. URL: `min_size`. */
  readonly minSize?: number | undefined;
  /** How many connections there may be; default 10. URL: `max_size`. */
  readonly maxSize?: number | undefined;
  /** How long a call waits for a connection, for its turn, or for a database that another process has locked; default 10 000. */
  readonly acquireTimeoutMs?: number | undefined;
  /** How long the server lets a statement run; default: without limit. */
  readonly statementTimeoutMs?: number | undefined;
  /** After how long without use a connection is closed; default 300 000. `Infinity` for never. */
  readonly idleTimeoutMs?: number | undefined;
  /** After how long a connection is replaced; default 1 800 000. `Infinity` for never. */
  readonly maxLifetimeMs?: number | undefined;
  /** Runs everything on one connection in one transaction, which is rolled back at `disconnect()`: for tests. Default `false`. */
  readonly forceRollback?: boolean | undefined;
  /** Called with each new connection before it is used, to prepare its session. What it throws fails the connecting. */
  readonly onConnect?: ((connection: Connection) => unknown) | undefined;
}

type OptionName = keyof DatabaseOptions;

/** What the options of a database come to; `undefined` leaves the choice to the pool. */
export interface Settings {
  readonly minSize: number | undefined;
  readonly maxSize: number;
  readonly acquireTimeoutMs: number;
  readonly idleTimeoutMs: number | undefined;
  readonly maxLifetimeMs: number | undefined;
  readonly forceRollback: boolean;
  readonly onConnect: ((connection: Connection) => unknown) | null;
}

const DEFAULT_MAX_SIZE = 10;
const DEFAULT_ACQUIRE_TIMEOUT_MS = 10_000;

/** How each option is given: its `typeof`, and its name in a URL. */
const OPTIONS: { readonly [Name in OptionName]-?: { readonly type: string; readonly inUrl: string | null } } = {
  minSize: { type: "number", inUrl: "min_size" },
  maxSize: { type: "number", inUrl: "max_size" },
  acquireTimeoutMs: { type: "number", inUrl: "acquire_timeout_ms" },
  statementTimeoutMs: { type: "number", inUrl: "statement_timeout_ms" },
  idleTimeoutMs: { type: "number", inUrl: "idle_timeout_ms" },
  maxLifetimeMs: { type: "number", inUrl: "max_lifetime_ms" },
  forceRollback: { type: "boolean", inUrl: "force_rollback" },
  onConnect: { type: "function", inUrl: null },
};

/**
 * The options of the object and of the URL.
 *
 * @throws {ConfigurationError} for one that is unknown or of another type.
 * @throws {UnsupportedError} for one that this database cannot do.
 */
export function settingsOf(url: DatabaseURL, options: DatabaseOptions): Settings {
  checkNames("option", Object.keys(options), Object.keys(OPTIONS));
  checkNames("option in the database URL", [...url.options.keys()], knownInUrl(url));
  const read = <Name extends OptionName>(name: Name): DatabaseOptions[Name] => given(options, name) ?? inUrl(url, name);
  if (read("statementTimeoutMs") !== undefined) {
    throw new UnsupportedError(
      `A ${url.dialect} session has no statementTimeoutMs: give timeoutMs with the calls, or once for many with database.with({ timeoutMs }).`,
    );
  }
  return {
    minSize: read("minSize"),
    maxSize: read("maxSize") ?? DEFAULT_MAX_SIZE,
    acquireTimeoutMs: checkPositive("acquireTimeoutMs", read("acquireTimeoutMs") ?? DEFAULT_ACQUIRE_TIMEOUT_MS),
    idleTimeoutMs: read("idleTimeoutMs"),
    maxLifetimeMs: read("maxLifetimeMs"),
    forceRollback: read("forceRollback") ?? false,
    onConnect: read("onConnect") ?? null,
  };
}

function knownInUrl(url: DatabaseURL): string[] {
  const own = Object.values(OPTIONS).flatMap(({ inUrl }) => inUrl ?? []);
  return [...new Set([...own, ...driverOptions(url)])];
}

function checkNames(what: string, names: readonly string[], known: readonly string[]): void {
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new ConfigurationError(`There is no ${what} named ${JSON.stringify(unknown)}; there is ${known.join(", ")}.`);
}

/** Only own properties are options: nothing that was put on `Object.prototype` gets in. */
function given<Name extends OptionName>(options: DatabaseOptions, name: Name): DatabaseOptions[Name] {
  const value = Object.hasOwn(options, name) ? options[name] : undefined;
  if (value === undefined || typeof value === OPTIONS[name].type) return value;
  throw new ConfigurationError(`The option ${name} must be a ${OPTIONS[name].type}.`);
}

function inUrl<Name extends OptionName>(url: DatabaseURL, name: Name): DatabaseOptions[Name] {
  const { type, inUrl: key } = OPTIONS[name];
  if (key === null) return undefined;
  const value = type === "boolean" ? url.booleanOption(key) : url.integerOption(key);
  // The table says which of the two types the option has.
  return (value ?? undefined) as DatabaseOptions[Name];
}

function checkPositive(name: string, value: number): number {
  if (value > 0) return value;
  throw new ConfigurationError(`${name} must be a number of milliseconds above 0, or Infinity for no limit.`);
}

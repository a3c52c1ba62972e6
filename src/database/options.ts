import { ConfigurationError, UnsupportedError } from "../errors/index.js";
import { isEmbedded, type DatabaseURL } from "../url/index.js";
import type { Connection } from "./connection.js";
import { Encryption, TLS_URL_OPTIONS, type TlsOptions } from "./encryption.js";
import { driverOptions } from "./registry.js";

/** A password, or who knows it: called for each new connection, for passwords and tokens that change. */
export type Password = string | (() => string | Promise<string>);

/**
 * How a `Database` reaches its server and keeps its connections. Most may also stand in the URL, in snake_case; the object goes before the
 * URL.
 */
export interface DatabaseOptions {
  /** In place of the URL's password. What the function throws fails the connecting, as an `AuthenticationError`. */
  readonly password?: Password | undefined;
  /**
   * How connections are encrypted: `true` for encrypted and verified, `false` for plain, or in detail. Default: plain where nothing leaves
   * this machine (loopback, sockets), else as with `true`. URL: `ssl` or `sslmode`, and `sslrootcert`, `sslcert`, `sslkey`.
   */
  readonly ssl?: boolean | TlsOptions | undefined;
  /** What the server shows as the program behind a connection. URL: `application_name`. */
  readonly applicationName?: string | undefined;
  /** How many connections are kept open; default 0. URL: `min_size`. */
  readonly minSize?: number | undefined;
  /** How many connections there may be; default 10. URL: `max_size`. */
  readonly maxSize?: number | undefined;
  /**
   * How long a call waits for a connection, for its turn, or for a database that another process has locked, and how long connecting takes at
   * most, all hosts together; default 10 000.
   */
  readonly acquireTimeoutMs?: number | undefined;
  /** How long the server lets a statement run (MySQL: a SELECT only); default: without limit. URL: `statement_timeout_ms`. */
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

/** How a database reaches its server. An embedded one has none. */
export interface ServerSettings {
  readonly password: Password | null;
  readonly encryption: Encryption;
  readonly applicationName: string | null;
  readonly statementTimeoutMs: number | null;
}

/** What the options of a database come to; `undefined` leaves the choice to the pool. */
export interface Settings {
  readonly server: ServerSettings;
  readonly minSize: number | undefined;
  readonly maxSize: number;
  readonly acquireTimeoutMs: number;
  readonly idleTimeoutMs: number | undefined;
  readonly maxLifetimeMs: number | undefined;
  readonly forceRollback: boolean;
  readonly onConnect: ((connection: Connection) => unknown) | null;
}

interface OptionRule {
  /** What `typeof` may give. */
  readonly types: readonly string[];
  /** Its name in a URL, where it may stand there as it is. */
  readonly inUrl: string | null;
  /** True for one that only a database with a server has. */
  readonly isOfServer: boolean;
}

const DEFAULT_MAX_SIZE = 10;
const DEFAULT_ACQUIRE_TIMEOUT_MS = 10_000;
/** The longest that every server can be told. */
const LONGEST_STATEMENT_TIMEOUT_MS = 2 ** 31 - 1;

function rule(types: readonly string[], inUrl: string | null, isOfServer = false): OptionRule {
  return { types, inUrl, isOfServer };
}

const OPTIONS: { readonly [Name in OptionName]-?: OptionRule } = {
  password: rule(["string", "function"], null, true),
  ssl: rule(["boolean", "object"], null, true),
  applicationName: rule(["string"], "application_name", true),
  minSize: rule(["number"], "min_size"),
  maxSize: rule(["number"], "max_size"),
  acquireTimeoutMs: rule(["number"], "acquire_timeout_ms"),
  statementTimeoutMs: rule(["number"], "statement_timeout_ms"),
  idleTimeoutMs: rule(["number"], "idle_timeout_ms"),
  maxLifetimeMs: rule(["number"], "max_lifetime_ms"),
  forceRollback: rule(["boolean"], "force_rollback"),
  onConnect: rule(["function"], null),
};

const RULES = Object.entries(OPTIONS);

/** The names in a URL that only a database with a server has. */
const SERVER_URL_OPTIONS: readonly string[] = [
  ...TLS_URL_OPTIONS,
  ...RULES.flatMap(([, { inUrl, isOfServer }]) => (isOfServer && inUrl !== null ? inUrl : [])),
];

/**
 * The options of the object and of the URL.
 *
 * @throws {ConfigurationError} for one that is unknown or of another type.
 * @throws {UnsupportedError} for one that this database cannot do.
 */
export function settingsOf(url: DatabaseURL, options: DatabaseOptions): Settings {
  const names = Object.keys(options);
  const hasServer = !isEmbedded(url.dialect);
  if (!hasServer) refuseServerOptions(url, names);
  const known = RULES.filter(([, { isOfServer }]) => hasServer || !isOfServer);
  checkNames(
    "option",
    names,
    known.map(([name]) => name),
  );
  const inUrls = known.flatMap(([, { inUrl: name }]) => name ?? []);
  const ofDriver = [...(hasServer ? TLS_URL_OPTIONS : []), ...driverOptions(url)];
  checkNames("option in the database URL", [...url.options.keys()], [...new Set([...inUrls, ...ofDriver])]);
  const read = <Name extends OptionName>(name: Name): DatabaseOptions[Name] => given(options, name) ?? inUrl(url, name);
  return {
    server: {
      password: checkPassword(given(options, "password") ?? url.password),
      encryption: Encryption.of(url, given(options, "ssl")),
      applicationName: checkText("applicationName", read("applicationName") ?? null),
      statementTimeoutMs: checkStatementTimeout(url, read("statementTimeoutMs") ?? Infinity),
    },
    minSize: read("minSize"),
    maxSize: read("maxSize") ?? DEFAULT_MAX_SIZE,
    acquireTimeoutMs: checkPositive("acquireTimeoutMs", read("acquireTimeoutMs") ?? DEFAULT_ACQUIRE_TIMEOUT_MS),
    idleTimeoutMs: read("idleTimeoutMs"),
    maxLifetimeMs: read("maxLifetimeMs"),
    forceRollback: read("forceRollback") ?? false,
    onConnect: read("onConnect") ?? null,
  };
}

function refuseServerOptions(url: DatabaseURL, names: readonly string[]): void {
  const option =
    names.find((name) => RULES.some(([known, { isOfServer }]) => known === name && isOfServer)) ??
    SERVER_URL_OPTIONS.find((name) => url.options.has(name));
  if (option === undefined) return;
  throw new ConfigurationError(
    `The option ${option} says how to reach a server, and a ${url.dialect} database has none: remove it.`,
  );
}

function checkNames(what: string, names: readonly string[], known: readonly string[]): void {
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new ConfigurationError(`There is no ${what} named ${JSON.stringify(unknown)}; there is ${known.join(", ")}.`);
}

/** Only own properties are options: nothing that was put on `Object.prototype` gets in. */
function given<Name extends OptionName>(options: DatabaseOptions, name: Name): DatabaseOptions[Name] {
  const value = Object.hasOwn(options, name) ? options[name] : undefined;
  const { types } = OPTIONS[name];
  if (value === undefined || (value !== null && types.includes(typeof value))) return value;
  throw new ConfigurationError(
    `The option ${name} must be ${types.map((type) => `${article(type)} ${type}`).join(" or ")}.`,
  );
}

function article(type: string): string {
  return type === "object" ? "an" : "a";
}

function inUrl<Name extends OptionName>(url: DatabaseURL, name: Name): DatabaseOptions[Name] {
  const { types, inUrl: key } = OPTIONS[name];
  if (key === null) return undefined;
  const read = {
    string: () => url.option(key),
    boolean: () => url.booleanOption(key),
    number: () => url.integerOption(key),
  };
  // The table says which of the types the option has.
  return (read[types[0] as keyof typeof read]() ?? undefined) as DatabaseOptions[Name];
}

function checkPositive(name: string, value: number): number {
  if (value > 0) return value;
  throw new ConfigurationError(`${name} must be a number of milliseconds above 0, or Infinity for no limit.`);
}

function checkStatementTimeout(url: DatabaseURL, value: number): number | null {
  if (value === Infinity) return null;
  if (isEmbedded(url.dialect)) throw noStatementTimeout(url.dialect);
  if (Number.isInteger(value) && value > 0 && value <= LONGEST_STATEMENT_TIMEOUT_MS) return value;
  throw new ConfigurationError(
    `statementTimeoutMs must be a whole number of milliseconds from 1 to ${LONGEST_STATEMENT_TIMEOUT_MS}, or Infinity for no limit.`,
  );
}

export function noStatementTimeout(dialect: string): UnsupportedError {
  return new UnsupportedError(
    `A ${dialect} session has no statementTimeoutMs: give timeoutMs with the calls, or once for many with database.with({ timeoutMs }).`,
  );
}

function checkPassword(password: Password | null): Password | null {
  return typeof password === "function" ? password : checkText("password", password);
}

/** Protocols end a text with a NUL: what follows one would be read as something else. */
export function checkText(name: string, text: string | null): string | null {
  if (text === null || !/[\0\p{Cs}]/u.test(text)) return text;
  throw new ConfigurationError(`The option ${name} has a NUL character or half a surrogate pair.`);
}

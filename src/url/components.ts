import { isIPv6 } from "node:net";

import { ConfigurationError } from "../errors/index.js";

/** One server of a database URL; `null` stands for the driver's default. */
export interface UrlHost {
  /** A name, an IPv4 or (without brackets) IPv6 address, or the path of a unix socket. */
  readonly hostname: string | null;
  readonly port: number | null;
}

/** The parts of a database URL, decoded. */
export interface UrlComponents {
  readonly dialect: string;
  readonly driver: string | null;
  readonly username: string | null;
  readonly password: string | null;
  readonly hosts: readonly UrlHost[];
  readonly database: string | null;
  readonly options: ReadonlyMap<string, string>;
}

const ALIASES: ReadonlyMap<string, string> = new Map([["postgres", "postgresql"]]);

/** Dialects whose database is a file: there is no server to name, and no name means a database in memory. */
const EMBEDDED: ReadonlySet<string> = new Set(["sqlite"]);

/** Options that say where the server is: they are read into the hosts, so that there is one place to look. */
export const HOST_OPTIONS: readonly string[] = ["host", "unix_socket", "port"];

export function isEmbedded(dialect: string): boolean {
  return EMBEDDED.has(dialect);
}

/** A path of a unix socket or a Windows pipe cannot stand where a host name stands: it is written as an option. */
export function isSocketPath(hostname: string): boolean {
  return hostname.startsWith("/") || hostname.startsWith("\\\\");
}

export function embeddedAuthorityError(dialect: string): ConfigurationError {
  return new ConfigurationError(
    `A ${dialect} URL has no user, host or port: write the path of its file after three slashes (${dialect}:///relative.db), four when it is absolute (${dialect}:////absolute.db), and nothing for one in memory (${dialect}://).`,
  );
}

/** Refuses what no database takes and brings the rest to its one form, however the parts were given. */
export function checkComponents(given: UrlComponents): UrlComponents {
  const dialect = checkDialect(given.dialect);
  const options = new Map<string, string>();
  for (const [name, value] of given.options) {
    options.set(checkOptionName(name), checkText(value, "value of an option"));
  }
  const components: UrlComponents = {
    dialect,
    driver: checkDriver(emptyToNull(given.driver)),
    username: checkOptionalText(emptyToNull(given.username), "user name"),
    password: checkOptionalText(given.password, "password"),
    hosts: given.hosts.map((host) => checkHost(host, given.hosts.length > 1)).filter(isGiven),
    database: checkOptionalText(emptyToNull(given.database), "database name"),
    options,
  };
  return isEmbedded(dialect) ? checkEmbedded(components) : components;
}

function checkOptionName(name: string): string {
  if (name === "") throw new ConfigurationError("An option in the database URL has no name: options are name=value.");
  if (HOST_OPTIONS.includes(name)) {
    throw new ConfigurationError(`Give hostname and port themselves, not as option ${name} of the database URL.`);
  }
  return checkText(name, "name of an option");
}

function checkEmbedded(components: UrlComponents): UrlComponents {
  const { dialect, username, password, hosts, database } = components;
  if (username !== null || password !== null || hosts.length > 0) throw embeddedAuthorityError(dialect);
  return { ...components, database: database ?? ":memory:" };
}

/** The one name of a dialect, whatever its case and alias. */
export function checkDialect(given: string): string {
  const dialect = given.toLowerCase();
  if (!/^[a-z][a-z0-9_-]*$/.test(dialect)) {
    throw new ConfigurationError(
      "The scheme of a database URL is a dialect, as in postgresql://, or dialect+driver, as in sqlite+node-sqlite://, of letters, digits, - and _.",
    );
  }
  return ALIASES.get(dialect) ?? dialect;
}

function checkDriver(given: string | null): string | null {
  const driver = given?.toLowerCase() ?? null;
  if (driver !== null && !/^[a-z0-9][a-z0-9_-]*$/.test(driver)) {
    throw new ConfigurationError(
      "The driver in a database URL's scheme, as in sqlite+node-sqlite://, consists of letters, digits, - and _.",
    );
  }
  return driver;
}

function checkHost(host: UrlHost, isOneOfSeveral: boolean): UrlHost {
  const hostname = checkHostname(emptyToNull(host.hostname));
  const { port } = host;
  if (port !== null && !(Number.isInteger(port) && port >= 1 && port <= 65535)) {
    throw new ConfigurationError("The port in a database URL is a whole number from 1 to 65535.");
  }
  if (isOneOfSeveral && (hostname === null || isSocketPath(hostname))) {
    throw new ConfigurationError("Among several hosts in a database URL, each needs a name or an address.");
  }
  return { hostname, port };
}

function checkHostname(hostname: string | null): string | null {
  if (hostname === null) return null;
  checkText(hostname, "host name");
  if (!isSocketPath(hostname) && !isIPv6(hostname) && /[\s\p{Cc}/\\@?#[\],:%]/u.test(hostname)) {
    throw new ConfigurationError(
      "The host in a database URL is a name, an address (IPv6 in brackets, as in [::1]:5432), or the path of a socket (as in ?host=/run/postgresql).",
    );
  }
  return hostname;
}

function isGiven(host: UrlHost): boolean {
  return host.hostname !== null || host.port !== null;
}

function emptyToNull(text: string | null): string | null {
  return text === "" ? null : text;
}

function checkOptionalText(text: string | null, part: string): string | null {
  return text === null ? null : checkText(text, part);
}

function checkText(text: string, part: string): string {
  if (text.includes("\0")) throw new ConfigurationError(`The ${part} in a database URL contains a NUL character.`);
  if (/\p{Cs}/u.test(text)) {
    throw new ConfigurationError(
      `The ${part} in a database URL is not well-formed Unicode: it has half a surrogate pair.`,
    );
  }
  return text;
}

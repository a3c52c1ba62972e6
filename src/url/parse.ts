import { ConfigurationError } from "../errors/index.js";
import {
  checkComponents,
  checkDialect,
  embeddedAuthorityError,
  HOST_OPTIONS,
  isEmbedded,
  type UrlComponents,
  type UrlHost,
} from "./components.js";
import { percentDecode, REDACTED } from "./percent.js";

const ESCAPE_HINT =
  "Percent-encode reserved characters in the user name and password: @ is %40, / is %2F, ? is %3F, : is %3A, % is %25.";

/**
 * Reads `dialect[+driver]://[username[:password]@][host[:port][,…]][/database][?option=value&…]`.
 *
 * It is written by hand because the errors of the platform's `URL` carry the whole text, password included. For the
 * same reason nothing of the text is repeated in an error but what has proven to be a dialect or an option's name.
 */
export function parseUrl(text: string): UrlComponents {
  checkWhole(text);
  const { dialect, driver, rest } = splitScheme(text);
  const authorityEnd = rest.search(/[/?]|$/);
  const authority = rest.slice(0, authorityEnd);
  const tail = rest.slice(authorityEnd);
  const queryStart = tail.search(/\?|$/);
  if (isEmbedded(dialect) && authority !== "") throw embeddedAuthorityError(dialect);
  // A password with a raw / or ? would otherwise be read as a path or an option, and be shown with it.
  if (!isEmbedded(dialect) && tail.includes("@")) {
    throw new ConfigurationError(`The database URL has an @ after its host; there it is written %40. ${ESCAPE_HINT}`);
  }
  const options = parseOptions(tail.slice(queryStart + 1));
  return checkComponents({
    dialect,
    driver,
    ...parseUser(authority),
    hosts: takeHosts(parseHosts(authority.slice(authority.lastIndexOf("@") + 1)), options),
    database: percentDecode(tail.slice(1, Math.max(1, queryStart)), "database name"),
    options,
  });
}

function checkWhole(text: string): void {
  if (text === "") {
    throw new ConfigurationError("The database URL is empty: it looks like postgresql://user@host/name.");
  }
  if (text !== text.trim()) {
    throw new ConfigurationError("The database URL begins or ends with white space: remove it, or write it as %20.");
  }
  if (/\p{Cc}/u.test(text)) {
    throw new ConfigurationError(
      "The database URL contains a NUL, a line break or another control character: remove it, or percent-encode it.",
    );
  }
}

function splitScheme(text: string): { dialect: string; driver: string | null; rest: string } {
  const [, scheme, rest] = /^([^:/?#@]*):\/\/(.*)$/su.exec(text) ?? [];
  if (scheme === undefined || rest === undefined) {
    throw new ConfigurationError(
      "The database URL does not begin with a dialect and ://, as in postgresql://host/name or sqlite:///file.db.",
    );
  }
  const [dialect = "", driver = null, ...more] = scheme.split("+");
  if (driver === "" || more.length > 0) {
    throw new ConfigurationError(
      "After the + in a database URL's scheme stands one driver, as in sqlite+node-sqlite://.",
    );
  }
  return { dialect: checkDialect(dialect), driver, rest };
}

/** The last @ ends the user's part and the first colon begins the password, so a raw @ or : in it does no harm. */
function parseUser(authority: string): { username: string | null; password: string | null } {
  const end = authority.lastIndexOf("@");
  if (end < 0) return { username: null, password: null };
  const user = authority.slice(0, end);
  const colon = user.indexOf(":");
  if (colon < 0) return { username: percentDecode(user, "user name"), password: null };
  const password = user.slice(colon + 1);
  refuseRedacted(password, "password");
  return { username: percentDecode(user.slice(0, colon), "user name"), password: percentDecode(password, "password") };
}

function parseHosts(text: string): UrlHost[] {
  return text === "" ? [] : text.split(",").map(parseHost);
}

function parseHost(text: string): UrlHost {
  const [, address, name, port] = /^(?:\[([^[\]]*)\]|([^:[\]]*))(?::([^:]*))?$/u.exec(text) ?? [];
  if (address === undefined && name === undefined) {
    throw new ConfigurationError(
      `The host in the database URL is not host or host:port; an IPv6 address stands in brackets, as in [::1]:5432. ${ESCAPE_HINT}`,
    );
  }
  const hostname = percentDecode(address ?? name ?? "", "host");
  if ((address === undefined) === hostname.includes(":")) {
    throw new ConfigurationError(
      "In a database URL an IPv6 address, and nothing else, stands in brackets: [::1]:5432.",
    );
  }
  return { hostname, port: port === undefined ? null : parsePort(port) };
}

function parsePort(text: string): number {
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw new ConfigurationError(`The port in the database URL is not a whole number from 1 to 65535. ${ESCAPE_HINT}`);
}

/** As in a form, `+` is a space: it is what most libraries that write URLs make of one. */
function parseOptions(query: string): Map<string, string> {
  const options = new Map<string, string>();
  for (const pair of query.split("&")) {
    if (pair === "") continue;
    const [name, value] = splitOption(pair.replaceAll("+", " "));
    if (options.has(name)) {
      throw new ConfigurationError(`The option ${JSON.stringify(name)} is in the database URL twice: remove one.`);
    }
    options.set(name, value);
  }
  return options;
}

function splitOption(pair: string): [name: string, value: string] {
  const equals = pair.indexOf("=");
  if (equals < 0) {
    throw new ConfigurationError(`An option in the database URL has no value: options are name=value. ${ESCAPE_HINT}`);
  }
  const name = percentDecode(pair.slice(0, equals), "name of an option");
  const value = pair.slice(equals + 1);
  refuseRedacted(value, "value of an option");
  return [name, percentDecode(value, "value of an option")];
}

/** Takes the options that say where the server is out of the options: a socket's path fits nowhere else in a URL. */
function takeHosts(hosts: readonly UrlHost[], options: Map<string, string>): readonly UrlHost[] {
  const names = ["host", "unix_socket"].filter((name) => options.has(name));
  const isNamed = hosts.some((host) => host.hostname !== "");
  if (names.length + (isNamed ? 1 : 0) > 1) {
    throw new ConfigurationError(
      "The database URL names its host twice (before the path, as option host, or as option unix_socket): keep one.",
    );
  }
  const port = options.get("port");
  if (port !== undefined && hosts.some((host) => host.port !== null)) {
    throw new ConfigurationError("The database URL has its port twice, at the host and as option port: keep one.");
  }
  const [name] = names;
  if (name === undefined && port === undefined) return hosts;
  if (hosts.length > 1) throw new ConfigurationError("With several hosts in a database URL, each has its own :port.");
  const hostname = name === undefined ? (hosts[0]?.hostname ?? null) : (options.get(name) ?? null);
  for (const taken of HOST_OPTIONS) options.delete(taken);
  return [{ hostname, port: port === undefined ? (hosts[0]?.port ?? null) : parsePort(port) }];
}

/** Text that was shown is not text to connect with: it would fail much later, as a wrong password. */
function refuseRedacted(text: string, part: string): void {
  if (text !== REDACTED) return;
  throw new ConfigurationError(
    `The ${part} in the database URL is ${REDACTED}, as in a URL made for display: use the DatabaseURL itself or its href.`,
  );
}

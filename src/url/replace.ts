import { ConfigurationError } from "../errors/index.js";
import { checkComponents, type UrlComponents, type UrlHost } from "./components.js";

/** The parts to change in a database URL: an absent key keeps the part, `null` removes it. */
export interface DatabaseURLChanges {
  readonly dialect?: string;
  readonly driver?: string | null;
  readonly username?: string | null;
  readonly password?: string | null;
  readonly hostname?: string | null;
  readonly port?: number | null;
  /** Several servers, instead of `hostname` and `port`. */
  readonly hosts?: readonly UrlHost[] | null;
  readonly database?: string | null;
  /** All options: those that are not among them are removed. */
  readonly options?: ReadonlyMap<string, string> | Readonly<Record<string, string>> | null;
}

/** Which `typeof` each part has; objects are looked at more closely where they are used. */
const TYPES: ReadonlyMap<string, string> = new Map([
  ["dialect", "string"],
  ["driver", "string"],
  ["username", "string"],
  ["password", "string"],
  ["hostname", "string"],
  ["port", "number"],
  ["hosts", "object"],
  ["database", "string"],
  ["options", "object"],
]);

/** The components with the changes made, checked as a whole. */
export function replaceComponents(current: UrlComponents, changes: DatabaseURLChanges): UrlComponents {
  for (const [part, value] of Object.entries(changes)) checkChange(part, value);
  return checkComponents({
    dialect: pick(changes, "dialect", current.dialect),
    driver: pick(changes, "driver", current.driver),
    username: pick(changes, "username", current.username),
    password: pick(changes, "password", current.password),
    hosts: replaceHosts(current.hosts, changes),
    database: pick(changes, "database", current.database),
    options: toMap(pick<DatabaseURLChanges["options"]>(changes, "options", current.options)),
  });
}

/** Only own keys count: nothing that was put on `Object.prototype` gets into a URL. */
function pick<Value>(changes: DatabaseURLChanges, part: keyof DatabaseURLChanges, current: Value): Value {
  return Object.hasOwn(changes, part) ? (changes[part] as Value) : current;
}

function checkChange(part: string, value: unknown): void {
  const type = TYPES.get(part);
  if (type === undefined) {
    throw new ConfigurationError(
      `A database URL has no part ${JSON.stringify(part)}: replace takes ${[...TYPES.keys()].join(", ")}.`,
    );
  }
  if (value === undefined) {
    throw new ConfigurationError(
      `The new ${part} is undefined: omit the key to keep the part, or give null to remove it.`,
    );
  }
  if (value === null ? part === "dialect" : typeof value !== type) {
    throw new ConfigurationError(`The new ${part} of a database URL is of another type than ${type}.`);
  }
}

function replaceHosts(current: readonly UrlHost[], changes: DatabaseURLChanges): readonly UrlHost[] {
  const changesOne = Object.hasOwn(changes, "hostname") || Object.hasOwn(changes, "port");
  if (Object.hasOwn(changes, "hosts")) {
    if (changesOne) throw new ConfigurationError("Replace either hosts, or hostname and port, of a database URL.");
    return changes.hosts ?? [];
  }
  if (!changesOne) return current;
  if (current.length > 1) {
    throw new ConfigurationError("This database URL has several hosts: replace hosts, as hostname and port mean one.");
  }
  const [host = { hostname: null, port: null }] = current;
  return [{ hostname: pick(changes, "hostname", host.hostname), port: pick(changes, "port", host.port) }];
}

function toMap(options: DatabaseURLChanges["options"]): ReadonlyMap<string, string> {
  const entries = options instanceof Map ? options : Object.entries(options ?? {});
  for (const [name, value] of entries as Iterable<[unknown, unknown]>) {
    if (typeof name === "string" && typeof value === "string") continue;
    throw new ConfigurationError("The names and values of a database URL's options are strings.");
  }
  return new Map(entries as Iterable<[string, string]>);
}

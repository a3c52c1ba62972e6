import { ConfigurationError } from "../errors/index.js";
import { printAs } from "../util/inspect.js";
import type { UrlComponents, UrlHost } from "./components.js";
import { formatRedactedUrl, formatUrl } from "./format.js";
import { parseUrl } from "./parse.js";
import { replaceComponents, type DatabaseURLChanges } from "./replace.js";

/**
 * Says which database to use and how to reach it; immutable.
 *
 * `dialect[+driver]://[username[:password]@][host[:port][,host[:port]…]][/database][?option=value&…]`, where everything
 * after the scheme may be percent-encoded. `postgres:` is `postgresql:`. The host may also be given as `?host=` or
 * `?unix_socket=`, the port as `?port=`; they are then not among the options. SQLite takes a path:
 * `sqlite:///relative.db`, `sqlite:////absolute.db`, and `sqlite://` or `sqlite:///:memory:` for a database in memory.
 *
 * Whether a dialect or an option exists is not decided here.
 *
 * `toString()`, `JSON.stringify` and `inspect` write `***` for the password and for options that are named like a
 * secret; such a text is not accepted as a URL again. `href` is the whole URL.
 *
 * @throws {ConfigurationError} when the text is not such a URL, or holds a NUL or half a surrogate pair, even
 * percent-encoded; the message never repeats the text, which may hold a password.
 *
 * @example
 * const url = new DatabaseURL("postgresql://app:p%40ss@db.example.com/shop?min_size=2");
 * url.password; // "p@ss"
 * String(url.replace({ database: "test_shop" })); // "postgresql://app:***@db.example.com/test_shop?min_size=2"
 */
export class DatabaseURL {
  readonly #components: UrlComponents;

  static {
    printAs(this, (url) => `DatabaseURL(${url.toString()})`);
  }

  constructor(url: string | DatabaseURL) {
    this.#components = url instanceof DatabaseURL ? url.#components : parseUrl(checkText(url));
  }

  /** The scheme before any `+`, in lower case: `postgresql`, `mysql`, `mariadb`, `sqlite` or another registered one. */
  get dialect(): string {
    return this.#components.dialect;
  }

  /** What follows the `+` in the scheme; `null` leaves the choice to the dialect. */
  get driver(): string | null {
    return this.#components.driver;
  }

  get username(): string | null {
    return this.#components.username;
  }

  /** The password as the server gets it; an empty one is not `null`. */
  get password(): string | null {
    return this.#components.password;
  }

  /** The first host: a name, an address (IPv6 without brackets) or the path of a socket; `null` for the default. */
  get hostname(): string | null {
    return this.#components.hosts[0]?.hostname ?? null;
  }

  /** The first host's port; `null` for the default. */
  get port(): number | null {
    return this.#components.hosts[0]?.port ?? null;
  }

  /** All hosts in order, empty when the URL names neither a host nor a port. */
  get hosts(): readonly UrlHost[] {
    return this.#components.hosts;
  }

  /** The database's name; for SQLite its path, or `:memory:`. */
  get database(): string | null {
    return this.#components.database;
  }

  /** What follows the `?`, decoded, in order; a name occurs once, and a `+` is a space. */
  get options(): ReadonlyMap<string, string> {
    return this.#components.options;
  }

  /** The whole URL **with the password**, for another program; `new DatabaseURL(url.href)` equals `url`. */
  get href(): string {
    return formatUrl(this.#components);
  }

  /** The text of an option, `null` when it is not given. */
  option(name: string): string | null {
    return this.options.get(name) ?? null;
  }

  /**
   * An option as a whole number, `null` when it is not given.
   *
   * @throws {ConfigurationError} when it is given but is not one, or exceeds `Number.MAX_SAFE_INTEGER`.
   */
  integerOption(name: string): number | null {
    const text = this.option(name);
    if (text === null) return null;
    const value = /^-?\d+$/.test(text) ? Number(text) : NaN;
    if (Number.isSafeInteger(value)) return value;
    throw new ConfigurationError(`The option ${name} in the database URL must be a whole number.`);
  }

  /**
   * An option as a boolean (`true`, `1`, `false`, `0`), `null` when it is not given.
   *
   * @throws {ConfigurationError} when it is given as anything else.
   */
  booleanOption(name: string): boolean | null {
    const text = this.option(name);
    if (text === null) return null;
    const value = BOOLEANS.get(text);
    if (value !== undefined) return value;
    throw new ConfigurationError(`The option ${name} in the database URL must be true or false.`);
  }

  /**
   * A URL with some parts changed: an absent key keeps the part, `null` removes it.
   *
   * @throws {ConfigurationError} when a part is `undefined`, or not possible in such a URL.
   *
   * @example
   * url.replace({ database: "test_shop", password: null, options: { ssl: "true" } });
   */
  replace(changes: DatabaseURLChanges): DatabaseURL {
    return new DatabaseURL(formatUrl(replaceComponents(this.#components, changes)));
  }

  /**
   * Whether both name the same database in the same way, password included; the order of the options does not matter.
   *
   * @throws {ConfigurationError} when `other` is a text that is not a database URL.
   */
  equals(other: string | DatabaseURL): boolean {
    return this.#canonical() === new DatabaseURL(other).#canonical();
  }

  #canonical(): string {
    const options = [...this.options].sort(([a], [b]) => (a < b ? -1 : 1));
    return formatUrl({ ...this.#components, options: new Map(options) });
  }

  /** The URL for people and logs: `***` stands for what is secret. */
  toString(): string {
    return formatRedactedUrl(this.#components);
  }

  /** The same text as `toString()`. */
  toJSON(): string {
    return this.toString();
  }
}

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["1", true],
  ["false", false],
  ["0", false],
]);

function checkText(url: unknown): string {
  if (typeof url === "string") return url;
  throw new ConfigurationError(
    url === undefined
      ? "The database URL is undefined: is the environment variable that should hold it set?"
      : "The database URL is neither a text nor a DatabaseURL.",
  );
}

import { Compiler } from "../compiler/compile.js";
import type { Dialect } from "../compiler/dialect.js";
import type { Driver, DriverConnection, DriverTraits } from "../driver/driver.js";
import { Pool } from "../driver/pool.js";
import type { DatabaseURL } from "../url/index.js";
import { limitsOf } from "./limits.js";
import type { Settings } from "./options.js";
import { load } from "./registry.js";
import { whileBusy } from "./retry.js";
import { Session } from "./session.js";
import { applySettings } from "./session-settings.js";

/** Prepares a new connection: the user's part. It gets a session that serves only for this. */
export type Prepare = (session: Session) => Promise<void>;

/** What a connected database runs on: its driver, its dialect and its pool. */
export class Engine {
  readonly database: string;
  readonly acquireTimeoutMs: number;
  readonly traits: DriverTraits;
  readonly pool: Pool;
  /** For the server that the newest connection leads to; `null` before the first. */
  compiler: Compiler | null = null;
  readonly #url: DatabaseURL;
  readonly #driver: Driver;
  readonly #dialect: Dialect;
  readonly #prepare: Prepare | null;
  /** By the server's version: features differ, and with them the text of a query. */
  readonly #compilers = new Map<string, Compiler>();

  private constructor(url: DatabaseURL, driver: Driver, dialect: Dialect, settings: Settings, prepare: Prepare | null) {
    this.#url = url;
    this.#driver = driver;
    this.#dialect = dialect;
    this.#prepare = prepare;
    this.database = url.toString();
    this.acquireTimeoutMs = settings.acquireTimeoutMs;
    this.traits = driver.traits(url);
    const { minSize, maxSize, acquireTimeoutMs, idleTimeoutMs, maxLifetimeMs } = settings;
    this.pool = new Pool({
      open: (signal) => this.#open(signal),
      traits: this.traits,
      minSize,
      maxSize,
      acquireTimeoutMs,
      idleTimeoutMs,
      maxLifetimeMs,
    });
  }

  /** @throws {ConfigurationError} when the URL's driver is missing, or an option is out of its range. */
  static async load(url: DatabaseURL, settings: Settings, prepare: Prepare | null): Promise<Engine> {
    const { dialect, driver } = await load(url);
    return new Engine(url, driver, dialect, settings, prepare);
  }

  async #open(signal: AbortSignal): Promise<Session> {
    const limits = limitsOf({ signal }, this.acquireTimeoutMs);
    const connection = await whileBusy(limits, () => this.#connect(signal));
    const session = this.#sessionOf(connection);
    try {
      await applySettings(session, this.traits.isReadOnly, limits);
      await this.#prepare?.(session);
      signal.throwIfAborted();
    } catch (error) {
      await connection.close();
      throw error;
    }
    this.compiler = session.compiler;
    // Another one: what the user did to prepare the first must not make it unfit.
    return this.#sessionOf(connection);
  }

  async #connect(signal: AbortSignal): Promise<DriverConnection> {
    try {
      return await this.#driver.connect(this.#url, signal);
    } catch (error) {
      const facts = this.#driver.facts(error);
      throw facts === null ? error : this.#dialect.toError(facts, error, null);
    }
  }

  #sessionOf(connection: DriverConnection): Session {
    const { serverVersion } = connection;
    let compiler = this.#compilers.get(serverVersion);
    if (compiler === undefined) {
      compiler = new Compiler(this.#dialect.forVersion(serverVersion));
      this.#compilers.set(serverVersion, compiler);
    }
    return new Session(connection, this.#driver, compiler, this.database);
  }
}

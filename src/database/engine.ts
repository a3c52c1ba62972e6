import { Compiler } from "../compiler/compile.js";
import type { Dialect } from "../compiler/dialect.js";
import { deadlineIn } from "../driver/deadline.js";
import type { Driver, DriverConnection, DriverTraits } from "../driver/driver.js";
import { Pool } from "../driver/pool.js";
import { connectingError, ConnectionError, ConnectTimeoutError } from "../errors/index.js";
import type { DatabaseURL } from "../url/index.js";
import { attempt } from "./attempt.js";
import { Connector } from "./connector.js";
import { settleWithin, type Limits } from "./limits.js";
import type { Settings } from "./options.js";
import { load } from "./registry.js";
import { whileBusy } from "./retry.js";
import { Session } from "./session.js";
import { applySettings } from "./session-settings.js";

/** Prepares a new connection: the user's part. It gets a session that serves only for this. */
export type Prepare = (session: Session) => Promise<void>;

/** The part of the time that a call waits in which a connection is opened: so the call for which it was begun hears why it failed. */
const CONNECT_SHARE = 0.95;

/** What a connected database runs on: its driver, its dialect and its pool. */
export class Engine {
  readonly database: string;
  readonly acquireTimeoutMs: number;
  readonly traits: DriverTraits;
  readonly pool: Pool;
  /** For the server that the newest connection leads to; `null` before the first. */
  compiler: Compiler | null = null;
  readonly #driver: Driver;
  readonly #dialect: Dialect;
  readonly #connector: Connector;
  readonly #statementTimeoutMs: number | null;
  readonly #prepare: Prepare | null;
  /** By the server's version: features differ, and with them the text of a query. */
  readonly #compilers = new Map<string, Compiler>();

  private constructor(url: DatabaseURL, driver: Driver, dialect: Dialect, settings: Settings, prepare: Prepare | null) {
    this.#driver = driver;
    this.#dialect = dialect;
    this.#connector = new Connector(url, driver, dialect, settings.server);
    this.#statementTimeoutMs = settings.server.statementTimeoutMs;
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

  async #open(ended: AbortSignal): Promise<Session> {
    const deadlineMs = deadlineIn(this.acquireTimeoutMs * CONNECT_SHARE);
    const limits: Limits = { waitUntilMs: deadlineMs, endMs: Infinity, signal: ended };
    const connection = await whileBusy(limits, () => this.#connector.connect(ended, deadlineMs));
    const session = this.#sessionOf(connection);
    try {
      await attempt(
        { ended, deadlineMs, timeoutError },
        (signal) => this.#setUp(session, { ...limits, signal }),
        nothing,
      );
    } catch (error) {
      // A server that has fallen silent may keep it from closing.
      await settleWithin(connection.close(), { ...limits, endMs: deadlineMs });
      throw error;
    }
    this.compiler = session.compiler;
    // Another one: what the user did to prepare the first must not make it unfit.
    return this.#sessionOf(connection);
  }

  async #setUp(session: Session, limits: Limits): Promise<void> {
    try {
      await applySettings(
        session,
        { isReadOnly: this.traits.isReadOnly, statementTimeoutMs: this.#statementTimeoutMs },
        limits,
      );
    } catch (error) {
      throw error instanceof ConnectionError ? connectingError(error, this.database, null) : error;
    }
    await this.#prepare?.(session);
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

function timeoutError(): ConnectTimeoutError {
  return new ConnectTimeoutError(
    "A new connection was not ready in time: the server did not answer to the settings of the session, or onConnect did not end.",
  );
}

function nothing(): void {
  // Set up too late: the connection is being closed.
}

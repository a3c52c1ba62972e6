import type { PoolFigures } from "../driver/pool-report.js";
import { UsageError } from "../errors/index.js";
import { DatabaseURL } from "../url/index.js";
import { printAs } from "../util/inspect.js";
import type { Connection } from "./connection.js";
import { currentScope, DETACHED, runWith, venueOf } from "./context.js";
import type { Hook } from "./hooks.js";
import { keep, preparing, runOnKept } from "./kept.js";
import { Lifecycle } from "./lifecycle.js";
import { limitsOf, type LimitOptions } from "./limits.js";
import { settingsOf, type DatabaseOptions } from "./options.js";
import { Origin } from "./origin.js";
import { SoleVenue } from "./sole-venue.js";
import { Transactable, Transaction } from "./transaction.js";
import { TransactionLevel } from "./transaction-level.js";
import { checkTransactionOptions, type TransactionOptions } from "./transaction-options.js";
import { decorator, wrap, type Method, type Run, type TransactionalDecorator } from "./transactional.js";
import { forcedRequest, type Venue } from "./venue.js";

/** How long `disconnect()` waits for what is under way, where it is not told. */
const DISCONNECT_TIMEOUT_MS = 10_000;

/**
 * A database: where queries and transactions begin.
 *
 * It keeps a pool of connections, which it opens as they are needed, from `connect()` or the first query on. Calls made inside a
 * `transaction()` or a `connection()` callback join it.
 *
 * @example
 * const database = await new Database("sqlite:///notes.db").connect();
 * const rows = await database.fetchAll(notes.select());
 * await database.disconnect();
 */
export class Database extends Transactable {
  /** The URL, without a password where it is shown. */
  readonly url: DatabaseURL;
  readonly #lifecycle: Lifecycle;

  static {
    printAs(this, (database) => database.toString());
  }

  /**
   * @param url a text such as `postgresql://user:password@host/name?max_size=20`, or a {@link DatabaseURL}.
   * @throws {ConfigurationError} when the URL, the dialect, the driver or an option is none that there is.
   */
  constructor(url: string | DatabaseURL, options: DatabaseOptions = {}) {
    super();
    this.url = new DatabaseURL(url);
    const settings = settingsOf(this.url, options);
    const { acquireTimeoutMs, onConnect } = settings;
    const prepare = onConnect === null ? null : preparing(this, onConnect, acquireTimeoutMs);
    this.#lifecycle = new Lifecycle(this.url, settings, prepare, new Origin("new Database()", Database));
  }

  /** @internal */
  get owner(): object {
    return this;
  }

  /** @internal */
  place(): Venue {
    return venueOf(this, this.#lifecycle.home);
  }

  /** The name of the dialect: `"sqlite"`. */
  get dialect(): string {
    return this.url.dialect;
  }

  /** True from the first successful connecting to `disconnect()`. */
  get isConnected(): boolean {
    return this.#lifecycle.isConnected;
  }

  /** The pool's figures at this moment, for gauges; all 0 but `maxSize` while there is no connection. */
  get pool(): PoolFigures {
    return this.#lifecycle.figures;
  }

  /**
   * Opens the pool and its first connection, so that a wrong URL shows here and not at the first query. Nothing happens where that was done.
   *
   * @returns the database itself.
   * @throws {ConfigurationError} when the driver's package is missing, or an option is out of its range.
   * @throws {ConnectionError} when the server cannot be reached; {@link connect} may be called again.
   */
  async connect(): Promise<this> {
    await this.#lifecycle.connect();
    return this;
  }

  /**
   * Closes all connections, after what is under way; calls made from now on throw `PoolClosedError`, until `connect()`. Idempotent.
   *
   * @param options.timeoutMs how long it waits for calls and transactions under way before it closes their connections; default 10 000.
   * @throws {UsageError} inside a transaction or a kept connection: it would wait for itself.
   */
  async disconnect(options: { readonly timeoutMs?: number | undefined } = {}): Promise<void> {
    for (let scope = currentScope(); scope !== null; scope = scope.outer) {
      if (scope.database !== this || scope.venue === DETACHED || !scope.venue.isOpen) continue;
      throw new UsageError(
        "disconnect() was called inside a transaction or connection() of this database: let that end first.",
      );
    }
    await this.#lifecycle.disconnect(options.timeoutMs ?? DISCONNECT_TIMEOUT_MS);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.disconnect();
  }

  /**
   * Makes a function whose every call is a transaction, or a decorator that does so with a method; `this` and the arguments are kept.
   *
   * @example
   * const createUser = database.transactional(async (name: string) => {
   *   await database.execute(users.insert(), { name });
   * });
   * class Users {
   *   @database.transactional({ retries: 3 })
   *   async create(name: string) { … }
   * }
   */
  transactional(options?: TransactionOptions): TransactionalDecorator;
  transactional<This, Args extends unknown[], Result>(
    callback: Method<This, Args, Result>,
    options?: TransactionOptions,
  ): Method<This, Args, Result>;
  transactional(
    first: Method<unknown, unknown[], unknown> | TransactionOptions = {},
    options: TransactionOptions = {},
  ): unknown {
    const isCallback = typeof first === "function";
    const chosen = isCallback ? options : first;
    checkTransactionOptions(chosen, "transaction");
    const run: Run = (callback, entry) => this.transactFrom(entry, callback, chosen);
    return isCallback ? wrap(run, first) : decorator(run);
  }

  /**
   * Keeps one connection for the callback: the calls on the database inside it use it, and so can session settings.
   *
   * Inside a transaction it is the transaction's connection.
   *
   * @returns what the callback resolves to.
   * @throws {UsageError} when a transaction begun on it was left open: it has been rolled back.
   */
  async connection<Result>(
    callback: (connection: Connection) => Result | Promise<Result>,
    options: LimitOptions = {},
  ): Promise<Result> {
    const origin = new Origin("connection()", Database.prototype.connection);
    return await runOnKept(await keep(this, this.place(), origin, options), callback);
  }

  /**
   * Keeps one connection until its `release()`, or the end of its `await using` scope. Only what is called on it runs there.
   *
   * @example
   * await using connection = await database.acquire();
   * await connection.execute("PRAGMA foreign_keys = OFF");
   */
  async acquire(options: LimitOptions = {}): Promise<Connection> {
    return await keep(this, this.place(), new Origin("acquire()", Database.prototype.acquire), options);
  }

  /**
   * Runs the callback outside of the ambient transaction, on purpose: its calls take connections of their own, and are kept when the
   * transaction is rolled back. Under `forceRollback`, and in memory, there is no other connection: they stay inside.
   *
   * @returns what the callback returns.
   *
   * @example
   * await database.detached(() => audit(event));
   */
  detached<Result>(callback: () => Result): Result {
    return runWith(this, DETACHED, callback);
  }

  /**
   * Runs the callback, and undoes at its end whatever was done on the database inside it: for tests.
   *
   * All calls inside share one connection and one transaction; a transaction inside behaves as an outermost one, and each statement outside
   * of one gets a savepoint of its own, so that an error that is expected spoils nothing.
   *
   * @returns what the callback resolves to.
   */
  async forceRollback<Result>(callback: () => Result | Promise<Result>): Promise<Result> {
    const origin = new Origin("forceRollback()", Database.prototype.forceRollback);
    const venue = await this.place().ready();
    const floor = await venue.open(forcedRequest(origin, limitsOf(null, venue.acquireTimeoutMs)));
    let result: Result;
    try {
      result = await runWith(this, new SoleVenue(floor, true), callback);
    } catch (error) {
      await floor.end("rollback", { error });
      throw error;
    }
    await floor.end("rollback", null);
    return result;
  }

  /**
   * Calls the hook once the ambient transaction, with all around it, has been committed; at once where there is none.
   *
   * @throws what the hook throws, where it is called at once.
   */
  async onCommit(hook: Hook): Promise<void> {
    const venue = this.place();
    if (!(venue instanceof TransactionLevel)) await hook();
    else new Transaction(this, venue).onCommit(hook);
  }

  /** Calls the hook once the ambient transaction has been rolled back; never where there is none. */
  onRollback(hook: Hook): void {
    const venue = this.place();
    if (venue instanceof TransactionLevel) new Transaction(this, venue).onRollback(hook);
  }

  /** `Database(sqlite:///notes.db)`, without the password. */
  override toString(): string {
    return `Database(${this.url.toString()})`;
  }

  /** The URL, without the password. */
  toJSON(): string {
    return this.url.toJSON();
  }
}

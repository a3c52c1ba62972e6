import type { DdlNode } from "../ast/ddl.js";
import type { HasNode } from "../ast/node.js";
import { UsageError } from "../errors/index.js";
import { EXECUTE_DDL, type DdlExecutor } from "../schema/ddl-port.js";
import { runWith } from "./context.js";
import { runDdl } from "./ddl.js";
import type { Hook } from "./hooks.js";
import { limitsOf } from "./limits.js";
import { Origin, type Entry } from "./origin.js";
import { warn } from "./outcome.js";
import { Queryable } from "./queryable.js";
import { transact } from "./transact.js";
import { closedError } from "./transaction-errors.js";
import type { TransactionLevel } from "./transaction-level.js";
import {
  characteristicsOf,
  checkTransactionOptions,
  type BeginOptions,
  type TransactionOptions,
} from "./transaction-options.js";
import { readyVenue, type Venue } from "./venue.js";

/** What transactions can be begun on: a {@link Database}, a {@link Connection}, and a {@link Transaction} for those nested in it. */
export abstract class Transactable extends Queryable implements DdlExecutor {
  /** @internal The database whose context this belongs to. */
  abstract get owner(): object;

  /**
   * Runs the callback in a transaction, which is committed when the callback's promise resolves, and rolled back when it rejects.
   *
   * Every call on the database inside the callback joins it, also in other functions, and in the branches of a `Promise.all`, which take turns
   * on its connection. A transaction inside it is a savepoint. When the callback ends, what was issued without being awaited is waited for
   * (a failure of it rolls back); what comes later is refused.
   *
   * @returns what the callback resolves to.
   * @throws what the callback throws, after the rollback.
   * @throws {SerializationFailureError} and other errors of COMMIT; nothing was kept then.
   * @throws {AmbiguousCommitError} when the connection was lost during COMMIT: it may have been kept.
   * @throws {CommitRolledBackError} when an error that the callback caught had failed the transaction.
   * @throws {CommitError} with `outcome: "committed"` when only an `onCommit` hook failed.
   *
   * @example
   * await database.transaction(async () => {
   *   await database.execute(accounts.update().where(accounts.c.id.eq(1)), { balance: 0 });
   *   await database.execute(accounts.update().where(accounts.c.id.eq(2)), { balance: 100 });
   * }, { isolation: "serializable", retries: 3 });
   */
  transaction<Result>(
    callback: (transaction: Transaction) => Result | Promise<Result>,
    options: TransactionOptions = {},
  ): Promise<Result> {
    return this.transactFrom(Transactable.prototype.transaction, callback, options);
  }

  /** @internal {@link transaction}, begun where `entry` was called. */
  protected async transactFrom<Result>(
    entry: Entry,
    callback: (transaction: Transaction) => Result | Promise<Result>,
    options: TransactionOptions,
  ): Promise<Result> {
    const origin = new Origin("transaction()", entry);
    checkTransactionOptions(options, "transaction");
    if (typeof callback !== "function") throw new UsageError("transaction() takes a callback; begin() gives a handle.");
    const { owner } = this;
    return await transact({
      database: owner,
      venue: this.place(),
      options,
      origin,
      callback: (level) => callback(new Transaction(owner, level)),
    });
  }

  /**
   * Begins a transaction and gives a handle to it. Only what is called on the handle runs in it: calls on the database do not join.
   *
   * Declare it with `await using`: it is then rolled back at the end of the scope, unless it was committed.
   *
   * @example
   * await using transaction = await database.begin();
   * await transaction.execute(notes.insert(), { text: "example" });
   * await transaction.commit();
   */
  async begin(options: BeginOptions = {}): Promise<Transaction> {
    const origin = new Origin("begin()", Transactable.prototype.begin);
    checkTransactionOptions(options, "begin");
    const ready = readyVenue(this.place());
    const venue = ready instanceof Promise ? await ready : ready;
    const level = await venue.open({
      origin,
      limits: limitsOf(options, venue.acquireTimeoutMs),
      characteristics: characteristicsOf(options),
      isExplicit: true,
      purpose: "nested",
      isForced: false,
    });
    return new Transaction(this.owner, level);
  }

  /** What `metadata.createAll(database)` calls. */
  async [EXECUTE_DDL](elements: readonly HasNode<DdlNode>[]): Promise<void> {
    const origin = new Origin("createAll() or dropAll()", Transactable.prototype[EXECUTE_DDL]);
    await runDdl(this.place(), elements, origin);
  }
}

/**
 * One transaction, or a savepoint in one: what `begin()` gives, and the callback of `transaction()` gets.
 *
 * After its end every call throws `TransactionClosedError`; after the server has failed or ended it, `TransactionAbortedError`.
 */
export class Transaction extends Transactable {
  readonly #owner: object;
  readonly #level: TransactionLevel;

  /** @internal */
  constructor(owner: object, level: TransactionLevel) {
    super();
    this.#owner = owner;
    this.#level = level;
  }

  /** @internal */
  get owner(): object {
    return this.#owner;
  }

  /** @internal */
  place(): Venue {
    return this.#level;
  }

  /** False once its end has begun. */
  get isOpen(): boolean {
    return this.#level.isOpen;
  }

  /**
   * Runs the callback with this transaction as the ambient one: calls on the database inside it join. The transaction stays open.
   *
   * @returns what the callback returns.
   * @throws {TransactionClosedError} when the transaction has ended.
   */
  run<Result>(callback: () => Result): Result {
    this.#refuseClosed();
    this.#level.isUsed = true;
    return runWith(this.#owner, this.#level, callback);
  }

  /**
   * Commits, after all that was issued; a nested one becomes part of the outer one.
   *
   * @throws {UsageError} when nothing ran in what `begin()` gave: it is rolled back, as its end is nobody else's to bring about.
   * @throws {TransactionClosedError} when it has ended.
   * @throws as {@link Transactable.transaction} where it cannot be committed.
   */
  async commit(): Promise<void> {
    this.#refuseClosed();
    const { isExplicit, isUsed } = this.#level;
    if (isExplicit && !isUsed) {
      // Nothing is lost by it, and a handle that nobody ends would keep its connection.
      await this.#level.settle("rollback", null);
      throw new UsageError(
        "Nothing ran in this transaction: `database.*` does not join `begin()`; use `transaction.execute` or `transaction.run(fn)`.",
      );
    }
    await this.#level.settle("commit", null);
  }

  /**
   * Rolls back, after all that was issued. Where nothing was kept anyway, as after a failed `commit()`, nothing happens.
   *
   * @throws {TransactionClosedError} when it has been committed.
   */
  async rollback(): Promise<void> {
    const { state } = this.#level;
    if (state === "rolledBack" || state === "unknown") return;
    this.#refuseClosed();
    await this.#level.settle("rollback", null);
  }

  /**
   * Calls the hook once the outermost transaction has been committed, outside of it; hooks run one after another, in the order given.
   *
   * It is dropped when this transaction, or one around it, is rolled back or run again.
   */
  onCommit(hook: Hook): void {
    this.#refuseClosed();
    this.#level.hooks.add("committed", hook);
  }

  /** Calls the hook once it is known that this transaction has been rolled back, by itself or with one around it; not before a retry. */
  onRollback(hook: Hook): void {
    this.#refuseClosed();
    this.#level.hooks.add("rolledBack", hook);
  }

  /** Rolls back if it is still open. It never rejects: a failure becomes a process warning. */
  async [Symbol.asyncDispose](): Promise<void> {
    try {
      if (this.#level.isOpen) await this.#level.settle("rollback", null);
      else await this.#level.settled;
    } catch (error) {
      warn(
        "DATABASES_DISPOSE_FAILED",
        `${this.#level.origin} could not be rolled back at the end of its scope.`,
        error,
      );
    }
  }

  #refuseClosed(): void {
    const { origin, state } = this.#level;
    if (state !== "open") throw closedError(origin, state);
  }
}

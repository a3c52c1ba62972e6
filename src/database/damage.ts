import { CommitError, DatabaseError } from "../errors/index.js";
import type { Origin } from "./origin.js";
import { withOutcome, type Failure } from "./outcome.js";
import type { Session } from "./session.js";
import { deadError, endedError, failedError, lostError, rolledBackError } from "./transaction-errors.js";

/**
 * What has gone wrong in one level of a transaction, as far as it matters for what comes after: each time, the first error.
 *
 * The server may have failed the level (nothing more runs before its rollback), or have ended the whole transaction with every level of it.
 */
export class Damage {
  readonly #session: Session;
  readonly #origin: Origin;
  readonly #root: Damage;
  /** Of the root only: the server's transaction is gone, and all of it undone, or nobody knows. */
  #dead: (Failure & { readonly isUndone: boolean }) | null = null;
  #failed: Failure | null = null;
  #late: Failure | null = null;

  /** @param around that of the level around, `null` for the one that began the server's transaction. */
  constructor(session: Session, origin: Origin, around: Damage | null) {
    this.#session = session;
    this.#origin = origin;
    this.#root = around === null ? this : around.#root;
  }

  get isDead(): boolean {
    return this.#root.#dead !== null;
  }

  /** @param isUndone false where what came before the end may have been kept. */
  die(error: unknown, isUndone: boolean): void {
    this.#root.#dead ??= { error, isUndone };
  }

  /** @throws {TransactionAbortedError} where nothing more can run. */
  refuse(): void {
    const dead = this.#root.#dead;
    if (dead !== null) throw deadError(this.#origin, dead, dead.isUndone ? "rolled-back" : "unknown");
    if (this.#failed !== null) throw failedError(this.#origin, this.#failed);
  }

  /** Notes that something failed while the level was ending. */
  noteLate(error: unknown): void {
    this.#late ??= { error };
  }

  /** Notes an error of the server's, by the state in which it left the transaction. */
  noteError(error: unknown): void {
    const { transactionStatus, isUsable, compiler } = this.#session;
    const isFailed = transactionStatus === "unknown" && !compiler.dialect.features.statementErrorsKeepTransaction;
    if (!isUsable) this.die(error, true);
    else if (transactionStatus === "idle") this.#dieOf(error);
    else if (transactionStatus === "failed" || isFailed) this.#failed ??= { error };
  }

  /** Notes where a statement has ended the transaction without an error. */
  noteImplicitEnd(): void {
    const { compiler, transactionStatus } = this.#session;
    if (compiler.dialect.features.transactionalDdl || transactionStatus !== "idle") return;
    this.die(endedError(this.#origin, null), false);
  }

  /** An error that ended the transaction undid it, unless it is that of a statement that commits before it does anything. */
  #dieOf(error: unknown): void {
    const isUndone = this.#session.compiler.dialect.features.transactionalDdl || isConflict(error);
    this.die(withOutcome(error, isUndone ? "rolled-back" : "unknown"), isUndone);
  }

  /** Why the level must not be committed, although all of its callers are content. */
  objection(): Failure | null {
    if (this.#late !== null) return this.#late;
    const dead = this.#root.#dead;
    if (dead?.isUndone === false) {
      return dead.error instanceof CommitError ? dead : { error: endedError(this.#origin, dead.error) };
    }
    const broken = dead ?? this.#failed;
    if (broken !== null) return { error: rolledBackError(this.#origin, broken) };
    if (!this.#session.isUsable) return { error: lostError(this.#origin) };
    const { transactionStatus } = this.#session;
    if (transactionStatus === "failed") return { error: rolledBackError(this.#origin, { error: null }) };
    if (transactionStatus !== "idle") return null;
    const error = endedError(this.#origin, null);
    this.die(error, false);
    return { error };
  }
}

/** The server undoes the transaction that loses against another. */
function isConflict(error: unknown): boolean {
  return error instanceof DatabaseError && error.retryable === "transaction";
}

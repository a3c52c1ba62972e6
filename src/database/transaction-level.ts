import type { Effect } from "../compiler/compiled.js";
import type { TransactionSyntax } from "../compiler/dialect.js";
import { deadlineIn } from "../driver/deadline.js";
import { ConnectionError } from "../errors/index.js";
import { currentScope, type Scope } from "./context.js";
import { Damage } from "./damage.js";
import type { Purpose } from "./gate.js";
import { Hooks } from "./hooks.js";
import { takeWriterTurn } from "./leases.js";
import { Level } from "./level.js";
import { areEndless, refuseOver, stricter, type Limits } from "./limits.js";
import { suppress, warn, withOutcome, type Failure } from "./outcome.js";
import { whileBusy } from "./retry.js";
import * as errors from "./transaction-errors.js";
import { PLAIN, type Hold, type TransactionRequest } from "./venue.js";

interface Words {
  readonly begin: readonly string[];
  readonly commit: string;
  readonly rollback: readonly string[];
}

/**
 * One level of a transaction: the one that BEGIN opened, or a savepoint in it.
 *
 * Its state goes from open over ending to committed, rolled back or unknown; what the server has done to it meanwhile is its damage.
 */
export class TransactionLevel extends Level {
  readonly isAutocommit = false;
  /** True for the one that its user takes for a whole transaction: its hooks run at its end, and it may be run again. */
  readonly isOutermost: boolean;
  readonly isExplicit: boolean;
  readonly isReadOnly: boolean;
  readonly isForced: boolean;
  readonly hooks: Hooks = new Hooks();
  /** Whether anything was asked of it. */
  isUsed = false;
  /** Its end by hand, once that has begun. */
  settled: Promise<void> | null = null;
  readonly #damage: Damage;
  /** True for the one that began the server's transaction, and ends it. */
  readonly #isRoot: boolean;
  readonly #words: Words;
  readonly #scope: Scope | null = currentScope();
  #hasBegun = false;
  #hasTurn = false;

  /** @throws {UnsupportedError} where the server has no such transactions. */
  constructor(
    outer: Level | null,
    lease: Hold,
    request: TransactionRequest,
    isOutermost: boolean,
    acquireTimeoutMs: number,
  ) {
    super(outer, lease, request.origin, innerLimits(request.limits, outer), acquireTimeoutMs);
    const around = outer instanceof TransactionLevel ? outer : null;
    const characteristics = request.characteristics ?? PLAIN;
    const syntax = this.compiler.dialect.transactions;
    this.isOutermost = isOutermost;
    this.isExplicit = request.isExplicit;
    this.isReadOnly = around === null ? characteristics.readOnly : around.isReadOnly;
    this.isForced = request.isForced || around?.isForced === true;
    this.#isRoot = around === null;
    this.#damage = new Damage(this.session, this.origin, around === null ? null : around.#damage);
    this.#words =
      around === null
        ? { begin: syntax.begin(characteristics), commit: syntax.commit, rollback: [syntax.rollback] }
        : savepointWords(syntax, this.session.nextName("sp"));
    this.gate.tryTake();
  }

  // --- what may run ---

  refuse(effect: Effect): void {
    if (this.state !== "open") throw errors.closedError(this.origin, this.state);
    this.refuseBroken();
    this.isUsed = true;
    if (effect === "read" || effect === "session" || effect === "transaction") return;
    if (this.isReadOnly) throw errors.readOnlyError(this.origin);
    if (effect !== "write" && this.isForced && !this.compiler.dialect.features.transactionalDdl) {
      throw errors.implicitCommitError();
    }
  }

  /** What a handle itself has opened holds it up; what only shares its connection is waited for. */
  protected override refuseBeside(purpose: Purpose): void {
    super.refuseBeside(purpose);
    const { nested } = this;
    if (purpose === "statement" && this.isExplicit && nested?.isOutermost === false) throw this.nestedError(nested);
  }

  refuseBroken(): void {
    this.#damage.refuse();
  }

  protected tryPrepare(): boolean {
    return true;
  }

  protected async prepare(): Promise<void> {
    // The turn to write came with the transaction.
  }

  note(error: unknown, isSent: boolean): void {
    if (this.state === "ending") this.#damage.noteLate(error);
    if (isSent) this.#damage.noteError(error);
  }

  override leave(error: unknown): void {
    if (error === null) this.#damage.noteImplicitEnd();
    super.leave(error);
  }

  async open(request: TransactionRequest): Promise<TransactionLevel> {
    if (request.characteristics !== null) throw errors.nestedOptionsError(this.origin);
    for (;;) {
      this.refuse(request.purpose === "nested" ? "read" : "write");
      this.refuseBeside(request.purpose);
      const level = await beginIn(this, request, false);
      if (level !== null) return level;
    }
  }

  // --- its beginning ---

  /** Sends BEGIN or SAVEPOINT; a lock that another process holds is waited for. */
  async begin(limits: Limits): Promise<void> {
    try {
      if (this.outer?.isAutocommit === true && !this.isReadOnly) {
        await takeWriterTurn(this.lease, limits);
        this.#hasTurn = true;
      }
      const within = { ...limits, endMs: Math.min(limits.endMs, limits.waitUntilMs) };
      await whileBusy(limits, () => this.#send(this.#words.begin, within));
      this.#hasBegun = true;
    } catch (error) {
      this.state = "rolledBack";
      // What the first word has set would hold for the transaction after.
      if (this.#words.begin.length > 1) this.session.doubt();
      if (this.#hasTurn) this.lease.giveBackWriterTurn();
      throw error;
    } finally {
      this.gate.leave();
    }
  }

  /** Gives what the server says to the last of the words. */
  async #send(words: readonly string[], limits: Limits | null): Promise<string | null> {
    let answer: string | null = null;
    // A savepoint's name never comes again.
    for (const sql of words) answer = await this.session.command(sql, this.#isRoot, limits);
    return answer;
  }

  // --- its end ---

  /**
   * Ends the level, after all that was issued in it.
   *
   * @param cause why it is rolled back; the caller throws that itself.
   * @throws what kept it from ending as wished: it is then rolled back, or its outcome is unknown.
   */
  async end(wish: "commit" | "rollback", cause: Failure | null): Promise<void> {
    this.refuseInner();
    const orphan = await this.close();
    if (!this.#hasBegun) return;
    let failure = cause;
    if (wish === "commit") failure = this.#objection(orphan) ?? (await this.#commit());
    if (this.state === "ending") failure = (await this.#rollBack(failure)) ?? failure;
    this.leaveOuter();
    if (failure !== null && failure !== cause) throw failure.error;
  }

  /** Rolls an open handle back whose outer level ends; `false` where it is no handle, or is ending anyway. It never rejects. */
  async abandon(): Promise<boolean> {
    if (!this.isExplicit || this.state !== "open") return false;
    try {
      await this.settle("rollback", null);
    } catch (error) {
      warn("DATABASES_ROLLBACK_FAILED", `${this.origin}, which was left open, did not end in order.`, error);
    }
    return true;
  }

  /** Why it must not be committed, although all of its callers are content. */
  #objection(orphan: TransactionLevel | null): Failure | null {
    if (orphan !== null) return { error: errors.orphanError(this.origin, orphan.origin) };
    try {
      if (this.limits !== null) refuseOver(this.limits);
      return this.#damage.objection();
    } catch (error) {
      return { error: withOutcome(error, "rolled-back") };
    }
  }

  async #commit(): Promise<Failure | null> {
    try {
      const limits = this.#endLimits();
      const answer = await whileBusy(limits, () => this.#send([this.#words.commit], limits));
      // Some servers answer the COMMIT of a failed transaction with a rollback, and without an error.
      this.state = answer === "ROLLBACK" ? "rolledBack" : "committed";
      return answer === "ROLLBACK" ? { error: errors.rolledBackError(this.origin, { error: null }) } : null;
    } catch (error) {
      const isAnswered = !(error instanceof ConnectionError) && this.session.isUsable;
      if (!this.#isRoot || isAnswered) return { error: withOutcome(error, "rolled-back") };
      this.session.doubt();
      this.state = "unknown";
      return { error: errors.ambiguousError(this.origin, error) };
    }
  }

  /** A server that falls silent keeps nobody waiting for ever; what was asked of the call has no say in how it ends. */
  #endLimits(): Limits {
    const endMs = deadlineIn(this.acquireTimeoutMs);
    return { waitUntilMs: endMs, endMs, signal: null };
  }

  /** Gives a failure of its own only where there is no first error to carry it. */
  async #rollBack(first: Failure | null): Promise<Failure | null> {
    this.state = "rolledBack";
    const { session } = this;
    // Where the server has no transaction any more, or none can be reached, there is nothing to roll back.
    if (this.#damage.isDead || !session.isUsable || session.transactionStatus === "idle") return null;
    try {
      await this.#send(this.#words.rollback, this.#endLimits());
      return null;
    } catch (error) {
      session.doubt();
      this.#damage.die(error, true);
      if (first === null) return { error };
      suppress(first.error, error, "DATABASES_ROLLBACK_FAILED", `${this.origin} could not be rolled back.`);
      return null;
    }
  }

  /** Lets the next in: those who wait in the level around, or for the connection. */
  leaveOuter(): void {
    const { outer } = this;
    if (outer === null) return this.lease.release();
    if (this.#hasTurn) this.lease.giveBackWriterTurn();
    outer.nested = null;
    outer.gate.leave();
  }

  /**
   * Tells the hooks how the level ended, once it is known that it is not run again.
   *
   * @throws {CommitError} when one fails and there is no first error to carry that.
   */
  async announce(first: Failure | null): Promise<void> {
    const { state, outer } = this;
    if (state !== "committed" && state !== "rolledBack") return;
    if (!this.isOutermost && outer instanceof TransactionLevel) return outer.hooks.absorb(this.hooks, state);
    try {
      await this.hooks.run(state, this.#scope);
    } catch (error) {
      if (first === null) throw error;
      suppress(first.error, error, "DATABASES_HOOK_FAILED", `A hook of ${this.origin} failed.`);
    }
  }

  /** Ends the level and tells the hooks; `settled` is when that is done. */
  settle(wish: "commit" | "rollback", cause: Failure | null): Promise<void> {
    this.refuseInner();
    this.settled = this.#settle(wish, cause);
    return this.settled;
  }

  async #settle(wish: "commit" | "rollback", cause: Failure | null): Promise<void> {
    let failure = cause;
    try {
      await this.end(wish, cause);
    } catch (error) {
      failure = { error };
    }
    await this.announce(failure);
    if (failure !== null && failure !== cause) throw failure.error;
  }
}

function savepointWords(syntax: TransactionSyntax, name: string): Words {
  return {
    begin: [syntax.savepoint(name)],
    commit: syntax.releaseSavepoint(name),
    rollback: [syntax.rollbackToSavepoint(name), syntax.releaseSavepoint(name)],
  };
}

function innerLimits(limits: Limits, outer: Level | null): Limits | null {
  const inner = stricter(limits, outer?.limits ?? null);
  return areEndless(inner) ? null : inner;
}

/** Begins a transaction on a lease of its own, which it gives back at its end. */
export async function beginOn(
  lease: Hold,
  request: TransactionRequest,
  acquireTimeoutMs: number,
): Promise<TransactionLevel> {
  try {
    const level = new TransactionLevel(null, lease, request, true, acquireTimeoutMs);
    await level.begin(request.limits);
    return level;
  } catch (error) {
    lease.release();
    throw error;
  }
}

/** Begins a transaction in a level, whose gate it holds until its end; `null` when the caller is to look again where to go. */
export async function beginIn(
  outer: Level,
  request: TransactionRequest,
  isOutermost: boolean,
): Promise<TransactionLevel | null> {
  if (!(await outer.takeGate(request.purpose, request.limits))) return null;
  const level = await enterNested(outer, request, isOutermost);
  if (request.isExplicit) outer.gate.sendBack(["statement", "nested", "guest"]);
  // With the gate it had begun, and the end of the outer level waits for it; but nobody can wait for a handle.
  if (outer.isOpen || !request.isExplicit) return level;
  if (level.isOpen) await level.end("rollback", null);
  return null;
}

async function enterNested(outer: Level, request: TransactionRequest, isOutermost: boolean): Promise<TransactionLevel> {
  try {
    await outer.session.reading?.makeWay(outer);
    outer.refuseBroken();
    const level = new TransactionLevel(outer, outer.lease, request, isOutermost, outer.acquireTimeoutMs);
    outer.nested = level;
    await level.begin(request.limits);
    return level;
  } catch (error) {
    outer.nested = null;
    outer.gate.leave();
    throw error;
  }
}

import type { Effect } from "../compiler/compiled.js";
import { UsageError } from "../errors/index.js";
import { takeWriterTurn } from "./leases.js";
import { Level } from "./level.js";
import type { Limits } from "./limits.js";
import type { Origin } from "./origin.js";
import { leftOpenError } from "./transaction-errors.js";
import { beginIn, type TransactionLevel } from "./transaction-level.js";
import type { Hold, TransactionRequest } from "./venue.js";

/** A connection that is kept, outside any transaction: each statement commits by itself. */
export class PinnedLevel extends Level {
  readonly isAutocommit = true;

  constructor(lease: Hold, origin: Origin, acquireTimeoutMs: number) {
    super(null, lease, origin, null, acquireTimeoutMs);
  }

  refuse(): void {
    if (this.state === "open") return;
    throw new UsageError(`The connection of ${this.origin} has been given back: was an await forgotten?`);
  }

  refuseBroken(): void {
    // Every statement stands for itself: none is broken by another.
  }

  note(): void {
    // As above.
  }

  protected tryPrepare(effect: Effect): boolean {
    return effect === "read";
  }

  protected async prepare(effect: Effect, limits: Limits): Promise<void> {
    if (effect !== "read") await takeWriterTurn(this.lease, limits);
  }

  override leave(error: unknown): void {
    this.lease.giveBackWriterTurn();
    super.leave(error);
  }

  async open(request: TransactionRequest): Promise<TransactionLevel> {
    for (;;) {
      this.refuse();
      this.refuseBeside("nested");
      const level = await beginIn(this, request, true);
      if (level !== null) return level;
    }
  }

  /** Gives the connection back, after all that was issued; a transaction that was left open on it is rolled back, and returned. */
  async release(): Promise<TransactionLevel | null> {
    if (this.state !== "open") return null;
    this.refuseInner();
    const orphan = await this.close();
    this.state = "released";
    this.lease.release();
    return orphan;
  }
}

/** Gives a pinned connection back. @throws {UsageError} when a transaction was left open on it: it has been rolled back. */
export async function unpin(level: PinnedLevel): Promise<void> {
  const orphan = await level.release();
  if (orphan !== null) throw leftOpenError(orphan.origin);
}

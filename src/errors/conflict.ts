import { defineKind } from "./base.js";
import type { CodeWithin } from "./codes.js";
import { QueryError } from "./query.js";

/** Thrown when a transaction lost against a concurrent one: run the whole transaction again, as `{ retries }` does. */
export class TransactionConflictError extends QueryError {
  declare readonly code: CodeWithin<"TRANSACTION_CONFLICT">;

  static {
    defineKind(this, "TRANSACTION_CONFLICT");
  }
}

/** Thrown, also at commit, when a transaction cannot be ordered among the concurrent ones: run it again. */
export class SerializationFailureError extends TransactionConflictError {
  declare readonly code: "SERIALIZATION_FAILURE";

  static {
    defineKind(this, "SERIALIZATION_FAILURE");
  }
}

/** Thrown when transactions waited for each other and this one was ended: run it again, and lock in one order. */
export class DeadlockError extends TransactionConflictError {
  declare readonly code: "DEADLOCK";

  static {
    defineKind(this, "DEADLOCK");
  }
}

/** Thrown when the data changed after the transaction read it: run it again. */
export class SnapshotConflictError extends TransactionConflictError {
  declare readonly code: "SNAPSHOT_CONFLICT";

  static {
    defineKind(this, "SNAPSHOT_CONFLICT");
  }
}

/**
 * Thrown when another connection held the database's lock for longer than the wait: run it again, and keep
 * transactions short.
 */
export class DatabaseBusyError extends QueryError {
  declare readonly code: "DATABASE_BUSY";

  static {
    defineKind(this, "DATABASE_BUSY");
  }
}

import { DatabaseError, defineKind } from "./base.js";

/** Thrown by `fetchOneOrThrow` and `fetchValOrThrow` when the query gave no row: handle it as "not found". */
export class NoRowError extends DatabaseError {
  declare readonly code: "NO_ROW";

  static {
    defineKind(this, "NO_ROW");
  }
}

/**
 * Thrown when the caller's signal aborted the call: `cause` is its reason, `outcome` whether the work may have been
 * done.
 */
export class AbortError extends DatabaseError {
  declare readonly code: "ABORT";

  static {
    defineKind(this, "ABORT");
  }
}

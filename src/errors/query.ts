import { DatabaseError, defineKind } from "./base.js";
import type { CodeWithin } from "./codes.js";

/** Thrown when the database refused a statement in a way that no subclass names: see `cause` for its own words. */
export class QueryError extends DatabaseError {
  declare readonly code: CodeWithin<"QUERY">;

  static {
    defineKind(this, "QUERY");
  }
}

/** Thrown when the user has no right to do this: grant it, or connect as another. */
export class PermissionDeniedError extends QueryError {
  declare readonly code: "PERMISSION_DENIED";

  static {
    defineKind(this, "PERMISSION_DENIED");
  }
}

/** Thrown by a write where none is taken (a replica, a read-only transaction or file): send it to a writable place. */
export class ReadOnlyError extends QueryError {
  declare readonly code: "READ_ONLY";

  static {
    defineKind(this, "READ_ONLY");
  }
}

/** Thrown when a statement ran longer than its time limit: make it faster, or raise `timeoutMs`. */
export class QueryTimeoutError extends QueryError {
  declare readonly code: "QUERY_TIMEOUT";

  static {
    defineKind(this, "QUERY_TIMEOUT");
  }
}

/** Thrown when a lock did not become free in time, or at once with NOWAIT: run it again later. */
export class LockTimeoutError extends QueryError {
  declare readonly code: "LOCK_TIMEOUT";

  static {
    defineKind(this, "LOCK_TIMEOUT");
  }
}

/**
 * Thrown when somebody else (an administrator, another session) cancelled the statement: find out why before running
 * it again.
 */
export class QueryCancelledError extends QueryError {
  declare readonly code: "QUERY_CANCELLED";

  static {
    defineKind(this, "QUERY_CANCELLED");
  }
}

/** Thrown inside a transaction when the schema changed under a prepared statement: run the transaction again. */
export class StalePlanError extends QueryError {
  declare readonly code: "STALE_PLAN";

  static {
    defineKind(this, "STALE_PLAN");
  }
}

/** Thrown when the database's files are damaged: stop writing and restore a backup. */
export class CorruptionError extends QueryError {
  declare readonly code: "CORRUPTION";

  static {
    defineKind(this, "CORRUPTION");
  }
}

/** Thrown when the server failed inside itself: look into its log. */
export class InternalServerError extends QueryError {
  declare readonly code: "INTERNAL_SERVER";

  static {
    defineKind(this, "INTERNAL_SERVER");
  }
}

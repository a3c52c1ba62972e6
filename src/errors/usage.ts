import { DatabaseError, defineKind } from "./base.js";
import type { CodeWithin } from "./codes.js";

/** Thrown when a URL, an option or a driver is not usable as given: correct it as the message says. */
export class ConfigurationError extends DatabaseError {
  declare readonly code: "CONFIGURATION";

  static {
    defineKind(this, "CONFIGURATION");
  }
}

/** Thrown when the library was called in a way that cannot work: change the calling code. */
export class UsageError extends DatabaseError {
  declare readonly code: CodeWithin<"USAGE">;

  static {
    defineKind(this, "USAGE");
  }
}

/** Thrown by a query of a transaction that has ended: await it before the end, or run it in `database.detached()`. */
export class TransactionClosedError extends UsageError {
  declare readonly code: "TRANSACTION_CLOSED";

  static {
    defineKind(this, "TRANSACTION_CLOSED");
  }
}

/**
 * Thrown by a query of a transaction that an earlier error, its `cause`, has failed: wrap the risky statement in
 * `database.transaction()`.
 */
export class TransactionAbortedError extends UsageError {
  declare readonly code: "TRANSACTION_ABORTED";

  static {
    defineKind(this, "TRANSACTION_ABORTED");
  }
}

/**
 * Thrown before anything is sent when a value cannot be what its column or place asks for: convert or refuse it
 * earlier.
 */
export class InvalidValueError extends UsageError {
  declare readonly code: "INVALID_VALUE";

  static {
    defineKind(this, "INVALID_VALUE");
  }
}

/** Thrown at compile when this database cannot do what the query asks for: take the way out that the message names. */
export class UnsupportedError extends UsageError {
  declare readonly code: "UNSUPPORTED";

  static {
    defineKind(this, "UNSUPPORTED");
  }
}

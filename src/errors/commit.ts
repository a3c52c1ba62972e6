import { DatabaseError, defineKind } from "./base.js";
import type { CodeWithin } from "./codes.js";

/**
 * Thrown when the end of a transaction did not go as asked; with `outcome: "committed"` only a hook after it failed,
 * its `cause`.
 */
export class CommitError extends DatabaseError {
  declare readonly code: CodeWithin<"COMMIT">;

  static {
    defineKind(this, "COMMIT");
  }
}

/**
 * Thrown when the server answered COMMIT with a rollback, as an error before it was caught and ignored: nothing was
 * saved.
 */
export class CommitRolledBackError extends CommitError {
  declare readonly code: "COMMIT_ROLLED_BACK";

  static {
    defineKind(this, "COMMIT_ROLLED_BACK");
  }
}

/**
 * Thrown when the connection was lost while COMMIT was under way: look whether the data is there before running it
 * again.
 */
export class AmbiguousCommitError extends CommitError {
  declare readonly code: "AMBIGUOUS_COMMIT";

  static {
    defineKind(this, "AMBIGUOUS_COMMIT");
  }
}

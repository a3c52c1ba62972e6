import {
  AmbiguousCommitError,
  CommitError,
  CommitRolledBackError,
  ConnectionLostError,
  ReadOnlyError,
  TransactionAbortedError,
  TransactionClosedError,
  UsageError,
} from "../errors/index.js";
import type { LevelState } from "./level.js";
import type { Failure } from "./outcome.js";
import type { Origin } from "./origin.js";

const endings: Readonly<Record<Exclude<LevelState, "open">, string>> = {
  ending: "is ending",
  committed: "has been committed",
  rolledBack: "has been rolled back",
  unknown: "has ended, nobody knows how",
  released: "has ended",
};

export function closedError(origin: Origin, state: Exclude<LevelState, "open">): TransactionClosedError {
  return new TransactionClosedError(
    `This call belongs to ${origin}, which ${endings[state]}: was an await forgotten? database.detached() runs outside of it.`,
  );
}

/** The server takes nothing more in this level. */
export function failedError(origin: Origin, { error }: Failure): TransactionAbortedError {
  return new TransactionAbortedError(
    `An earlier error, the cause, has failed ${origin}: nothing more can run in it. ` +
      "Wrap a statement that may fail in database.transaction(), which is then rolled back alone.",
    { cause: error },
  );
}

/** The server's transaction is gone. */
export function deadError(
  origin: Origin,
  { error }: Failure,
  outcome: "rolled-back" | "unknown",
): TransactionAbortedError {
  const advice = outcome === "rolled-back" ? "Run all of it again." : "Look what was kept before you run it again.";
  return new TransactionAbortedError(
    `An earlier error, the cause, has ended the server's transaction of ${origin}: nothing more can run in it. ${advice}`,
    { cause: error, outcome },
  );
}

export function rolledBackError(origin: Origin, { error }: Failure): CommitRolledBackError {
  return new CommitRolledBackError(
    `${origin} was to be committed, but an error in it, the cause, had failed it: nothing of it was kept. ` +
      "Wrap a statement that may fail in database.transaction(), or let its error end the transaction.",
    { cause: error },
  );
}

/** The connection ended before COMMIT was sent, and the server undoes what was open on it. */
export function lostError(origin: Origin): ConnectionLostError {
  return new ConnectionLostError(
    `The connection of ${origin} ended before it was committed: nothing of it was kept. Run all of it again.`,
    { outcome: "rolled-back", retryable: "transaction" },
  );
}

/** A statement ended the server's transaction without an error, as DDL does where it commits. */
export function endedError(origin: Origin, cause: unknown): CommitError {
  return new CommitError(
    `The server's transaction of ${origin} was ended by something else than its commit: ` +
      "a statement that commits implicitly, or a call on the driver's own connection. Look what was kept.",
    { cause: cause ?? undefined, outcome: "unknown" },
  );
}

export function ambiguousError(origin: Origin, cause: unknown): AmbiguousCommitError {
  return new AmbiguousCommitError(
    `The connection failed while ${origin} was being committed: look whether its changes are there before you run it again.`,
    { cause },
  );
}

export function orphanError(origin: Origin, orphan: Origin): UsageError {
  return new UsageError(
    `${orphan} was still open when ${origin}, around it, was to be committed; both have been rolled back. ` +
      "Commit or roll back what begin() gives, or declare it with await using.",
    { outcome: "rolled-back" },
  );
}

export function leftOpenError(origin: Origin): UsageError {
  return new UsageError(
    `${origin} was still open when its connection was given back, and has been rolled back: commit it, or declare it with await using.`,
    { outcome: "rolled-back" },
  );
}

export function nestedOptionsError(origin: Origin): UsageError {
  return new UsageError(
    `isolation, readOnly and deferrable are chosen for a whole transaction, and this one is nested in ${origin}: give them there.`,
  );
}

export function readOnlyError(origin: Origin): ReadOnlyError {
  return new ReadOnlyError(`${origin} is read-only: leave readOnly out where it is to write.`);
}

export function implicitCommitError(): UsageError {
  return new UsageError(
    "This database commits implicitly before and after such a statement, so forceRollback could not undo what was done: " +
      "run it on a database without forceRollback, before.",
  );
}

import { addSuppressed, DatabaseError, type Outcome } from "../errors/index.js";

/** An error kept for later; a box, because anything can be thrown, `null` too. */
export interface Failure {
  readonly error: unknown;
}

/** Corrects what an error says of its outcome where the transaction around the statement decided it. */
export function withOutcome(error: unknown, outcome: Outcome): unknown {
  if (error instanceof DatabaseError) {
    Object.defineProperty(error, "outcome", { value: outcome, enumerable: true, writable: true, configurable: true });
  }
  return error;
}

/** Keeps a later error on the first one; where that cannot carry it, it becomes a warning. */
export function suppress(first: unknown, later: unknown, code: string, message: string): void {
  if (!addSuppressed(first, later)) warn(code, message, later);
}

/** Reports an error that nothing else can carry. */
export function warn(code: string, message: string, error: unknown): void {
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.emitWarning(message, { type: "DatabasesWarning", code, detail });
}

import { failureOf } from "../../driver/failure.js";
import { NO_FACTS, type NativeErrorFacts } from "../../errors/index.js";
import { PgFailure } from "./failure.js";

/** What the server tells of an error, by `pg`'s names; fields that it does not tell are `undefined`. */
interface ServerError extends Error {
  readonly code: string;
  readonly constraint?: string | undefined;
  readonly table?: string | undefined;
  readonly column?: string | undefined;
  readonly schema?: string | undefined;
  readonly detail?: string | undefined;
  readonly routine?: string | undefined;
}

/**
 * The server ends the connection with these: 57P01 to 57P05 but 57P03, which is said to who comes. Class 08 may be about a server behind
 * it, or a wrong number of parameters, and the connection goes on.
 */
const ENDING_STATE = /^57P0[1245]$/;

/** Errors with which a connection ended. `pg` has no code for some of them, and the server may end one with any. */
const endings = new WeakSet<Error>();

/** Remembers that the connection is gone with the error. */
export function markLost<E extends Error>(error: E): E {
  endings.add(error);
  return error;
}

export function pgFacts(error: unknown): NativeErrorFacts | null {
  if (!(error instanceof Error)) return null;
  const isLost = endings.has(error);
  if (isServerError(error)) return factsOf(error, { isLost: isLost || ENDING_STATE.test(error.code) });
  const failure = error instanceof PgFailure ? error.failure : failureOf(error);
  if (failure === null && !isLost) return null;
  return { ...factsOf(error, { isLost: isLost || failure === "lost" }), failure: failure ?? "lost" };
}

export function isServerError(error: Error): error is ServerError {
  return "severity" in error && "code" in error && typeof error.code === "string";
}

function factsOf(error: Error | ServerError, { isLost }: { readonly isLost: boolean }): NativeErrorFacts {
  const told: Partial<ServerError> = isServerError(error) ? error : {};
  return {
    ...NO_FACTS,
    message: error.message,
    sqlState: told.code ?? null,
    constraint: told.constraint ?? null,
    table: told.table ?? null,
    column: told.column ?? null,
    schema: told.schema ?? null,
    detail: told.detail ?? null,
    routine: told.routine ?? null,
    connectionLost: isLost,
  };
}

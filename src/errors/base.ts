import { types } from "node:util";

import { ERROR_CODES, type ErrorCode, type ErrorCodeFacts, type Outcome, type Retryable } from "./codes.js";

/** What is known about an error besides its message; only own properties are read. */
export interface DatabaseErrorOptions {
  /** The error underneath: the driver's, or the reason of a signal. */
  readonly cause?: unknown;
  readonly retryable?: Retryable | undefined;
  readonly outcome?: Outcome | undefined;
  readonly sqlState?: string | null | undefined;
  readonly errno?: number | null | undefined;
  readonly extendedCode?: number | null | undefined;
  /** The text of the statement, without its parameters. */
  readonly sql?: string | null | undefined;
}

interface Kind {
  readonly code: ErrorCode | null;
  readonly retryable: Retryable;
  readonly outcome: Outcome;
}

/** The key is registered, so that the classes of two installed copies of this package know each other's errors. */
const KIND = Symbol.for("databases.error");

function kindOf(prototype: object): Kind {
  return (prototype as { readonly [KIND]: Kind })[KIND];
}

function prototypeOf(object: object): object | null {
  return Object.getPrototypeOf(object) as object | null;
}

/** Prototype data is hidden, as `Error.prototype.name` is: printing an error shows only what is its own. */
export function setDefaults(prototype: object, defaults: Readonly<Record<PropertyKey, unknown>>): void {
  for (const key of Reflect.ownKeys(defaults)) {
    Object.defineProperty(prototype, key, { value: defaults[key], writable: true, configurable: true });
  }
}

/** Makes those of `keys` that are known own properties of `error`; the prototype answers for the others. */
export function setKnown(error: object, options: object, keys: readonly string[], enumerable = true): void {
  for (const key of keys) {
    const value: unknown = Object.hasOwn(options, key) ? options[key as keyof typeof options] : null;
    if (value === null || value === undefined) continue;
    Object.defineProperty(error, key, { value, enumerable, writable: true, configurable: true });
  }
}

/** Gives a class its row of the code table; the name comes from the code, so that a minifier cannot change it. */
export function defineKind(errorClass: { readonly prototype: DatabaseError }, code: ErrorCode): void {
  const { retryable, outcome }: ErrorCodeFacts = ERROR_CODES[code];
  const parent = kindOf(errorClass.prototype);
  const words = code.split("_").map((word) => word.charAt(0) + word.slice(1).toLowerCase());
  const kind: Kind = { code, retryable: retryable ?? parent.retryable, outcome: outcome ?? parent.outcome };
  setDefaults(errorClass.prototype, { name: `${words.join("")}Error`, [KIND]: kind });
}

/**
 * The root of every error that this library throws; catch it to tell the database's troubles from your own.
 *
 * Its message never holds a parameter value or a password. `cause` is the driver's error and may hold what the server
 * said about your data; neither it nor `sql` is in `JSON.stringify(error)`.
 *
 * `instanceof` works across several installed copies of the package.
 *
 * @example
 * try {
 *   await database.execute(users.insert(), { email });
 * } catch (error) {
 *   if (error instanceof UniqueViolationError) return "taken";
 *   throw error;
 * }
 */
export abstract class DatabaseError extends Error {
  /** The class's name without `Error`, in SCREAMING_SNAKE: `UNIQUE_VIOLATION`. */
  readonly code: ErrorCode;
  /** What may be run again, and is likely to succeed then. */
  readonly retryable: Retryable;
  /** What the failed call left in the database. */
  readonly outcome: Outcome;
  /** The server's SQLSTATE, `null` where there is none. */
  declare readonly sqlState: string | null;
  /** MySQL's and MariaDB's error number, `null` elsewhere. */
  declare readonly errno: number | null;
  /** SQLite's extended result code, `null` elsewhere. */
  declare readonly extendedCode: number | null;
  /** The text of the statement, without its parameters, `null` when there was none. Not enumerable. */
  declare readonly sql: string | null;
  /** Errors of later clean-up steps (a rollback that failed, too), oldest first. */
  declare readonly suppressed: readonly unknown[];

  static {
    const kind: Kind = { code: null, retryable: false, outcome: "not-executed" };
    const facts = { sqlState: null, errno: null, extendedCode: null, sql: null, suppressed: Object.freeze([]) };
    setDefaults(this.prototype, { name: "DatabaseError", [KIND]: kind, ...facts });
  }

  constructor(message: string, options: DatabaseErrorOptions = {}) {
    super(message);
    const kind = kindOf(this);
    // Defined always, so that printing any error shows these three first.
    this.code = kind.code as ErrorCode;
    this.retryable = kind.retryable;
    this.outcome = kind.outcome;
    setKnown(this, options, ["retryable", "outcome", "sqlState", "errno", "extendedCode"]);
    setKnown(this, options, ["cause", "sql"], false);
  }

  /** What a log may hold: `name`, `code`, `message`, `retryable`, `outcome` and the native codes that are known. */
  toJSON(): Record<string, unknown> {
    const { name, code, message, retryable, outcome } = this;
    const json = { name, code, message, retryable, outcome };
    setKnown(json, this, ["sqlState", "errno", "extendedCode"]);
    return json;
  }

  /** A class of the table is known by its code; a subclass that somebody else made, by its prototype as usual. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    const prototype: object = this.prototype;
    if (!Object.hasOwn(prototype, KIND)) return Function.prototype[Symbol.hasInstance].call(this, value);
    let link = typeof value === "object" && value !== null ? prototypeOf(value) : null;
    while (link !== null) {
      if (Object.hasOwn(link, KIND) && kindOf(link).code === kindOf(prototype).code) return true;
      link = prototypeOf(link);
    }
    return false;
  }
}

/** Whether `value` is an error of this library, of whichever installed copy. */
export function isDatabaseError(value: unknown): value is DatabaseError {
  return value instanceof DatabaseError;
}

/**
 * Keeps `later`, which a clean-up step raised, on the `error` that came first and is to be thrown.
 *
 * Any extensible error can carry it, also one that the user's callback threw. Returns `false` when it could not be
 * attached (a thrown string, a frozen error, a foreign `suppressed`): the caller then reports `later` in another way.
 */
export function addSuppressed(error: unknown, later: unknown): boolean {
  if (error === later) return true;
  if (!types.isNativeError(error)) return false;
  const earlier: unknown = "suppressed" in error ? error.suppressed : [];
  if (!Array.isArray(earlier)) return false;
  const value: unknown[] = [...(earlier as unknown[]), later];
  return Reflect.defineProperty(error, "suppressed", { value, enumerable: true, writable: true, configurable: true });
}

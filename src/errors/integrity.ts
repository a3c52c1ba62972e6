import { defineKind, setDefaults, setKnown, type DatabaseErrorOptions } from "./base.js";
import type { CodeWithin } from "./codes.js";
import { QueryError } from "./query.js";

/** {@link DatabaseErrorOptions} with the names of what was violated, as far as they are known for certain. */
export interface IntegrityErrorOptions extends DatabaseErrorOptions {
  readonly constraint?: string | null | undefined;
  readonly schema?: string | null | undefined;
  readonly table?: string | null | undefined;
  readonly columns?: readonly string[] | null | undefined;
}

const FACTS = ["constraint", "schema", "table", "columns"];

/**
 * Thrown when a constraint that no subclass names refused a change: correct the values.
 *
 * Names are as the database has them, and `null` where it does not tell: they are never guessed.
 */
export class IntegrityError extends QueryError {
  declare readonly code: CodeWithin<"INTEGRITY">;
  declare readonly constraint: string | null;
  declare readonly schema: string | null;
  declare readonly table: string | null;
  declare readonly columns: readonly string[] | null;

  static {
    defineKind(this, "INTEGRITY");
    setDefaults(this.prototype, { constraint: null, schema: null, table: null, columns: null });
  }

  constructor(message: string, options: IntegrityErrorOptions = {}) {
    super(message, options);
    setKnown(this, options, FACTS);
  }

  override toJSON(): Record<string, unknown> {
    const json = super.toJSON();
    setKnown(json, this, FACTS);
    return json;
  }
}

/** Thrown when another row already has this unique or primary key: tell the user, or upsert. */
export class UniqueViolationError extends IntegrityError {
  declare readonly code: "UNIQUE_VIOLATION";

  static {
    defineKind(this, "UNIQUE_VIOLATION");
  }
}

/**
 * Thrown when a referenced row is missing, or is still referenced: write the parent first, delete the children first.
 */
export class ForeignKeyViolationError extends IntegrityError {
  declare readonly code: "FOREIGN_KEY_VIOLATION";

  static {
    defineKind(this, "FOREIGN_KEY_VIOLATION");
  }
}

/** Thrown when a column that must have a value was left without one: give it a value or a default. */
export class NotNullViolationError extends IntegrityError {
  declare readonly code: "NOT_NULL_VIOLATION";

  static {
    defineKind(this, "NOT_NULL_VIOLATION");
  }
}

/** Thrown when a row fails a CHECK constraint: validate the values before writing them. */
export class CheckViolationError extends IntegrityError {
  declare readonly code: "CHECK_VIOLATION";

  static {
    defineKind(this, "CHECK_VIOLATION");
  }
}

/** Thrown when a row conflicts with another by an exclusion constraint: choose values that do not overlap. */
export class ExclusionViolationError extends IntegrityError {
  declare readonly code: "EXCLUSION_VIOLATION";

  static {
    defineKind(this, "EXCLUSION_VIOLATION");
  }
}

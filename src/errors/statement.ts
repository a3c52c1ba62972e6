import { defineKind } from "./base.js";
import { QueryError } from "./query.js";

/** Thrown when the database could not parse the statement: correct its text, which is in `sql`. */
export class SqlSyntaxError extends QueryError {
  declare readonly code: "SQL_SYNTAX";

  static {
    defineKind(this, "SQL_SYNTAX");
  }
}

/** Thrown when a table or view does not exist: create it, or check its name, schema and database. */
export class UndefinedTableError extends QueryError {
  declare readonly code: "UNDEFINED_TABLE";

  static {
    defineKind(this, "UNDEFINED_TABLE");
  }
}

/** Thrown when a column does not exist: create it, or correct the name. */
export class UndefinedColumnError extends QueryError {
  declare readonly code: "UNDEFINED_COLUMN";

  static {
    defineKind(this, "UNDEFINED_COLUMN");
  }
}

/** Thrown when a function or operator does not exist for these arguments: correct the name, or cast them. */
export class UndefinedFunctionError extends QueryError {
  declare readonly code: "UNDEFINED_FUNCTION";

  static {
    defineKind(this, "UNDEFINED_FUNCTION");
  }
}

/** Thrown, also while connecting, when the database does not exist: create it, or correct the URL. */
export class UndefinedDatabaseError extends QueryError {
  declare readonly code: "UNDEFINED_DATABASE";

  static {
    defineKind(this, "UNDEFINED_DATABASE");
  }
}

/** Thrown when a schema does not exist: create it, or correct the name. */
export class UndefinedSchemaError extends QueryError {
  declare readonly code: "UNDEFINED_SCHEMA";

  static {
    defineKind(this, "UNDEFINED_SCHEMA");
  }
}

/** Thrown when a table, column, index or other object of this name exists: create it only if it does not. */
export class DuplicateObjectError extends QueryError {
  declare readonly code: "DUPLICATE_OBJECT";

  static {
    defineKind(this, "DUPLICATE_OBJECT");
  }
}

/** Thrown when a column name fits more than one table of the query: write the table before it. */
export class AmbiguousColumnError extends QueryError {
  declare readonly code: "AMBIGUOUS_COLUMN";

  static {
    defineKind(this, "AMBIGUOUS_COLUMN");
  }
}

/** Thrown when an expression has another type than its place asks for: cast it, or correct the types. */
export class TypeMismatchError extends QueryError {
  declare readonly code: "TYPE_MISMATCH";

  static {
    defineKind(this, "TYPE_MISMATCH");
  }
}

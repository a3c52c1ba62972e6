import { ConfigurationError } from "../errors/index.js";

/** How a column key in code becomes a name in SQL. */
export type Naming = "as-is" | "snake_case";

/** `createdAt` is `created_at`, `userID` is `user_id`, `HTMLBody` is `html_body`. */
export function snakeCase(key: string): string {
  return key
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1_$2")
    .toLowerCase();
}

/**
 * Templates for the names of constraints and indexes that have none: `{table}`, `{columns}` (joined by `_`), `{referredTable}`, `{name}` (given).
 * Without a template the server names a constraint; an index is always named, `ix_{table}_{columns}` by default.
 */
export interface NamingConvention {
  readonly primaryKey?: string;
  readonly foreignKey?: string;
  readonly unique?: string;
  readonly check?: string;
  readonly index?: string;
}

export interface NameParts {
  readonly table: string;
  readonly columns: string;
  readonly referredTable?: string;
  readonly name?: string;
}

const TOKEN = /\{(\w+)\}/g;

/** @throws {ConfigurationError} for a token that the template's kind has no value for. */
export function fillTemplate(template: string, parts: NameParts): string {
  return template.replace(TOKEN, (_whole, token: string) => {
    const value = (parts as unknown as Readonly<Record<string, string | undefined>>)[token];
    if (value === undefined || !Object.hasOwn(parts, token)) {
      if (token === "name") {
        throw new ConfigurationError(
          `The naming convention "${template}" wants a name for each constraint of its kind, and one of "${parts.table}" has none: give it with .named("…").`,
        );
      }
      throw new ConfigurationError(
        `The naming convention "${template}" has {${token}}, which is not known here. It may use: ${Object.keys(parts).join(", ")}.`,
      );
    }
    return value;
  });
}

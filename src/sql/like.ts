import { UsageError } from "../errors/index.js";
import type { Operand, ParameterReference } from "./operand.js";

/** What the text operators take. */
export type PatternInput<Name extends string, Parameters> =
  string | Operand<string | null, Parameters> | ParameterReference<Name>;

export interface LikeOptions {
  /** The character that makes a `%`, a `_` or itself plain. */
  readonly escape?: string;
}

/**
 * The character that makes `%` and `_` plain in the patterns of `contains`, `startsWith` and `endsWith`.
 * No backslash: MySQL's own meaning of it depends on a server mode.
 */
export const LIKE_ESCAPE = "!";

/** The text as a pattern that matches it alone, with wildcards around it. */
export function escapeLike(text: string, wildcards: "none" | "both" | "before" | "after"): string {
  const plain = text.replace(/[!%_]/g, (character) => LIKE_ESCAPE + character);
  const before = wildcards === "both" || wildcards === "before" ? "%" : "";
  const after = wildcards === "both" || wildcards === "after" ? "%" : "";
  return before + plain + after;
}

/** @throws {UsageError} for an escape of more characters than one, and for a pattern that ends with it: it would make nothing plain. */
export function requireEscape(escape: string | null, pattern: unknown, where: string): void {
  if (escape === null) return;
  if (Array.from(escape).length !== 1) throw new UsageError(`The escape of ${where} is one character.`);
  if (typeof pattern === "string" && endsWithEscape(pattern, escape)) {
    throw new UsageError(
      `The pattern of ${where} ends with its escape character; double it to match the character itself.`,
    );
  }
}

function endsWithEscape(pattern: string, escape: string): boolean {
  let escaped = false;
  for (const character of pattern) escaped = !escaped && character === escape;
  return escaped;
}

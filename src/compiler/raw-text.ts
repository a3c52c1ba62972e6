import { UsageError } from "../errors/index.js";
import { effectOf, requireOneStatement } from "./classify.js";
import { codecsOf } from "./codecs.js";
import type { Effect } from "./compiled.js";
import type { Dialect } from "./dialect.js";
import { type Token, tokenize } from "./lexer.js";
import type { Chunk } from "./writer.js";

/** Raw text, cut at its `:name` binds. */
export interface ParsedText {
  readonly chunks: readonly Chunk[];
  readonly effect: Effect;
}

/**
 * Reads raw text: `:name` is a bind (several times the same name is one value), `\:` a colon. Strings, quoted names and comments are left alone.
 *
 * @throws {UsageError} for several statements, and for the driver's own placeholders.
 */
export function parseText(text: string, dialect: Dialect): ParsedText {
  const tokens = tokenize(text, dialect.lexical);
  requireText(tokens);
  requireOneStatement(text, tokens);
  const chunks: Chunk[] = [];
  let written = 0;
  for (const token of tokens) {
    if (token.kind === "placeholder") {
      throw new UsageError(`Raw text binds by name: write :name rather than ${text.slice(token.start, token.end)}.`);
    }
    if (token.kind !== "parameter" && token.kind !== "escapedColon") continue;
    chunks.push(text.slice(written, token.start));
    chunks.push(token.kind === "escapedColon" ? ":" : parameter(text.slice(token.start + 1, token.end), dialect));
    written = token.end;
  }
  chunks.push(text.slice(written));
  return { chunks, effect: effectOf(text, tokens) };
}

function parameter(name: string, dialect: Dialect): Chunk {
  return {
    source: "parameter",
    name,
    codec: codecsOf(dialect).encoder(null, "compare", `the parameter "${name}"`),
    list: false,
  };
}

/** What a text of another builder does; its placeholders are the driver's own. */
export function effectOfNative(text: string, dialect: Dialect): Effect {
  const tokens = tokenize(text, dialect.lexical);
  requireText(tokens);
  requireOneStatement(text, tokens);
  return effectOf(text, tokens);
}

function requireText(tokens: readonly Token[]): void {
  if (tokens.length === 0) throw new UsageError("The SQL text is empty; there is nothing to run.");
}

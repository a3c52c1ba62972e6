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
  const tokens = tokensOf(text, dialect);
  const chunks: Chunk[] = [];
  let written = 0;
  for (const token of tokens) {
    if (token.kind === "placeholder") throw placeholderError(text, token, ":name");
    if (token.kind !== "parameter" && token.kind !== "escapedColon") continue;
    chunks.push(text.slice(written, token.start));
    chunks.push(token.kind === "escapedColon" ? ":" : parameter(text.slice(token.start + 1, token.end), dialect));
    written = token.end;
  }
  chunks.push(text.slice(written));
  return { chunks, effect: effectOf(text, tokens, dialect.lexical) };
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
  return effectOf(text, tokensOf(text, dialect), dialect.lexical);
}

/** What a template does. A placeholder that its author wrote would take a value meant for another place. */
export function effectOfTemplate(chunks: readonly Chunk[], dialect: Dialect): Effect {
  const text = chunks.map((chunk) => (typeof chunk === "string" ? chunk : "NULL")).join("");
  const tokens = tokensOf(text, dialect);
  const stray = tokens.find(({ kind }) => kind === "placeholder");
  if (stray !== undefined) throw placeholderError(text, stray, "${value}");
  return effectOf(text, tokens, dialect.lexical);
}

/** @throws {UsageError} for no statement, and for several. */
function tokensOf(text: string, dialect: Dialect): readonly Token[] {
  const tokens = tokenize(text, dialect.lexical);
  if (tokens.length === 0) throw new UsageError("The SQL text is empty; there is nothing to run.");
  if (tokens.some(({ kind }) => kind === "executableComment")) {
    throw new UsageError("The SQL text has a comment that the server runs, /*! … */: write what it holds as SQL.");
  }
  requireOneStatement(text, tokens, dialect.lexical);
  return tokens;
}

function placeholderError(text: string, { start, end }: Token, instead: string): UsageError {
  return new UsageError(
    `The SQL text has the driver's own placeholder ${text.slice(start, end)}: write ${instead} in its place.`,
  );
}

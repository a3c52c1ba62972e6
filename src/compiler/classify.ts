import { UsageError } from "../errors/index.js";
import type { Effect } from "./compiled.js";
import type { Token } from "./lexer.js";

/** What the first word of raw text makes of it. A word that is not here may write. */
const EFFECTS: ReadonlyMap<string, Effect> = new Map([
  ["SELECT", "read"],
  ["VALUES", "read"],
  ["TABLE", "read"],
  ["WITH", "read"],
  ["EXPLAIN", "read"],
  ["CREATE", "schema"],
  ["ALTER", "schema"],
  ["DROP", "schema"],
  ["TRUNCATE", "schema"],
  ["RENAME", "schema"],
  ["COMMENT", "schema"],
  ["REINDEX", "schema"],
  ["VACUUM", "schema"],
  ["SET", "session"],
  ["RESET", "session"],
  ["USE", "session"],
  ["LOCK", "session"],
  ["UNLOCK", "session"],
  ["LISTEN", "session"],
  ["UNLISTEN", "session"],
  ["PREPARE", "session"],
  ["DEALLOCATE", "session"],
  ["DISCARD", "session"],
  ["DECLARE", "session"],
  ["ATTACH", "session"],
  ["DETACH", "session"],
  ["PRAGMA", "session"],
  ["BEGIN", "transaction"],
  ["START", "transaction"],
  ["COMMIT", "transaction"],
  ["END", "transaction"],
  ["ROLLBACK", "transaction"],
  ["ABORT", "transaction"],
  ["SAVEPOINT", "transaction"],
  ["RELEASE", "transaction"],
]);

/** What raw text does, as far as its words tell. A locking or writing SELECT is no read. */
export function effectOf(text: string, tokens: readonly Token[]): Effect {
  const words = tokens
    .filter(({ kind }) => kind === "word")
    .map(({ start, end }) => text.slice(start, end).toUpperCase());
  const [first = ""] = words;
  const effect = EFFECTS.get(first) ?? "write";
  if (effect === "schema" && first === "CREATE" && isTemporary(text, tokens)) return "session";
  if (effect === "session" && first === "PRAGMA") return isTellingPragma(text, tokens) ? "read" : "session";
  if (effect !== "read") return effect;
  if (first === "EXPLAIN") return words.includes("ANALYZE") || words.includes("ANALYSE") ? "write" : "read";
  return isPlainRead(words) ? "read" : "write";
}

/** Words that make a statement write which begins like a read. A function of such a name is taken for one, which costs only its lease. */
const WRITING: ReadonlySet<string> = new Set(["INSERT", "UPDATE", "DELETE", "MERGE", "INTO"]);

/** What follows a word where it asks for locks: `FOR UPDATE`, `LOCK IN SHARE MODE`. `REPLACE INTO` has its INTO. */
const LOCKING: ReadonlyMap<string, RegExp> = new Map([
  ["FOR", /^(UPDATE|SHARE|NO|KEY)$/],
  ["LOCK", /^IN$/],
]);

function isPlainRead(words: readonly string[]): boolean {
  return !words.some((word, index) => WRITING.has(word) || LOCKING.get(word)?.test(words[index + 1] ?? "") === true);
}

/** How far into CREATE the word or the schema may stand that makes a thing of the connection's own. */
const CREATE_HEAD = 8;

function isTemporary(text: string, tokens: readonly Token[]): boolean {
  const head = tokens.slice(1, CREATE_HEAD).map(({ start, end }) => text.slice(start, end).toUpperCase());
  const [second] = head;
  if (second === "TEMPORARY" || second === "TEMP") return true;
  return head.some((word, index) => /^["`[]?TEMP["`\]]?$/.test(word) && head[index + 1] === ".");
}

/** Pragmas that take an argument and only tell. */
const TELLING_PRAGMAS =
  /^(table_x?info|table_list|index_x?info|index_list|foreign_key_(list|check)|integrity_check|quick_check)$/i;

/** `PRAGMA name` and `PRAGMA schema.name` tell; with `=` or an argument most change the session. */
function isTellingPragma(text: string, tokens: readonly Token[]): boolean {
  const words = tokens.map(({ start, end }) => text.slice(start, end));
  const rest = words[2] === "." ? words.slice(3) : words.slice(1);
  return rest.length === 1 || (rest[1] === "(" && TELLING_PRAGMAS.test(rest[0] as string));
}

/**
 * Refuses text of more than one statement: some drivers run only the first, and say nothing.
 * The body of a trigger has semicolons of its own, between BEGIN and END.
 */
export function requireOneStatement(text: string, tokens: readonly Token[]): void {
  let depth = 0;
  let hasBegun = false;
  const trigger = isTrigger(text, tokens);
  for (const [index, token] of tokens.entries()) {
    const word = trigger && token.kind === "word" ? text.slice(token.start, token.end).toUpperCase() : "";
    // The body has one BEGIN; any other is a name.
    if ((word === "BEGIN" && !hasBegun) || word === "CASE") depth++;
    hasBegun ||= word === "BEGIN";
    if (word === "END") depth--;
    if (token.kind !== "semicolon" || depth > 0) continue;
    if (tokens.slice(index + 1).every(({ kind }) => kind === "semicolon")) return;
    throw new UsageError(
      "One call runs one statement, but this text has several; run them one after another, in a transaction.",
    );
  }
}

function isTrigger(text: string, tokens: readonly Token[]): boolean {
  const [create, ...next] = tokens.slice(0, 3).map(({ start, end }) => text.slice(start, end).toUpperCase());
  const [second = "", third = ""] = next;
  return create === "CREATE" && (second === "TRIGGER" || (second.startsWith("TEMP") && third === "TRIGGER"));
}

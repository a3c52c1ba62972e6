import { UsageError } from "../errors/index.js";
import type { Effect } from "./compiled.js";
import type { LexicalRules, Token } from "./lexer.js";

/** What the first word of raw text makes of it, where the dialect does not say otherwise. A word that is not known may write. */
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
export function effectOf(text: string, tokens: readonly Token[], rules: LexicalRules): Effect {
  const words = tokens.filter(({ kind }) => kind === "word").map((token) => upper(text, token));
  const [first = "", second = ""] = words;
  const effect = rules.effects.get(`${first} ${second}`) ?? rules.effects.get(first) ?? EFFECTS.get(first) ?? "write";
  if (effect === "schema") return isTemporary(text, tokens, rules) ? "session" : "schema";
  if (effect === "session" && first === "PRAGMA") return isTellingPragma(text, tokens) ? "read" : "session";
  if ((effect === "read" || effect === "write") && staysInSession(text, tokens, rules)) return "session";
  if (effect !== "read") return effect;
  if (first === "EXPLAIN") return words.includes("ANALYZE") || words.includes("ANALYSE") ? "write" : "read";
  return isPlainRead(words) ? "read" : "write";
}

function upper(text: string, { start, end }: Token): string {
  return text.slice(start, end).toUpperCase();
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

/** Whether an expression leaves something behind in the session, whatever statement it stands in. */
function staysInSession(text: string, tokens: readonly Token[], rules: LexicalRules): boolean {
  return (
    (rules.userVariables && setsVariable(text, tokens)) || callsOneOf(rules.sessionFunctions ?? NONE, text, tokens)
  );
}

const NONE: ReadonlySet<string> = new Set();

function callsOneOf(names: ReadonlySet<string>, text: string, tokens: readonly Token[]): boolean {
  return tokens.some((token, index) => {
    const next = tokens[index + 1];
    if (next === undefined || text[next.start] !== "(") return false;
    const name = upper(text, token);
    return names.has(token.kind === "name" ? name.slice(1, -1) : name);
  });
}

/** `@name := …` and `INTO @name`; `@@name` is a variable of the server. */
function setsVariable(text: string, tokens: readonly Token[]): boolean {
  const parts = tokens.map((token) => upper(text, token));
  return parts.some(
    (part, index) =>
      part === "@" &&
      parts[index - 1] !== "@" &&
      (parts[index - 1] === "INTO" || (parts[index + 2] === ":" && parts[index + 3] === "=")),
  );
}

/** How far into CREATE or DROP the word or the schema may stand that makes a thing of the connection's own. */
const HEAD = 8;

const CREATING = /^(CREATE|DROP)$/;
const TEMPORARY = /^(TEMPORARY|TEMP)$/;

function isTemporary(text: string, tokens: readonly Token[], { temporarySchema }: LexicalRules): boolean {
  const [first = "", ...head] = tokens.slice(0, HEAD).map((token) => upper(text, token));
  if (!CREATING.test(first)) return false;
  const [second = "", third = "", fourth = ""] = head;
  if (TEMPORARY.test(second) || (second === "OR" && third === "REPLACE" && TEMPORARY.test(fourth))) return true;
  return head.some((word, index) => isSchema(word, temporarySchema) && head[index + 1] === ".");
}

function isSchema(word: string, schema: string | null): boolean {
  return schema !== null && word.replace(/^["`[]|["`\]]$/g, "") === schema.toUpperCase();
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
export function requireOneStatement(text: string, tokens: readonly Token[], rules: LexicalRules): void {
  if (rules.refusesSeveral && isRoutine(text, tokens)) return;
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

const ROUTINE = /^(TRIGGER|PROCEDURE|FUNCTION|EVENT|PACKAGE)$/;

/** How far into CREATE the word may stand behind OR REPLACE, DEFINER = `user`@`host`, AGGREGATE. */
const ROUTINE_HEAD = 12;

function isRoutine(text: string, tokens: readonly Token[]): boolean {
  const [create = "", ...head] = tokens.slice(0, ROUTINE_HEAD).map((token) => upper(text, token));
  return create === "CREATE" && head.some((word) => ROUTINE.test(word));
}

function isTrigger(text: string, tokens: readonly Token[]): boolean {
  const [create, ...next] = tokens.slice(0, 3).map(({ start, end }) => text.slice(start, end).toUpperCase());
  const [second = "", third = ""] = next;
  return create === "CREATE" && (second === "TRIGGER" || (second.startsWith("TEMP") && third === "TRIGGER"));
}

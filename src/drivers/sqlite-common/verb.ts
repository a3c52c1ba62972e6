/** What a statement does, as far as SQLite's counters depend on it. */
export type Verb = "insert" | "change" | "other";

const VERBS: ReadonlyMap<string, Verb> = new Map([
  ["INSERT", "insert"],
  ["REPLACE", "insert"],
  ["UPDATE", "change"],
  ["DELETE", "change"],
]);

/** Words that end the WITH clause of a statement, where they stand outside of parentheses. */
const MAIN_WORDS: ReadonlySet<string> = new Set(["SELECT", "VALUES", ...VERBS.keys()]);

/** One token: white space or a comment, something quoted, a word, or any other character. */
const TOKEN = /(\s+|--[^\n]*|\/\*[^]*?(?:\*\/|$))|'[^']*'|"[^"]*"|`[^`]*`|\[[^\]]*\]|([\w$\u0080-\uffff]+)|[^]/gy;

/**
 * Reads the verb from a statement's text: SQLite's `changes()` and `last_insert_rowid()` keep their values through statements that set
 * neither, so they are to be believed only after some.
 */
export function verbOf(sql: string): Verb {
  const words = wordsOf(sql);
  const first = words.next().value?.toUpperCase() ?? "";
  if (first !== "WITH") return VERBS.get(first) ?? "other";
  for (const word of words) {
    const upper = word.toUpperCase();
    if (MAIN_WORDS.has(upper)) return VERBS.get(upper) ?? "other";
  }
  return "other";
}

/** The bare words outside of parentheses. */
function* wordsOf(sql: string): Generator<string, undefined> {
  let depth = 0;
  for (const [token, space, word] of sql.matchAll(TOKEN)) {
    if (space !== undefined) continue;
    if (token === "(") depth += 1;
    else if (token === ")") depth -= 1;
    else if (word !== undefined && depth === 0) yield word;
  }
  return undefined;
}

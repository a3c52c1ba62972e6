import type { Effect } from "./compiled.js";

/** What one database's SQL text looks like, as far as finding names, strings and comments goes, and what its words do. */
export interface LexicalRules {
  /** Characters that open a quoted name, with those that close it. */
  readonly identifierQuotes: Readonly<Record<string, string>>;
  /** Characters that open a string, and close it. */
  readonly stringQuotes: string;
  /** A backslash takes the meaning of the next character in a string. */
  readonly backslashEscapes: boolean;
  /** `E'…'` has backslash escapes, whatever other strings have. */
  readonly escapeStrings: boolean;
  /** `$tag$ … $tag$` is a string. */
  readonly dollarQuotes: boolean;
  /** `#` begins a comment. */
  readonly hashComments: boolean;
  /** `--` begins a comment only before white space: `5--3` is 8. */
  readonly dashesNeedSpace: boolean;
  /** What stands in `/*! … *\/` is run. */
  readonly executableComments: boolean;
  readonly nestedComments: boolean;
  /** Characters by which the driver's own placeholders begin; raw text may not have them outside strings. */
  readonly placeholderCharacters: string;
  /** What a statement that begins with a word does, where that is not what the word means elsewhere. */
  readonly effects: ReadonlyMap<string, Effect>;
  /** The schema whose tables are the connection's own, `null` where there is none. */
  readonly temporarySchema: string | null;
  /** `@name` is a variable of the session, `:=` assigns to it. */
  readonly userVariables: boolean;
  /** Functions, in capitals, whose call leaves something behind in the session: a lock that outlives the statement. */
  readonly sessionFunctions?: ReadonlySet<string>;
  /** The server itself refuses a second statement, so that routines may have any body. */
  readonly refusesSeveral: boolean;
}

export interface Token {
  readonly kind:
    | "word"
    | "name"
    | "string"
    | "parameter"
    | "escapedColon"
    | "semicolon"
    | "placeholder"
    | "executableComment"
    | "other";
  readonly start: number;
  readonly end: number;
}

const WORD_START = /[A-Za-z_\u0080-\uffff]/;
const WORD_PART = /[A-Za-z0-9_$\u0080-\uffff]/;

/** Cuts SQL text into tokens; white space and comments are left out. Linear in the length of the text. */
export function tokenize(text: string, rules: LexicalRules): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const start = at;
    const kind = kindAt(text, start, rules);
    at = endOf(kind, text, start, rules);
    if (kind === "space" || kind === "comment") continue;
    tokens.push({ kind: kind === "escapeString" || kind === "dollarString" ? "string" : kind, start, end: at });
  }
  return tokens;
}

type Scanned = Token["kind"] | "space" | "comment" | "escapeString" | "dollarString";

function kindAt(text: string, at: number, rules: LexicalRules): Scanned {
  const character = text[at] as string;
  const next = text[at + 1] ?? "";
  if (/\s/.test(character)) return "space";
  if (isComment(text, at, rules)) return isExecutable(text, at, rules) ? "executableComment" : "comment";
  if (rules.stringQuotes.includes(character)) return "string";
  if (Object.hasOwn(rules.identifierQuotes, character)) return "name";
  if (rules.escapeStrings && /[eE]/.test(character) && next === "'") return "escapeString";
  if (rules.dollarQuotes && character === "$" && dollarTag(text, at) !== null) return "dollarString";
  if (character === "\\" && next === ":") return "escapedColon";
  if (character === ":" && isParameter(text, at)) return "parameter";
  if (character === ":" && next === ":") return "other";
  if (character === ";") return "semicolon";
  if (WORD_START.test(character)) return "word";
  return rules.placeholderCharacters.includes(character) ? "placeholder" : "other";
}

function isComment(text: string, at: number, { hashComments, dashesNeedSpace }: LexicalRules): boolean {
  if (text.startsWith("--", at)) return !dashesNeedSpace || at + 2 >= text.length || (text[at + 2] as string) <= " ";
  return text.startsWith("/*", at) || (hashComments && text[at] === "#");
}

/** `/*!`, and MariaDB's `/*M!`. */
function isExecutable(text: string, at: number, { executableComments }: LexicalRules): boolean {
  return executableComments && /^\/\*M?!/.test(text.slice(at, at + 4));
}

/** A colon begins a name unless it stands in `::`, `:=` or a slice such as `a[x:y]`. */
function isParameter(text: string, at: number): boolean {
  const before = text[at - 1] ?? " ";
  return WORD_START.test(text[at + 1] ?? "") && before !== ":" && !WORD_PART.test(before) && before !== "]";
}

function endOf(kind: Scanned, text: string, start: number, rules: LexicalRules): number {
  switch (kind) {
    case "space":
    case "semicolon":
    case "placeholder":
      return start + 1;
    case "comment":
    case "executableComment":
      return endOfComment(text, start, rules.nestedComments);
    case "string":
      return endOfQuoted(text, start + 1, text[start] as string, rules.backslashEscapes);
    case "escapeString":
      return endOfQuoted(text, start + 2, "'", true);
    case "dollarString":
      return endOfDollar(text, start);
    case "name":
      return endOfQuoted(text, start + 1, rules.identifierQuotes[text[start] as string] as string, false);
    case "escapedColon":
      return start + 2;
    case "parameter":
      return endOfWord(text, start + 1);
    case "word":
      return endOfWord(text, start);
    case "other":
      return endOfOther(text, start);
  }
}

/** `::` is one token, so that its second colon begins no name; numbers are one, so that `1e5` holds no word. */
function endOfOther(text: string, start: number): number {
  if (text.startsWith("::", start)) return start + 2;
  return /[0-9]/.test(text[start] as string) ? endOfWord(text, start) : start + 1;
}

function endOfWord(text: string, at: number): number {
  while (at < text.length && WORD_PART.test(text[at] as string)) at++;
  return at;
}

function endOfQuoted(text: string, at: number, close: string, backslash: boolean): number {
  while (at < text.length) {
    if (backslash && text[at] === "\\") at += 2;
    else if (text[at] !== close) at++;
    else if (text[at + 1] === close && close !== "]") at += 2;
    else return at + 1;
  }
  return text.length;
}

function endOfComment(text: string, start: number, nested: boolean): number {
  if (text[start] !== "/") {
    const end = text.indexOf("\n", start);
    return end === -1 ? text.length : end + 1;
  }
  let depth = 1;
  let at = start + 2;
  while (at < text.length) {
    if (text.startsWith("*/", at)) {
      at += 2;
      if (--depth === 0) return at;
    } else if (nested && text.startsWith("/*", at)) {
      depth++;
      at += 2;
    } else at++;
  }
  return text.length;
}

function dollarTag(text: string, at: number): string | null {
  return /^\$(?:[A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*)?\$/.exec(text.slice(at, at + 66))?.[0] ?? null;
}

function endOfDollar(text: string, start: number): number {
  const tag = dollarTag(text, start) as string;
  const end = text.indexOf(tag, start + tag.length);
  return end === -1 ? text.length : end + tag.length;
}

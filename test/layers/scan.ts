/** How a module names another one. A `typeof import("x")` is static: it loads nothing. */
export interface Import {
  readonly kind: "static" | "dynamic" | "require";
  /** Null where a dynamic import or a `require` computes it. */
  readonly specifier: string | null;
}

export interface Scanned {
  readonly imports: readonly Import[];
  /** The text without comments, each string, template text and regular expression replaced by a numbered placeholder. */
  readonly code: string;
  readonly lineCount: number;
}

/** One match is a comment, a string, a regular expression (after what cannot end a value), a template's mark, or one character. */
const token =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|(?<=(?:[(,=:[!&|?{};+]|\breturn|=>)\s*)\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/[a-z]*|`|[{}]|[\s\S]/g;
const templateText = /(?:\\[\s\S]|\$(?!\{)|[^\\`$])*(`|\$\{)/y;

/** Finds a TypeScript module's imports and its bare code without a parser: enough for prettier's output. */
export function scan(source: string): Scanned {
  const strings: string[] = [];
  const code = replaceLiterals(source, strings);
  return { imports: [...findImports(code, strings)], code, lineCount: source.trimEnd().split("\n").length };
}

/** A template's text is skipped and its `${…}` is code; braces are counted to find where that code ends. */
function replaceLiterals(source: string, strings: string[]): string {
  let code = "";
  let depth = 0;
  const templateDepths: number[] = [];
  token.lastIndex = 0;
  const skipTemplateText = (): void => {
    templateText.lastIndex = token.lastIndex;
    const end = templateText.exec(source);
    if (!end) throw new Error("A template literal does not end.");
    token.lastIndex = templateText.lastIndex;
    code += end[1] === "`" ? '"#"' : '"#"+(';
    if (end[1] === "${") templateDepths.push(depth);
  };
  for (let match = token.exec(source); match; match = token.exec(source)) {
    const [text] = match;
    if (text === "`") skipTemplateText();
    else if (text === "}" && templateDepths.at(-1) === depth) {
      templateDepths.pop();
      code += ")+";
      skipTemplateText();
    } else if (text.length === 1) {
      depth += text === "{" ? 1 : text === "}" ? -1 : 0;
      code += text;
    } else if (text.startsWith("//") || text.startsWith("/*")) code += " ";
    else if (text.startsWith("/")) code += '"#"';
    else code += `"#${strings.push(text.slice(1, -1)) - 1}"`;
  }
  return code;
}

function* findImports(code: string, strings: readonly string[]): Generator<Import> {
  const text = (index: string | undefined): string => strings[Number(index)]!;
  for (const match of code.matchAll(/\b(?:import|export)\b[^;"()]*?\bfrom\s*"#(\d+)"|\bimport\s*"#(\d+)"/g)) {
    yield { kind: "static", specifier: text(match[1] ?? match[2]) };
  }
  for (const match of code.matchAll(/(\btypeof\s+)?\bimport\s*\(\s*(?:"#(\d+)"\s*\))?/g)) {
    yield { kind: match[1] ? "static" : "dynamic", specifier: match[2] === undefined ? null : text(match[2]) };
  }
  for (const match of code.matchAll(/\brequire\s*\(\s*(?:"#(\d+)"\s*\))?/g)) {
    yield { kind: "require", specifier: match[1] === undefined ? null : text(match[1]) };
  }
}

/** A program of a documentation page: a TypeScript block and the blocks that continue it. */
export interface PageProgram {
  /** The line of its first block's fence, from 1. */
  readonly line: number;
  /** The code on the very lines that it has in the page, so that whatever names a line of it names the page's. */
  readonly code: string;
  /** Why it is compiled only, where the page says so. */
  readonly notRunBecause: string | undefined;
}

/** A block that breaks the rules for blocks. `problem` is a sentence. */
export interface PageProblem {
  readonly line: number;
  readonly problem: string;
}

interface Block {
  readonly line: number;
  readonly language: string;
  readonly flags: string;
  readonly lines: readonly string[];
}

/**
 * Reads the programs of a Markdown page. A fence says `ts`, `ts continue` (the block goes on with the one before it)
 * or `ts no-run REASON` (it is compiled, not run).
 */
export function readPrograms(page: string): { programs: PageProgram[]; problems: PageProblem[] } {
  const problems: PageProblem[] = [];
  const chains: { line: number; lines: string[]; reason: string | undefined }[] = [];
  for (const block of readBlocks(page)) {
    const problem = problemOf(block, chains.length > 0);
    if (problem) problems.push({ line: block.line, problem });
    if (problem || block.language !== "ts") continue;
    const continues = block.flags.startsWith("continue");
    if (!continues) chains.push({ line: block.line, lines: [], reason: undefined });
    const chain = chains.at(-1)!;
    block.lines.forEach((line, index) => (chain.lines[block.line + index] = line));
    chain.reason ??= /\bno-run (.+)/.exec(block.flags)?.[1];
  }
  const programs = chains.map(({ line, lines, reason }) => ({
    line,
    code: `${Array.from(lines, (text) => text ?? "").join("\n")}\nexport {};\n`,
    notRunBecause: reason,
  }));
  return { programs, problems };
}

function problemOf(block: Block, hasProgram: boolean): string | undefined {
  if (["typescript", "js", "javascript", "mjs"].includes(block.language))
    return "a fence says ts, so that the block is checked";
  if (block.language !== "ts") return undefined;
  if (!/^(continue)?( ?no-run( .+)?)?$/.test(block.flags)) return `unknown words behind ts: "${block.flags}"`;
  if (block.flags.endsWith("no-run")) return "no-run needs a reason behind it";
  if (block.flags.startsWith("continue") && !hasProgram) return "nothing stands before it to continue";
  return undefined;
}

function readBlocks(page: string): Block[] {
  const blocks: Block[] = [];
  let open: { block: Block; lines: string[]; end: RegExp } | undefined;
  page.split("\n").forEach((text, index) => {
    if (open) {
      if (open.end.test(text)) open = undefined;
      else open.lines.push(text);
      return;
    }
    const fence = /^\s*(`{3,}|~{3,})(\S*)\s*(.*?)\s*$/.exec(text);
    if (!fence) return;
    const [, marks = "", language = "", flags = ""] = fence;
    const lines: string[] = [];
    const block = { line: index + 1, language, flags, lines };
    blocks.push(block);
    open = { block, lines, end: new RegExp(`^\\s*${marks}\\s*$`) };
  });
  return blocks;
}

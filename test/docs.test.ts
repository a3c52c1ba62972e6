import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { readPrograms, type PageProgram } from "../scripts/code-blocks.js";
import { installPacked } from "../scripts/packed.js";
import { projectRoot, run, type Outcome } from "../scripts/project.js";

/** Every page whose code is checked: README.md and all below docs/. */
function listPages(): string[] {
  const docs = join(projectRoot, "docs");
  const entries = existsSync(docs) ? readdirSync(docs, { recursive: true, withFileTypes: true }) : [];
  const pages = entries.filter((entry) => entry.name.endsWith(".md"));
  return ["README.md", ...pages.map((entry) => relative(projectRoot, join(entry.parentPath, entry.name))).sort()];
}

/** A program's file carries the page's name and its first line, and its lines are the page's. */
const fileOf = (page: string, program: PageProgram): string => `${page}/L${program.line}.ts`;

const compilerOptions = {
  target: "ES2022",
  module: "NodeNext",
  lib: ["ES2023", "ESNext.Disposable"],
  types: ["node"],
  strict: true,
  // What users export must have types that can be named from outside.
  declaration: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  sourceMap: true,
  rootDir: ".",
  outDir: "out",
};

describe("documentation", () => {
  const pages = listPages().map((page) => ({ page, ...readPrograms(readFileSync(join(projectRoot, page), "utf8")) }));
  const programs = pages.flatMap(({ page, programs }) => programs.map((program) => ({ page, program })));
  let folder: string;
  let compiled: Outcome;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "databases-docs-"));
    await installPacked(folder, ["@types/node", "undici-types", "better-sqlite3"]);
    writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
    writeFileSync(
      join(folder, "tsconfig.json"),
      JSON.stringify({ compilerOptions, files: programs.map(pathInFolder) }),
    );
    for (const { page, program } of programs) {
      const path = join(folder, fileOf(page, program));
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, program.code);
    }
    compiled = await run(join(projectRoot, "node_modules", ".bin", "tsc"), ["-p", "."], { cwd: folder });
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const pathInFolder = ({ page, program }: (typeof programs)[number]): string => fileOf(page, program);

  test("a program keeps its page's lines, and a continuing block goes on with the one before it", () => {
    const page = [
      "# Title",
      "```ts",
      "one();",
      "```",
      "```sh",
      "ls",
      "```",
      "```ts continue no-run needs a server",
      "two();",
      "```",
    ];
    const { programs, problems } = readPrograms(page.join("\n"));
    assert.deepEqual(problems, []);
    const code = `\n\none();\n\n\n\n\n\ntwo();\nexport {};\n`;
    assert.deepEqual(programs, [{ line: 2, code, notRunBecause: "needs a server" }]);
  });

  test("a block that breaks the rules is named", () => {
    const page = ["```ts continue", "```", "```js", "```", "```ts no-run", "```", "```ts wrong", "```"].join("\n");
    assert.deepEqual(
      readPrograms(page).problems.map((problem) => problem.line),
      [1, 3, 5, 7],
    );
  });

  test("every block says what it is", () => {
    const problems = pages.flatMap(({ page, problems }) => problems.map((it) => `${page}:${it.line}: ${it.problem}`));
    assert.deepEqual(problems, []);
  });

  test("the programs compile together", () => {
    assert.equal(compiled.code, 0, nameLines(compiled.output));
  });

  for (const { page, program } of programs) {
    const title = `${page}:${program.line}`;
    test(
      program.notRunBecause ? `${title} compiles (not run: ${program.notRunBecause})` : `${title} compiles and runs`,
      async () => {
        const errors = compiled.output.split("\n").filter((line) => line.startsWith(`${fileOf(page, program)}(`));
        assert.deepEqual(errors, [], nameLines(errors.join("\n")));
        if (program.notRunBecause) return;
        const cwd = mkdtempSync(join(folder, "run-"));
        const script = join(folder, "out", fileOf(page, program).replace(/ts$/, "js"));
        const outcome = await run(
          process.execPath,
          ["--enable-source-maps", "--disallow-code-generation-from-strings", script],
          { cwd, timeoutMs: 60_000 },
        );
        assert.equal(outcome.code, 0, `${title} exited with ${outcome.code}\n${nameLines(outcome.output)}`);
      },
    );
  }
});

/** Turns `README.md/L12.ts(15,3)` and `README.md/L12.ts:15:3` into `README.md:15:3`. */
function nameLines(output: string): string {
  return output.replaceAll(/(\S+\.md)\/L\d+\.ts[(:](\d+)[,:](\d+)\)?/g, "$1:$2:$3");
}

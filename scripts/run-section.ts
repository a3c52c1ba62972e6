import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { createInterface } from "node:readline";
import { PassThrough } from "node:stream";
import { prepareNode24, type NodeHome } from "./node-24.js";
import { projectRoot, run } from "./project.js";
import type { Report } from "./reporter.js";
import { serversFor, type Section } from "./sections.js";
import type { Servers } from "./servers/running.js";

/** What a section, or a whole run, came to. */
export interface Figures {
  passed: number;
  failed: number;
  skipped: number;
}

/** A test that hangs fails; a file that does not end after its tests, because something in it is still open, ends its section. */
const testTimeoutMs = 120_000;
const sectionTimeoutMs = 420_000;

/** Two processes fit two cores. */
const nodeOptions = [
  "--enable-source-maps",
  "--disallow-code-generation-from-strings",
  "--test",
  "--test-concurrency=2",
  `--test-timeout=${testTimeoutMs}`,
];

/** Runs the tests of one section, prints its heading, its failures and its figures, and gives the figures. */
export async function runSection(section: Section, tests: readonly string[], servers: Servers): Promise<Figures> {
  console.log(`\n== ${section.title}`);
  const startedAt = performance.now();
  const figures: Figures = { passed: 0, failed: 0, skipped: 0 };
  try {
    await runTests(section, tests, servers, figures);
  } catch (error) {
    figures.failed += 1;
    console.log(error instanceof Error ? error.message : error);
  }
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  const skipped = figures.skipped > 0 ? `, ${figures.skipped} skipped` : "";
  console.log(`   ${figures.passed} passed, ${figures.failed} failed${skipped} (${seconds} s)`);
  return figures;
}

async function runTests(section: Section, tests: readonly string[], servers: Servers, figures: Figures): Promise<void> {
  if (tests.length === 0) throw new Error("There is no test file for this section.");
  const { env, lacking } = findServers(section, tests, servers);
  for (const [reason, without] of lacking) {
    figures.failed += without.length;
    console.log(`   failed: ${without.map((test) => `test/${test}.ts`).join(", ")}: ${reason}`);
  }
  const files = tests
    .filter((test) => ![...lacking.values()].flat().includes(test))
    .map((test) => `build/test/${test}.js`);
  // Without a file, node --test would look for tests by itself.
  if (files.length === 0) return;
  const home: NodeHome =
    section.node === "24" ? await prepareNode24() : { binary: process.execPath, folder: projectRoot };
  const temporary = mkdtempSync(join(tmpdir(), "databases-test-"));
  try {
    const reports = new PassThrough();
    const counted = countReports(reports, home, figures);
    const reporter = ["--test-reporter=./build/scripts/reporter.js", "--test-reporter-destination=stdout"];
    const { code, timedOut, output } = await run(home.binary, [...nodeOptions, ...reporter, ...files], {
      cwd: home.folder,
      env: { ...section.env, ...env, TMPDIR: temporary },
      timeoutMs: sectionTimeoutMs,
      onStdout: (text) => reports.write(text),
    });
    reports.end();
    await counted;
    if (timedOut) throw new Error(`A file was still running after ${sectionTimeoutMs} ms: the section was ended.`);
    if (figures.passed === 0 && figures.failed === 0) throw new Error(`No test ran.\n${output}`);
    if (code !== 0 && figures.failed === 0) throw new Error(`The test runner exited with ${code}.\n${output}`);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** What the tests find their servers by, and the tests of each server that there is not, by the reason. */
function findServers(section: Section, tests: readonly string[], servers: Servers) {
  const env: Record<string, string> = {};
  const lacking = new Map<string, string[]>();
  for (const test of tests) {
    try {
      for (const name of serversFor(section, test)) Object.assign(env, servers.environmentFor(name));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      lacking.set(reason, [...(lacking.get(reason) ?? []), test]);
    }
  }
  return { env, lacking };
}

async function countReports(reports: PassThrough, home: NodeHome, figures: Figures): Promise<void> {
  for await (const line of createInterface({ input: reports })) {
    const report = JSON.parse(line) as Report;
    if (report.kind === "printed") {
      process.stdout.write(report.text);
      continue;
    }
    figures[report.kind] += 1;
    if (report.kind !== "passed") console.log(`   ${report.kind}: ${source(report.file, home)}: ${report.test}`);
    if (report.detail !== "") console.log(report.detail.replaceAll(/^/gm, "      "));
  }
}

/** The path in the project of a test's source, whether a source map has named it already or not. */
function source(file: string, home: NodeHome): string {
  return relative(home.folder, file).replace(/^build\/(.*)\.js$/, "$1.ts");
}

/** Everything about the project that is not a test: `npm run check`, after a build of everything. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pack } from "./packed.js";
import { projectRoot, run } from "./project.js";

interface Check {
  readonly name: string;
  /** A tool of devDependencies and its arguments. */
  readonly tool: string;
  readonly args: readonly string[];
}

const checks = (tarball: string): readonly Check[] => [
  { name: "formatted", tool: "prettier", args: ["--check", "."] },
  { name: "linted", tool: "oxlint", args: ["--type-aware", "--deny-warnings"] },
  { name: "no unused file, export or dependency", tool: "knip", args: ["--treat-config-hints-as-errors"] },
  { name: "packed as npm expects", tool: "publint", args: [tarball, "--strict"] },
  { name: "types resolve", tool: "attw", args: [tarball, "--profile", "esm-only", "--no-emoji"] },
];

const folder = mkdtempSync(join(tmpdir(), "databases-check-"));
try {
  process.exitCode = await main();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function main(): Promise<number> {
  console.log("ok      built");
  const tarball = await pack(folder);
  const failed: string[] = [];
  for (const { name, tool, args } of checks(tarball.path)) {
    const { code, output } = await run(join(projectRoot, "node_modules", ".bin", tool), args);
    console.log(`${code === 0 ? "ok     " : "FAILED "} ${name}`);
    if (code === 0) continue;
    failed.push(tool);
    console.log(`${[tool, ...args].join(" ")} exited with ${code}:\n${output}`);
  }
  console.log(failed.length === 0 ? "All checks passed." : `Failed: ${failed.join(", ")}.`);
  return failed.length === 0 ? 0 : 1;
}

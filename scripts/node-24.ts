import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot, run } from "./project.js";

/** A Node and the folder in which it finds the compiled tests and its own install of their packages. */
export interface NodeHome {
  readonly binary: string;
  readonly folder: string;
}

const manifest = join(projectRoot, "test", "node-24");
const folder = join(projectRoot, ".cache", "node-24");

/**
 * Node 24 with its own install folder (native packages differ by Node), holding a copy of build/. The install is kept
 * until the lock file changes. `TEST_NODE_24`, the path of a binary, takes the place of the Node from npm.
 *
 * @throws Error when there is no Node 24, with what to do.
 */
export async function prepareNode24(): Promise<NodeHome> {
  await install();
  const binary = process.env["TEST_NODE_24"] ?? join(folder, "node_modules", ".bin", "node");
  await assertNode24(binary);
  rmSync(join(folder, "build"), { recursive: true, force: true });
  cpSync(join(projectRoot, "build"), join(folder, "build"), { recursive: true });
  return { binary, folder };
}

async function install(): Promise<void> {
  const lock = readFileSync(join(manifest, "package-lock.json"));
  const key = createHash("sha256").update(lock).update(`${process.platform} ${process.arch}`).digest("hex");
  const stamp = join(folder, "installed");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === key) return;
  mkdirSync(folder, { recursive: true });
  rmSync(stamp, { force: true });
  for (const file of ["package.json", "package-lock.json"]) cpSync(join(manifest, file), join(folder, file));
  // The packages hold their binaries: nothing is compiled, so no script of theirs has to run.
  const { code, output } = await run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: folder });
  if (code !== 0) {
    throw new Error(
      `Node 24 for the tests could not be installed into ${folder}: "npm ci" exited with ${code}.\n${output}`,
    );
  }
  writeFileSync(stamp, key);
}

async function assertNode24(binary: string): Promise<void> {
  const version = existsSync(binary) ? (await run(binary, ["--version"])).output.trim() : "missing";
  if (version.startsWith("v24.")) return;
  throw new Error(
    `No Node 24 for ${process.platform}-${process.arch} at ${binary} (${version}): set TEST_NODE_24 to the path of a Node 24 binary, or leave its tests out with "--only".`,
  );
}

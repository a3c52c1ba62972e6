import { cpSync, existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { installPackages } from "./install.js";
import { projectRoot, run } from "./project.js";

/** A Node and the folder in which it finds the compiled tests and its own install of their packages. */
export interface NodeHome {
  readonly binary: string;
  readonly folder: string;
}

/**
 * Node 24 with its own install folder (native packages differ by Node), holding a copy of build/. `TEST_NODE_24`, the
 * path of a binary, takes the place of the Node from npm.
 *
 * @throws Error when there is no Node 24, with what to do.
 */
export async function prepareNode24(): Promise<NodeHome> {
  const folder = await installPackages(join(projectRoot, "test", "node-24"), "node-24");
  const binary = process.env["TEST_NODE_24"] ?? join(folder, "node_modules", ".bin", "node");
  await assertNode24(binary);
  rmSync(join(folder, "build"), { recursive: true, force: true });
  cpSync(join(projectRoot, "build"), join(folder, "build"), { recursive: true });
  return { binary, folder };
}

async function assertNode24(binary: string): Promise<void> {
  const version = existsSync(binary) ? (await run(binary, ["--version"])).output.trim() : "missing";
  if (version.startsWith("v24.")) return;
  throw new Error(
    `No Node 24 for ${process.platform}-${process.arch} at ${binary} (${version}): set TEST_NODE_24 to the path of a Node 24 binary, or leave its tests out with "--only".`,
  );
}

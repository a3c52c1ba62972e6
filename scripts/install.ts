import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot, run } from "./project.js";

/**
 * Installs the manifest and the lock file of a folder of the project into `.cache/<name>`, and gives that folder. An
 * install is kept until the lock file changes. The packages hold their binaries: nothing is compiled, so no script of
 * theirs runs; `complete` does what is left to do.
 *
 * @throws Error with what npm said.
 */
export async function installPackages(
  manifest: string,
  name: string,
  complete?: (folder: string) => void,
): Promise<string> {
  const folder = join(projectRoot, ".cache", name);
  const lock = readFileSync(join(manifest, "package-lock.json"));
  const key = createHash("sha256").update(lock).update(`${process.platform} ${process.arch}`).digest("hex");
  const stamp = join(folder, "installed");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === key) return folder;
  mkdirSync(folder, { recursive: true });
  rmSync(stamp, { force: true });
  for (const file of ["package.json", "package-lock.json"]) cpSync(join(manifest, file), join(folder, file));
  const { code, output } = await run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: folder });
  if (code !== 0) throw new Error(`"npm ci" in ${folder} exited with ${code}.\n${output}`);
  complete?.(folder);
  writeFileSync(stamp, key);
  return folder;
}

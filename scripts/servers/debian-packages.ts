import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot, run } from "../project.js";
import { findMirror, readSources } from "./apt-sources.js";
import { findPrograms } from "./machine.js";
import type { Note } from "./server.js";

/** A program from a foreign system, and the beginning of the command that runs it with that system's own libraries. */
export interface Unpacked {
  readonly root: string;
  readonly loader: readonly string[];
}

/** Folders of libraries, and the file that loads a program with them. */
const platforms: Readonly<Record<string, { readonly libraries: string; readonly loader: string }>> = {
  x64: { libraries: "x86_64-linux-gnu", loader: "ld-linux-x86-64.so.2" },
  arm64: { libraries: "aarch64-linux-gnu", loader: "ld-linux-aarch64.so.1" },
};

const cache = join(projectRoot, ".cache", "servers");
const unfinished = "unfinished-";
const abandonedAfterMs = 3_600_000;

/**
 * A Debian package of a suite with all that it needs, libc too, unpacked into a folder of the cache: nothing of the
 * system changes, and nothing of it is used. It is unpacked beside its place and then renamed, so that what is in its
 * place is whole.
 *
 * @throws Error when this machine has no mirror of Debian, no tools of its, or no way to the mirror.
 */
export async function unpackDebian(suite: string, name: string, note: Note): Promise<Unpacked> {
  const root = join(cache, `${name}-${process.arch}`);
  if (!existsSync(root)) await fetchInto(root, suite, name, note);
  return { root, loader: loaderOf(root) };
}

async function fetchInto(root: string, suite: string, name: string, note: Note): Promise<void> {
  const missing = ["apt-get", "dpkg-deb"].filter((tool) => findPrograms([tool]).length === 0);
  if (missing.length > 0) throw new Error(`there is no ${missing.join(" and no ")}`);
  const mirror = findMirror(readSources());
  if (mirror === null) throw new Error("apt's sources name no mirror of Debian");
  note(`downloading ${name} of Debian ${suite} into ${cache}`);
  mkdirSync(cache, { recursive: true });
  removeAbandoned();
  const work = mkdtempSync(join(cache, unfinished));
  try {
    const source = `deb${mirror.signedBy === null ? "" : ` [signed-by=${mirror.signedBy}]`} ${mirror.uri} ${suite} main`;
    await download(work, source, name);
    const tree = join(work, "root");
    for (const file of listPackages(work)) await must("dpkg-deb", ["-x", file, tree]);
    // Clients and tools: a server needs none, and they are a third of it.
    rmSync(join(tree, "usr", "bin"), { recursive: true, force: true });
    moveInto(root, tree);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Downloads a package and all others that it needs, as on a system on which nothing is installed. */
async function download(work: string, source: string, name: string): Promise<void> {
  for (const folder of ["lists", "archives"]) mkdirSync(join(work, folder, "partial"), { recursive: true });
  const list = join(work, "sources.list");
  writeFileSync(list, `${source}\n`);
  const settings = [
    `Dir::Etc::sourcelist=${list}`,
    "Dir::Etc::sourceparts=/dev/null",
    `Dir::State::lists=${join(work, "lists")}`,
    "Dir::State::status=/dev/null",
    `Dir::Cache=${work}`,
    `Dir::Cache::archives=${join(work, "archives")}`,
    "Debug::NoLocking=1",
    "APT::Sandbox::User=root",
    "Acquire::Languages=none",
    "Acquire::Retries=3",
  ].flatMap((setting) => ["-o", setting]);
  await must("apt-get", [...settings, "-qq", "--error-on=any", "update"]);
  await must("apt-get", [...settings, "-qq", "-y", "--no-install-recommends", "--download-only", "install", name]);
}

function listPackages(work: string): string[] {
  const archives = join(work, "archives");
  return readdirSync(archives)
    .filter((file) => file.endsWith(".deb"))
    .map((file) => join(archives, file));
}

async function must(command: string, args: readonly string[]): Promise<void> {
  const { code, output } = await run(command, args);
  if (code !== 0) throw new Error(`${command} exited with ${code}: ${output.trim()}`);
}

/** Another test command may have been faster: its tree is as good. */
function moveInto(root: string, tree: string): void {
  try {
    renameSync(tree, root);
  } catch (error) {
    if (!existsSync(root)) throw error;
  }
}

/** What a command that was killed has left. */
function removeAbandoned(): void {
  for (const name of readdirSync(cache).filter((it) => it.startsWith(unfinished))) {
    const folder = join(cache, name);
    if (Date.now() - statSync(folder).mtimeMs > abandonedAfterMs) rmSync(folder, { recursive: true, force: true });
  }
}

function loaderOf(root: string): string[] {
  const platform = platforms[process.arch];
  if (platform === undefined) throw new Error(`Debian's packages are not used on ${process.arch}`);
  const folders = ["lib", join("usr", "lib")].map((folder) => join(root, folder, platform.libraries));
  const loader = folders.map((folder) => join(folder, platform.loader)).find(existsSync);
  if (loader === undefined) throw new Error(`${root} holds no ${platform.loader}: remove that folder`);
  return [loader, "--library-path", folders.join(":")];
}

import { mkdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { projectRoot, run, type Outcome } from "./project.js";

export interface Tarball {
  readonly path: string;
  /** The packed files, as paths below the package's folder. */
  readonly files: readonly string[];
}

interface PackReport {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

/** Packs what `npm publish` would send into `folder`. dist/ must have been built. */
export async function pack(folder: string): Promise<Tarball> {
  const { output } = await expectSuccess(
    run("npm", ["pack", "--ignore-scripts", "--silent", "--json", "--pack-destination", folder]),
  );
  const [report] = JSON.parse(output.slice(output.indexOf("["))) as PackReport[];
  if (report === undefined) throw new Error("npm pack packed nothing.");
  return { path: join(folder, report.filename), files: report.files.map((file) => file.path).sort() };
}

/**
 * Lays the packed package into `folder`/node_modules as npm would, and links the project's own installed packages
 * `linked` beside it.
 */
export async function installPacked(folder: string, linked: readonly string[]): Promise<void> {
  const tarball = await pack(folder);
  const home = join(folder, "node_modules", "databases");
  mkdirSync(home, { recursive: true });
  await expectSuccess(run("tar", ["-xzf", tarball.path, "-C", home, "--strip-components=1"]));
  for (const name of linked) {
    const link = join(folder, "node_modules", name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(projectRoot, "node_modules", name), link);
  }
}

async function expectSuccess(running: Promise<Outcome>): Promise<Outcome> {
  const outcome = await running;
  if (outcome.code !== 0) throw new Error(`A program exited with ${outcome.code}:\n${outcome.output}`);
  return outcome;
}

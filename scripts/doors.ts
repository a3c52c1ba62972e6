import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "./project.js";

/** An entry of package.json's `exports` that holds code. */
export interface Door {
  /** What a user imports: `databases`, `databases/sqlite`. */
  readonly specifier: string;
  /** What the entry names for each condition, as paths in the package. */
  readonly targets: Readonly<Record<string, string>>;
  /** The absolute path of its source file. */
  readonly source: string;
}

interface Manifest {
  readonly name: string;
  readonly exports: Readonly<Record<string, string | null | Readonly<Record<string, string>>>>;
  readonly dependencies?: unknown;
}

export function readManifest(): Manifest {
  return JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8")) as Manifest;
}

/** The package's doors in the order of package.json. */
export function listDoors(): Door[] {
  const { name, exports } = readManifest();
  return Object.entries(exports).flatMap(([path, targets]) => {
    if (targets === null || typeof targets === "string") return [];
    const file = path === "." ? "index" : path.slice("./".length);
    return [{ specifier: join(name, path), targets, source: join(projectRoot, "src", `${file}.ts`) }];
  });
}

import { readlinkSync, realpathSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { DriverTraits } from "../../driver/driver.js";
import { ConfigurationError } from "../../errors/index.js";
import type { DatabaseURL } from "../../url/index.js";

/** What SQLite's own URIs call them: read only, read and write, and the default, which creates the file. */
export const OPEN_MODES = ["ro", "rw", "rwc"] as const;

export type OpenMode = (typeof OPEN_MODES)[number];

/** Which database a URL names: a file, or one in memory (`path` is `null`). */
export interface SqliteLocation {
  /** Absolute, relative paths being relative to the working folder. */
  readonly path: string | null;
  readonly mode: OpenMode;
}

/** By URL: a relative path means one file for as long as the URL is used, wherever the process goes meanwhile. */
const LOCATIONS = new WeakMap<DatabaseURL, SqliteLocation>();

/** @throws {ConfigurationError} when the mode or the path cannot be. */
export function sqliteLocation(url: DatabaseURL): SqliteLocation {
  let location = LOCATIONS.get(url);
  if (location === undefined) LOCATIONS.set(url, (location = locate(url)));
  return location;
}

function locate(url: DatabaseURL): SqliteLocation {
  const path = pathOf(url.database ?? "");
  const mode = url.option("mode");
  if (mode === null) return { path, mode: "rwc" };
  if (path === null) throw new ConfigurationError("The option mode in the database URL is for files: remove it.");
  const known = OPEN_MODES.find((it) => it === mode);
  if (known === undefined) {
    throw new ConfigurationError(`The option mode in the database URL must be one of ${OPEN_MODES.join(", ")}.`);
  }
  return { path, mode: known };
}

export function sqliteTraits(url: DatabaseURL): DriverTraits {
  const { path, mode } = sqliteLocation(url);
  return {
    singleConnection: path === null,
    isReadOnly: mode === "ro",
    writerKey: path === null ? null : realPath(path),
  };
}

function pathOf(database: string): string | null {
  if (database === "" || database === ":memory:") return null;
  // One of the drivers trims the name, and would open another file than the other.
  if (database !== database.trimEnd()) {
    throw new ConfigurationError(
      "The path in the database URL ends with white space: rename the file or correct the path.",
    );
  }
  return resolve(database);
}

/** How many links are followed before they are taken to go round in a circle. */
const MAX_LINKS = 40;

/** The path without symbolic links, whether or not the file exists: SQLite creates what a link points to. */
function realPath(path: string, links = MAX_LINKS): string {
  try {
    return realpathSync.native(path);
  } catch {
    // A path that cannot be followed to its end is followed as far as it goes; opening it will tell what is wrong.
    const target = links > 0 ? linkTarget(path) : null;
    if (target !== null) return realPath(target, links - 1);
    const folder = dirname(path);
    return folder === path ? path : join(realPath(folder, links), basename(path));
  }
}

function linkTarget(path: string): string | null {
  try {
    return resolve(dirname(path), readlinkSync(path));
  } catch {
    return null;
  }
}

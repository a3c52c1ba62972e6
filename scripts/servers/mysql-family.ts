import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../project.js";
import { findPrograms, isRoot } from "./machine.js";
import type { Command, Place } from "./server.js";

/** A mysqld or mariadbd that can be run. */
export interface Programs {
  /** The server's file, and the loader before it where it has one. */
  readonly command: readonly string[];
  /** The arguments by which it finds its own files; none where it knows them. */
  readonly own: readonly string[];
}

/** MySQL and MariaDB are started alike. `statements` are run before the first login; each stands on one line. */
export function serveCommand(programs: Programs, place: Place, statements: readonly string[]): Command {
  const statementsFile = join(place.folder, "login.sql");
  writeFileSync(statementsFile, statements.map((statement) => `${statement};\n`).join(""), { mode: 0o600 });
  return programCommand(programs, [
    ...dataArguments(place),
    `--init-file=${statementsFile}`,
    "--bind-address=127.0.0.1",
    `--port=${place.port}`,
    `--socket=${join(place.folder, "socket")}`,
    `--pid-file=${join(place.folder, "pid")}`,
    `--secure-file-priv=${place.folder}`,
    "--skip-name-resolve",
    ...settings,
  ]);
}

/** What a server in a container is told as well. */
export const settings: readonly string[] = [
  "--skip-log-bin",
  "--innodb-flush-log-at-trx-commit=0",
  "--innodb-buffer-pool-size=64M",
  "--max-connections=300",
  // No session's: one that does not set its own shows.
  "--default-time-zone=+05:30",
];

/** A server refuses root unless it is told by name that it may. */
export function programCommand({ command: [file = "", ...before], own }: Programs, args: readonly string[]): Command {
  return { file, args: [...before, "--no-defaults", ...own, ...(isRoot ? ["--user=root"] : []), ...args] };
}

export const dataArguments = ({ folder }: Place): string[] => [`--datadir=${join(folder, "data")}`];

/** The first installed program whose `--version` is welcome. @throws Error that lists what is installed. */
export async function findInstalled(
  names: readonly string[],
  isWelcome: (version: Version) => boolean,
): Promise<string> {
  const others: string[] = [];
  for (const file of findPrograms(names)) {
    const { output } = await run(file, ["--no-defaults", "--version"]);
    if (isWelcome(readVersion(output))) return file;
    others.push(output.trim());
  }
  throw new Error(others.length === 0 ? `there is no ${names.join(" and no ")}` : `there is only ${others.join(", ")}`);
}

/** Whose a server is, and its version as one number: 8.0.21 is 80021. */
export interface Version {
  readonly isMariadb: boolean;
  readonly number: number;
}

/** Reads what `--version` prints: MariaDB's mysqld is MariaDB. */
export function readVersion(output: string): Version {
  const [, major, minor, patch] = /\bVer (\d+)\.(\d+)\.(\d+)/.exec(output) ?? [];
  return {
    isMariadb: output.includes("MariaDB"),
    number: Number(major ?? 0) * 10_000 + Number(minor ?? 0) * 100 + Number(patch ?? 0),
  };
}

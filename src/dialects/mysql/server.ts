import { UnsupportedError } from "../../errors/index.js";

export type Flavour = "mysql" | "mariadb";

type Version = readonly [major: number, minor: number, patch: number];

/** Which of the two servers it is, and which version of it. */
export interface Server {
  readonly flavour: Flavour;
  readonly version: Version;
}

/** The oldest versions that this dialect is made for. */
const OLDEST: Readonly<Record<Flavour, Version>> = { mysql: [8, 0, 21], mariadb: [10, 6, 0] };

/** What stands in for a server before one has said what it is. */
export const UNKNOWN_SERVER: Server = { flavour: "mysql", version: [8, 4, 0] };

/**
 * Reads `"9.7.4-2"`, `"10.11.19-MariaDB-0+deb12u1"`, and `"5.5.5-10.6.4-MariaDB"`, as MariaDB shows itself to replicas.
 *
 * @throws {UnsupportedError} for a version that is older than this dialect is made for, and for what is no version.
 */
export function serverOf(serverVersion: string): Server {
  const flavour: Flavour = /mariadb/i.test(serverVersion) ? "mariadb" : "mysql";
  const [, major, minor, patch] = /^(?:5\.5\.5-(?=\d+\.))?(\d+)\.(\d+)\.(\d+)/.exec(serverVersion) ?? [];
  const server: Server = { flavour, version: [Number(major), Number(minor), Number(patch)] };
  const oldest = OLDEST[flavour];
  if (isAtLeast(server, oldest)) return server;
  throw new UnsupportedError(
    `The server is ${flavour} ${serverVersion}, but this library needs ${flavour} ${oldest.join(".")} or newer: upgrade the server.`,
  );
}

export function isAtLeast({ version }: Server, since: readonly number[]): boolean {
  for (const [index, part] of version.entries()) {
    const least = since[index] ?? 0;
    if (part !== least) return part > least;
  }
  return true;
}

/** The order of text: by code points, in which a blank at the end counts and no two texts are equal but the same. */
export const COLLATIONS: Readonly<Record<Flavour, string>> = {
  mysql: "utf8mb4_0900_bin",
  mariadb: "utf8mb4_nopad_bin",
};

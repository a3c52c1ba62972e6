import { existsSync, statSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { run } from "../project.js";
import type { SystemUser } from "./server.js";

/** Whether this process may do everything: some servers refuse to be started so. */
export const isRoot: boolean = process.getuid?.() === 0;

/** The usual ports of the servers, of MySQL's X protocol and of its administration: a system may hand out any from 1024 on. */
const standardPorts: readonly number[] = [3306, 5432, 33060, 33062];

/** The path of a socket has 103 characters on some systems, and a server's folder and the socket's name take their part. */
const longestTemporaryFolder = 45;

/** A port of 127.0.0.1 on which nothing listens. */
export async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.on("error", reject).listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return standardPorts.includes(port) ? findFreePort() : port;
}

/** The programs of these names, in PATH and in the folders for servers. */
export function findPrograms(names: readonly string[], folders: readonly string[] = []): string[] {
  const path = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  const all = [...new Set([...folders, ...path, "/usr/sbin", "/usr/local/sbin"])];
  return all.flatMap((folder) => names.map((name) => join(folder, name))).filter((file) => existsSync(file));
}

/** The system's user without rights. */
export async function findNobody(): Promise<SystemUser> {
  const [uid = NaN, gid = NaN] = await Promise.all(
    ["-u", "-g"].map(async (option) => Number((await run("id", [option, "nobody"])).output)),
  );
  if (Number.isNaN(uid + gid)) throw new Error("the system has no user called nobody");
  return { uid, gid };
}

/** Whether every user can get to `path`. */
export function isOpenToAll(path: string): boolean {
  const isOpen = (statSync(path).mode & 0o001) !== 0;
  return isOpen && (dirname(path) === path || isOpenToAll(dirname(path)));
}

/** The folder for temporary data: short enough for sockets, and for root one that a user without rights can get to as well. */
export function temporaryFolder(): string {
  const isFit = (folder: string): boolean =>
    folder.length <= longestTemporaryFolder && existsSync(folder) && (!isRoot || isOpenToAll(folder));
  return [tmpdir(), "/tmp", "/var/tmp"].find(isFit) ?? tmpdir();
}

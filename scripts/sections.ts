import { readdirSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { projectRoot } from "./project.js";

/** One run of `node --test`: which files, on which Node, in which environment. */
export interface Section {
  /** What `--only` names; several sections may share it. */
  readonly name: string;
  readonly title: string;
  readonly node: "this" | "24";
  readonly env?: Readonly<Record<string, string>>;
  /** Only `npm run test:full` runs it. */
  readonly full?: true;
  readonly includes: (file: string) => boolean;
}

const timeZones = ["America/Los_Angeles", "Asia/Kolkata", "Pacific/Apia"] as const;
const oneConnection = { TEST_MAX_SIZE: "1" };

const isTarget = (file: string): boolean => file.startsWith("targets/");
const isHouse = (file: string): boolean => !file.includes("/");
const isUnit = (file: string): boolean => !isTarget(file) && !isHouse(file);
const isDriver =
  (...drivers: readonly string[]) =>
  (file: string): boolean =>
    drivers.some((driver) => file === `targets/${driver}.test`);

/** Node ships `node:sqlite` without a flag in the form that its driver needs since 22.16; an older Node leaves this target to the section of Node 24. */
const sqliteDriversHere = isNodeAtLeast(22, 16) ? ["better-sqlite3", "node-sqlite"] : ["better-sqlite3"];

/** Every section in the order of a whole run. Each database's default driver also runs with one connection, in other time zones and on Node 24. */
export const sections: readonly Section[] = [
  { name: "unit", title: "unit: no database", node: "this", includes: isUnit },
  { name: "house", title: "house: imports, exports, package, documentation", node: "this", includes: isHouse },
  {
    name: "sqlite",
    title: `sqlite: ${sqliteDriversHere.join(", ")}`,
    node: "this",
    includes: isDriver(...sqliteDriversHere),
  },
  {
    name: "one-connection",
    title: "better-sqlite3 with one connection",
    node: "this",
    env: oneConnection,
    includes: isDriver("better-sqlite3"),
  },
  ...timeZones.map((zone): Section => ({
    name: "time-zones",
    title: `better-sqlite3 in ${zone}`,
    node: "this",
    env: { TZ: zone },
    includes: isDriver("better-sqlite3"),
  })),
  {
    name: "node-24",
    title: "Node 24: unit, better-sqlite3, node-sqlite",
    node: "24",
    includes: (file) => isUnit(file) || isDriver("better-sqlite3", "node-sqlite")(file),
  },
  {
    name: "node-24",
    title: "Node 24: node-sqlite with one connection",
    node: "24",
    full: true,
    env: oneConnection,
    includes: isDriver("node-sqlite"),
  },
  ...timeZones.map((zone): Section => ({
    name: "node-24",
    title: `Node 24: node-sqlite in ${zone}`,
    node: "24",
    full: true,
    env: { TZ: zone },
    includes: isDriver("node-sqlite"),
  })),
];

/** Every compiled test, as its path below test/ without the extension: `unit/url/database-url.test`. */
export function listTests(): string[] {
  const folder = join(projectRoot, "build", "test");
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".test.js"))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/").slice(0, -".js".length))
    .sort();
}

function isNodeAtLeast(major: number, minor: number): boolean {
  const [ownMajor = 0, ownMinor = 0] = process.versions.node.split(".").map(Number);
  return ownMajor > major || (ownMajor === major && ownMinor >= minor);
}

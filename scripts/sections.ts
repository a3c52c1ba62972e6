import { readdirSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { projectRoot } from "./project.js";
import type { ServerName } from "./servers/server.js";

/** One run of `node --test`: which files, on which Node, in which environment. */
export interface Section {
  /** What `--only` names; several sections may share it. */
  readonly name: string;
  readonly title: string;
  readonly node: "this" | "24";
  readonly env?: Readonly<Record<string, string>>;
  /** Only `npm run test:full` runs it. */
  readonly full?: true;
  /** The server of its targets, where it is another one than theirs. */
  readonly server?: ServerName;
  readonly includes: (file: string) => boolean;
}

/** The servers that a test needs; those that are not here need none. */
const testServers: Readonly<Record<string, readonly ServerName[]>> = {
  "targets/pg.test": ["postgresql"],
  "targets/mariadb.test": ["mariadb"],
  "targets/mysql2-mariadb.test": ["mariadb"],
  "targets/mariadb-mysql.test": ["mysql"],
  "targets/mysql2.test": ["mysql"],
  "servers/tour.test": ["postgresql", "mariadb", "mysql"],
};

const timeZones = ["America/Los_Angeles", "Asia/Kolkata", "Pacific/Apia"] as const;

/** A target's own suites are not about the pool's size or the Node; the time zone matters to those that are about values. */
const portable = { TEST_SCOPE: "portable" };
const oneConnection = { ...portable, TEST_MAX_SIZE: "1" };

/** Each database's default driver, and the others. */
const defaults = ["better-sqlite3", "pg", "mariadb", "mariadb-mysql"];
const others = ["mysql2-mariadb", "mysql2"];

const isTarget = (file: string): boolean => file.startsWith("targets/");
const isHouse = (file: string): boolean => !file.includes("/");
const isOfServers = (file: string): boolean => file.startsWith("servers/");
const isUnit = (file: string): boolean => !isTarget(file) && !isHouse(file) && !isOfServers(file);
const isOneOf =
  (targets: readonly string[]) =>
  (file: string): boolean =>
    targets.some((target) => file === `targets/${target}.test`);

/** Node ships `node:sqlite` without a flag in the form that its driver needs since 22.16; an older Node leaves this target to the section of Node 24. */
const sqliteDriversHere = isNodeAtLeast(22, 16) ? ["better-sqlite3", "node-sqlite"] : ["better-sqlite3"];

/** Targets once, on this Node, as they are. */
const once = (name: string, targets: readonly string[]): Section => ({
  name,
  title: `${name}: ${targets.join(", ")}`,
  node: "this",
  includes: isOneOf(targets),
});

/** Targets with one connection, and in other time zones. */
const variants = (node: Section["node"], targets: readonly string[]): Section[] => {
  const title = `${node === "24" ? "Node 24: " : ""}${targets.join(", ")}`;
  const name = (own: string): string => (node === "24" ? "node-24" : own);
  const includes = isOneOf(targets);
  return [
    { name: name("one-connection"), title: `${title} with one connection`, node, env: oneConnection, includes },
    ...timeZones.map((zone): Section => ({
      name: name("time-zones"),
      title: `${title} in ${zone}`,
      node,
      env: { TEST_SCOPE: "values", TZ: zone },
      includes,
    })),
  ];
};

const onlyFull = (section: Section): Section => ({ ...section, full: true });

const onNode24 = [...defaults, "node-sqlite"];

/** Every section in the order of a whole run. Each database's default driver also runs with one connection, in other time zones and on Node 24. */
export const sections: readonly Section[] = [
  { name: "unit", title: "unit: no database", node: "this", includes: isUnit },
  { name: "house", title: "house: imports, exports, package, documentation", node: "this", includes: isHouse },
  {
    name: "servers",
    title: "servers: the main job on each; they end with the test command",
    node: "this",
    includes: isOfServers,
  },
  once("sqlite", sqliteDriversHere),
  once("postgresql", ["pg"]),
  once("mariadb", ["mariadb", "mysql2-mariadb"]),
  once("mysql", ["mariadb-mysql", "mysql2"]),
  ...variants("this", defaults),
  {
    name: "node-24",
    title: `Node 24: unit, ${onNode24.join(", ")}`,
    node: "24",
    env: portable,
    includes: (file) => isUnit(file) || isOneOf(onNode24)(file),
  },
  ...variants("this", others).map(onlyFull),
  { ...onlyFull(once("node-24", others)), title: `Node 24: ${others.join(", ")}`, node: "24" },
  ...variants("24", ["node-sqlite"]).map(onlyFull),
  {
    ...onlyFull(once("postgresql-distribution", ["pg"])),
    title: "pg on the distribution's PostgreSQL",
    server: "postgresql-distribution",
  },
];

/** The servers that a section needs for a test. */
export function serversFor(section: Section, test: string): readonly ServerName[] {
  const needed = testServers[test] ?? [];
  return needed.length > 0 && section.server !== undefined ? [section.server] : needed;
}

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

import assert from "node:assert/strict";
import { after } from "node:test";
import { ask } from "../../scripts/servers/ask.js";
import type { Feature } from "../suite/target.js";

/** A server under test: how a database of its own is made on it, and removed. */
interface Server {
  /** The variable that holds its URL, with a user who may do everything. */
  readonly variable: string;
  readonly dialect: "postgresql" | "mysql";
  readonly create: (name: string) => string;
  readonly drop: (name: string) => readonly string[];
}

/** C sorts by code points, on every machine alike. */
const postgresql: Server = {
  variable: "TEST_POSTGRESQL_URL",
  dialect: "postgresql",
  create: (name) => `CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'`,
  drop: (name) => [`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`],
};

const mysql: Server = {
  variable: "TEST_MYSQL_URL",
  dialect: "mysql",
  create: (name) => `CREATE DATABASE ${name} CHARACTER SET utf8mb4`,
  drop: (name) => [`DROP DATABASE IF EXISTS ${name}`],
};

const mariadb: Server = { ...mysql, variable: "TEST_MARIADB_URL" };

export const servers = { postgresql, mysql, mariadb };

/** What every driver of PostgreSQL has in common. */
export const postgresqlFeatures: ReadonlySet<Feature> = new Set([
  "insertReturning",
  "updateReturning",
  "deleteReturning",
  "rightJoin",
  "fullJoin",
  "rowLocks",
  "transactionalDdl",
  "deferredConstraints",
  "concurrentWriters",
  "wideDecimals",
  "violatedNames",
  "serverBooleans",
  "serverJson",
  "negativeZero",
  "passwords",
]);

const common = [
  "rightJoin",
  "rowLocks",
  "concurrentWriters",
  "wideDecimals",
  "survivingTransactions",
  "passwords",
  "keysFollowGivenOnes",
  "backslashEscapes",
] as const;

/** What every driver has in common on MySQL. */
export const mysqlFeatures: ReadonlySet<Feature> = new Set([...common, "serverJson"]);

/** What every driver has in common on MariaDB, whose JSON is a text. */
export const mariadbFeatures: ReadonlySet<Feature> = new Set([...common, "insertReturning", "deleteReturning"]);

const made: (() => Promise<void>)[] = [];

after(async () => {
  for (const remove of made) await remove();
});

/** Makes an empty database on a server, for a driver, and gives its URL. It is dropped when the process's tests are over. */
export async function freshDatabase(server: Server, driver: string): Promise<string> {
  const given = process.env[server.variable];
  assert.ok(
    given,
    `${server.variable} is not set: run "npm test", which starts a server, or set it to the URL of one on which databases may be created.`,
  );
  const name = `databases_${process.pid}_${Date.now().toString(36)}_${made.length}`;
  await ask(given, server.create(name));
  made.push(async () => {
    for (const statement of server.drop(name)) await ask(given, statement);
  });
  const url = new URL(given);
  url.pathname = `/${name}`;
  return url.href.replace(/^[^:]+:/, `${server.dialect}+${driver}:`);
}

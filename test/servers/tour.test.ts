import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { freshFile } from "../targets/sqlite/files.js";
import { freshDatabase, servers } from "../targets/servers.js";

const tour = fileURLToPath(new URL("../../examples/tour.js", import.meta.url));

/** What the tour prints, without the line that names the database and with one date for all. */
async function printed(url: string): Promise<string> {
  const env = { ...process.env, DATABASE_URL: url };
  const { stdout } = await promisify(execFile)(process.execPath, [tour], { env, timeout: 60_000 });
  return stdout.replace(/^.*\n/, "").replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "2000-01-01T00:00:00.000Z");
}

const onSqlite = freshFile("better-sqlite3").then(printed);

const databases = {
  "PostgreSQL through pg": () => freshDatabase(servers.postgresql, "pg"),
  "MariaDB through mariadb": () => freshDatabase(servers.mariadb, "mariadb"),
  "MariaDB through mysql2": () => freshDatabase(servers.mariadb, "mysql2"),
  "MySQL through mariadb": () => freshDatabase(servers.mysql, "mariadb"),
  "MySQL through mysql2": () => freshDatabase(servers.mysql, "mysql2"),
};

for (const [name, freshUrl] of Object.entries(databases)) {
  test(`the main job prints on ${name} what it prints on SQLite, also the second time`, async () => {
    const url = await freshUrl();
    assert.match(await onSqlite, /Done\.\n$/);
    for (const _ of ["first", "second"]) assert.equal(await printed(url), await onSqlite);
  });
}

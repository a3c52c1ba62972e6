import { existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { container } from "./container.js";
import { unpackDebian } from "./debian-packages.js";
import { dataArguments, findInstalled, programCommand, serveCommand, settings, type Programs } from "./mysql-family.js";
import type { Launch, Server, Way } from "./server.js";

const oldest = 100_600;

const installed: Way = {
  name: "an installed one of 10.6 or later",
  open: async () => {
    const file = await findInstalled(["mariadbd", "mysqld"], ({ isMariadb, number }) => isMariadb && number >= oldest);
    const share = findShare(dirname(dirname(realpathSync(file))));
    return launch({ command: [file], own: [] }, share);
  },
};

const debian: Way = {
  name: "Debian's packages",
  open: async (note) => {
    const { root, loader } = await unpackDebian("stable", "mariadb-server-core", note);
    const share = findShare(join(root, "usr"));
    const own = [`--basedir=${join(root, "usr")}`, `--lc-messages-dir=${share}`];
    return launch({ command: [...loader, join(root, "usr", "sbin", "mariadbd")], own }, share);
  },
};

/** MariaDB of the present Debian, or an installed one. */
export const mariadb: Server = {
  title: "MariaDB",
  scheme: "mariadb",
  user: "root",
  database: "",
  givenBy: "TEST_MARIADB_URL",
  variable: "TEST_MARIADB_URL",
  remedy: "Install MariaDB's server (mariadb-server), so that mariadbd is in PATH",
  ways: [
    installed,
    debian,
    container({
      name: "mariadb:11.8",
      port: 3306,
      env: ({ password }) => ({ MARIADB_ROOT_PASSWORD: password }),
      args: settings,
    }),
  ],
};

/** Its SQL files and messages bear its own name since 11, and MySQL's before. */
function findShare(prefix: string): string {
  const folders = ["mariadb", "mysql"].map((name) => join(prefix, "share", name));
  const share = folders.find((folder) => existsSync(tablesFile(folder, "system_tables")));
  if (share === undefined) throw new Error(`neither ${folders.join(" nor ")} holds the SQL of the system's tables`);
  return share;
}

function tablesFile(share: string, tables: string): string {
  const files = ["mariadb", "mysql"].map((name) => join(share, `${name}_${tables}.sql`));
  return files.find(existsSync) ?? files[0]!;
}

function launch(programs: Programs, share: string): Launch {
  return (place) => {
    // Without the file of data there are no accounts but the one below.
    const tables = ["system_tables", "performance_tables"].map((name) => readFileSync(tablesFile(share, name), "utf8"));
    const input = join(place.folder, "tables.sql");
    writeFileSync(input, ["CREATE DATABASE mysql;", "USE mysql;", ...tables, ""].join("\n"));
    mkdirSync(join(place.folder, "data"));
    return {
      prepare: [{ ...programCommand(programs, ["--bootstrap", ...dataArguments(place)]), input }],
      serve: serveCommand(programs, place, [
        `CREATE USER ${place.user}@'%' IDENTIFIED BY '${place.password}'`,
        `GRANT ALL ON *.* TO ${place.user}@'%' WITH GRANT OPTION`,
      ]),
      signal: "SIGKILL",
    };
  };
}

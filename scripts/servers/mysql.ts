import { join } from "node:path";
import { container } from "./container.js";
import { unpackDebian } from "./debian-packages.js";
import { dataArguments, findInstalled, programCommand, serveCommand, settings, type Programs } from "./mysql-family.js";
import type { Launch, Server, Way } from "./server.js";

const oldest = 80_021;
const ownSettings = ["--mysqlx=OFF"];

const installed: Way = {
  name: "an installed one of 8.0.21 or later",
  open: async () => {
    const file = await findInstalled(["mysqld"], ({ isMariadb, number }) => !isMariadb && number >= oldest);
    return launch({ command: [file], own: [] });
  },
};

const debian: Way = {
  name: "Debian's packages",
  open: async (note) => {
    const { root, loader } = await unpackDebian("sid", "mysql-server-core", note);
    return launch({
      command: [...loader, join(root, "usr", "sbin", "mysqld")],
      own: [
        `--basedir=${join(root, "usr")}`,
        `--lc-messages-dir=${join(root, "usr", "share", "mysql")}`,
        `--plugin-dir=${join(root, "usr", "lib", "mysql", "plugin")}`,
      ],
    });
  },
};

/** MySQL 9, or an installed one from 8.0.21 on. */
export const mysql: Server = {
  title: "MySQL",
  scheme: "mysql",
  user: "root",
  database: "",
  givenBy: "TEST_MYSQL_URL",
  variable: "TEST_MYSQL_URL",
  remedy: "Install MySQL's server, so that mysqld is in PATH",
  ways: [
    installed,
    debian,
    container({
      name: "mysql:9",
      port: 3306,
      env: ({ password }) => ({ MYSQL_ROOT_PASSWORD: password }),
      args: [...settings, ...ownSettings],
    }),
  ],
};

function launch(programs: Programs): Launch {
  return (place) => {
    const serve = serveCommand(programs, place, [
      `RENAME USER ${place.user}@localhost TO ${place.user}@'%'`,
      `ALTER USER ${place.user}@'%' IDENTIFIED BY '${place.password}'`,
    ]);
    return {
      prepare: [programCommand(programs, ["--initialize-insecure", ...dataArguments(place)])],
      serve: { ...serve, args: [...serve.args, ...ownSettings] },
      signal: "SIGKILL",
    };
  };
}

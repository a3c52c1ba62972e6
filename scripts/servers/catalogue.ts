import { mariadb } from "./mariadb.js";
import { mysql } from "./mysql.js";
import { postgresql, postgresqlOfTheDistribution } from "./postgresql.js";
import type { Server, ServerName } from "./server.js";

/** Every server that the tests can ask for. */
export const servers: Readonly<Record<ServerName, Server>> = {
  postgresql,
  "postgresql-distribution": postgresqlOfTheDistribution,
  mariadb,
  mysql,
};

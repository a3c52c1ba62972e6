import { runTarget } from "./run.js";
import { freshDatabase, mariadbFeatures, servers } from "./servers.js";
import { mysqlErrors } from "./mysql/errors.js";
import { ownDriver } from "./mysql/own-driver.js";
import { connecting } from "./servers/connecting.js";
import { encrypting } from "./servers/encrypting.js";
import { mariadbFacts } from "./servers/facts.js";

runTarget(
  {
    name: "mysql2",
    dialect: "mariadb",
    placeholder: () => "?",
    freshUrl: () => freshDatabase(servers.mariadb, "mysql2"),
    features: mariadbFeatures,
    exclusions: {},
  },
  { others: [mysqlErrors, ...ownDriver, connecting(mariadbFacts), encrypting(mariadbFacts)] },
);

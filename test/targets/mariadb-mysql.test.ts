import { runTarget } from "./run.js";
import { freshDatabase, mysqlFeatures, servers } from "./servers.js";
import { mysqlErrors } from "./mysql/errors.js";
import { ownDriver } from "./mysql/own-driver.js";
import { connecting } from "./servers/connecting.js";
import { encrypting } from "./servers/encrypting.js";
import { mysqlFacts } from "./servers/facts.js";

runTarget(
  {
    name: "mariadb",
    dialect: "mysql",
    placeholder: () => "?",
    freshUrl: () => freshDatabase(servers.mysql, "mariadb"),
    features: mysqlFeatures,
    exclusions: {},
  },
  { others: [mysqlErrors, ...ownDriver, connecting(mysqlFacts), encrypting(mysqlFacts)] },
);

import { runTarget } from "./run.js";
import { freshDatabase, mysqlFeatures, servers } from "./servers.js";
import { mysqlErrors } from "./mysql/errors.js";
import { ownDriver } from "./mysql/own-driver.js";
import { connecting } from "./servers/connecting.js";
import { encrypting } from "./servers/encrypting.js";
import { mysqlFacts } from "./servers/facts.js";

runTarget(
  {
    name: "mysql2",
    dialect: "mysql",
    placeholder: () => "?",
    freshUrl: () => freshDatabase(servers.mysql, "mysql2"),
    features: mysqlFeatures,
    exclusions: {},
  },
  { others: [mysqlErrors, ...ownDriver, connecting(mysqlFacts), encrypting(mysqlFacts)] },
);

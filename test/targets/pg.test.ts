import { runTarget } from "./run.js";
import { freshDatabase, postgresqlFeatures, servers } from "./servers.js";
import { errors } from "./postgresql/errors.js";
import { driverTests } from "./postgresql/own-driver.js";
import { iterating } from "./postgresql/iterating.js";
import { own } from "./postgresql/own.js";
import { values } from "./postgresql/values.js";
import { connecting } from "./servers/connecting.js";
import { encrypting } from "./servers/encrypting.js";
import { postgresqlFacts } from "./servers/facts.js";

runTarget(
  {
    name: "pg",
    dialect: "postgresql",
    placeholder: (position) => `$${position}`,
    freshUrl: () => freshDatabase(servers.postgresql, "pg"),
    features: postgresqlFeatures,
    exclusions: {},
  },
  {
    values: [values],
    others: [own, iterating, errors, ...driverTests, connecting(postgresqlFacts), encrypting(postgresqlFacts)],
  },
);

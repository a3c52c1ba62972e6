import { runTarget } from "./run.js";
import { freshFile, sqliteFeatures } from "./sqlite/files.js";
import { own } from "./sqlite/own.js";

runTarget(
  {
    name: "node-sqlite",
    dialect: "sqlite",
    placeholder: () => "?",
    freshUrl: () => freshFile("node-sqlite"),
    features: sqliteFeatures,
    exclusions: {},
  },
  { others: [own] },
);

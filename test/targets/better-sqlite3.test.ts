import { runTarget } from "./run.js";
import { freshFile, sqliteFeatures } from "./sqlite/files.js";
import { own } from "./sqlite/own.js";

runTarget(
  {
    name: "better-sqlite3",
    dialect: "sqlite",
    placeholder: () => "?",
    freshUrl: () => freshFile("better-sqlite3"),
    features: sqliteFeatures,
    exclusions: {},
  },
  { others: [own] },
);

import * as suites from "../suite/index.js";
import { runSuites } from "../suite/target.js";
import { freshFile, sqliteFeatures } from "./sqlite/files.js";
import { own } from "./sqlite/own.js";

runSuites(
  {
    name: "better-sqlite3",
    freshUrl: () => freshFile("better-sqlite3"),
    features: sqliteFeatures,
    exclusions: {},
  },
  [...Object.values(suites), own],
);

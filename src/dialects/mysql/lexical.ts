import type { Effect } from "../../compiler/compiled.js";
import type { LexicalRules } from "../../compiler/lexer.js";

/** Statements that commit the open transaction are "schema", whatever they do. */
const EFFECTS: readonly (readonly [effect: Effect, beginnings: readonly string[]])[] = [
  ["read", ["SHOW", "DESCRIBE", "DESC", "HELP", "CHECKSUM"]],
  [
    "schema",
    [
      "ANALYZE TABLE",
      "ANALYZE LOCAL",
      "ANALYZE NO_WRITE_TO_BINLOG",
      "CACHE",
      "CHANGE",
      "CHECK",
      "FLUSH",
      "GRANT",
      "IMPORT",
      "INSTALL",
      "LOAD INDEX",
      "OPTIMIZE",
      "PURGE",
      "REPAIR",
      "RESET",
      "REVOKE",
      "SET DEFAULT",
      "SET PASSWORD",
      "START GROUP_REPLICATION",
      "START REPLICA",
      "START SLAVE",
      "STOP",
      "UNINSTALL",
    ],
  ],
  // EXECUTE runs a text that is not seen here, and it may change anything.
  ["session", ["DROP PREPARE", "HANDLER"]],
  ["sessionSchema", ["EXECUTE", "FLUSH TABLES", "FLUSH TABLE", "LOCK TABLES", "LOCK TABLE", "LOCK INSTANCE"]],
  ["transaction", ["XA"]],
];

/** As under the SQL mode that the session is given: double quotes are strings, a backslash escapes. */
export const lexical: LexicalRules = {
  identifierQuotes: { "`": "`" },
  stringQuotes: `'"`,
  backslashEscapes: true,
  escapeStrings: false,
  dollarQuotes: false,
  hashComments: true,
  dashesNeedSpace: true,
  executableComments: true,
  nestedComments: false,
  placeholderCharacters: "?",
  effects: new Map(
    EFFECTS.flatMap(([effect, beginnings]) => beginnings.map((beginning) => [beginning, effect] as const)),
  ),
  temporarySchema: null,
  userVariables: true,
  sessionFunctions: new Set(["GET_LOCK"]),
  refusesSeveral: true,
};

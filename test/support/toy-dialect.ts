import type { Dialect, TypeRule } from "../../src/compiler/dialect.js";
import { STANDARD_FEATURES } from "../../src/compiler/features.js";
import { standardClauses, standardRenderers } from "../../src/compiler/standard.js";
import { QueryError, UsageError } from "../../src/errors/index.js";

function quoteIdentifier(name: string): string {
  if (name === "" || /[\0\]]/.test(name))
    throw new UsageError("A name in the toy dialect is not empty, and has no ] or NUL.");
  return `[${name}]`;
}

const types: ReadonlyMap<string, TypeRule> = new Map<string, TypeRule>([
  ["integer", { ddl: () => "INTEGER" }],
  ["string", { ddl: () => "TEXT" }],
  // One-letter texts in the place of truth values.
  [
    "boolean",
    {
      ddl: () => "CHAR(1)",
      toDriver: (type, value, role) => (type.toDriver(value, role) === true ? "y" : "n"),
      fromDriver: (_, wire) => wire === "y",
    },
  ],
]);

/** A dialect that is in no registry: standard SQL, but for what stands here. */
export const toyDialect: Dialect = {
  name: "toy",
  features: {
    ...STANDARD_FEATURES,
    insertReturning: true,
    nullsOrdering: false,
    transactionalDdl: true,
    lastInsertId: false,
  },
  renderers: {
    ...standardRenderers,
    binary: (node, writer) => {
      if (node.operator !== "concat") return standardRenderers.binary(node, writer);
      writer.write("concat_ws('', ");
      writer.list([node.left, node.right], (side) => writer.expression(side));
      writer.write(")");
    },
  },
  types,
  functions: new Map([
    [
      "length",
      (node, writer) =>
        writer.list(node.arguments, (text) => {
          writer.write("length(");
          writer.expression(text);
          writer.write(")");
        }),
    ],
  ]),
  clauses: {
    ...standardClauses,
    limit: (limit, _offset, writer) => {
      writer.write(" LIMIT ");
      if (limit !== null) writer.expression(limit);
    },
  },
  ddl: {
    inlines: () => false,
    columnSuffix: () => {},
    defaultExpression: (expression, writer) => writer.expression(expression),
  },
  lexical: {
    identifierQuotes: { "[": "]" },
    stringQuotes: "'",
    backslashEscapes: false,
    escapeStrings: false,
    dollarQuotes: false,
    hashComments: false,
    dashesNeedSpace: false,
    executableComments: false,
    nestedComments: false,
    placeholderCharacters: "?",
    effects: new Map(),
    temporarySchema: null,
    userVariables: false,
    refusesSeveral: false,
  },
  transactions: {
    begin: () => ["BEGIN"],
    commit: "COMMIT",
    rollback: "ROLLBACK",
    savepoint: (name) => `SAVEPOINT ${name}`,
    releaseSavepoint: (name) => `RELEASE ${name}`,
    rollbackToSavepoint: (name) => `ROLLBACK TO ${name}`,
  },
  startup: {},
  statementTimeout: null,
  cursors: null,
  session: [{ set: "PRAGMA case_sensitive_like = on", check: "SELECT 'a' LIKE 'A'", expected: ["0"], writes: false }],
  quoteIdentifier,
  quoteLiteral: (wire) => (typeof wire === "string" ? `'${wire.replaceAll("'", "''")}'` : String(wire)),
  placeholder: (position) => `?${position}`,
  toError: (_facts, cause, sql) => new QueryError("The toy refused the statement.", { cause, sql }),
  forVersion: () => toyDialect,
};

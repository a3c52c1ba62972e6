import type { Dialect } from "../../compiler/dialect.js";
import { standardRenderers } from "../../compiler/standard.js";
import { bound } from "./cast.js";
import { ddl, ddlOf } from "./ddl.js";
import { toError } from "./errors.js";
import { expressionsOf } from "./expressions.js";
import { featuresOf } from "./features.js";
import { functions } from "./functions.js";
import { lexical } from "./lexical.js";
import { quoteIdentifier, quoteLiteral } from "./quoting.js";
import { clausesOf } from "./select.js";
import { type Server, serverOf, UNKNOWN_SERVER } from "./server.js";
import { sessionOf, STATEMENT_TIMEOUTS, transactions } from "./session.js";
import { typesOf } from "./types.js";
import { mariadbWindows } from "./windows.js";
import { mysqlWrites } from "./writes.js";

function dialectWith(server: Server): Dialect {
  const { flavour } = server;
  return {
    name: flavour,
    features: featuresOf(server),
    renderers: {
      ...standardRenderers,
      ...(flavour === "mysql" ? mysqlWrites : mariadbWindows),
      ...expressionsOf(server),
      ...ddlOf(flavour),
    },
    types: typesOf(flavour),
    functions,
    clauses: clausesOf(flavour),
    ddl,
    lexical,
    transactions,
    startup: {},
    session: sessionOf(flavour),
    statementTimeout: STATEMENT_TIMEOUTS[flavour],
    cursors: null,
    quoteIdentifier,
    quoteLiteral: (wire) => quoteLiteral(wire, flavour),
    placeholder: (_position, type) => bound("?", type, flavour),
    toError: (facts, cause, sql) => toError(facts, cause, sql, flavour),
    forVersion: dialectFor,
  };
}

const BY_VERSION = new Map<string, Dialect>();

/** One dialect object a version, so that what was compiled for it is found again. */
function dialectFor(serverVersion: string): Dialect {
  let dialect = BY_VERSION.get(serverVersion);
  if (dialect === undefined) BY_VERSION.set(serverVersion, (dialect = dialectWith(serverOf(serverVersion))));
  return dialect;
}

/** MySQL and MariaDB, before a server has said which of them it is; `forVersion` is the dialect of a certain server. */
export const mysql: Dialect = dialectWith(UNKNOWN_SERVER);

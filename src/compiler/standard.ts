import type { Clauses, Renderers, TransactionSyntax } from "./dialect.js";
import { ddlRenderers } from "./ddl.js";
import { expressionRenderers } from "./expressions.js";
import { fromRenderers } from "./from.js";
import { selectRenderers, standardLimit, standardLock } from "./select.js";
import { writeRenderers } from "./write-statements.js";

/** Standard SQL for every kind of node. A dialect begins from here and says in what it differs. */
export const standardRenderers: Renderers = {
  ...expressionRenderers,
  ...fromRenderers,
  ...selectRenderers,
  ...writeRenderers,
  ...ddlRenderers,
};

export const standardClauses: Clauses = {
  limit: standardLimit,
  lock: standardLock,
  emptyList: "SELECT NULL WHERE 1 = 0",
  emptyRow: " DEFAULT VALUES",
};

/** The words that nearly all databases share; how a transaction begins is each one's own. */
export function standardTransactions(quoteIdentifier: (name: string) => string): Omit<TransactionSyntax, "begin"> {
  return {
    commit: "COMMIT",
    rollback: "ROLLBACK",
    savepoint: (name) => `SAVEPOINT ${quoteIdentifier(name)}`,
    releaseSavepoint: (name) => `RELEASE SAVEPOINT ${quoteIdentifier(name)}`,
    rollbackToSavepoint: (name) => `ROLLBACK TO SAVEPOINT ${quoteIdentifier(name)}`,
  };
}

import type { NativeErrorFacts } from "../../errors/index.js";

/** What PostgreSQL tells of a violated constraint; `null` where it does not, or where it is not clear. */
export interface Violated {
  readonly constraint: string | null;
  readonly schema: string | null;
  readonly table: string | null;
  readonly columns: readonly string[] | null;
}

const UNIQUE = "23505";
const FOREIGN_KEYS: ReadonlySet<string | null> = new Set(["23503", "23001"]);

export function violatedBy({ sqlState, constraint, schema, table, column, detail }: NativeErrorFacts): Violated {
  const columns = column === null ? keyColumns(sqlState, detail) : [column];
  return { constraint, schema, table, columns };
}

/** The table of a foreign key is the one that has it, but a referenced row that is still needed is told by the other table's columns. */
const MISSING = / is not present in table "/;

function keyColumns(sqlState: string | null, detail: string | null): readonly string[] | null {
  if (detail === null) return null;
  if (sqlState === UNIQUE) return columnsIn(detail);
  return FOREIGN_KEYS.has(sqlState) && MISSING.test(detail) ? columnsIn(detail) : null;
}

const NAME = /(?:([\p{L}_][\p{L}\p{N}_$]*)|"((?:[^"]|"")+)")(, |\)=\()/uy;

/**
 * Reads the names out of `Key (a, "b ""c""")=(…) …`, whose words are in the server's language. What stands there for an index over an
 * expression is no name, and gives no answer.
 */
function columnsIn(detail: string): readonly string[] | null {
  const columns: string[] = [];
  let at = detail.indexOf("(") + 1;
  if (at === 0) return null;
  for (;;) {
    NAME.lastIndex = at;
    const found = NAME.exec(detail);
    if (found === null) return null;
    columns.push(found[1] ?? (found[2] as string).replaceAll('""', '"'));
    if (found[3] !== ", ") return columns;
    at = NAME.lastIndex;
  }
}

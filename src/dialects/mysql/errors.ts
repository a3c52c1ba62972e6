import { connectionError, type DatabaseError, type NativeErrorFacts, QueryError } from "../../errors/index.js";
import { type Entry, entryOf } from "./error-codes.js";
import type { Flavour } from "./server.js";
import { type Violated, violatedBy } from "./violated.js";

const PLAIN: Entry = { error: QueryError, message: "The server refused the statement; see the cause." };

/** Our error for the server's. The message names no value; the server's own text is in `cause`. */
export function toError(facts: NativeErrorFacts, cause: unknown, sql: string | null, flavour: Flavour): DatabaseError {
  const { errno, sqlState, message } = facts;
  const native = { cause, sql, errno, sqlState };
  if (facts.failure !== null) return connectionError(facts.failure, native);
  const entry = entryOf({ errno, sqlState, message, isConnecting: sql === null, flavour }) ?? PLAIN;
  const violated = VIOLATIONS.has(errno) ? violatedBy(message, flavour === "mysql") : null;
  const names = violated === null ? nameIn(message) : namesOf(violated);
  const { outcome } = entry;
  return new entry.error(entry.message + (names === "" ? "" : ` (${names})`), { ...native, ...violated, outcome });
}

/** The numbers whose texts say what was violated; the texts of others may hold the same words. */
const VIOLATIONS: ReadonlySet<number | null> = new Set([1048, 1062, 1364, 1451, 1452, 1586, 3819, 4025]);

/** Names are the schema's own, no values: they may be told. */
function namesOf({ constraint, table, columns }: Violated): string {
  const place = [table, columns?.join(", ") ?? null].filter((name) => name !== null).join(": ");
  return [place, constraint].filter((name) => name !== null && name !== "").join(", ");
}

/** The texts of what is missing or there already, which begin so; and what names are made of, since anything else may be more than a name. */
const NAME =
  /^(?:Table|Unknown table|Unknown column|Duplicate column name|Duplicate key name|Unknown database|FUNCTION|PROCEDURE) '?([\w.$]{1,200})(?:'(?: doesn't exist| already exists| in .*)?| does not exist)$/;

function nameIn(message: string): string {
  return NAME.exec(message)?.[1] ?? "";
}

import {
  AuthenticationError,
  ConfigurationError,
  connectionError,
  type DatabaseError,
  type NativeErrorFacts,
  QueryCancelledError,
  QueryError,
  QueryTimeoutError,
  StalePlanError,
  UnsupportedError,
} from "../../errors/index.js";
import { BY_CLASS, BY_STATE, type Entry } from "./sqlstates.js";
import { type Violated, violatedBy } from "./violated.js";

/** What an SQLSTATE means only together with something else. */
const SPECIAL: ReadonlyMap<string, (facts: NativeErrorFacts, sql: string | null) => Entry | null> = new Map<
  string,
  (facts: NativeErrorFacts, sql: string | null) => Entry | null
>([
  [
    "0A000",
    ({ routine }) =>
      routine === "RevalidateCachedQuery"
        ? [StalePlanError, "The schema changed under a prepared statement; run it again."]
        : [UnsupportedError, "PostgreSQL cannot do what the statement asks for; its own words are in the cause."],
  ],
  // Nothing but the text tells why the server gave a statement up; in another language than English it is "somebody".
  [
    "57014",
    ({ message }) =>
      /statement timeout/.test(message)
        ? [QueryTimeoutError, "The statement ran longer than its time limit: make it faster, or raise the limit."]
        : [QueryCancelledError, "Somebody else cancelled the statement."],
  ],
  // Before the first statement it is the right to connect.
  [
    "42501",
    (_facts, sql) =>
      sql === null ? [AuthenticationError, "The user may not connect to this database: grant CONNECT on it."] : null,
  ],
  [
    "08P01",
    ({ message }, sql) =>
      sql === null && /startup parameter/.test(message)
        ? [
            ConfigurationError,
            "What stands before the server does not take the settings that a connection begins with: for PgBouncer, name them in " +
              "ignore_startup_parameters, and set them for the role (ALTER ROLE … SET).",
          ]
        : null,
  ],
]);

const PLAIN: Entry = [QueryError, "PostgreSQL refused the statement; its own words are in the cause."];

/** Our error for PostgreSQL's. The message names no value; the server's own text is in `cause`. */
export function toError(facts: NativeErrorFacts, cause: unknown, sql: string | null): DatabaseError {
  const { sqlState, failure, connectionLost } = facts;
  if (failure !== null) return connectionError(failure, { cause, sql, sqlState });
  const entry = sqlState === null ? null : entryOf(sqlState, facts, sql);
  if (entry === null && connectionLost) return connectionError("lost", { cause, sql, sqlState });
  const [error, message] = entry ?? PLAIN;
  const violated = violatedBy(facts);
  return new error(message + named(violated), { cause, sql, sqlState, ...violated });
}

/** A statement's error that speaks of a connection, and not of this one: of a foreign server, or of the protocol. */
const ELSEWHERE: Entry = [
  QueryError,
  "The server reports a failed connection of its own, or a misuse of its protocol; its own words are in the cause.",
];
const ABOUT_CONNECTIONS = /^08(?!007)/;

function entryOf(sqlState: string, facts: NativeErrorFacts, sql: string | null): Entry | null {
  if (sql !== null && !facts.connectionLost && ABOUT_CONNECTIONS.test(sqlState)) return ELSEWHERE;
  return SPECIAL.get(sqlState)?.(facts, sql) ?? BY_STATE.get(sqlState) ?? BY_CLASS.get(sqlState.slice(0, 2)) ?? null;
}

/** Names are the schema's own, no values: they may be told. */
function named({ table, columns, constraint }: Violated): string {
  if (columns !== null) return ` (${table ?? "?"}: ${columns.join(", ")})`;
  if (constraint !== null) return ` (${constraint})`;
  return table === null ? "" : ` (${table})`;
}

import type { SessionSetting, TransactionSyntax } from "../../compiler/dialect.js";
import { standardTransactions } from "../../compiler/standard.js";
import { UnsupportedError } from "../../errors/index.js";
import { quoteIdentifier } from "./quoting.js";
import { COLLATIONS, type Flavour } from "./server.js";

/**
 * In the servers' own order, in which they show them. Dividing by zero is NULL also in a write, so ERROR_FOR_DIVISION_BY_ZERO is not among them;
 * a zero that is given as key is stored; MariaDB's assignments see the old row, as SQL says.
 */
const SQL_MODES: Readonly<Record<Flavour, string>> = {
  mysql:
    "ONLY_FULL_GROUP_BY,NO_AUTO_VALUE_ON_ZERO,STRICT_TRANS_TABLES,STRICT_ALL_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,NO_ENGINE_SUBSTITUTION",
  mariadb:
    "ONLY_FULL_GROUP_BY,NO_AUTO_VALUE_ON_ZERO,STRICT_TRANS_TABLES,STRICT_ALL_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,NO_ENGINE_SUBSTITUTION,SIMULTANEOUS_ASSIGNMENT",
};

/** As long as a packet may be, so that no aggregate of texts is cut that could be sent. */
const MAX_GROUP_CONCAT = 2 ** 30;

/** What each connection is set to: by one statement, and seen to hold by another. */
export function sessionOf(flavour: Flavour): readonly SessionSetting[] {
  const settings: readonly (readonly [name: string, value: string | number])[] = [
    ["time_zone", "+00:00"],
    ["sql_mode", SQL_MODES[flavour]],
    ["group_concat_max_len", MAX_GROUP_CONCAT],
    ["lc_messages", "en_US"],
  ];
  const set = settings
    .map(([name, value]) => `${name} = ${typeof value === "string" ? `'${value}'` : value}`)
    .join(", ");
  const told = settings.map(([name]) => `@@${name}`).join(", ");
  return [
    {
      set: `SET NAMES utf8mb4 COLLATE ${COLLATIONS[flavour]}, autocommit = 1, sql_auto_is_null = 0, ${set}`,
      check:
        "SELECT CONCAT_WS(' ', @@character_set_client, @@character_set_results, @@collation_connection, " +
        `IF(@@autocommit, 1, 0), IF(@@sql_auto_is_null, 1, 0), ${told})`,
      expected: [["utf8mb4", "utf8mb4", COLLATIONS[flavour], 1, 0, ...settings.map(([, value]) => value)].join(" ")],
      writes: false,
    },
  ];
}

/** MariaDB's limit is for every statement, in seconds; MySQL's is for SELECT alone, in milliseconds. */
export const STATEMENT_TIMEOUTS: Readonly<Record<Flavour, (timeoutMs: number) => SessionSetting>> = {
  mysql: (timeoutMs) => limit("max_execution_time", Math.ceil(timeoutMs)),
  mariadb: (timeoutMs) => limit("max_statement_time", Math.ceil(timeoutMs) / 1000),
};

function limit(name: string, value: number): SessionSetting {
  return { set: `SET ${name} = ${value}`, check: `SELECT @@${name}`, expected: [String(value)], writes: false };
}

export const transactions: TransactionSyntax = {
  begin: ({ isolation, readOnly, deferrable }) => {
    if (deferrable) {
      throw new UnsupportedError(
        "MySQL and MariaDB have no deferrable transactions. Leave deferrable out: a repeatable read sees one moment.",
      );
    }
    const begin = readOnly ? "START TRANSACTION READ ONLY" : "START TRANSACTION";
    return isolation === null ? [begin] : [`SET TRANSACTION ISOLATION LEVEL ${isolation.toUpperCase()}`, begin];
  },
  ...standardTransactions(quoteIdentifier),
};

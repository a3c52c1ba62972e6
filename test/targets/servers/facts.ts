import type { tlsFront } from "../../support/tls-front.js";

/** What a test of connecting has to know of a server: statements of one value, and how it speaks before it is encrypted. */
export interface ServerFacts {
  readonly protocol: Parameters<typeof tlsFront>[0];
  /** The path of the server's socket, as a URL has it. */
  readonly socketPath: string;
  /** The cipher of the session, or whether there is one; false, zero or nothing where it is plain. */
  readonly encryption: string;
  /** The name of the program behind the session; `null` where the server does not show it. */
  readonly applicationName: string | null;
  /** For how many milliseconds a statement may run. */
  readonly statementTimeoutMs: string;
}

export const postgresqlFacts: ServerFacts = {
  protocol: "postgresql",
  socketPath: "SELECT split_part(current_setting('unix_socket_directories'), ',', 1)",
  encryption: "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()",
  applicationName: "SELECT application_name FROM pg_stat_activity WHERE pid = pg_backend_pid()",
  statementTimeoutMs: "SELECT setting FROM pg_settings WHERE name = 'statement_timeout'",
};

export const mysqlFacts: ServerFacts = {
  protocol: "mysql",
  socketPath: "SELECT @@socket",
  encryption: "SELECT VARIABLE_VALUE FROM performance_schema.session_status WHERE VARIABLE_NAME = 'Ssl_cipher'",
  applicationName:
    "SELECT ATTR_VALUE FROM performance_schema.session_connect_attrs " +
    "WHERE ATTR_NAME = 'program_name' AND PROCESSLIST_ID = CONNECTION_ID()",
  statementTimeoutMs: "SELECT @@max_execution_time",
};

export const mariadbFacts: ServerFacts = {
  ...mysqlFacts,
  encryption: "SELECT VARIABLE_VALUE FROM information_schema.SESSION_STATUS WHERE VARIABLE_NAME = 'Ssl_cipher'",
  // Its performance schema is off unless it is asked for.
  applicationName: null,
  statementTimeoutMs: "SELECT @@max_statement_time * 1000",
};

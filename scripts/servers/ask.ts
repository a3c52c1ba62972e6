import { createConnection } from "mysql2/promise";
import pg from "pg";

const connectTimeoutMs = 10_000;

/** Runs one statement on a connection of its own, by a driver itself and not by this project, and gives the first value of its first row. */
export function ask(url: string, statement: string): Promise<unknown> {
  return url.startsWith("postgres") ? askPostgresql(url, statement) : askMysql(new URL(url), statement);
}

/** What a server calls its version; it answers only when it is ready. */
export async function askVersion(url: string): Promise<string> {
  return String(await ask(url, url.startsWith("postgres") ? "SHOW server_version" : "SELECT version()"));
}

async function askPostgresql(url: string, statement: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: connectTimeoutMs });
  // A connection that breaks while nothing is asked has nobody else to tell.
  client.on("error", () => {});
  try {
    await client.connect();
    const { rows } = await client.query<unknown[]>({ text: statement, rowMode: "array" });
    return rows[0]?.[0];
  } finally {
    await client.end();
  }
}

async function askMysql(url: URL, statement: string): Promise<unknown> {
  const connection = await createConnection({
    host: url.hostname,
    port: Number(url.port || 3306),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    connectTimeout: connectTimeoutMs,
    rowsAsArray: true,
    // The tests run where no code may be made from text.
    disableEval: true,
  });
  try {
    const [rows] = await connection.query(statement);
    return Array.isArray(rows) ? (rows as unknown[][])[0]?.[0] : undefined;
  } finally {
    // Not by a good-bye, which fails where the connection is lost: that would hide what the statement failed with.
    connection.destroy();
  }
}

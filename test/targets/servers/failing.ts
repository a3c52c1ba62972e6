import assert from "node:assert/strict";
import { inspect } from "node:util";
import { ConnectTimeoutError, Database, DatabaseURL } from "../../../src/index.js";
import { failure } from "../../suite/assertions.js";
import type { Options } from "../../suite/target.js";

/** A password that must not be seen, and one of its own kind in an option. */
export const CANARY = "canary-7h4t-5ing5";

/** How long connecting may take where a server does not answer, where one does, however busy the machine is, and how late an error may be. */
export const TIMEOUT_MS = 400;
const ANSWER_MS = 5_000;
const LATE_MS = 300;

export const LOOPBACK = "127.0.0.1";

/** A URL with the password that must not be seen, on this machine. */
export function hidden(url: string, changes: Parameters<DatabaseURL["replace"]>[0] = {}): DatabaseURL {
  return new DatabaseURL(url).replace({ hostname: LOOPBACK, password: CANARY, ...changes });
}

/** Everything that a log could show. Only of its causes, which are foreign errors, may there be no JSON. */
function shown(value: unknown): string {
  const parts = [JSON.stringify(value)];
  for (let link: unknown = value; link !== undefined; link = (Object(link) as Error).cause) {
    parts.push(inspect(link, { depth: null, showHidden: true, getters: true }), String((link as Error).stack));
  }
  return parts.join("\n");
}

/** The error with which both `connect()` and a first query fail: in time, with the address, without the password, and nothing left open. */
export async function failing<Failure extends Error>(
  url: DatabaseURL,
  errorClass: abstract new (...given: never) => Failure,
  options: Options = {},
): Promise<Failure> {
  const ownTimeoutMs = Object.is(errorClass, ConnectTimeoutError) ? TIMEOUT_MS : ANSWER_MS;
  const { acquireTimeoutMs = ownTimeoutMs } = options;
  await using database = new Database(url, { ...options, acquireTimeoutMs });
  const startMs = performance.now();
  const error = await failure(database.connect(), errorClass);
  const tookMs = performance.now() - startMs;
  assert.ok(tookMs < acquireTimeoutMs + LATE_MS, `took ${tookMs} ms`);
  await failure(database.fetchAll("SELECT 1"), errorClass);
  for (const value of [error, database, url]) assert.ok(!shown(value).includes(CANARY), shown(value));
  assert.deepEqual([database.pool.size, database.pool.waiting], [0, 0]);
  return error;
}

/** Whether the answer to a server's question of encryption is yes. */
export function isEncrypted(answer: unknown): boolean {
  return answer === true || answer === 1 || (typeof answer === "string" && answer !== "");
}

import { userInfo } from "node:os";
import { isLocal } from "../../driver/address.js";
import type { ConnectRequest } from "../../driver/driver.js";
import { failureOf } from "../../driver/failure.js";
import { ConfigurationError } from "../../errors/index.js";
import type { DatabaseURL } from "../../url/index.js";
import { Execution } from "./execute.js";
import { isServerError } from "./facts.js";
import { PgFailure } from "./failure.js";
import { Link } from "./link.js";
import type { NativeModule } from "./native.js";
import { DEFAULT_PORT, openSocket } from "./socket.js";

const SESSION_ATTRS = ["any", "read-write"] as const;

/** The options of a URL that are this driver's own. */
export interface PgOptions {
  readonly prepare: boolean;
  readonly targetSessionAttrs: (typeof SESSION_ATTRS)[number];
}

/** @throws {ConfigurationError} when one is given as something else. */
export function optionsOf(url: DatabaseURL): PgOptions {
  const given = url.option("target_session_attrs") ?? "any";
  const targetSessionAttrs = SESSION_ATTRS.find((attrs) => attrs === given);
  if (targetSessionAttrs === undefined) {
    throw new ConfigurationError(
      `The option target_session_attrs in the database URL must be one of ${SESSION_ATTRS.join(", ")}.`,
    );
  }
  return { prepare: url.booleanOption("prepare") ?? true, targetSessionAttrs };
}

/** Opens a session. The abort of the signal ends the attempt at once, with its reason; whatever fails leaves nothing open. */
export async function openLink(pg: NativeModule, request: ConnectRequest, signal: AbortSignal | null): Promise<Link> {
  const { address, tls } = request;
  const { prepare, targetSessionAttrs } = optionsOf(request.url);
  const startup = startupOf(request);
  const { socket, isEncrypted } = await openSocket(address, tls, signal);
  const link = new Link(pg, socket, {
    user: startup.user,
    database: startup.database,
    host: address.socketPath ?? address.host,
    port: address.port ?? DEFAULT_PORT,
    password: () => passwordOf(request),
    startup,
    isPrivate: isEncrypted || isLocal(address),
    mayName: prepare,
  });
  const abort = (): void => link.destroy(new PgFailure("lost", "The attempt to connect was given up."));
  signal?.addEventListener("abort", abort);
  try {
    await start(link);
    if (targetSessionAttrs === "read-write") await checkWritable(link);
    signal?.throwIfAborted();
  } catch (error) {
    abort();
    throw signal?.aborted === true ? signal.reason : error;
  } finally {
    signal?.removeEventListener("abort", abort);
  }
  return link;
}

/** The parameters of the session, by the protocol's names. */
function startupOf(request: ConnectRequest): Record<"user" | "database", string> {
  const { url, applicationName, startup } = request;
  const user = url.username ?? userInfo().username;
  const database = url.database ?? user;
  const named = applicationName === null ? {} : { application_name: applicationName };
  // `pg` adds client_encoding=UTF8 itself.
  const { client_encoding: _encoding, ...settings } = startup;
  const parameters = { user, database, ...named, ...settings };
  for (const [name, value] of Object.entries({ ...parameters, password: request.password ?? "" })) {
    if (!`${name}${value}`.includes("\0")) continue;
    throw new ConfigurationError(`The session's ${name.replaceAll("\0", "")} contains a NUL character: remove it.`);
  }
  return parameters;
}

async function start(link: Link): Promise<void> {
  const { client } = link;
  try {
    await client.connect();
  } catch (error) {
    throw explain(link, error);
  } finally {
    // It has served, and the driver's own object is the user's to print.
    client.password = client.connectionParameters.password = null;
  }
  if (link.serverVersion === "") throw new PgFailure("protocol", "The server did not tell its version.");
}

/** `pg` has plain errors for what it does not like in the server's proof, and for a connection that ends. */
function explain({ ending, isAuthenticating }: Link, error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof PgFailure) return error;
  if (isServerError(error) || failureOf(error) !== null) return error;
  if (ending !== null || !isAuthenticating) return ending ?? error;
  return new PgFailure("authentication", `The password could not be proven: ${error.message}.`, error);
}

function passwordOf({ password }: ConnectRequest): Promise<string> {
  if (password !== null) return Promise.resolve(password);
  return Promise.reject(
    new PgFailure(
      "authentication",
      "The server asks for a password, and there is none: give one in the URL or the options.",
    ),
  );
}

/** Whether a session can write is what libpq asks of servers that do not report it. */
async function checkWritable(link: Link): Promise<void> {
  const question = new Execution(link, {
    sql: "SHOW transaction_read_only",
    parameters: [],
    reusable: false,
    integers: "number",
    isCommand: false,
  });
  link.submit(question);
  const { rows } = await question.answer;
  if (rows[0]?.[0] === "off") return;
  throw new PgFailure("refused", "The server is read-only, and target_session_attrs=read-write asks for another.");
}

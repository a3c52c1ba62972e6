/**
 * One server of a test command, in a process of its own that outlives the command for as long as it takes to put the
 * server and its folder away:
 *
 *     node build/scripts/servers/keeper.js SERVER
 *
 * It says on standard output, a line of JSON each, how far it is (`KeeperReport`), and it ends when its standard input
 * does: whatever becomes of the test command, the pipe closes.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { askVersion } from "./ask.js";
import { servers } from "./catalogue.js";
import { findFreePort, temporaryFolder } from "./machine.js";
import { openWay, urlOf, type Command, type Launch, type Place, type Plan, type ServerName } from "./server.js";

export type KeeperReport =
  | { readonly kind: "note"; readonly text: string }
  | { readonly kind: "ready"; readonly url: string; readonly version: string }
  | { readonly kind: "failed"; readonly reason: string };

const readyTimeoutMs = 60_000;
const endTimeoutMs = 5_000;
const logLength = 2_000;

const name = process.argv[2] as ServerName;
const server = servers[name];
let place: Place | null = null;
let plan: Plan | null = null;
let current: { readonly child: ChildProcess; readonly ended: Promise<number | null> } | null = null;
let leaving: Promise<never> | null = null;

process.stdout.on("error", () => {});
const onEnd = (): void => void leave();
process.stdin.on("close", onEnd).on("error", onEnd).resume();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, onEnd);

try {
  await keep(await openWay(server, (text) => report({ kind: "note", text })));
} catch (error) {
  // An end in the middle of something looks like a failure of it.
  if (leaving === null) report({ kind: "failed", reason: error instanceof Error ? error.message : String(error) });
}
await leave();

/** Starts the server, says so, and resolves when it ends. */
async function keep(launch: Launch): Promise<void> {
  const port = await findFreePort();
  const folder = mkdtempSync(join(temporaryFolder(), `databases-${name}-`));
  place = { folder, port, user: server.user, password: randomBytes(12).toString("hex") };
  plan = await launch(place);
  for (const command of plan.prepare) {
    const { ended } = start(command, folder);
    if ((await ended) !== 0)
      throw new Error(`${server.title} could not be set up by ${command.file}.\n${readLog(folder)}`);
  }
  const { ended } = start(plan.serve, folder);
  const isOver = ended.then(() => {
    throw new Error(`${server.title} has ended by itself.\n${readLog(folder)}`);
  });
  const url = urlOf(server, place);
  const version = await Promise.race([awaitReady(url), isOver]);
  report({ kind: "ready", url, version });
  await isOver;
}

/** Asks until the server answers. */
async function awaitReady(url: string): Promise<string> {
  const deadline = performance.now() + readyTimeoutMs;
  for (;;) {
    try {
      return await askVersion(url);
    } catch (error) {
      if (performance.now() > deadline) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new Error(
          `${server.title} was not ready after ${readyTimeoutMs} ms: ${reason}\n${readLog(place!.folder)}`,
          {
            cause: error,
          },
        );
      }
    }
    await sleep(50);
  }
}

function start({ file, args, env, input, user }: Command, folder: string): NonNullable<typeof current> {
  const log = openSync(logFile(folder), "a");
  const source = input === undefined ? null : openSync(input, "r");
  const child = spawn(file, args, {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: [source ?? "ignore", log, log],
    ...user,
  });
  for (const handle of [log, source]) if (handle !== null) closeSync(handle);
  const ended = new Promise<number | null>((resolve, reject) => child.on("error", reject).on("exit", resolve));
  current = { child, ended };
  return current;
}

/** Ends the server and this process with all that it has started, and removes the folder. */
function leave(): Promise<never> {
  leaving ??= (async () => {
    if (current !== null && plan !== null) await end(current, plan.signal);
    if (plan?.cleanUp) await start(plan.cleanUp, place!.folder).ended.catch(() => null);
    if (place !== null) rmSync(place.folder, { recursive: true, force: true, maxRetries: 5 });
    // A download that was under way has processes of its own, in the group that this process leads.
    process.kill(-process.pid, "SIGKILL");
    return process.exit();
  })();
  return leaving;
}

async function end({ child, ended }: NonNullable<typeof current>, signal: NodeJS.Signals): Promise<void> {
  child.kill(signal);
  const isOver = await Promise.race([
    ended.then(
      () => true,
      () => true,
    ),
    sleep(endTimeoutMs, false),
  ]);
  if (!isOver) child.kill("SIGKILL");
  await ended.catch(() => null);
}

function logFile(folder: string): string {
  return join(folder, "log");
}

function readLog(folder: string): string {
  return readFileSync(logFile(folder), "utf8").slice(-logLength);
}

function report(line: KeeperReport): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

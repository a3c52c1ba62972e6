import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { askVersion } from "./ask.js";
import { servers } from "./catalogue.js";
import type { KeeperReport } from "./keeper.js";
import type { ServerName } from "./server.js";

/** A server that answers, or the reason why there is none. */
type Outcome = { readonly url: string; readonly version: string } | { readonly reason: string };

/** The servers of one test command. */
export interface Servers {
  /** What a test process finds its server by. @throws Error that says why there is no such server. */
  readonly environmentFor: (name: ServerName) => Record<string, string>;
  /** Ends those that were started, and removes what they wrote. */
  readonly stop: () => Promise<void>;
}

const keeperFile = fileURLToPath(new URL("keeper.js", import.meta.url));

/**
 * Starts servers side by side, waits until each answers or has failed, and says so. A URL in the environment takes a
 * server's place. They end with this process, however it ends.
 */
export async function startServers(names: readonly ServerName[]): Promise<Servers> {
  const keepers = new Map(names.filter((name) => givenUrl(name) === undefined).map((name) => [name, new Keeper(name)]));
  const startedAt = performance.now();
  const outcomes = new Map(
    await Promise.all(names.map(async (name) => [name, await (keepers.get(name)?.outcome ?? askGiven(name))] as const)),
  );
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  for (const [name, outcome] of outcomes) {
    const { title, givenBy } = servers[name];
    const from = keepers.has(name) ? "" : ` (${givenBy})`;
    console.log("reason" in outcome ? `${title}: none` : `${title} ${outcome.version}${from}`);
  }
  if (keepers.size > 0) console.log(`Servers ready after ${seconds} s.`);
  return {
    environmentFor: (name) => environment(name, outcomes.get(name)),
    stop: async () => {
      await Promise.all([...keepers.values()].map((keeper) => keeper.stop()));
    },
  };
}

function environment(name: ServerName, outcome: Outcome | undefined): Record<string, string> {
  if (outcome === undefined) throw new Error(`${servers[name].title} was not started.`);
  if ("reason" in outcome) throw new Error(outcome.reason);
  return { [servers[name].variable]: outcome.url };
}

function givenUrl(name: ServerName): string | undefined {
  const url = process.env[servers[name].givenBy];
  return url === "" ? undefined : url;
}

async function askGiven(name: ServerName): Promise<Outcome> {
  const { title, givenBy } = servers[name];
  const url = givenUrl(name)!;
  try {
    return { url, version: await askVersion(url) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : error;
    return { reason: `${title} at ${givenBy} does not answer (${reason}): start it, or unset the variable.` };
  }
}

/** The process that keeps one server. */
class Keeper {
  readonly outcome: Promise<Outcome>;
  readonly #child;
  readonly #ended: Promise<unknown>;

  constructor(name: ServerName) {
    // A group of its own: Ctrl-C at the test command must not end the keeper before it has put its server away.
    this.#child = spawn(process.execPath, ["--enable-source-maps", keeperFile, name], {
      detached: true,
      stdio: ["pipe", "pipe", "inherit"],
    });
    // It may have ended already.
    this.#child.stdin.on("error", () => {});
    this.#ended = once(this.#child, "exit");
    this.outcome = this.#listen(servers[name].title);
  }

  async stop(): Promise<void> {
    this.#child.stdin.end();
    await this.#ended;
  }

  /** Resolves with the first outcome, and goes on to listen: a server that ends later says why. */
  #listen(title: string): Promise<Outcome> {
    return new Promise((resolve) => {
      let isSettled = false;
      const settle = (outcome: Outcome): void => {
        if (isSettled && "reason" in outcome) console.log(outcome.reason);
        isSettled = true;
        resolve(outcome);
      };
      const lines = createInterface({ input: this.#child.stdout });
      lines.on("line", (line) => {
        const report = JSON.parse(line) as KeeperReport;
        if (report.kind === "note") console.log(`${title}: ${report.text}`);
        if (report.kind === "ready") settle(report);
        if (report.kind === "failed") settle(report);
      });
      lines.on("close", () => {
        if (!isSettled) settle({ reason: `The keeper of ${title} ended without a word.` });
      });
    });
  }
}

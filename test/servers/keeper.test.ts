import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import { after, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { ask } from "../../scripts/servers/ask.js";

const goneWithinMs = 10_000;

const commands: ChildProcess[] = [];

/** A test command in a process group of its own, as a shell starts one, with a PostgreSQL of its own, and that server's URL. */
async function startCommand(): Promise<{ command: ChildProcess; url: string }> {
  const file = fileURLToPath(new URL("hold.js", import.meta.url));
  const { TEST_POSTGRESQL_URL: _given, ...env } = process.env;
  const command = spawn(process.execPath, [file, "postgresql"], {
    stdio: ["ignore", "pipe", "inherit"],
    env,
    detached: true,
  });
  commands.push(command);
  for await (const line of createInterface({ input: command.stdout })) {
    if (!line.startsWith("{")) continue;
    return { command, url: (JSON.parse(line) as { TEST_POSTGRESQL_URL: string }).TEST_POSTGRESQL_URL };
  }
  throw new Error("The test command ended before its server answered.");
}

async function isRefused(url: string): Promise<boolean> {
  try {
    await ask(url, "SELECT 1");
    return false;
  } catch (error) {
    return (error as { code?: unknown }).code === "ECONNREFUSED";
  }
}

describe("a server of the tests", () => {
  after(() => commands.forEach((command) => command.kill("SIGKILL")));

  // Ctrl-C reaches the whole group.
  for (const signal of ["SIGKILL", "SIGINT"] as const) {
    test(`ends with its test command, and its folder goes, after ${signal}`, async () => {
      const { command, url } = await startCommand();
      const folder = dirname(String(await ask(url, "SHOW data_directory")));
      assert.ok(existsSync(folder));
      process.kill(-command.pid!, signal);
      const deadline = performance.now() + goneWithinMs;
      while (existsSync(folder) && performance.now() < deadline) await sleep(20);
      assert.ok(!existsSync(folder), `${folder} is still there`);
      assert.ok(await isRefused(url), "the server still answers");
    });
  }
});

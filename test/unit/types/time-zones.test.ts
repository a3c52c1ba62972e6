import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";

/** A gap and an overlap of daylight saving; half an hour off UTC; a zone that left out a whole day. Each with its minutes behind UTC in winter. */
const ZONES: readonly (readonly [string, number])[] = [
  ["America/New_York", 300],
  ["Asia/Kolkata", -330],
  ["Pacific/Apia", -780],
];

function run(zone: string, args: readonly string[]): void {
  const env: NodeJS.ProcessEnv = { ...process.env, TZ: zone };
  // The child is a test run of its own, not a reporting part of this one.
  delete env["NODE_TEST_CONTEXT"];
  const child = spawnSync(process.execPath, [...process.execArgv, ...args], {
    env,
    encoding: "utf8",
    timeout: 120_000,
  });
  assert.equal(child.status, 0, child.stdout + child.stderr);
}

describe("local time has no part in dates and times", () => {
  for (const [zone, offset] of ZONES) {
    test(`in ${zone}`, () => {
      run(zone, ["-e", `process.exitCode = new Date(2024, 0).getTimezoneOffset() === ${offset} ? 0 : 1`]);
      for (const file of ["./date.test.js", "./date-time.test.js"]) {
        run(zone, [fileURLToPath(new URL(file, import.meta.url))]);
      }
    });
  }
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Backoff } from "../../../src/driver/backoff.js";

describe("the pause after an attempt to connect that failed", () => {
  test("doubles from one failure to the next, with jitter, up to a second", () => {
    const backoff = new Backoff();
    for (const longestMs of [25, 50, 100, 200, 400, 800, 1_000, 1_000]) {
      const delayMs = backoff.failed();
      assert.ok(delayMs >= longestMs / 2 && delayMs <= longestMs, `${delayMs} of ${longestMs}`);
    }
  });

  test("is short again after an attempt that succeeded", () => {
    const backoff = new Backoff();
    for (let failure = 0; failure < 8; failure += 1) backoff.failed();
    backoff.succeeded();
    assert.ok(backoff.failed() <= 25);
  });
});

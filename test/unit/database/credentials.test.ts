import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, test } from "node:test";
import type { Dialect } from "../../../src/compiler/dialect.js";
import {
  AuthenticationError,
  ConfigurationError,
  ConnectTimeoutError,
  UnsupportedError,
} from "../../../src/errors/index.js";
import { openScripted, shown, timed } from "./scripted-hosts.js";
import { failure, within } from "./support.js";

describe("a password's function", () => {
  test("is asked for each connection, and goes before the URL", async (t) => {
    let count = 0;
    const password = (): string => `token ${(count += 1)}`;
    const { database, driver } = openScripted(t, "db/x", { password, minSize: 3 });
    await within(database.connect());
    assert.deepEqual(driver.requests.map((request) => request.password).toSorted(), ["token 1", "token 2", "token 3"]);
  });

  test("is asked once for the hosts of one connection", async (t) => {
    let count = 0;
    const password = (): Promise<string> => Promise.resolve(`token ${(count += 1)}`);
    const { database, driver } = openScripted(t, "a:1,b:2/x", { password });
    driver.fates["a"] = "refused";
    await within(database.connect());
    assert.deepEqual(
      driver.requests.map((request) => request.password),
      ["token 1", "token 1"],
    );
  });

  test("that fails, fails the connecting, with what it threw as the cause", async (t) => {
    const reason = new Error("vault closed");
    const failing = [
      () => Promise.reject(reason),
      () => {
        throw reason;
      },
    ];
    for (const password of failing) {
      const { database, driver } = openScripted(t, "db/x", { password });
      const error = await failure(database.connect(), AuthenticationError, /function of the option password failed/);
      assert.equal(error.cause, reason);
      assert.doesNotMatch(error.message, /vault/);
      assert.equal(driver.requests.length, 0);
    }
  });

  test("that gives no text is refused, without what it gave", async (t) => {
    for (const answer of [undefined, null, 5, { token: "canary" }, ["canary"], "canary\0"]) {
      const password = (() => answer) as () => string;
      const { database } = openScripted(t, "db/x", { password });
      const error = await failure(database.connect(), ConfigurationError, /password/);
      assert.doesNotMatch(shown(error), /canary/);
    }
  });

  test("that does not answer is waited for no longer than connecting may take", async (t) => {
    const { database } = openScripted(t, "db/x", { password: () => new Promise(() => {}), acquireTimeoutMs: 50 });
    const [, tookMs] = await timed(failure(database.connect(), ConnectTimeoutError, /gave no password in the time/));
    assert.ok(tookMs < 100, `took ${tookMs} ms`);
  });

  test("that is slow is waited for", async (t) => {
    const { database, driver } = openScripted(t, "db/x", { password: () => sleep(20, "token") });
    await within(database.connect());
    assert.equal(driver.requests[0]?.password, "token");
  });
});

describe("a time limit of statements", () => {
  const statementTimeout: Dialect["statementTimeout"] = (timeoutMs) => ({
    set: `LIMIT ${timeoutMs}`,
    check: "SHOW LIMIT",
    expected: ["ok"],
    writes: false,
  });

  test("is set after the dialect's own settings, and checked", async (t) => {
    const session = [{ set: "SET x", check: "SHOW x", expected: ["ok"], writes: false }];
    const options = { statementTimeoutMs: 50 };
    const { database, driver } = openScripted(t, "db/x", options, { session, statementTimeout });
    driver.script = () => ({ rows: [["ok"]] });
    await within(database.connect());
    assert.deepEqual(driver.log, ["connect", "1: SET x", "1: SHOW x", "1: LIMIT 50", "1: SHOW LIMIT"]);
  });

  test("that the server does not take is told", async (t) => {
    const { database, driver } = openScripted(t, "db/x?statement_timeout_ms=50", {}, { statementTimeout });
    driver.script = () => ({ rows: [["no"]] });
    await failure(database.connect(), ConfigurationError, /LIMIT 50/);
    assert.equal(driver.open.length, 0);
  });

  test("is refused where the database has none", async (t) => {
    const { database, driver } = openScripted(t, "db/x?statement_timeout_ms=50");
    await failure(database.connect(), UnsupportedError, /statementTimeoutMs/);
    assert.equal(driver.open.length, 0);
  });
});

test("a database does not show its password, however it was given", async (t) => {
  for (const password of ["canary", () => "canary", undefined]) {
    const { database } = openScripted(t, "db/x?sslmode=disable", { password, ssl: { passphrase: "canary" } });
    await within(database.connect());
    assert.doesNotMatch(shown(database), /canary/);
    assert.doesNotMatch(shown(database.url), /canary/);
  }
});

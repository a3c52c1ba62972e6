import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  AuthenticationError,
  ConnectionLostError,
  ConnectionRefusedError,
  ConnectTimeoutError,
  PoolTimeoutError,
  TlsError,
  UndefinedDatabaseError,
} from "../../../src/errors/index.js";
import { ScriptedError } from "../../support/scripted-driver.js";
import { stateOf } from "../../support/within.js";
import { openScripted, shown, timed, type Fate } from "./scripted-hosts.js";
import { failure, within } from "./support.js";

describe("a request to connect", () => {
  test("holds the password, the program's name, the policy and the dialect's settings", async (t) => {
    const { database, driver } = openScripted(t, "db/x?sslmode=require&application_name=app");
    await within(database.connect());
    const [request] = driver.requests;
    assert.equal(request?.password, "canary");
    assert.equal(request.applicationName, "app");
    assert.deepEqual(request.tls, { mode: "require", material: { servername: "db" } });
    assert.deepEqual(request.startup, { Zone: "UTC" });
    assert.deepEqual(request.address, { host: "db", port: null, socketPath: null });
  });

  test("is made anew, and plain, where encryption is only preferred and fails", async (t) => {
    const { database, driver } = openScripted(t, "db/x?sslmode=prefer");
    driver.fates["db"] = ({ tls }) => (tls.mode === "disable" ? "open" : "tls");
    await within(database.connect());
    assert.deepEqual(
      driver.requests.map(({ tls }) => tls.mode),
      ["require", "disable"],
    );
  });

  test("is not made plain where the failure is another, or encryption is required", async (t) => {
    const preferring = openScripted(t, "db/x?sslmode=prefer");
    preferring.driver.fates["db"] = "authentication";
    await failure(preferring.database.connect(), AuthenticationError);
    assert.equal(preferring.driver.requests.length, 1);
    const requiring = openScripted(t, "db/x?sslmode=require");
    requiring.driver.fates["db"] = "tls";
    await failure(requiring.database.connect(), TlsError);
    assert.equal(requiring.driver.requests.length, 1);
  });
});

describe("an error of connecting", () => {
  const kinds: readonly [fate: Fate, error: new (...given: never) => Error][] = [
    ["refused", ConnectionRefusedError],
    ["timeout", ConnectTimeoutError],
    ["tls", TlsError],
    ["authentication", AuthenticationError],
    ["lost", ConnectionLostError],
    ["undefined database", UndefinedDatabaseError],
    ["silent", ConnectTimeoutError],
  ];
  for (const [fate, error] of kinds) {
    test(`${fate}: the first call gets it, in time, with the address and without the password`, async (t) => {
      const { database, driver } = openScripted(t, "db.example.com:5433/x");
      driver.fates["db.example.com"] = fate;
      for (const call of [() => database.connect(), () => database.fetchAll("SELECT 1")]) {
        const [thrown, tookMs] = await timed(failure(call(), error, /^Cannot connect to db\.example\.com:5433[:.] /));
        assert.ok(tookMs < 600, `took ${tookMs} ms`);
        assert.doesNotMatch(shown(thrown), /canary/);
        assert.match(String(thrown.stack), /Cannot connect to/);
      }
      assert.equal(driver.requests.length, 2, "one attempt a call");
    });
  }

  test("a connection that was lost before it was open has done nothing", async (t) => {
    const { database, driver } = openScripted(t, "db/x");
    driver.fates["db"] = "lost";
    const { outcome, retryable, message } = await failure(database.connect(), ConnectionLostError);
    assert.deepEqual([outcome, retryable], ["not-executed", "statement"]);
    assert.doesNotMatch(message, /whether a statement/);
  });

  test("a silent server's attempt is aborted, and what it gives too late is closed", async (t) => {
    const { database, driver } = openScripted(t, "db/x", { acquireTimeoutMs: 50 });
    driver.fates["db"] = "silent";
    await failure(database.connect(), ConnectTimeoutError, /within \d+ ms/);
    assert.equal(driver.signals[0]?.aborted, true);
    const late = driver.attempts[0]?.succeed();
    await stateOf(Promise.resolve());
    assert.equal(late?.isOpen, false);
    driver.fates["db"] = "open";
    await within(database.connect());
    assert.equal(driver.open.length, 1);
  });

  test("disconnect() ends an attempt at once", async (t) => {
    const { database, driver } = openScripted(t, "db/x", { acquireTimeoutMs: 60_000 });
    await within(database.connect());
    driver.fates["db"] = "silent";
    await within(
      database.connection(async () => {
        const waiting = database.detached(() => database.fetchAll("SELECT 1"));
        waiting.catch(() => {});
        await stateOf(waiting);
      }),
    );
    assert.equal(driver.signals.length, 1);
    await within(database.disconnect({ timeoutMs: 50 }));
    assert.equal(driver.signals[0]?.aborted, true);
  });

  test("while all connections are in use, it is the cause of the wait's end", async (t) => {
    const { database, driver } = openScripted(t, "db/x", { acquireTimeoutMs: 100 });
    await within(database.connect());
    driver.fates["db"] = "refused";
    await using _held = await database.acquire();
    const error = await failure(database.fetchAll("SELECT 1"), PoolTimeoutError, /last attempt to connect failed/);
    assert.ok(error.cause instanceof ConnectionRefusedError);
  });

  test("a call that has less time hears that a connection is being opened", async (t) => {
    const { database, driver } = openScripted(t, "db/x");
    await within(database.connect());
    driver.fates["db"] = "silent";
    await using _held = await database.acquire();
    const waiting = database.fetchAll("SELECT 1", null, { timeoutMs: 20 });
    await failure(waiting, PoolTimeoutError, /A connection is being opened/);
  });

  test("wrong credentials are tried once, however many connections there are to be", async (t) => {
    const { database, driver } = openScripted(t, "db/x", { minSize: 5 });
    driver.fates["db"] = "authentication";
    await failure(database.connect(), AuthenticationError);
    assert.equal(driver.requests.length, 1);
    driver.fates["db"] = "open";
    await within(database.connect());
    assert.equal(driver.open.length, 5);
  });

  test("the wait for a user's onConnect ends in time, and the connection is closed", async (t) => {
    const { database, driver } = openScripted(t, "db/x", {
      acquireTimeoutMs: 50,
      onConnect: () => new Promise(() => {}),
    });
    await failure(database.connect(), ConnectTimeoutError, /onConnect did not end/);
    assert.equal(driver.open.length, 0);
  });

  test("so does the wait for a server that is silent after its greeting", async (t) => {
    const session = [{ set: "SET x", expected: ["1"], writes: false }];
    const { database, driver } = openScripted(t, "db/x", { acquireTimeoutMs: 50 }, { session });
    driver.script = () => new Promise(() => {});
    await failure(database.connect(), ConnectTimeoutError, /settings of the session/);
    assert.equal(driver.open.length, 0);
  });

  test("a server that ends the connection during the settings has done nothing", async (t) => {
    const session = [{ set: "SET x", expected: ["1"], writes: false }];
    const { database, driver } = openScripted(t, "db/x", {}, { session });
    driver.script = () => new ScriptedError("native: lost", { failure: "lost", connectionLost: true });
    const { outcome } = await failure(database.connect(), ConnectionLostError, /^Cannot connect to hosts/);
    assert.equal(outcome, "not-executed");
    assert.equal(driver.open.length, 0);
  });
});

describe("of several hosts", () => {
  test("the first that can be had is taken", async (t) => {
    const { database, driver } = openScripted(t, "a:1,b:2,c:3/x");
    driver.fates["a"] = "refused";
    await within(database.connect());
    assert.deepEqual(driver.hosts, ["a", "b"]);
    assert.equal(driver.requests[1]?.tls.material.servername, "b");
  });

  for (const fate of ["refused", "timeout", "tls", "lost", "protocol"] as const) {
    test(`${fate} is a reason to try the next`, async (t) => {
      const { database, driver } = openScripted(t, "a:1,b:2/x");
      driver.fates["a"] = fate;
      await within(database.connect());
    });
  }

  for (const fate of ["authentication", "undefined database"] as const) {
    test(`${fate} is none: another host cannot mend it`, async (t) => {
      const { database, driver } = openScripted(t, "a:1,b:2,c:3/x");
      Object.assign(driver.fates, { a: "refused", b: fate });
      const error = await failure(database.connect(), Error, /^Cannot connect to b:2[:.] /);
      assert.deepEqual(driver.hosts, ["a", "b"]);
      const { suppressed } = error as ConnectionRefusedError;
      assert.match(String(suppressed[0]), /Cannot connect to a:1: native: refused\. No server answers/);
    });
  }

  test("when all fail, the first one's error is thrown and the others are with it", async (t) => {
    const { database, driver } = openScripted(t, "a:1,b:2,c:3/x");
    Object.assign(driver.fates, { a: "refused", b: "tls", c: "lost" });
    const error = await failure(database.connect(), ConnectionRefusedError, /a:1/);
    assert.deepEqual(
      error.suppressed.map((other) => (other as Error).name),
      ["TlsError", "ConnectionLostError"],
    );
    assert.doesNotMatch(shown(error), /canary/);
  });

  test("a silent one leaves time for the others", async (t) => {
    const { database, driver } = openScripted(t, "a:1,b:2,c:3/x", { acquireTimeoutMs: 600 });
    Object.assign(driver.fates, { a: "silent", b: "silent" });
    const startMs = performance.now();
    await within(database.connect());
    const tookMs = performance.now() - startMs;
    assert.ok(tookMs > 300 && tookMs < 500, `took ${tookMs} ms`);
    assert.deepEqual(driver.hosts, ["a", "b", "c"]);
    assert.deepEqual(
      driver.signals.map((signal) => signal?.aborted),
      [true, true],
    );
  });

  test("all silent: the call ends in its time", async (t) => {
    const { database, driver } = openScripted(t, "a:1,b:2/x", { acquireTimeoutMs: 200 });
    Object.assign(driver.fates, { a: "silent", b: "silent" });
    const [error, tookMs] = await timed(failure(database.connect(), ConnectTimeoutError, /a:1/));
    assert.ok(tookMs < 250, `took ${tookMs} ms`);
    assert.equal(error.suppressed.length, 1);
  });
});

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import {
  AuthenticationError,
  ConfigurationError,
  ConnectionError,
  ConnectionLostError,
  ConnectionRefusedError,
  ConnectTimeoutError,
  Database,
  DatabaseURL,
  PoolTimeoutError,
  UndefinedDatabaseError,
} from "../../../src/index.js";
import { failure } from "../../suite/assertions.js";
import { suite, type Declare } from "../../suite/target.js";
import { closedPort, strangeServer } from "../../support/strange-servers.js";
import { within } from "../../support/within.js";
import { CANARY, failing, hidden, isEncrypted, LOOPBACK, TIMEOUT_MS } from "./failing.js";
import type { ServerFacts } from "./facts.js";

/** How a database is reached, and how it fails when it cannot be. */
export function connecting(facts: ServerFacts): Declare {
  return suite("connecting to a server", ({ test }) => {
    test("a port on which nobody listens", async ({ url }) => {
      const port = await closedPort();
      const { message, outcome, retryable } = await failing(hidden(url, { port }), ConnectionRefusedError);
      assert.ok(message.startsWith(`Cannot connect to ${LOOPBACK}:${port}: `), message);
      assert.deepEqual([outcome, retryable], ["not-executed", "statement"]);
    });

    test("a host that has no address", async ({ url }) => {
      const error = await failing(hidden(url, { hostname: "nowhere.invalid" }), ConnectionRefusedError, {
        ssl: false,
        // Where no name server answers, the system itself gives up after ten seconds.
        acquireTimeoutMs: 14_000,
      });
      assert.match(error.message, /Cannot connect to nowhere\.invalid/);
    });

    test("a socket that is not there", async ({ url }) => {
      const nowhere = hidden(url, { hostname: "/nonexistent/socket" });
      assert.match((await failing(nowhere, ConnectionRefusedError)).message, /\/nonexistent\/socket/);
    });

    test(
      "a wrong password",
      async ({ url }) => {
        const error = await failing(new DatabaseURL(url).replace({ password: CANARY }), AuthenticationError);
        assert.match(error.message, /^Cannot connect to /);
        assert.equal(error.retryable, false);
      },
      { features: ["passwords"] },
    );

    test("a user that is not there", async ({ url }) => {
      await failing(
        new DatabaseURL(url).replace({ username: "nobody_of_that_name", password: CANARY }),
        ConnectionError,
      );
    });

    test("a database that is not there", async ({ url }) => {
      const database = "no_database_of_that_name";
      const error = await failing(new DatabaseURL(url).replace({ database }), UndefinedDatabaseError);
      assert.match(error.message, new RegExp(`Cannot connect to .*${database}`, "s"));
    });

    test("a server that accepts and says nothing", async ({ url }) => {
      await using silent = await strangeServer("silent");
      for (const sslmode of ["disable", "verify-full"]) {
        const silentUrl = hidden(url, { port: silent.port, options: { sslmode } });
        const error = await failing(silentUrl, ConnectTimeoutError);
        assert.match(error.message, new RegExp(`^Cannot connect to ${LOOPBACK}:${silent.port}\\. .* within \\d+ ms`));
        assert.equal(error.outcome, "not-executed");
      }
      await within(silent.left());
      assert.equal(silent.visits, 4);
    });

    test("a server that closes, or resets, at once", async ({ url }) => {
      for (const behaviour of ["closing", "resetting"] as const) {
        for (const sslmode of ["disable", "verify-full"]) {
          await using closing = await strangeServer(behaviour);
          const closingUrl = hidden(url, { port: closing.port, options: { sslmode } });
          const { outcome } = await failing(closingUrl, ConnectionLostError);
          assert.equal(outcome, "not-executed");
        }
      }
    });

    test("a server of another kind", async ({ url }) => {
      for (const sslmode of ["disable", "verify-full"]) {
        await using web = await strangeServer("talkingHttp");
        await failing(hidden(url, { port: web.port, options: { sslmode } }), ConnectionError);
        await within(web.left());
      }
    });

    test(
      "connections that are there serve on while no other can be opened",
      async ({ url }) => {
        const right = new DatabaseURL(url).password ?? "";
        let isRight = true;
        const password = (): string => {
          if (isRight) return right;
          throw new RangeError("no token");
        };
        await using database = new Database(url, { maxSize: 2, acquireTimeoutMs: TIMEOUT_MS, password });
        const held = await database.acquire();
        isRight = false;
        const error = await failure(database.fetchVal("SELECT 1"), PoolTimeoutError);
        assert.ok(error.cause instanceof AuthenticationError);
        assert.ok(error.cause.cause instanceof RangeError);
        assert.equal(Number(await held.fetchVal("SELECT 1")), 1);
        await held.release();
        assert.equal(Number(await database.fetchVal("SELECT 1")), 1);
      },
      { connections: 2 },
    );

    test("a socket of the server's", async ({ url, database, skip }) => {
      const path = String(await database.fetchVal(facts.socketPath));
      if (!existsSync(path)) return skip("the server is somewhere else, and its socket with it");
      const { port } = new DatabaseURL(url);
      const bySocket = new DatabaseURL(url).replace({ hostname: path, port, options: { sslmode: "verify-full" } });
      await using local = new Database(bySocket);
      assert.equal(Number(await local.fetchVal("SELECT 1")), 1);
      assert.equal(isEncrypted(await local.fetchVal(facts.encryption)), false);
    });

    test("of several hosts, one that is dead, silent or gone at once is passed over", async ({ url }) => {
      const { hosts } = new DatabaseURL(url);
      await using silent = await strangeServer("silent");
      await using closing = await strangeServer("closing");
      const ports = [await closedPort(), silent.port, closing.port];
      const several = new DatabaseURL(url).replace({
        hosts: [...ports.map((port) => ({ hostname: LOOPBACK, port })), ...hosts],
      });
      const startMs = performance.now();
      await using database = await new Database(several, { acquireTimeoutMs: 3_000 }).connect();
      assert.ok(performance.now() - startMs < 1_500);
      assert.equal(Number(await database.fetchVal("SELECT 1")), 1);
      assert.deepEqual([silent.visits, closing.visits], [1, 1]);
      await within(silent.left());
    });

    test("of several hosts, all dead: the first one's error, with the others", async ({ url }) => {
      await using closing = await strangeServer("closing");
      const ports = [await closedPort(), closing.port];
      const several = hidden(url).replace({ hosts: ports.map((port) => ({ hostname: LOOPBACK, port })) });
      const error = await failing(several, ConnectionRefusedError);
      assert.ok(error.suppressed[0] instanceof ConnectionLostError);
    });

    test(
      "of several hosts, one that refuses the password is the last",
      async ({ url }) => {
        await using never = await strangeServer("silent");
        const { hosts } = new DatabaseURL(url);
        const several = new DatabaseURL(url).replace({
          password: CANARY,
          hosts: [...hosts, { hostname: LOOPBACK, port: never.port }],
        });
        await failing(several, AuthenticationError);
        assert.equal(never.visits, 0);
      },
      { features: ["passwords"] },
    );

    test(
      "a password's function is called for each new connection",
      async ({ url }) => {
        const { password } = new DatabaseURL(url);
        let calls = 0;
        const give = async (): Promise<string> => {
          calls += 1;
          await sleep(20);
          return password ?? "";
        };
        await using database = new Database(new DatabaseURL(url).replace({ password: CANARY }), { password: give });
        await database.connection(() => database.detached(() => database.fetchVal("SELECT 1")));
        assert.equal(calls, 2);
        await database.fetchVal("SELECT 1");
        assert.equal(calls, 2);
      },
      { connections: 2, features: ["passwords"] },
    );

    test("a password's function that fails, or gives none, fails the connecting", async ({ url }) => {
      const reason = new Error("no token");
      const rejected = await failing(hidden(url), AuthenticationError, { password: () => Promise.reject(reason) });
      assert.equal(rejected.cause, reason);
      await failing(hidden(url), ConfigurationError, { password: (() => ({ CANARY })) as unknown as () => string });
      await failing(hidden(url), ConnectTimeoutError, { password: () => new Promise(() => {}) });
    });

    const { applicationName } = facts;
    if (applicationName !== null) {
      test("the server shows the program's name, from the option and from the URL", async ({ url, open }) => {
        await using byOption = open({ applicationName: "my app ü" });
        assert.match(String(await byOption.fetchVal(applicationName)), /^my app /);
        await using byUrl = new Database(new DatabaseURL(url).replace({ options: { application_name: "mine" } }));
        assert.equal(await byUrl.fetchVal(applicationName), "mine");
      });
    }

    test("the server has the time limit of statements, from the option and from the URL", async ({ url, open }) => {
      const limitOf = async (database: Database): Promise<number> =>
        Number(await database.fetchVal(facts.statementTimeoutMs));
      assert.equal(await limitOf(open({ statementTimeoutMs: 1_500 })), 1_500);
      await using byUrl = new Database(new DatabaseURL(url).replace({ options: { statement_timeout_ms: "2500" } }));
      assert.equal(await limitOf(byUrl), 2_500);
      assert.equal(await limitOf(open()), 0);
    });
  });
}

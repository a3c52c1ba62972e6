import assert from "node:assert/strict";
import { createServer, type AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { ConfigurationError, ConnectionLostError } from "../../../src/errors/index.js";
import { DatabaseURL } from "../../../src/url/index.js";
import { requestFor } from "../../support/request.js";
import { within } from "../../support/within.js";
import { failure } from "../../suite/assertions.js";
import { type Declare, suite } from "../../suite/target.js";
import { column, connected, driverOf, factsOf, run, statement } from "./driver-support.js";

/** Its first row is large enough to be sent before the second is there. */
const SLOW = "SELECT REPEAT('x', 1000000) UNION ALL SELECT SLEEP(5)";

/** How connections are made, and how they end. */
export const connections: Declare = suite("the driver's connections", ({ test, target }) => {
  const driver = driverOf(target);
  const connect = (url: string | DatabaseURL, signal: AbortSignal | null = null) =>
    driver.connect(requestFor(url), signal);

  test("a wrong password, a database that is missing and a port that is closed are told", async ({ url }) => {
    const given = new DatabaseURL(url);
    const wrong = await factsOf(driver, connect(given.replace({ password: "canary" })));
    assert.deepEqual([wrong.errno, wrong.message.includes("canary")], [1045, false]);
    assert.equal((await factsOf(driver, connect(given.replace({ database: "is_missing" })))).errno, 1049);
    assert.equal(
      (await factsOf(driver, connect(given.replace({ hosts: [{ hostname: "127.0.0.1", port: 1 }] })))).failure,
      "refused",
    );
    await failure(connect(given.replace({ username: null, password: null })), ConfigurationError, /user/);
  });

  test("a server that accepts and says nothing is given up, and nothing stays open", async ({ url }) => {
    const silent = createServer((socket) => socket.on("error", () => undefined).resume());
    silent.listen(0, "127.0.0.1");
    await new Promise((resolve) => silent.once("listening", resolve));
    const { port } = silent.address() as AddressInfo;
    const there = new DatabaseURL(url).replace({ hosts: [{ hostname: "127.0.0.1", port }] });
    const abort = new AbortController();
    const attempt = connect(there, abort.signal);
    await sleep(50);
    const reason = new Error("enough");
    abort.abort(reason);
    await assert.rejects(within(attempt), (error) => error === reason);
    await within(new Promise((resolve) => silent.close(resolve)));
    await assert.rejects(connect(url, AbortSignal.abort(reason)), (error) => error === reason);
  });

  test("an answer that is none ends the attempt, and not the process", async ({ url }) => {
    for (const answer of [
      [0x4a, 0, 0, 0, 0x0a, 1, 2, 3],
      [3, 0, 0, 0, 0xff],
      [1, 0, 0, 0, 0x0a],
      Array<number>(300).fill(0xff),
    ]) {
      const rude = createServer((socket) => socket.on("error", () => undefined).end(Buffer.from(answer)));
      rude.listen(0, "127.0.0.1");
      await new Promise((resolve) => rude.once("listening", resolve));
      const { port } = rude.address() as AddressInfo;
      const there = new DatabaseURL(url).replace({ hosts: [{ hostname: "127.0.0.1", port }] });
      await assert.rejects(within(connect(there)));
      await within(new Promise((resolve) => rude.close(resolve)));
    }
  });

  test("TLS that is asked for is had or refused, and a certificate that nobody trusts is not taken", async ({
    url,
  }) => {
    const material = {};
    const hasTls = await connected(driver, url, async (connection) => {
      // A server without the variable has TLS always.
      const { rows } = await run(connection, "SHOW VARIABLES WHERE Variable_name = 'have_ssl' AND Value = 'DISABLED'");
      return rows.length === 0;
    });
    const required = connected(driver, url, (connection) => run(connection, "SHOW STATUS LIKE 'Ssl_cipher'"), {
      tls: { mode: "require", material },
    });
    if (!hasTls) assert.equal((await factsOf(driver, required)).failure, "tls");
    else assert.match(String((await required).rows[0]?.[1]), /^TLS_/);
    for (const mode of ["verify-ca", "verify-full"] as const) {
      const facts = await factsOf(driver, driver.connect(requestFor(url, { tls: { mode, material } }), null));
      assert.equal(facts.failure, "tls");
    }
  });

  test("a connection that is killed fails what waits, and never the process", async ({ url }) => {
    await connected(driver, url, async (killer) => {
      const kill = async (victim: Parameters<typeof run>[0]) => {
        const [id] = await column(victim, "SELECT CONNECTION_ID()");
        return () => run(killer, `KILL ${String(id)}`);
      };
      const idle = await connect(url);
      await (
        await kill(idle)
      )();
      await within(until(() => !idle.isOpen));
      await failure(run(idle, "SELECT 1"), ConnectionLostError);
      const busy = await connect(url);
      const killBusy = await kill(busy);
      const waiting = factsOf(driver, run(busy, "SELECT SLEEP(5)"));
      await sleep(50);
      await killBusy();
      assert.equal((await waiting).connectionLost, true);
      assert.equal(busy.isOpen, false);
      const reading = await connect(url);
      const killReading = await kill(reading);
      const stream = await reading.stream(statement(SLOW), 10);
      const next = factsOf(driver, Promise.resolve(stream.next()));
      await killReading();
      assert.equal((await next).connectionLost, true);
      await stream.close();
      for (const connection of [idle, busy, reading]) await within(connection.close());
    });
  });

  test("closing fails what waits, is done once, and does not wait for the server", async ({ url }) => {
    const connection = await connect(url);
    const waiting = failure(run(connection, "SELECT SLEEP(5)"), ConnectionLostError);
    await sleep(20);
    await within(Promise.all([connection.close(), connection.close()]));
    await waiting;
    assert.equal(connection.isOpen, false);
    await connection.close();
    const other = await connect(url);
    const stream = await other.stream(statement(SLOW), 10);
    await within(other.close());
    await assert.rejects(async () => stream.next(), ConnectionLostError);
  });

  test("a value that the server does not take ends the connection with its error", async ({ url }) => {
    const connection = await connect(url);
    const [limit] = await column(connection, "SELECT @@max_allowed_packet");
    const facts = await factsOf(driver, run(connection, "SELECT LENGTH(?)", ["x".repeat(Number(limit) + 1_000)]));
    // The server may close before its word about it is read.
    assert.ok(facts.errno === 1153 || facts.failure === "lost");
    assert.equal(facts.connectionLost, true);
    assert.equal(connection.isOpen, false);
    await connection.close();
  });

  test("the server sees the program's name and matched rows, and knows the session's character set", async ({
    url,
  }) => {
    await connected(
      driver,
      url,
      async (connection) => {
        assert.deepEqual(await column(connection, "SELECT @@character_set_client"), ["utf8mb4"]);
        assert.match(connection.serverVersion, /^\d+\.\d+\.\d+/);
        const names = await column(
          connection,
          "SELECT attr_value FROM performance_schema.session_connect_attrs WHERE processlist_id = CONNECTION_ID() AND attr_name = 'program_name'",
        );
        const [isKept] = await column(connection, "SELECT @@performance_schema");
        assert.deepEqual(names, isKept === 1 ? ["shop"] : []);
      },
      { applicationName: "shop" },
    );
  });
});

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await sleep(5);
}

import assert from "node:assert/strict";
import { createServer, type Server, type Socket } from "node:net";
import { inspect } from "node:util";
import { driver } from "../../../../src/drivers/pg/index.js";
import { ConfigurationError, ConnectionLostError } from "../../../../src/errors/index.js";
import { DatabaseURL } from "../../../../src/url/index.js";
import { requestFor } from "../../../support/request.js";
import { within } from "../../../support/within.js";
import { type Declare, suite } from "../../../suite/target.js";
import { factsOf, Session } from "./support.js";

/** How the driver's connections begin, and end. */
export const connections: Declare = suite("pg driver, connections", ({ test }) => {
  const changed = (url: string, changes: Parameters<DatabaseURL["replace"]>[0]): string =>
    new DatabaseURL(url).replace(changes).href;

  const refusal = (url: string, more: Parameters<typeof Session.open>[1] = {}) => factsOf(Session.open(url, more));

  test("a session begins with what it was asked for", async ({ url }) => {
    const startup = { TimeZone: "UTC", DateStyle: "ISO", IntervalStyle: "iso_8601", search_path: '"a b\\c", d' };
    await using given = await Session.open(url, { applicationName: "it's \\ me", startup });
    assert.match(given.connection.serverVersion, /^\d+(\.\d+)*$/);
    assert.equal(given.connection.isOpen, true);
    for (const [name, value] of Object.entries({
      ...startup,
      application_name: "it's \\ me",
      client_encoding: "UTF8",
    })) {
      assert.equal(await given.value(`SHOW ${name}`), name === "DateStyle" ? "ISO, MDY" : value);
    }
    assert.equal(await given.value("SELECT current_user"), new DatabaseURL(url).username);
    assert.equal(await given.value("SELECT current_database()"), new DatabaseURL(url).database);
  });

  test("without a database in the URL it is the user's", async ({ url }) => {
    const facts = await refusal(changed(url, { database: null, username: "nobody-here" }), { password: "x" });
    assert.ok(["28P01", "3D000", "28000"].includes(String(facts.sqlState)), String(facts.sqlState));
  });

  test("what the environment says for pg does not matter", async ({ url }) => {
    const given = { PGHOST: "nowhere.invalid", PGPORT: "1", PGUSER: "x", PGDATABASE: "x", PGPASSWORD: "x" };
    const more = { PGSSLMODE: "require", PGSSLNEGOTIATION: "direct", PGOPTIONS: "-c nonsense=1", PGAPPNAME: "x" };
    const before = { ...process.env };
    Object.assign(process.env, given, more, { PGREPLICATION: "database", PGCLIENT_ENCODING: "LATIN1" });
    try {
      await using session = await Session.open(url);
      assert.equal(await session.value("SHOW application_name"), "");
      assert.equal(await session.value("SHOW client_encoding"), "UTF8");
    } finally {
      process.env = before;
    }
  });

  test("each way not to get a connection is told apart, without the password", async ({ url }) => {
    const secret = "s3cret-canary";
    const seen = [
      await refusal(changed(url, { password: secret })),
      await refusal(changed(url, { database: "missing" })),
      await refusal(url, { startup: { nonsense: "on" } }),
      await refusal(changed(url, { hostname: "127.0.0.1", port: 1 })),
      await refusal(changed(url, { hostname: "nowhere.invalid" })),
      await refusal(changed(url, { hostname: "/nowhere" })),
    ];
    assert.deepEqual(
      seen.map(({ sqlState, failure }) => sqlState ?? failure),
      ["28P01", "3D000", "42704", "refused", "refused", "refused"],
    );
    assert.ok(!inspect(seen).includes(secret));
    assert.equal((await refusal(changed(url, { password: null }))).failure, "authentication");
    assert.equal((await refusal(changed(url, { password: "" }))).failure, "authentication");
  });

  test("a NUL in what the session begins with is refused", async ({ url }) => {
    for (const more of [
      { applicationName: "x\0user\0admin" },
      { startup: { search_path: "x\0y" } },
      { startup: { "a\0b": "x" } },
      { password: "a\0b" },
    ]) {
      await assert.rejects(Session.open(url, more), ConfigurationError);
    }
  });

  test("options that are not known are refused", ({ url }) => {
    for (const option of ["prepare=maybe", "target_session_attrs=standby"]) {
      assert.throws(() => driver.traits(new DatabaseURL(`${url}?${option}`)), ConfigurationError);
    }
    assert.deepEqual(driver.traits(new DatabaseURL(url)), {
      singleConnection: false,
      isReadOnly: false,
      writerKey: null,
    });
    return Promise.resolve();
  });

  test("target_session_attrs=read-write passes a server by that only reads", async ({ url }) => {
    const wanted = `${url}?target_session_attrs=read-write`;
    await using given = await Session.open(wanted);
    assert.equal(await given.value("SELECT 1"), 1);
    const facts = await refusal(wanted, { startup: { default_transaction_read_only: "on" } });
    assert.equal(facts.failure, "refused");
  });

  test("a server that says nothing is given up when the signal is aborted", async ({ url }) => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => sockets.push(socket.resume()));
    const { port } = await listening(silent);
    const silence = changed(url, { hostname: "127.0.0.1", port });
    for (const tls of [
      { mode: "disable", material: {} },
      { mode: "require", material: {} },
    ] as const) {
      const end = new AbortController();
      const reason = new Error("enough");
      const attempt = driver.connect(requestFor(silence, { tls }), end.signal);
      setTimeout(() => end.abort(reason), 30);
      await assert.rejects(within(attempt, 1_000), reason);
    }
    assert.equal(sockets.length, 2);
    for (const socket of sockets)
      if (!socket.destroyed) await within(new Promise((done) => socket.once("close", done)));
    await assert.rejects(driver.connect(requestFor(url), AbortSignal.abort(new Error("before"))), /before/);
    silent.close();
  });

  test("the end of the server's process ends the connection, and nothing else", async ({ url }) => {
    await using killer = await Session.open(url);
    const kill = ({ raw }: Session) => killer.execute("SELECT pg_terminate_backend($1)", [raw.processID]);
    {
      const idle = await Session.open(url);
      await kill(idle);
      await within(closed(idle));
      await assert.rejects(idle.execute("SELECT 1"), ConnectionLostError);
      await assert.rejects(idle.stream("SELECT 1", 1), ConnectionLostError);
      await within(idle.connection.close());
    }
    for (const run of [
      (busy: Session) => busy.execute("SELECT pg_sleep(5)"),
      (busy: Session) => busy.executeMany("SELECT pg_sleep($1)", [[5], [5]]),
      (busy: Session) => busy.stream("SELECT pg_sleep(5)", 1),
    ]) {
      const busy = await Session.open(url);
      const answer = factsOf(run(busy));
      await kill(busy);
      const facts = await answer;
      assert.deepEqual([facts.sqlState, facts.connectionLost, busy.connection.isOpen], ["57P01", true, false]);
      await within(busy.connection.close());
    }
    const reading = await Session.open(url);
    const stream = await reading.stream("SELECT n FROM generate_series(1, 1000000) n", 10);
    await stream.next();
    await kill(reading);
    assert.equal((await factsOf(Promise.resolve(stream.next()))).connectionLost, true);
    await stream.close();
    await reading.connection.close();
    assert.equal(await killer.value("SELECT 1"), 1);
  });

  test("a session that ends itself tells so", async ({ url }) => {
    const given = await Session.open(url);
    const facts = await factsOf(given.execute("SELECT pg_terminate_backend(pg_backend_pid())"));
    assert.deepEqual([facts.sqlState, facts.connectionLost], ["57P01", true]);
    assert.equal(given.connection.isOpen, false);
    const expired = await Session.open(url, { startup: { idle_in_transaction_session_timeout: "50" } });
    await expired.command("BEGIN");
    await within(closed(expired));
    await assert.rejects(expired.execute("SELECT 1"), ConnectionLostError);
  });

  test("a closed connection refuses, and closing never fails", async ({ url }) => {
    const given = await Session.open(url);
    const { connection } = given;
    const pending = given.execute("SELECT pg_sleep(5)");
    const rejected = factsOf(pending);
    await within(Promise.all([connection.close(), connection.close()]));
    assert.equal((await rejected).connectionLost, true);
    assert.equal(connection.isOpen, false);
    await assert.rejects(given.execute("SELECT 1"), ConnectionLostError);
    await assert.rejects(given.command("BEGIN"), ConnectionLostError);
    await assert.rejects(given.executeMany("SELECT 1", []), ConnectionLostError);
    await within(connection.close());
  });
});

async function listening(server: Server): Promise<{ readonly port: number }> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server.address() as { readonly port: number };
}

async function closed({ connection }: Session): Promise<void> {
  while (connection.isOpen) await new Promise((resolve) => setTimeout(resolve, 5));
}

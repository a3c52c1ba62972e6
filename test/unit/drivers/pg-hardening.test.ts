import assert from "node:assert/strict";
import { createHmac, pbkdf2Sync, randomBytes } from "node:crypto";
import { once } from "node:events";
import type { Socket } from "node:net";
import { after, describe, test } from "node:test";
import { inspect } from "node:util";
import type { ConnectRequest, DriverConnection } from "../../../src/driver/driver.js";
import { driver } from "../../../src/drivers/pg/index.js";
import { ConnectionLostError, type NativeErrorFacts } from "../../../src/errors/index.js";
import { requestFor } from "../../support/request.js";
import { settled, within } from "../../support/within.js";
import {
  ANSWER,
  AUTHENTICATED,
  description,
  FakeServer,
  int16,
  int32,
  LOGIN,
  message,
  READY,
  row,
  VERSION,
} from "./pg-server.js";

const escaped: unknown[] = [];
const catchAll = (error: unknown): void => void escaped.push(error);
process.on("uncaughtException", catchAll);
after(() => {
  process.off("uncaughtException", catchAll);
  assert.deepEqual(escaped, [], "nothing escapes");
});

const connect = (server: FakeServer, more: Partial<ConnectRequest> = {}): Promise<DriverConnection> =>
  within(driver.connect(requestFor(server.url, more), null));

const select = (connection: DriverConnection, reusable = false) =>
  connection.execute({ sql: "SELECT 1", parameters: [], reusable, integers: "number", isCommand: false });

/** The facts of what the action fails with; the password is nowhere in it. */
async function factsOf(action: () => unknown): Promise<NativeErrorFacts> {
  try {
    await within(action());
  } catch (error) {
    assert.ok(!inspect(error, { depth: 9, showHidden: true }).includes("canary"), "the password is in the error");
    return driver.facts(error) ?? assert.fail(`not the driver's: ${String(error)}`);
  }
  return assert.fail("nothing was thrown");
}

/** How an attempt to log in fails where the server says this. */
async function loginFailure(...said: readonly Buffer[]): Promise<NativeErrorFacts> {
  const server = await FakeServer.start((socket) => {
    socket.write(Buffer.concat(said));
    return () => null;
  });
  const facts = await factsOf(() => connect(server));
  await closed(server.sockets[0]);
  return facts;
}

/** How a statement fails that the server answers with this; the connection is gone after it. */
async function answerFailure(...said: readonly Buffer[]): Promise<NativeErrorFacts> {
  const server = await FakeServer.ready(() => Buffer.concat(said));
  const connection = await connect(server);
  const facts = await factsOf(() => select(connection));
  assert.equal(connection.isOpen, false);
  await closed(server.sockets[0]);
  assert.throws(() => select(connection), ConnectionLostError);
  await within(connection.close());
  return facts;
}

async function closed(socket: Socket | undefined): Promise<void> {
  if (socket !== undefined && !socket.destroyed) await within(once(socket, "close"));
}

/** Bytes that pretend to be a message of a certain length. */
const cut = (type: string, length: number, body = ""): Buffer =>
  Buffer.concat([Buffer.from(type), int32(length), Buffer.from(body)]);

describe("pg: messages that cannot be", () => {
  const broken: Readonly<Record<string, readonly Buffer[]>> = {
    "a length of zero": [cut("D", 0)],
    "a negative length": [cut("D", -5, "xxxx")],
    "a length beyond all bounds": [cut("D", 0x7fffffff)],
    "a long one of a short kind": [cut("C", 40_000)],
    "another protocol": [Buffer.from("\x4a\x00\x00\x00\x0a5.5.5-10.4-MariaDB\0", "latin1")],
    "an unknown type": [message("?")],
    "a request for the password after the login": [message("R", 3)],
    "a second login": [AUTHENTICATED],
    "rows without a description": [message("1"), message("2"), row("1"), message("C", "SELECT 1\0"), READY],
    "a row of other columns": [description(["a", 23]), row("1", "2"), message("C", "SELECT 1\0"), READY],
    "a row with a negative count": [description(["a", 23]), message("D", int16(0xffff)), READY],
    "an empty row message": [description(["a", 23]), message("D"), READY],
    "a row with a value longer than itself": [description(["a", 25]), message("D", int16(1), 1000, "x"), READY],
    "a row that is cut off": [description(["a", 25], ["b", 25]), message("D", int16(2), 1, "x"), READY],
    "a description that is cut off": [message("T", int16(2), "a\0"), READY],
    "a description without an end of the name": [message("T", int16(1), "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), READY],
    "a description without a count": [message("T"), READY],
    "an integer of letters": [description(["a", 23]), row("x"), message("C", "SELECT 1\0"), READY],
    "a bigint of letters": [description(["a", 20]), row("xxxxxxxxxxxxxxxxxx"), message("C", "SELECT 1\0"), READY],
    "a boolean of numbers": [description(["a", 16]), row("1"), message("C", "SELECT 1\0"), READY],
    "an end without an answer": [READY],
    "a piece where all was asked for": [message("s"), READY],
    "a status that there is not": [ANSWER, message("Z", "?")],
    "no status": [ANSWER, message("Z")],
    "an error without its end": [message("E", "SERROR\0Mbad")],
    "an error without any field": [message("E")],
    "an error with text behind its end": [message("E", "SERROR\0\0Mmore\0")],
    "a notice without its end": [message("N", "SNOTICE")],
    "data to copy that nobody asked for": [message("d", "x")],
  };

  for (const [what, said] of Object.entries(broken)) {
    test(`${what} ends the connection`, async () => {
      const { failure, connectionLost } = await answerFailure(...said);
      assert.deepEqual([failure, connectionLost], ["protocol", true]);
    });
  }

  test("what comes while nothing was asked ends the connection, and is nobody's answer", async () => {
    for (const unsolicited of [ANSWER, READY, row("1"), message("C", "SELECT 1\0")]) {
      const server = await FakeServer.ready(() => Buffer.concat([ANSWER, READY]));
      const connection = await connect(server);
      await select(connection);
      server.sockets[0]?.write(unsolicited);
      await closed(server.sockets[0]);
      assert.equal(connection.isOpen, false);
      assert.throws(() => select(connection), ConnectionLostError);
    }
  });

  test("a second answer in one breath is not the next caller's", async () => {
    const server = await FakeServer.ready(() => Buffer.concat([ANSWER, READY, ANSWER, READY]));
    const connection = await connect(server);
    const { rows } = await select(connection);
    assert.deepEqual(rows, [[1, "x"], [2, null]]); // prettier-ignore
    assert.equal(connection.isOpen, false);
  });

  test("rows behind an error end the connection, and the error is the caller's", async () => {
    const error = message("E", "SERROR\0C42P01\0Mmissing\0\0");
    const { sqlState, connectionLost } = await answerFailure(error, description(["a", 23]));
    assert.deepEqual([sqlState, connectionLost], ["42P01", true]);
  });

  test("an answer arrives in any pieces", async () => {
    const answer = Buffer.concat([ANSWER, READY]);
    const server = await FakeServer.ready((_, socket) => {
      void (async () => {
        for (const byte of answer) {
          socket.write(Buffer.of(byte));
          await new Promise((resolve) => setImmediate(resolve));
        }
      })();
      return null;
    });
    const connection = await connect(server);
    const { rows, columns } = await select(connection);
    assert.deepEqual(rows, [[1, "x"], [2, null]]); // prettier-ignore
    assert.deepEqual(
      columns.map(({ name }) => name),
      ["a", "b"],
    );
    await connection.close();
  });

  test("an answer that ends anywhere is a lost connection, and never a result", async () => {
    const answer = Buffer.concat([ANSWER, READY]);
    for (let length = 0; length < answer.length; length += 1) {
      const server = await FakeServer.ready((_, socket) => {
        socket.end(answer.subarray(0, length));
        return null;
      });
      const connection = await connect(server);
      const facts = await factsOf(() => select(connection));
      assert.deepEqual([facts.failure, facts.connectionLost], ["lost", true]);
      server.stop();
    }
  });

  test("a server that does not let go is let go", async () => {
    const server = await FakeServer.ready(() => null);
    const connection = await connect(server);
    server.sockets[0]?.pause();
    const startMs = performance.now();
    await within(connection.close());
    assert.ok(performance.now() - startMs > 500, "the goodbye had its time");
  });

  test("notices and notifications may come at any time", async () => {
    const notice = message("N", "SNOTICE\0Mhear\0\0");
    const server = await FakeServer.ready(() => Buffer.concat([notice, ANSWER, notice, READY]));
    const connection = await connect(server);
    server.sockets[0]?.write(Buffer.concat([notice, message("A", 1, "channel\0", "payload\0")]));
    await settled();
    assert.equal((await select(connection)).rows.length, 2);
    await connection.close();
  });
});

describe("pg: logging in", () => {
  test("what cannot be the start of a session is refused", async () => {
    const failures = await Promise.all(
      [
        [Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n")],
        [message("R")],
        [message("E", "SFATAL\0")],
        [READY],
        [VERSION],
        [ANSWER],
        [cut("E", 100_000)],
        [AUTHENTICATED, ANSWER],
        [AUTHENTICATED, AUTHENTICATED],
        [AUTHENTICATED, message("K", 1, 2), READY],
        [message("v", 3, 0)],
      ].map((said) => loginFailure(...said)),
    );
    assert.deepEqual([...new Set(failures.map(({ failure }) => failure))], ["protocol"]);
  });

  test("kinds of authentication that are not supported are refused", async () => {
    for (const request of [2, 7, 9, 99]) {
      assert.equal((await loginFailure(message("R", request))).failure, "authentication");
    }
    assert.equal((await loginFailure(message("R", 10, "OTHER\0\0"))).failure, "authentication");
  });

  test("the server's error is told as it is", async () => {
    const facts = await loginFailure(message("E", "SFATAL\0C53300\0Mtoo many\0\0"));
    assert.deepEqual([facts.sqlState, facts.failure], ["53300", null]);
  });

  test("a server that hangs up is told", async () => {
    const server = await FakeServer.start((socket) => {
      socket.end();
      return () => null;
    });
    assert.equal((await factsOf(() => connect(server))).failure, "lost");
  });

  test("the password is sent in clear or as MD5 to this machine only", async () => {
    const requests = [message("R", 3), message("R", 5, "salt")];
    const got: string[] = [];
    for (const request of requests) {
      const server = await FakeServer.start((socket) => {
        socket.write(request);
        return (chunk) => {
          got.push(String(chunk));
          socket.write(LOGIN);
        };
      });
      await (await connect(server)).close();
      // The same server, as if it were elsewhere: a name that only this test's resolver would know is not local.
      const { port } = server.url;
      const elsewhere = { host: "0.0.0.0", port, socketPath: null };
      assert.equal((await factsOf(() => connect(server, { address: elsewhere }))).failure, "authentication");
    }
    assert.equal(got.filter((text) => text.includes("canary")).length, 1);
    assert.equal(got.filter((text) => text.includes("md5")).length, 1);
  });

  test("a server that wants TLS not to be used is refused where it is required", async () => {
    const words: [string, string][] = [
      ["N", "tls"],
      ["E", "protocol"],
      ["S and more", "protocol"],
      ["Nmore", "protocol"],
      ["Sx", "protocol"],
    ];
    for (const [word, failure] of words) {
      const server = await FakeServer.start((socket, startup) => {
        assert.equal(startup.length, 8);
        socket.write(word);
        return () => null;
      });
      const facts = await factsOf(() => connect(server, { tls: { mode: "require", material: {} } }));
      assert.deepEqual([word, facts.failure], [word, failure]);
      await closed(server.sockets[0]);
    }
  });

  test("a handshake that fails is no plain connection", async () => {
    const server = await FakeServer.start((socket) => {
      socket.write("S");
      return () => socket.write(LOGIN);
    });
    const facts = await factsOf(() => connect(server, { tls: { mode: "require", material: {} } }));
    assert.equal(facts.failure, "tls");
  });
});

describe("pg: a proof of the password", () => {
  test("is accepted where the server proves its own knowledge", async () => {
    const server = await scramServer({});
    const connection = await connect(server);
    assert.equal(connection.serverVersion, "18.4");
    const shown = inspect(connection.raw, { depth: 12, showHidden: true });
    assert.ok(shown.includes("processID"));
    assert.ok(!shown.includes("canary"), "the password has served");
    await connection.close();
  });

  test("is refused where the server does not", async () => {
    for (const flaw of [
      { final: (): Buffer => AUTHENTICATED },
      { final: (): Buffer => Buffer.concat([message("R", 12, "v=AAAA"), LOGIN]) },
      { final: (): Buffer => Buffer.concat([message("R", 12, "e=no"), LOGIN]) },
      { final: (): Buffer => message("R", 12, "\0") },
    ]) {
      const server = await scramServer(flaw);
      assert.equal((await factsOf(() => connect(server))).failure, "authentication");
      await closed(server.sockets[0]);
    }
  });

  test("is not begun with a server that cheats", async () => {
    for (const flaw of [
      { iterations: 100_000_000 },
      { nonce: (): string => "other" },
      { nonce: (client: string): string => client },
      { first: AUTHENTICATED },
      { first: message("R", 12, "v=x") },
      { first: message("R", 11, "nonsense") },
      { first: message("R", 11, "") },
    ]) {
      const server = await scramServer(flaw);
      const startMs = performance.now();
      assert.equal((await factsOf(() => connect(server))).failure, "authentication");
      assert.ok(performance.now() - startMs < 1_000);
    }
  });
});

interface Flaw {
  readonly iterations?: number;
  readonly nonce?: (client: string) => string;
  /** Instead of the answer to the client's first, or last, message. */
  readonly first?: Buffer;
  readonly final?: () => Buffer;
}

/** A server that knows the password, and keeps to SCRAM but for the flaw. */
function scramServer({
  iterations = 4096,
  nonce = (client) => `${client}more`,
  first,
  final,
}: Flaw): Promise<FakeServer> {
  return FakeServer.start((socket) => {
    socket.write(message("R", 10, "SCRAM-SHA-256\0\0"));
    const salt = randomBytes(16);
    let exchange: string[] = [];
    return (chunk) => {
      const text = String(chunk);
      if (exchange.length === 0) {
        if (first !== undefined) return void socket.write(first);
        const bare = text.slice(text.indexOf("n=*"));
        const serverFirst = `r=${nonce(bare.split("r=")[1] ?? "")},s=${salt.toString("base64")},i=${iterations}`;
        exchange = [bare, serverFirst];
        return void socket.write(message("R", 11, serverFirst));
      }
      if (final !== undefined) return void socket.write(final());
      const withoutProof = text.slice(text.indexOf("c="), text.indexOf(",p="));
      const salted = pbkdf2Sync("canary-secret", salt, iterations, 32, "sha256");
      const key = createHmac("sha256", salted).update("Server Key").digest();
      const signature = createHmac("sha256", key)
        .update([...exchange, withoutProof].join(","))
        .digest("base64");
      return void socket.write(Buffer.concat([message("R", 12, `v=${signature}`), LOGIN]));
    };
  });
}

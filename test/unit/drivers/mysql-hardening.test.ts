import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { inspect } from "node:util";
import type { Driver, DriverConnection } from "../../../src/driver/driver.js";
import { driver as mariadb } from "../../../src/drivers/mariadb/index.js";
import { driver as mysql2 } from "../../../src/drivers/mysql2/index.js";
import { MysqlConnection } from "../../../src/drivers/mysql-common/connection.js";
import type { MysqlHandle, MysqlStatement } from "../../../src/drivers/mysql-common/handle.js";
import { Link } from "../../../src/drivers/mysql-common/link.js";
import { ConnectionLostError, UsageError } from "../../../src/errors/index.js";
import type { WireValue } from "../../../src/util/wire.js";
import { requestFor } from "../../support/request.js";
import { within } from "../../support/within.js";
import {
  type Answer,
  bytes,
  column,
  COMMAND,
  EOF,
  FakeServer,
  OK,
  packet,
  packets,
  preparedOf,
  text,
} from "./mysql-server.js";

const ASKED = "SELECT 1 AS a";

const statement = (sql: string, parameters: readonly WireValue[], isCommand: boolean) =>
  ({ sql, parameters, reusable: true, integers: "number", isCommand }) as const;

/** Answers all that is prepared with one column and no parameter, and what is asked with what is given. */
function answering(said: Answer, to: number = COMMAND.query) {
  return (command: number, sql: string): Answer => {
    if (command === to && (command === COMMAND.execute || sql === ASKED)) return said;
    return command === COMMAND.prepare ? [preparedOf(1, 0), column("a"), EOF] : [OK];
  };
}

async function connected(driver: Driver, server: FakeServer): Promise<DriverConnection> {
  return within(driver.connect(requestFor(server.url), null));
}

async function failing(call: PromiseLike<unknown>): Promise<unknown> {
  return within(call).then(
    () => assert.fail("the call did not fail"),
    (error: unknown) => error,
  );
}

async function checkLost(driver: Driver, connection: DriverConnection, call: PromiseLike<unknown>): Promise<void> {
  const error = await failing(call);
  const facts = driver.facts(error);
  assert.ok(facts?.failure === "protocol" || facts?.failure === "lost", inspect(error));
  assert.equal(connection.isOpen, false);
  const next = async () => connection.execute(statement(ASKED, [], true));
  assert.ok((await failing(next())) instanceof ConnectionLostError);
  await within(connection.close());
}

const HEADER = [bytes(1), column("a"), EOF];

/** Answers to a text, none of which is one. */
const BROKEN: Readonly<Record<string, readonly Buffer[]>> = {
  "an answer of one byte": [bytes(0)],
  "an error that is cut off": [bytes(0xff)],
  "a request for a file": [Buffer.concat([bytes(0xfb), Buffer.from("/etc/hostname")])],
  "a row that is cut off": [...HEADER, bytes(200, 1), EOF],
};

/** Answers that may be the beginning of one, behind which the server hangs up. */
const BEGUN: Readonly<Record<string, Buffer>> = {
  "a packet of bytes that mean nothing": packet(1, Buffer.alloc(40, 0xfd)),
  "a column that is cut off": packets([bytes(1), bytes(3, 100)]),
  "a column of a length beyond the packet": packets([bytes(1), bytes(3, 100, 101, 102, 250)]),
  "more columns than are described": packets([bytes(2), column("a"), EOF]),
  "columns without an end of the rows": packets([...HEADER, text("1")]),
  "a packet that is cut in the middle": packet(1, bytes(1, 2), 20),
};

for (const driver of [mariadb, mysql2]) {
  describe(`${driver.name}: what is no answer`, () => {
    for (const [what, said] of Object.entries(BROKEN)) {
      test(`${what} ends the connection`, async () => {
        const connection = await connected(driver, await FakeServer.ready(answering(said)));
        await checkLost(driver, connection, Promise.resolve(connection.execute(statement(ASKED, [], true))));
      });
    }

    for (const [what, said] of Object.entries(BEGUN)) {
      test(`${what} with nothing behind it ends the connection`, async () => {
        const server = await FakeServer.ready((command, sql, socket) => {
          if (sql !== ASKED) return [OK];
          socket.end(said);
          return null;
        });
        const connection = await connected(driver, server);
        await checkLost(driver, connection, Promise.resolve(connection.execute(statement(ASKED, [], true))));
      });
    }

    test("a prepared statement that is none ends the connection", async () => {
      const said = [bytes(0x7f, 1, 2, 3, 4, 5, 6, 7, 8)];
      const connection = await connected(driver, await FakeServer.ready(answering(said, COMMAND.prepare)));
      await checkLost(driver, connection, Promise.resolve(connection.execute(statement(ASKED, [], false))));
    });

    test("what a prepared statement gives, and is none, ends the connection and the iteration", async () => {
      const server = await FakeServer.ready(answering([bytes(0xff)], COMMAND.execute));
      const one = await connected(driver, server);
      await checkLost(driver, one, Promise.resolve(one.execute(statement(ASKED, [], false))));
      const other = await connected(driver, server);
      await checkLost(driver, other, Promise.resolve(other.stream(statement(ASKED, [], false), 10)));
    });

    test("a count of placeholders that the text does not have is not the user's mistake", async () => {
      const server = await FakeServer.ready((command) => (command === COMMAND.prepare ? [preparedOf(0, 0)] : [OK]));
      const connection = await connected(driver, server);
      const quoted = Promise.resolve(connection.execute(statement("SELECT '?'", [1], false)));
      assert.ok((await failing(quoted)) instanceof UsageError);
      assert.ok(connection.isOpen);
      await checkLost(driver, connection, Promise.resolve(connection.execute(statement("SELECT ?", [1], false))));
    });

    test("what cannot be a greeting is no connection", async () => {
      for (const payload of [Buffer.alloc(40, 0xfd), bytes(10), bytes(10, 56, 46, 48, 0, 1), bytes(9, 1, 2, 3, 4)]) {
        const server = await FakeServer.saying(packet(0, payload));
        const error = await failing(driver.connect(requestFor(server.url), null));
        assert.equal(driver.facts(error)?.failure, "protocol", inspect(error));
      }
    });

    test("the password does not show in the package's object", async () => {
      const server = await FakeServer.ready(answering([OK]));
      for (let round = 0; round < 2; round += 1) {
        const connection = await connected(driver, server);
        const { raw } = connection;
        assert.doesNotMatch(inspect(raw, { depth: null, showHidden: true }), /canary-secret/);
        assert.doesNotMatch(JSON.stringify(raw, withoutCycles()), /canary-secret/);
        await within(connection.close());
      }
    });

    test("who waits for rows when the iteration is left is at its end", async () => {
      const head = Buffer.concat([bytes(0), bytes(0), Buffer.alloc(8)]);
      const server = await FakeServer.ready(answering([...HEADER, head], COMMAND.execute));
      const connection = await connected(driver, server);
      const stream = await within(connection.stream(statement(ASKED, [], false), 10));
      const next = stream.next();
      await within(Promise.resolve(stream.close()));
      assert.deepEqual(await within(next), []);
      assert.deepEqual(await within(stream.next()), []);
      await within(connection.close());
    });
  });
}

describe("mysql2: values that are none of their type", () => {
  test("a whole number of letters ends the connection", async () => {
    const connection = await connected(mysql2, await FakeServer.ready(answering([...HEADER, text("letters"), EOF])));
    await checkLost(mysql2, connection, Promise.resolve(connection.execute(statement(ASKED, [], true))));
  });

  test("so it does in an iteration over what is not prepared", async () => {
    const refusal = Buffer.concat([bytes(0xff, 0x0f, 5), Buffer.from("#HY000not prepared")]);
    const said = answering([...HEADER, text("letters"), EOF]);
    const server = await FakeServer.ready((command, sql) =>
      command === COMMAND.prepare ? [refusal] : said(command, sql),
    );
    const connection = await connected(mysql2, server);
    const stream = await connection.stream(statement(ASKED, [], false), 10);
    await checkLost(mysql2, connection, (async () => stream.next())());
  });

  test("a row that is cut off ends the connection, and the iteration", async () => {
    const said = [...HEADER, bytes(0, 0, 1)];
    const connection = await connected(mysql2, await FakeServer.ready(answering(said, COMMAND.execute)));
    const reading = async () => {
      const stream = await connection.stream(statement(ASKED, [], false), 10);
      await stream.next();
    };
    await checkLost(mysql2, connection, reading());
  });
});

test("an iteration that the package does not begin leaves the connection free, and heard of by nobody", async () => {
  const server = await FakeServer.saying(Buffer.alloc(0));
  const { address } = requestFor(server.url);
  const link = new Link(address, () => null);
  const reason = new Error("not begun");
  let listeners = 0;
  const onLoss = link.onLoss.bind(link);
  link.onLoss = (listener) => {
    listeners += 1;
    return onLoss(listener);
  };
  const answer = { fields: [], rows: [], affectedRows: 3, insertId: 0, status: 2, database: null };
  const native: MysqlStatement = {
    parameterCount: 0,
    execute: async () => answer,
    stream: () => {
      throw reason;
    },
    close: () => undefined,
  };
  const handle: MysqlHandle = {
    raw: null,
    serverVersion: "8.0.36",
    status: 2,
    database: null,
    query: async () => answer,
    prepare: async () => native,
    quit: () => link.lose(null),
  };
  const connection = new MysqlConnection(handle, link);
  assert.equal(await failing(connection.stream(statement(ASKED, [], false), 10)), reason);
  assert.equal(listeners, 0);
  assert.equal((await connection.execute(statement(ASKED, [], false))).rowCount, 3);
  await within(connection.close());
});

function withoutCycles(): (key: string, value: unknown) => unknown {
  const seen = new Set<unknown>();
  return (_key, value) => {
    if (typeof value === "bigint") return String(value);
    if (typeof value !== "object" || value === null) return value;
    if (seen.has(value)) return undefined;
    seen.add(value);
    return value;
  };
}

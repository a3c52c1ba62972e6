import assert from "node:assert/strict";
import type { DriverConnection } from "../../../src/driver/driver.js";
import { UsageError } from "../../../src/errors/index.js";
import type { WireValue } from "../../../src/util/wire.js";
import { collectGarbage } from "../../support/garbage.js";
import { failure } from "../../suite/assertions.js";
import { type Declare, suite } from "../../suite/target.js";
import { column, connected, driverOf, factsOf, run, statement } from "./driver-support.js";

const NOTES = "CREATE TEMPORARY TABLE notes (id BIGINT AUTO_INCREMENT PRIMARY KEY, word VARCHAR(50) UNIQUE)";
const TABLE = "CREATE TABLE IF NOT EXISTS words (id BIGINT AUTO_INCREMENT PRIMARY KEY, word VARCHAR(50) UNIQUE)";

/** A word of ours, as a transaction sends it. */
const command = (connection: DriverConnection, sql: string) => run(connection, sql, [], { isCommand: true });

/** How statements run, what they answer, and what is known of the transaction. */
export const statements: Declare = suite("the driver's statements", ({ test, target }) => {
  const driver = driverOf(target);

  test("a write tells the rows that it has matched, and the key that was made", async ({ url }) => {
    await connected(driver, url, async (connection) => {
      assert.deepEqual(
        { ...(await run(connection, NOTES)) },
        { columns: [], rows: [], rowCount: 0, lastInsertId: null, command: null },
      );
      const insert = await run(connection, "INSERT INTO notes (word) VALUES (?)", ["a"]);
      assert.deepEqual([insert.rowCount, insert.lastInsertId], [1, 1]);
      await run(connection, "INSERT INTO notes (word) VALUES ('b'), ('c')");
      assert.equal((await run(connection, "UPDATE notes SET word = word")).rowCount, 3);
      assert.equal((await run(connection, "UPDATE notes SET word = 'x' WHERE id = 99")).rowCount, 0);
      assert.equal((await run(connection, "DELETE FROM notes WHERE id = 1")).rowCount, 1);
      assert.equal((await run(connection, "REPLACE INTO notes VALUES (2, 'z')")).rowCount, 2);
      const read = await run(connection, "SELECT id FROM notes WHERE id = 99");
      assert.deepEqual([read.rowCount, read.rows, read.columns.length], [null, [], 1]);
      await run(connection, "ALTER TABLE notes AUTO_INCREMENT = 9007199254740993");
      const { lastInsertId } = await run(connection, "INSERT INTO notes (word) VALUES (?)", ["large"]);
      assert.equal(lastInsertId, 9_007_199_254_740_993n);
    });
  });

  test("a key of the upper half of BIGINT UNSIGNED has no sign", async ({ url }) => {
    await connected(driver, url, async (connection) => {
      await run(connection, "CREATE TEMPORARY TABLE large (id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY, w INT)");
      await run(connection, "ALTER TABLE large AUTO_INCREMENT = 9223372036854775809");
      const { lastInsertId } = await run(connection, "INSERT INTO large (w) VALUES (1)");
      assert.equal(lastInsertId, 2n ** 63n + 1n);
    });
  });

  test(
    "RETURNING gives rows",
    async ({ url }) => {
      await connected(driver, url, async (connection) => {
        await run(connection, NOTES);
        const { rows, columns } = await run(connection, "INSERT INTO notes (word) VALUES (?), (?) RETURNING id", [
          "a",
          "b",
        ]);
        assert.deepEqual([rows, columns.length], [[[1], [2]], 1]);
        const count = await connection.executeMany(statement("DELETE FROM notes WHERE id = ? RETURNING id"), [
          [1],
          [2],
          [3],
        ]);
        assert.equal(count, 2);
      });
    },
    { features: ["insertReturning"] },
  );

  test("a procedure gives the first of its results", async ({ url }) => {
    await connected(driver, url, async (connection) => {
      await run(connection, "CREATE OR REPLACE VIEW nothing AS SELECT 1");
      await run(connection, "DROP PROCEDURE IF EXISTS several");
      await run(connection, "CREATE PROCEDURE several() BEGIN SELECT 1 AS a UNION SELECT 2; SELECT 'x' AS b; END");
      const { columns, rows } = await run(connection, "CALL several()");
      assert.deepEqual([columns.map(({ name }) => name), rows], [["a"], [[1], [2]]]);
      const stream = await connection.stream(statement("CALL several()"), 10);
      assert.deepEqual([await stream.next(), await stream.next()], [[[1], [2]], []]);
      assert.deepEqual(await column(connection, "SELECT 1"), [1]);
    });
  });

  test("the server tells of the transaction after each statement, after errors too", async ({ url }) => {
    await connected(driver, url, async (connection) => {
      await run(connection, TABLE);
      await run(connection, "DELETE FROM words");
      await run(connection, "INSERT INTO words (word) VALUES ('taken')");
      const states: string[] = [connection.transactionStatus];
      const note = () => void states.push(connection.transactionStatus);
      await command(connection, "START TRANSACTION").then(note);
      await run(connection, "SELECT 1").then(note);
      await command(connection, "SAVEPOINT a").then(note);
      await assert.rejects(run(connection, "INSERT INTO words (word) VALUES ('taken')"));
      note();
      await command(connection, "ROLLBACK").then(note);
      await command(connection, "START TRANSACTION").then(note);
      // It has committed before it fails.
      await assert.rejects(run(connection, "CREATE TABLE words (id INT)"));
      note();
      assert.deepEqual(states, ["idle", "open", "open", "open", "open", "idle", "open", "idle"]);
    });
  });

  test("a deadlock's victim is without a transaction", async ({ url }) => {
    await connected(driver, url, (one) =>
      connected(driver, url, async (other) => {
        await run(one, TABLE);
        await run(one, "DELETE FROM words");
        await run(one, "INSERT INTO words VALUES (1, 'a'), (2, 'b')");
        const lock = (connection: DriverConnection, id: number) =>
          run(connection, "UPDATE words SET word = CONCAT(word, 'x') WHERE id = ?", [id]);
        await command(one, "START TRANSACTION");
        await command(other, "START TRANSACTION");
        await lock(one, 1);
        await lock(other, 2);
        const outcomes = await Promise.allSettled([lock(one, 2), lock(other, 1)]);
        const victim = outcomes[0]?.status === "rejected" ? one : other;
        const { reason } = outcomes.find(({ status }) => status === "rejected") as PromiseRejectedResult;
        assert.equal(driver.facts(reason)?.errno, 1213);
        assert.equal(victim.transactionStatus, "idle");
        assert.equal((victim === one ? other : one).transactionStatus, "open");
      }),
    );
  });

  test("statements that are kept are bounded on the server, and others are closed after use", async ({ url }) => {
    await connected(driver, url, async (connection) => {
      const count = async () => {
        const { rows } = await run(connection, "SHOW SESSION STATUS LIKE 'Com_stmt_%'", [], { isCommand: true });
        const figures = new Map(rows.map(([name, value]) => [String(name), Number(value)]));
        return (figures.get("Com_stmt_prepare") ?? 0) - (figures.get("Com_stmt_close") ?? 0);
      };
      const begin = await count();
      for (let index = 0; index < 50; index += 1) await run(connection, `SELECT ${index}`, [], { reusable: false });
      assert.equal(await count(), begin);
      for (let index = 0; index < 300; index += 1) await run(connection, `SELECT ${index} + ?`, [1]);
      assert.equal(await count(), begin + 256);
      assert.deepEqual(await column(connection, "SELECT 0 + ?", [1]), [1]);
      for (const value of [1, 1.5, "x", null, 2n ** 63n, new Uint8Array(1)])
        await run(connection, "SELECT 299 + ?", [value]);
      await Promise.all(Array.from({ length: 20 }, () => run(connection, "SELECT 'at once', ?", [1])));
      assert.ok((await count()) <= begin + 256 + 8);
    });
  });

  test("statements that the server has forgotten are prepared anew, but not in a transaction", async ({ url }) => {
    await connected(driver, url, async (connection) => {
      const sum = () => column(connection, "SELECT 1 + ?", [1]);
      const read = async () => {
        const stream = await connection.stream(statement("SELECT 1 + ?", [1]), 10);
        const rows = await stream.next();
        await stream.next();
        return rows;
      };
      for (const call of [sum, read]) {
        await sum();
        await forget(connection);
        assert.equal((await call()).length, 1);
        await command(connection, "START TRANSACTION");
        await call();
        await forget(connection);
        await command(connection, "START TRANSACTION");
        assert.equal((await factsOf(driver, call())).errno, 1243);
        assert.equal((await call()).length, 1);
        await command(connection, "ROLLBACK");
      }
    });
  });

  test("a change of a table shows in the statements that read it", async ({ url }) => {
    await connected(driver, url, async (connection) => {
      await run(connection, "CREATE TABLE IF NOT EXISTS changing (a INT)");
      await run(connection, "INSERT INTO changing VALUES (1)");
      const read = () => run(connection, "SELECT * FROM changing");
      assert.deepEqual((await read()).rows, [[1]]);
      await run(connection, "ALTER TABLE changing ADD b VARCHAR(5) DEFAULT 'x'");
      const { columns, rows } = await read();
      assert.deepEqual([columns.map(({ name }) => name), rows], [["a", "b"], [[1, "x"]]]);
      await run(connection, "DROP TABLE changing");
      await run(connection, "CREATE TABLE changing (c VARCHAR(5))");
      assert.deepEqual(
        (await read()).columns.map(({ name }) => name),
        ["c"],
      );
      await run(connection, "DROP TABLE changing");
      assert.equal((await factsOf(driver, read())).errno, 1146);
    });
  });

  test("a text means the database that the session is in", async ({ url }) => {
    await connected(driver, url, async (connection) => {
      const [own] = await column(connection, "SELECT DATABASE()");
      assert.deepEqual(await column(connection, "SELECT DATABASE()"), [own]);
      await run(connection, "USE information_schema");
      assert.deepEqual(await column(connection, "SELECT DATABASE()"), ["information_schema"]);
    });
  });

  test("many lists run in order and stop at the first error", async ({ url }) => {
    await connected(driver, url, async (connection) => {
      await run(connection, NOTES);
      const insert = statement("INSERT INTO notes (word) VALUES (?)");
      assert.equal(await connection.executeMany(insert, [["a"], ["b"], [null]]), 3);
      assert.equal(await connection.executeMany(insert, []), 0);
      const facts = await factsOf(driver, Promise.resolve(connection.executeMany(insert, [["c"], ["a"], ["d"]])));
      assert.equal(facts.errno, 1062);
      assert.deepEqual(await column(connection, "SELECT word FROM notes ORDER BY id"), ["a", "b", null, "c"]);
      const mixed: WireValue[][] = [[1], [1.5], ["x"], [2n ** 53n + 1n]];
      assert.equal(await connection.executeMany({ ...insert, reusable: false }, mixed), 4);
      assert.deepEqual(await column(connection, "SELECT word FROM notes ORDER BY id DESC LIMIT 1"), [
        "9007199254740993",
      ]);
    });
  });

  test("a second statement in a text, and a file of the client's, are refused", async ({ url }) => {
    await connected(driver, url, async (connection) => {
      await run(connection, NOTES);
      for (const isCommand of [false, true]) {
        const { errno } = await factsOf(driver, run(connection, "SELECT 1; SELECT 2", [], { isCommand }));
        assert.equal(errno, 1064);
        const load = "LOAD DATA LOCAL INFILE '/etc/hostname' INTO TABLE notes";
        const facts = await factsOf(driver, run(connection, load, [], { isCommand }));
        assert.ok([1148, 3948, 4166].includes(facts.errno ?? 0), facts.message);
      }
      assert.deepEqual(await column(connection, "SELECT COUNT(*) FROM notes"), [0]);
    });
  });

  test("what the prepared protocol refuses goes by the text protocol", async ({ url }) => {
    await connected(driver, url, async (connection) => {
      for (let round = 0; round < 2; round += 1) {
        await run(connection, "START TRANSACTION");
        assert.equal(connection.transactionStatus, "open");
        await run(connection, "SAVEPOINT here");
        await run(connection, "ROLLBACK");
      }
    });
  });

  test("an error holds the server's words and no parameters", async ({ url }) => {
    await connected(driver, url, async (connection) => {
      await run(connection, NOTES);
      const call = run(connection, "INSERT INTO notes (id, word) VALUES (?, ?)", [1, "s3cret".repeat(20)]);
      const error: unknown = await call.catch((reason: unknown) => reason);
      assert.equal(driver.facts(error)?.errno, 1406);
      assert.doesNotMatch(String(error), /s3cret/);
      assert.doesNotMatch(JSON.stringify(error), /s3cret/);
    });
  });

  test("a stream gives its rows in pieces, and little of it is in memory", async ({ url }) => {
    await connected(driver, url, async (connection) => {
      const digits =
        "(SELECT 0 AS d UNION SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION SELECT 5 UNION SELECT 6 UNION SELECT 7 UNION SELECT 8 UNION SELECT 9)";
      const rows = `FROM ${digits} a, ${digits} b, ${digits} c, ${digits} d, ${digits} e`;
      const all = `SELECT a.d + 10 * b.d + 100 * c.d + 1000 * d.d + 10000 * e.d AS n, REPEAT('x', 1000) ${rows}`;
      const stream = await connection.stream(statement(all), 500);
      assert.deepEqual(stream.columns.map(({ name }) => name)[0], "n");
      await failure(run(connection, "SELECT 1"), UsageError, /iteration/);
      let count = 0;
      let sum = 0;
      const heapBytes: number[] = [];
      for (let batch = await stream.next(); batch.length > 0; batch = await stream.next()) {
        assert.ok(batch.length <= 500);
        for (const [n] of batch) sum += Number(n);
        count += batch.length;
        if (count % 10_000 !== 0) continue;
        collectGarbage();
        const { external, heapUsed } = process.memoryUsage();
        heapBytes.push(external + heapUsed);
      }
      assert.deepEqual([count, sum], [100_000, 4_999_950_000]);
      const growth = Math.max(...heapBytes) - Math.min(...heapBytes);
      assert.ok(heapBytes.length > 5 && growth < 20e6, `the heap grew by ${growth} bytes over 100 MB of rows`);
      assert.deepEqual(await stream.next(), []);
      assert.deepEqual(await column(connection, "SELECT 1"), [1]);
    });
  });

  test("a stream is left early, has no rows, or fails in the middle, and its connection goes on", async ({ url }) => {
    await connected(driver, url, async (connection) => {
      const numbers = "SELECT 1 AS n UNION SELECT 2 UNION SELECT 3";
      const left = await connection.stream(statement(numbers), 1);
      assert.deepEqual(await left.next(), [[1]]);
      await left.close();
      await left.close();
      assert.deepEqual(await left.next(), []);
      const unread = await connection.stream(statement(numbers), 1);
      await unread.close();
      const empty = await connection.stream(statement("SELECT 1 AS n FROM DUAL WHERE 1 = 0"), 10);
      assert.deepEqual([empty.columns.length, await empty.next()], [1, []]);
      const rowless = await connection.stream(statement("DO 1"), 10);
      assert.deepEqual([rowless.columns, await rowless.next()], [[], []]);
      const failing =
        "SELECT (SELECT 1 FROM (SELECT 1 UNION SELECT 2) AS two WHERE n.n = 3) FROM (SELECT 1 AS n UNION SELECT 2 UNION SELECT 3) AS n";
      const opened = Promise.resolve(connection.stream(statement(failing), 1));
      const reading = opened.then(async (stream) => {
        for (let batch = await stream.next(); batch.length > 0;) batch = await stream.next();
      });
      assert.equal((await factsOf(driver, reading)).errno, 1242);
      assert.equal(
        (await factsOf(driver, Promise.resolve(connection.stream(statement("SELECT nope"), 1)))).errno,
        1054,
      );
      assert.deepEqual(await column(connection, "SELECT 1"), [1]);
      assert.ok(connection.isOpen);
    });
  });
});

/** Has the server forget the session with its prepared statements, by the package's own object. */
async function forget({ raw }: DriverConnection): Promise<void> {
  const { reset } = raw as { reset(callback?: () => void): unknown };
  await new Promise<void>((resolve) => {
    const reply = reset.call(raw, resolve);
    if (reply instanceof Promise) resolve(reply.then(() => undefined));
  });
}

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, describe, test } from "node:test";
import fc from "fast-check";
import type { Driver, DriverConnection, DriverResult, DriverStatement } from "../../../src/driver/driver.js";
import { driver as betterSqlite3 } from "../../../src/drivers/better-sqlite3.js";
import { driver as nodeSqlite } from "../../../src/drivers/node-sqlite.js";
import { ConfigurationError, ConnectionLostError, UsageError } from "../../../src/errors/index.js";
import { DatabaseURL } from "../../../src/url/index.js";
import type { WireValue } from "../../../src/util/wire.js";
import { requestFor } from "../../support/request.js";
import { within } from "../../support/within.js";

let folder = "";
let files = 0;
const connections: DriverConnection[] = [];

before(() => {
  folder = mkdtempSync(join(tmpdir(), "databases-"));
});

after(() => rmSync(folder, { recursive: true }));

afterEach(async () => {
  await within(Promise.all(connections.splice(0).map((connection) => connection.close())));
});

const urlOf = (path: string, options = ""): DatabaseURL => new DatabaseURL(`sqlite:///${path}${options}`);

const newFile = (): string => join(folder, `${(files += 1)}.db`);

async function connect(driver: Driver, url: DatabaseURL): Promise<DriverConnection> {
  const connection = await within(driver.connect(requestFor(url), null));
  connections.push(connection);
  return connection;
}

async function memory(driver: Driver, ...setUp: string[]): Promise<DriverConnection> {
  const connection = await connect(driver, urlOf(":memory:"));
  for (const sql of setUp) run(connection, sql);
  return connection;
}

function statement(
  sql: string,
  parameters: readonly WireValue[] = [],
  more: Partial<DriverStatement> = {},
): DriverStatement {
  return { sql, parameters, reusable: true, integers: "number", isCommand: false, ...more };
}

function namesOf({ columns }: Pick<DriverResult, "columns">): string[] {
  return columns.map(({ name }) => name);
}

function run(connection: DriverConnection, sql: string, parameters: readonly WireValue[] = []): DriverResult {
  const result = connection.execute(statement(sql, parameters));
  assert.ok(!(result instanceof Promise), "the answer is there at once");
  return result;
}

/** The result code of what `action` throws. */
function codeOf(driver: Driver, action: () => unknown): number | null {
  try {
    action();
  } catch (error) {
    return driver.facts(error)?.errno ?? null;
  }
  assert.fail("nothing was thrown");
}

/** How often the driver's own object is asked to prepare a statement from now on. */
function countPrepares({ raw }: DriverConnection): () => number {
  const native = raw as { prepare: (sql: string) => unknown };
  const prepare = native.prepare.bind(native);
  let count = 0;
  native.prepare = (sql) => {
    count += 1;
    return prepare(sql);
  };
  return () => count;
}

for (const driver of [betterSqlite3, nodeSqlite]) {
  if (!driver.isInstalled()) continue;

  describe(`${driver.name} opens a database`, () => {
    test("in memory, and tells SQLite's version", async () => {
      const connection = await memory(driver);
      assert.match(connection.serverVersion, /^3\.\d+\.\d+$/);
      assert.equal(connection.isOpen, true);
      assert.equal(connection.transactionStatus, "idle");
    });

    test("in a file that it creates, unless the mode forbids it", async () => {
      const path = newFile();
      assert.equal(await codeOfConnect(driver, urlOf(path, "?mode=ro")), 14);
      assert.equal(await codeOfConnect(driver, urlOf(path, "?mode=rw")), 14);
      run(await connect(driver, urlOf(path)), "CREATE TABLE t (a)");
      const reader = await connect(driver, urlOf(path, "?mode=ro"));
      assert.deepEqual(run(reader, "SELECT * FROM t").rows, []);
      assert.equal(
        codeOf(driver, () => run(reader, "INSERT INTO t VALUES (1)")),
        8,
      );
      assert.equal(run(await connect(driver, urlOf(path, "?mode=rw")), "INSERT INTO t VALUES (1)").rowCount, 1);
    });

    test("whose name has every character that means something in a URL", async () => {
      const path = join(mkdtempSync(join(folder, "file: a b?c#d%41&e=f+g;'\"h")), "file:a?b#c%41.db");
      const url = new DatabaseURL("sqlite://").replace({ database: path });
      run(await connect(driver, url), "CREATE TABLE t (a)");
      const other = await connect(driver, url.replace({ options: { mode: "rw" } }));
      assert.deepEqual(run(other, "SELECT name FROM sqlite_schema").rows, [["t"]]);
    });

    test("or says with SQLite's code why not", async () => {
      assert.equal(await codeOfConnect(driver, urlOf(join(folder, "missing", "a.db"))), 14);
      assert.equal(await codeOfConnect(driver, urlOf(folder)), 14);
      const text = newFile();
      writeFileSync(text, "This is not a database. ".repeat(100));
      const read = async (): Promise<void> => {
        run(await connect(driver, urlOf(text)), "SELECT * FROM sqlite_schema");
      };
      assert.equal(await read().catch((error: unknown) => driver.facts(error)?.errno), 26);
    });

    test("unless the signal was aborted", async () => {
      const reason = new Error("enough");
      await assert.rejects(within(driver.connect(requestFor(urlOf(":memory:")), AbortSignal.abort(reason))), reason);
    });

    test("in which SQL loads no code and does not write to the schema by hand", async () => {
      const connection = await memory(driver);
      assert.throws(() => run(connection, "SELECT load_extension('x')"), /not authorized/);
      // Node has the setting since 24.
      if (driver === nodeSqlite && !("enableDefensive" in (connection.raw as object))) return;
      run(connection, "PRAGMA writable_schema = ON");
      assert.deepEqual(run(connection, "PRAGMA writable_schema").rows, [[0]]);
    });

    test("and closes it once, with whatever was open", async () => {
      const connection = await memory(driver);
      await within(connection.close());
      await within(connection.close());
      assert.equal(connection.isOpen, false);
      assert.equal(connection.transactionStatus, "idle");
      assert.throws(() => run(connection, "SELECT 1"), ConnectionLostError);
    });

    test("and is closed from the first error on where somebody closed the driver's own object", async () => {
      const connection = await memory(driver);
      (connection.raw as { close(): void }).close();
      assert.equal(connection.transactionStatus, "idle");
      assert.throws(() => run(connection, "SELECT 1"), ConnectionLostError);
      assert.equal(connection.isOpen, false);
    });
  });

  describe(`${driver.name} carries values`, () => {
    const types = "SELECT typeof(?), typeof(?), typeof(?), typeof(?), typeof(?), typeof(?), typeof(?)";

    test("whole numbers as INTEGER, others as REAL", async () => {
      const connection = await memory(driver);
      const parameters = [1, 1.5, 2 ** 53, 5n, "5", new Uint8Array(0), null];
      assert.deepEqual(run(connection, types, parameters).rows, [
        ["integer", "real", "real", "integer", "text", "blob", "null"],
      ]);
      assert.deepEqual(parameters[0], 1);
    });

    test("there and back without a change", async () => {
      const connection = await memory(driver, "CREATE TABLE t (a)");
      const value = fc.oneof(
        fc.constant(null),
        fc.maxSafeInteger(),
        fc.double({ noNaN: true }).filter((it) => !Object.is(it, -0)),
        fc.string({ unit: "grapheme" }),
        fc.uint8Array(),
      );
      fc.assert(
        fc.property(fc.array(value, { minLength: 1, maxLength: 5 }), (values) => {
          const sql = `SELECT ${values.map(() => "?").join(", ")}`;
          assert.deepEqual(run(connection, sql, values).rows, [values]);
          for (const each of values) run(connection, "INSERT INTO t VALUES (?)", [each]);
          assert.deepEqual(
            run(connection, "SELECT a FROM t ORDER BY rowid").rows,
            values.map((each) => [each]),
          );
          run(connection, "DELETE FROM t");
        }),
      );
    });

    test("every 64-bit integer exactly, as bigint", async () => {
      const connection = await memory(driver);
      const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
      fc.assert(
        fc.property(int64, (value) => {
          const result = connection.execute(
            statement("SELECT ?, 1.5", [value], { integers: "bigint" }),
          ) as DriverResult;
          assert.deepEqual(result.rows, [[value, 1.5]]);
        }),
      );
      assert.equal(
        codeOf(driver, () => run(connection, "SELECT ?", [2n ** 63n])),
        18,
      );
    });

    test("an integer too large for a number as something that is no safe integer", async () => {
      const connection = await memory(driver, "CREATE TABLE t (a)");
      const isRefusable = ({ rows }: DriverResult): boolean => !Number.isSafeInteger(rows[0]?.[0]);
      assert.ok(isRefusable(run(connection, "SELECT 9007199254740993")));
      assert.ok(isRefusable(run(connection, "INSERT INTO t VALUES (9007199254740993) RETURNING a")));
      assert.deepEqual(run(connection, "SELECT count(*) FROM t").rows, [[1]]);
      const stream = connection.stream(statement("SELECT a FROM t"), 10);
      assert.ok(!(stream instanceof Promise));
      assert.ok(!Number.isSafeInteger((stream.next() as WireValue[][])[0]?.[0]));
      await stream.close();
    });

    test("bytes as plain Uint8Array", async () => {
      const connection = await memory(driver);
      const [[bytes] = []] = run(connection, "SELECT ?", [new Uint8Array([1, 2]).subarray(1)]).rows;
      assert.deepEqual(bytes, new Uint8Array([2]));
      assert.equal((bytes as Uint8Array).constructor, Uint8Array);
      const stream = connection.stream(statement("SELECT x'01'"), 1);
      assert.equal(((await stream).next() as Uint8Array[][])[0]?.[0]?.constructor, Uint8Array);
    });
  });

  describe(`${driver.name} runs a statement`, () => {
    test("and names its columns by position, whatever they are called", async () => {
      const connection = await memory(driver);
      const result = run(connection, `SELECT 1 AS a, 2 AS a, 3 AS "__proto__", 4 AS ""`);
      assert.deepEqual(namesOf(result), ["a", "a", "__proto__", ""]);
      assert.deepEqual(result.rows, [[1, 2, 3, 4]]);
    });

    const setUp = ["CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT UNIQUE)", "INSERT INTO t VALUES (7, 'x'), (8, 'y')"];
    const counts: readonly (readonly [string, number | null, number | null])[] = [
      ["INSERT INTO t (a) VALUES ('z')", 1, 9],
      ["INSERT INTO t (a) VALUES ('p'), ('q')", 2, 10],
      ["INSERT OR IGNORE INTO t (a) VALUES ('x')", 0, null],
      ["REPLACE INTO t (a) VALUES ('x')", 1, 9],
      ["INSERT INTO t (a) VALUES ('x') ON CONFLICT (a) DO UPDATE SET a = 'w'", 1, null],
      ["WITH n(a) AS (VALUES ('z')) INSERT INTO t (a) SELECT a FROM n", 1, 9],
      ["UPDATE t SET a = a || '1'", 2, null],
      ["UPDATE t SET a = 'n' WHERE id = 0", 0, null],
      ["DELETE FROM t", 2, null],
      ["CREATE TABLE u (a)", 0, null],
      ["CREATE TABLE u AS SELECT * FROM t", 0, null],
      ["PRAGMA foreign_keys = ON", 0, null],
      ["BEGIN IMMEDIATE", 0, null],
      ["SELECT * FROM t", null, null],
      ["INSERT INTO t (a) VALUES ('z') RETURNING id", 1, 9],
      ["INSERT INTO t (a) VALUES ('z') RETURNING *", 1, 9],
      ["UPDATE t SET a = 'n' WHERE id = 0 RETURNING id", 0, null],
      ["DELETE FROM t RETURNING a", 2, null],
    ];
    for (const [sql, rowCount, lastInsertId] of counts) {
      test(`and counts the rows of ${sql}`, async () => {
        const result = run(await memory(driver, ...setUp), sql);
        assert.deepEqual(
          { ...result, columns: [], rows: [] },
          { columns: [], rows: [], rowCount, lastInsertId, command: null },
        );
      });
    }

    test("and gives a generated key of any size exactly", async () => {
      const connection = await memory(driver, ...setUp);
      const key = 2n ** 53n + 1n;
      assert.equal(run(connection, "INSERT INTO t (id) VALUES (?)", [key]).lastInsertId, key);
    });

    test("and gives the rows that a write returns", async () => {
      const result = run(await memory(driver, ...setUp), "UPDATE t SET a = 'n' || id RETURNING id, a");
      const { rows } = result;
      assert.deepEqual(namesOf(result), ["id", "a"]);
      assert.deepEqual(rows, [
        [7, "n7"],
        [8, "n8"],
      ]);
    });

    test("and shows whether a transaction is open", async () => {
      const connection = await memory(driver);
      run(connection, "BEGIN");
      assert.equal(connection.transactionStatus, "open");
      run(connection, "ROLLBACK");
      assert.equal(connection.transactionStatus, "idle");
    });

    test("but not one with a NUL in its text, which SQLite would cut", async () => {
      const connection = await memory(driver);
      assert.throws(() => run(connection, "SELECT 1 --\0 WHERE false"), UsageError);
    });

    test("and keeps it prepared where its text comes again", async () => {
      const connection = await memory(driver);
      const prepares = countPrepares(connection);
      for (let use = 0; use < 3; use += 1) run(connection, "SELECT ?", [use]);
      assert.equal(prepares(), 1);
      for (let use = 0; use < 3; use += 1) await connection.execute(statement("SELECT 1", [], { reusable: false }));
      assert.equal(prepares(), 4);
      for (let text = 0; text < 300; text += 1) run(connection, `SELECT ${text}`);
      assert.equal(run(connection, "SELECT ?", [5]).rows[0]?.[0], 5);
      assert.equal(prepares(), 305);
    });
  });

  describe(`${driver.name} and a schema that changes under its statements`, () => {
    const select = "SELECT * FROM t";
    const changes: readonly (readonly [string, readonly string[]])[] = [
      ["ALTER TABLE t ADD COLUMN c DEFAULT 3", ["a", "b", "c"]],
      ["ALTER TABLE t RENAME COLUMN a TO z", ["z", "b"]],
      ["ALTER TABLE t DROP COLUMN b", ["a"]],
    ];
    for (const [change, columns] of changes) {
      test(`gives the right columns after ${change} by another connection`, async () => {
        const path = newFile();
        const [connection, other] = [await connect(driver, urlOf(path)), await connect(driver, urlOf(path))];
        run(other, "CREATE TABLE t (a, b)");
        run(other, "INSERT INTO t VALUES (1, 2)");
        const insert = "INSERT INTO t (b) VALUES (2) RETURNING *";
        assert.deepEqual(namesOf(run(connection, select)), ["a", "b"]);
        if (columns.includes("b")) run(connection, insert);
        run(other, change);
        const result = run(connection, select);
        assert.deepEqual(namesOf(result), columns);
        assert.deepEqual(result.rows[0], [1, 2, 3].slice(0, columns.length));
        if (columns.includes("b")) {
          const returned = run(connection, insert);
          assert.deepEqual(namesOf(returned), columns);
          assert.deepEqual(returned.rows, [[null, 2, 3].slice(0, columns.length)]);
        }
        const stream = await connection.stream(statement(select), 100);
        assert.deepEqual(namesOf(stream), columns);
        assert.deepEqual(((await stream.next()) as WireValue[][])[0], [1, 2, 3].slice(0, columns.length));
        await stream.close();
      });
    }
  });

  describe(`${driver.name} streams`, () => {
    const numbers = "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < ?) SELECT i FROM n";

    test("rows in pieces of the given size, an empty one at the end", async () => {
      const connection = await memory(driver);
      const stream = await connection.stream(statement(numbers, [5]), 2);
      assert.deepEqual(namesOf(stream), ["i"]);
      const pieces = Array.from({ length: 5 }, () => stream.next());
      assert.deepEqual(pieces, [[[1], [2]], [[3], [4]], [[5]], [], []]);
      assert.deepEqual(run(connection, "SELECT 1").rows, [[1]]);
    });

    test("without reading more than was asked for", async () => {
      const connection = await memory(driver);
      const stream = await connection.stream(statement(numbers, [1e12]), 10);
      assert.equal((await stream.next()).length, 10);
      await stream.close();
      await stream.close();
      assert.deepEqual(await stream.next(), []);
      assert.deepEqual(run(connection, "SELECT 1").rows, [[1]]);
    });

    test("and lets nothing else run on its connection meanwhile", async () => {
      const connection = await memory(driver);
      const stream = await connection.stream(statement(numbers, [5]), 2);
      assert.throws(() => run(connection, "SELECT 1"), UsageError);
      assert.throws(() => connection.stream(statement(numbers, [5]), 2), UsageError);
      await stream.close();
      run(connection, "SELECT 1");
    });

    test("and fails, rather than end, where the connection is closed meanwhile", async () => {
      const connection = await memory(driver);
      const stream = await connection.stream(statement(numbers, [5]), 2);
      await within(connection.close());
      assert.throws(() => stream.next(), ConnectionLostError);
      await stream.close();
    });

    test("and is over when it fails, at once or in the middle", async () => {
      const connection = await memory(driver, "CREATE TABLE t (a)");
      run(connection, "INSERT INTO t VALUES (1), (2), (?)", [-(2n ** 63n)]);
      assert.throws(() => connection.stream(statement("SELECT nothing"), 2));
      assert.throws(() => connection.stream(statement("SELECT abs(a) FROM t"), 5));
      const stream = await connection.stream(statement("SELECT abs(a) FROM t"), 1);
      await stream.next();
      await stream.next();
      assert.throws(() => stream.next(), /integer overflow/);
      assert.deepEqual(await stream.next(), []);
      run(connection, "SELECT 1");
    });
  });

  describe(`${driver.name} runs a statement for many rows`, () => {
    const insert = statement("INSERT INTO t VALUES (?)");

    test("and adds up the counts", async () => {
      const connection = await memory(driver, "CREATE TABLE t (a PRIMARY KEY)");
      assert.equal(connection.executeMany(insert, [[1], [2], ["3"]]), 3);
      assert.equal(connection.executeMany(statement("DELETE FROM t WHERE a > ? RETURNING a"), [[1], [0], [0]]), 3);
      assert.equal(connection.executeMany(insert, []), 0);
    });

    test("and stops at the first error", async () => {
      const connection = await memory(driver, "CREATE TABLE t (a PRIMARY KEY)");
      assert.equal(
        codeOf(driver, () => connection.executeMany(insert, [[1], [1], [2]])),
        1555,
      );
      assert.deepEqual(run(connection, "SELECT a FROM t").rows, [[1]]);
    });

    test("and lets the event loop turn meanwhile", async () => {
      const connection = await memory(driver, "CREATE TABLE t (a)", "BEGIN");
      let turns = 0;
      const timer = setInterval(() => (turns += 1), 1);
      const rowCount = connection.executeMany(
        insert,
        Array.from({ length: 100_000 }, (_, value) => [value]),
      );
      assert.ok(rowCount instanceof Promise);
      assert.equal(await within(rowCount, 20_000), 100_000);
      clearInterval(timer);
      assert.ok(turns > 1, `${turns} turns`);
      run(connection, "COMMIT");
      assert.deepEqual(run(connection, "SELECT count(*), sum(a) FROM t").rows, [[100_000, 4_999_950_000]]);
    });

    test("and fails where the connection is closed meanwhile", async () => {
      const connection = await memory(driver, "CREATE TABLE t (a)");
      const rowCount = connection.executeMany(
        insert,
        Array.from({ length: 100_000 }, (_, value) => [value]),
      );
      await within(connection.close());
      await assert.rejects(within(Promise.resolve(rowCount)), ConnectionLostError);
    });
  });

  describe(`${driver.name} tells what went wrong by SQLite's extended result code`, () => {
    const setUp = [
      "PRAGMA foreign_keys = ON",
      "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL UNIQUE CHECK (a <> 'bad'), r REFERENCES t)",
      "INSERT INTO t VALUES (1, 'x', NULL)",
    ];
    const codes: readonly (readonly [string, number])[] = [
      ["INSERT INTO t VALUES (2, 'x', NULL)", 2067],
      ["INSERT INTO t VALUES (1, 'y', NULL)", 1555],
      ["INSERT INTO t VALUES (2, NULL, NULL)", 1299],
      ["INSERT INTO t VALUES (2, 'bad', NULL)", 275],
      ["INSERT INTO t VALUES (2, 'y', 99)", 787],
      ["INSERT INTO t VALUES ('text', 'y', NULL)", 20],
      ["SELECT * FROM nowhere", 1],
      ["SELEKT 1", 1],
      ["SELECT zeroblob(2000000000)", 18],
    ];
    for (const [sql, code] of codes) {
      test(`${sql} is ${code}`, async () => {
        const connection = await memory(driver, ...setUp);
        assert.equal(
          codeOf(driver, () => run(connection, sql)),
          code,
        );
      });
    }

    test("too many parameters are 25", async () => {
      const connection = await memory(driver);
      assert.equal(
        codeOf(driver, () => run(connection, "SELECT ?", [1, 2])),
        25,
      );
    });

    test("another writer is 5, without waiting for it", async () => {
      const path = newFile();
      const [connection, other] = [await connect(driver, urlOf(path)), await connect(driver, urlOf(path))];
      run(connection, "BEGIN IMMEDIATE");
      const startMs = performance.now();
      assert.equal(
        codeOf(driver, () => run(other, "BEGIN IMMEDIATE")),
        5,
      );
      assert.ok(performance.now() - startMs < 500);
    });

    test("a snapshot that is too old to write is 517", async () => {
      const path = newFile();
      const [connection, other] = [await connect(driver, urlOf(path)), await connect(driver, urlOf(path))];
      run(connection, "PRAGMA journal_mode = wal");
      run(connection, "CREATE TABLE t (a)");
      run(connection, "BEGIN");
      run(connection, "SELECT * FROM t");
      run(other, "INSERT INTO t VALUES (1)");
      assert.equal(
        codeOf(driver, () => run(connection, "INSERT INTO t VALUES (2)")),
        517,
      );
    });

    test("what is none of its errors has no facts", () => {
      for (const error of [new Error("x"), new TypeError("y"), "text", null, undefined, { code: "SQLITE_BUSY" }]) {
        assert.equal(driver.facts(error), null);
      }
    });
  });
}

async function codeOfConnect(driver: Driver, url: DatabaseURL): Promise<number | null> {
  try {
    await connect(driver, url);
  } catch (error) {
    return driver.facts(error)?.errno ?? null;
  }
  assert.fail("it opened");
}

describe("a driver that does not fit this Node", () => {
  test(
    "says which Node it needs, and what serves here",
    { skip: nodeSqlite.isInstalled() && "this Node has it" },
    async () => {
      await assert.rejects(within(nodeSqlite.connect(requestFor(urlOf(":memory:")), null)), (error) => {
        assert.ok(error instanceof ConfigurationError);
        assert.match(error.message, /sqlite\+node-sqlite: URLs need Node 22\.16 or later, and this is Node \d/);
        assert.match(error.message, /npm install better-sqlite3/);
        return true;
      });
    },
  );
});

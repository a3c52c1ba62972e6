import assert from "node:assert/strict";
import fc from "fast-check";
import { InvalidValueError, UsageError } from "../../../src/errors/index.js";
import type { WireValue } from "../../../src/util/wire.js";
import { failure } from "../../suite/assertions.js";
import { type Declare, suite } from "../../suite/target.js";
import { column, connected, driverOf, drivers, run } from "./driver-support.js";

const MAX = 2n ** 63n - 1n;
const MIN = -(2n ** 63n);
const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

/** Types with what is written and what comes back, where that is another value. */
const CASES: readonly (readonly [type: string, ...values: (WireValue | readonly [WireValue, WireValue])[]])[] = [
  ["TINYINT", -128, 127, [true, 1], [false, 0]],
  ["TINYINT UNSIGNED", 0, 255],
  ["SMALLINT", -32_768, 32_767],
  ["SMALLINT UNSIGNED", 65_535],
  ["MEDIUMINT", -8_388_608, 8_388_607],
  ["MEDIUMINT UNSIGNED", 16_777_215],
  ["INT", -2_147_483_648, 2_147_483_647],
  ["INT UNSIGNED", 2_147_483_648, 4_294_967_295],
  ["BIGINT", MIN, MAX, 2 ** 53 - 1, -(2 ** 53 - 1), 2n ** 53n, 2n ** 53n + 1n, -(2n ** 53n) - 1n, 0],
  ["BIGINT UNSIGNED", 2n ** 64n - 1n, 2n ** 63n, 2n ** 63n - 1n, 5],
  ["DECIMAL(65,30)", "12345678901234567890123456789012345.123456789012345678901234567891"],
  ["DECIMAL(38,0)", "-99999999999999999999999999999999999999"],
  ["FLOAT", 1.5, [1.1, Math.fround(1.1)], [16_777_217, 16_777_216], Math.fround(3.4e38)],
  ["DOUBLE", 0.1, 5e-324, Number.MAX_VALUE, -1e21, 2 ** 53 + 2, 2 ** 63, 2_147_483_647],
  ["BIT(1)", [1, bytes(1)], [0, bytes(0)]],
  ["BIT(64)", [2n ** 63n, bytes(128, 0, 0, 0, 0, 0, 0, 0)]],
  ["DATE", "0001-01-01", "9999-12-31", "2024-02-29"],
  ["TIME", "00:00:00", "-838:59:59", "838:59:59", "-00:00:01"],
  ["TIME(3)", ["01:02:03.5", "01:02:03.500"], "-00:00:00.005", ["00:00:00", "00:00:00.000"]],
  ["TIME(6)", "01:02:03.000001"],
  ["DATETIME", "0001-01-01 00:00:00", "9999-12-31 23:59:59"],
  ["DATETIME(3)", ["2024-01-02 03:04:05", "2024-01-02 03:04:05.000"], ["2024-01-02", "2024-01-02 00:00:00.000"]],
  ["DATETIME(6)", "9999-12-31 23:59:59.999999", "2024-01-01 00:00:00.000005"],
  ["TIMESTAMP(2) NULL", "2024-01-02 03:04:05.10"],
  ["YEAR", 1901, 2155],
  ["CHAR(5)", "a", "é"],
  ["VARCHAR(50) CHARACTER SET utf8mb4", "", "😀", "back\\slash ' \" `", "  x ", "\0"],
  ["VARCHAR(10) CHARACTER SET latin1", "é"],
  ["LONGTEXT", "x".repeat(300), "y".repeat(70_000)],
  ["ENUM('a','é')", "é"],
  ["SET('a','b','c')", "a,c", "", "b"],
  ["BINARY(3)", [bytes(1, 2), bytes(1, 2, 0)]],
  ["VARBINARY(300)", bytes(), bytes(0, 255, 39, 92), new Uint8Array(252).fill(1)],
  ["LONGBLOB", new Uint8Array(16_384).fill(7), new Uint8Array(70_000).fill(8)],
];

/** What both drivers give for a value of a column, by either protocol. */
export const values: Declare = suite("the driver's values", ({ test, target }) => {
  const driver = driverOf(target);

  for (const [type, ...given] of CASES) {
    test(`${type} comes as it is, with each driver`, async ({ url }) => {
      const pairs = given.map((it) => (Array.isArray(it) ? it : [it, it]) as [WireValue, WireValue]);
      await connected(driver, url, async (connection) => {
        const table = "values_of_type";
        await run(connection, `CREATE TEMPORARY TABLE ${table} (n INT PRIMARY KEY AUTO_INCREMENT, v ${type} NULL)`);
        const insert = `INSERT INTO ${table} (v) VALUES (?)`;
        for (const [value] of pairs) await run(connection, insert, [value]);
        await run(connection, insert, [null]);
        const read = `SELECT v FROM ${table} ORDER BY n`;
        const expected = [...pairs.map(([, value]) => value), null];
        assert.deepEqual(await column(connection, read), expected);
        assert.deepEqual(await column(connection, `${read} LIMIT ?`, [100]), expected);
        const isRounded = type === "FLOAT";
        if (!isRounded) assert.deepEqual(await column(connection, read, [], { isCommand: true }), expected);
        await run(connection, `DROP TEMPORARY TABLE ${table}`);
      });
    });
  }

  test("zero dates and years come as text", async ({ url }) => {
    await connected(driver, url, async (connection) => {
      await run(connection, "SET sql_mode = 'ALLOW_INVALID_DATES'");
      await run(connection, "CREATE TEMPORARY TABLE zeros (d DATE, t DATETIME(3), p DATE, y YEAR)");
      await run(connection, "INSERT INTO zeros VALUES ('0000-00-00', '0000-00-00', '2024-00-00', 0)");
      const { rows } = await run(connection, "SELECT * FROM zeros");
      assert.deepEqual(rows, [["0000-00-00", "0000-00-00 00:00:00.000", "2024-00-00", 0]]);
    });
  });

  test("geometries are bytes with their reference system, and JSON is known as such", async ({ url }) => {
    await connected(driver, url, async (connection) => {
      await run(connection, "CREATE TEMPORARY TABLE others (g GEOMETRY, j JSON)");
      await run(connection, `INSERT INTO others VALUES (ST_GeomFromText('POINT(1 2)', 4326), '{"a": 1}')`);
      for (const isCommand of [false, true]) {
        const { columns, rows } = await run(connection, "SELECT g, j FROM others", [], { isCommand });
        const [geometry, json] = rows[0] ?? [];
        assert.ok(geometry instanceof Uint8Array && !Buffer.isBuffer(geometry));
        assert.deepEqual([...geometry.subarray(0, 9)], [0xe6, 0x10, 0, 0, 1, 1, 0, 0, 0]);
        assert.equal(json, '{"a": 1}');
        assert.deepEqual(
          columns.map(({ kind }) => kind),
          ["other", "json"],
        );
      }
    });
  });

  test("whole numbers of 64 bits are bigint where that is asked for", async ({ url }) => {
    await connected(driver, url, async (connection) => {
      await run(connection, "CREATE TEMPORARY TABLE large (id BIGINT)");
      await run(connection, "INSERT INTO large VALUES (5)");
      const sql = "SELECT id, (SELECT COUNT(*) FROM DUAL), 9007199254740993 FROM large";
      assert.deepEqual((await run(connection, sql, [], { integers: "bigint" })).rows, [
        [5n, 1n, 9_007_199_254_740_993n],
      ]);
      assert.deepEqual((await run(connection, sql)).rows, [[5, 1, 9_007_199_254_740_993n]]);
    });
  });

  test("a whole number is bound as one, and is exact in arithmetic", async ({ url }) => {
    await connected(driver, url, async (connection) => {
      await run(connection, "CREATE TEMPORARY TABLE large (id BIGINT)");
      await run(connection, "INSERT INTO large VALUES (?)", [2n ** 53n + 1n]);
      const sum = "SELECT id + ? FROM large";
      // The double comes first: MySQL would read all that follows as doubles.
      assert.deepEqual(await column(connection, sum, [0.5]), [9_007_199_254_740_992]);
      for (const [value, expected] of [
        [1, 2n ** 53n + 2n],
        [2 ** 53 - 1, 2n ** 54n],
        [2 ** 60, 2n ** 60n + 2n ** 53n + 1n],
        [2n ** 53n + 1n, 2n ** 54n + 2n],
      ] as const) {
        assert.deepEqual(await column(connection, sum, [value]), [expected]);
      }
      const find = "SELECT id FROM large WHERE id = ?";
      assert.deepEqual(await column(connection, find, [1.5]), []);
      assert.deepEqual(await column(connection, find, [2n ** 53n + 1n]), [2n ** 53n + 1n]);
      assert.deepEqual(await column(connection, find, [null]), []);
      assert.deepEqual(await column(connection, find, [2n ** 53n + 1n]), [2n ** 53n + 1n]);
    });
  });

  test("a value is not what an earlier run of its statement makes of it", async ({ url }) => {
    const value = fc.oneof(
      fc.constant(null),
      fc.integer(),
      fc.maxSafeInteger(),
      fc.bigInt({ min: MIN, max: MAX }),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.string({ unit: "grapheme", maxLength: 5 }),
      fc.uint8Array({ maxLength: 5 }),
    );
    await connected(driver, url, async (connection) => {
      await fc.assert(
        fc.asyncProperty(fc.array(value, { minLength: 2, maxLength: 6 }), async (list) => {
          const text = `SELECT ? /* ${(texts += 1)} */`;
          for (const it of list) {
            const [kept] = await column(connection, text, [it]);
            const [fresh] = await column(connection, text, [it], { reusable: false });
            assert.deepEqual(kept, fresh);
          }
        }),
        { numRuns: 50 },
      );
    });
  });
  let texts = 0;

  test("both drivers send and read the same", async ({ url }) => {
    const value = fc.oneof(
      fc.constantFrom<WireValue>(null, true, false, 0, -0, 2 ** 31, 2 ** 53, 2 ** 63, 2n ** 63n, MIN, MAX, ""),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.bigInt({ min: MIN, max: 2n ** 64n - 1n }),
      fc.string({ unit: "grapheme" }),
      fc.uint8Array(),
    );
    const [one, other] = drivers;
    assert.ok(one && other);
    await connected(one, url, (a) =>
      connected(other, url, async (b) => {
        await fc.assert(
          fc.asyncProperty(fc.tuple(value, value), async (pair) => {
            const sql = "SELECT ?, CONCAT(?, ''), 1 + 1";
            const answers = await Promise.all(
              [a, b].map((connection) => run(connection, sql, pair, { reusable: false })),
            );
            assert.deepEqual(answers[0], answers[1]);
          }),
          { numRuns: 100 },
        );
      }),
    );
  });

  test("what the server has no value for is refused before it is sent", async ({ url }) => {
    await connected(driver, url, async (connection) => {
      for (const value of [NaN, Infinity, -Infinity, 2n ** 64n, MIN - 1n]) {
        await failure(run(connection, "SELECT ?", [value]), InvalidValueError);
      }
      const many = Array<number>(65_536).fill(1);
      await failure(run(connection, `SELECT 1 IN (${many.map(() => "?").join()})`, many), UsageError, /65535/);
      await failure(run(connection, "SELECT ?", [1, 2]), UsageError, /placeholders/);
      await failure(run(connection, "SELECT ?, ?", [1], { reusable: false }), UsageError, /placeholders/);
      assert.deepEqual(await column(connection, "SELECT ?", ["still open"]), ["still open"]);
    });
  });

  test("text is what it is whatever the session makes of backslashes", async ({ url }) => {
    await connected(driver, url, async (connection) => {
      const text = "a\\' OR 1=1 -- 😀";
      for (const mode of ["", "NO_BACKSLASH_ESCAPES", "ANSI_QUOTES"]) {
        await run(connection, `SET sql_mode = '${mode}'`);
        assert.deepEqual(await column(connection, "SELECT CONCAT(?, '')", [text]), [text]);
      }
    });
  });

  test("names of columns are the aliases, twice or strange as they may be", async ({ url }) => {
    await connected(driver, url, async (connection) => {
      const { columns, rows } = await run(
        connection,
        "SELECT 1 AS a, 2 AS a, 3 AS __proto__, 4 AS `constructor`, 5 AS `é`",
      );
      assert.deepEqual(
        columns.map(({ name }) => name),
        ["a", "a", "__proto__", "constructor", "é"],
      );
      assert.deepEqual(rows, [[1, 2, 3, 4, 5]]);
    });
  });
});

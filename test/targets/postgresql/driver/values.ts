import assert from "node:assert/strict";
import { InvalidValueError, UsageError } from "../../../../src/errors/index.js";
import type { WireValue } from "../../../../src/util/wire.js";
import { type Declare, suite } from "../../../suite/target.js";
import { Session } from "./support.js";

/** Expressions of SQL and what they are on the wire. */
const VALUES: readonly (readonly [string, WireValue])[] = [
  ["NULL::int", null],
  ["(-32768)::int2", -32768],
  ["32767::int2", 32767],
  ["(-2147483648)::int4", -2147483648],
  ["2147483647", 2147483647],
  ["0", 0],
  ["4294967295::oid", 4294967295],
  ["999999999999999::int8", 999999999999999],
  ["9007199254740991::int8", Number.MAX_SAFE_INTEGER],
  ["9007199254740992::int8", 9007199254740992n],
  ["(-9007199254740991)::int8", Number.MIN_SAFE_INTEGER],
  ["(-9007199254740993)::int8", -9007199254740993n],
  ["9223372036854775807", 9223372036854775807n],
  ["(-9223372036854775808)::int8", -9223372036854775808n],
  ["0.1::float4", 0.1],
  ["0.1::float8", 0.1],
  ["'-0'::float4", -0],
  ["'-0'::float8", -0],
  ["'NaN'::float8", NaN],
  ["'Infinity'::float4", Infinity],
  ["'-Infinity'::float8", -Infinity],
  ["1.7976931348623157e308::float8", Number.MAX_VALUE],
  ["5e-324::float8", Number.MIN_VALUE],
  ["true", true],
  ["false", false],
  ["''::bytea", new Uint8Array()],
  ["'\\x00ff7f5c'::bytea", Uint8Array.of(0, 255, 127, 92)],
  ["''", ""],
  ["'äß漢😀'", "äß漢😀"],
  ["'x'::char(3)", "x  "],
  ["12345678901234567890.1234567890::numeric", "12345678901234567890.1234567890"],
  ["'NaN'::numeric", "NaN"],
  ["'2024-02-29'::date", "2024-02-29"],
  ["'infinity'::date", "infinity"],
  ["'24:00:00'::time", "24:00:00"],
  ["'2024-02-29 01:02:03.456789'::timestamp", "2024-02-29 01:02:03.456789"],
  ["'2024-02-29 01:02:03+05'::timestamptz", "2024-02-28 20:02:03+00"],
  ["'1 day 2 hours'::interval", "P1DT2H"],
  ["'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'::uuid", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"],
  ["array[1, NULL, 3]", "{1,NULL,3}"],
  ["array['a,b', '\"', 'NULL']", '{"a,b","\\"","NULL"}'],
  ["row(1, 'a')", "(1,a)"],
  ["B'101'", "101"],
  ["'10.0.0.1/8'::inet", "10.0.0.1/8"],
  ["'[1,3)'::int4range", "[1,3)"],
];

const session = { startup: { TimeZone: "UTC", DateStyle: "ISO", IntervalStyle: "iso_8601" } };

/** What the driver makes of the server's values, and the server of the driver's. */
export const values: Declare = suite("pg driver, values", ({ test }) => {
  test("every type comes as it is, up to its limits", async ({ url }) => {
    await using given = await Session.open(url, session);
    for (const reusable of [false, true, true, true]) {
      const { rows } = await given.execute(`SELECT ${VALUES.map(([sql]) => sql).join(", ")}`, [], { reusable });
      assert.deepEqual(
        rows[0],
        VALUES.map(([, value]) => value),
      );
    }
  });

  test("64-bit integers are bigints where that is asked for, and nothing else is", async ({ url }) => {
    await using given = await Session.open(url);
    const sql = "SELECT 5::int8, 9007199254740993::int8, (-7)::int8, 0::int8, 5::int4, NULL::int8";
    for (let use = 0; use < 3; use += 1) {
      const big = await given.execute(sql, [], { integers: "bigint" });
      assert.deepEqual(big.rows, [[5n, 9007199254740993n, -7n, 0n, 5, null]]);
      const small = await given.execute(sql);
      assert.deepEqual(small.rows, [[5, 9007199254740993n, -7, 0, 5, null]]);
    }
  });

  test("JSON is text that says so", async ({ url }) => {
    await using given = await Session.open(url);
    const { columns, rows } = await given.execute(
      `SELECT '{"a": [1]}'::json AS a, '{"b":null}'::jsonb AS b, 'null'::jsonb AS c, '{}' AS d, NULL::json AS e`,
    );
    assert.deepEqual(
      columns.map(({ name, kind }) => `${name} ${kind}`),
      ["a json", "b json", "c json", "d other", "e json"],
    );
    assert.deepEqual(rows, [['{"a": [1]}', '{"b": null}', "null", "{}", null]]);
  });

  test("columns may share a name, or have none, or any", async ({ url }) => {
    await using given = await Session.open(url);
    const { columns, rows } = await given.execute(`SELECT 1 AS a, 2 AS a, 3, 4 AS "__proto__", 5 AS "ä"" b"`);
    assert.deepEqual(
      columns.map(({ name }) => name),
      ["a", "a", "?column?", "__proto__", 'ä" b'],
    );
    assert.deepEqual(rows, [[1, 2, 3, 4, 5]]);
    assert.deepEqual((await given.execute("SELECT 1 AS a WHERE false")).rows, []);
    assert.deepEqual((await given.execute("SELECT FROM generate_series(1, 2)")).columns, []);
  });

  test("parameters arrive as what they are", async ({ url }) => {
    await using given = await Session.open(url);
    const rows = await given.rows(
      "SELECT $1::int4, $2::float8, $3::float8, $4::int8, $5::bool, $6::bool, $7::text, $8::bytea, $9::text, $10::float8, $11::int[]",
      2147483647,
      -0,
      0.1,
      -9223372036854775808n,
      true,
      false,
      "äß漢😀'\\",
      Uint8Array.of(0, 92, 255),
      null,
      NaN,
      "{1,NULL}",
    );
    const expected = [2147483647, -0, 0.1, -9223372036854775808n, true, false, "äß漢😀'\\"];
    assert.deepEqual(rows, [[...expected, Uint8Array.of(0, 92, 255), null, NaN, "{1,NULL}"]]);
  });

  test("texts and bytes of many megabytes make the way there and back", async ({ url }) => {
    await using given = await Session.open(url);
    const text = "é".repeat(10_000_000);
    const bytes = new Uint8Array(20_000_000).map((_, index) => index);
    const rows = await given.rows("SELECT $1::text, $2::bytea", text, bytes);
    assert.equal(rows[0]?.[0] === text, true);
    assert.equal(Buffer.compare(rows[0]?.[1] as Uint8Array, bytes), 0);
    assert.equal(await given.value("SELECT 1"), 1);
  });

  test("bytes come right where somebody has changed how the server writes them", async ({ url }) => {
    await using given = await Session.open(url, { startup: { bytea_output: "escape" } });
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
    assert.deepEqual(await given.value("SELECT $1::bytea", bytes), bytes);
  });

  test("what the protocol cannot carry is refused before anything is sent", async ({ url }) => {
    await using given = await Session.open(url);
    const list = (count: number): string =>
      Array.from({ length: count }, (_, index) => `$${index + 1}::int4`).join(", ");
    const ones = (count: number): number[] => Array.from({ length: count }, () => 1);
    await assert.rejects(given.execute(`SELECT num_nulls(${list(65_536)})`, ones(65_536)), UsageError);
    await assert.rejects(given.execute("SELECT $1::text", ["a\0b"]), InvalidValueError);
    await assert.rejects(given.executeMany("SELECT $1::text", [["a"], ["\0"]]), InvalidValueError);
    await assert.rejects(given.stream("SELECT $1::text", 1, ["\0"]), InvalidValueError);
    await assert.rejects(given.execute("SELECT 1\0; SELECT 2"), UsageError);
    await assert.rejects(given.command("BEGIN\0"), UsageError);
    // More than one megabyte of views on the same bytes must not be copied to be counted.
    const block = new Uint8Array(64 * 1024 * 1024);
    await assert.rejects(
      given.execute(
        "SELECT 1",
        Array.from({ length: 80 }, () => block),
      ),
      InvalidValueError,
    );
    assert.equal(given.connection.transactionStatus, "idle");
    const { rows } = await given.execute(`SELECT array_length(ARRAY[${list(65_535)}], 1)`, ones(65_535));
    assert.deepEqual(rows, [[65_535]]);
  });
});

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { describe, test } from "node:test";
import { RESULT_CODES } from "../../../src/drivers/sqlite-common/result-codes.js";
import { verbOf, type Verb } from "../../../src/drivers/sqlite-common/verb.js";

describe("the verb of a statement", () => {
  const verbs: readonly (readonly [string, Verb])[] = [
    ["INSERT INTO t VALUES (1)", "insert"],
    ["  -- UPDATE\n/* DELETE\n */ insert into t values (1)", "insert"],
    ["REPLACE INTO t VALUES (1)", "insert"],
    ["UPDATE t SET a = 1", "change"],
    ["delete from t", "change"],
    ["SELECT 1", "other"],
    ["VALUES (1)", "other"],
    ["PRAGMA foreign_keys = ON", "other"],
    ["EXPLAIN INSERT INTO t VALUES (1)", "other"],
    ["CREATE TABLE t AS SELECT 1", "other"],
    ["BEGIN IMMEDIATE", "other"],
    ["WITH a AS (SELECT 1) INSERT INTO t SELECT * FROM a", "insert"],
    ["WITH a AS (SELECT 1), b(x) AS MATERIALIZED (VALUES (2)) DELETE FROM t", "change"],
    ["WITH RECURSIVE a AS (SELECT ')' || \"(\" || `(` || [(] -- (\n FROM x) UPDATE t SET a = 1", "change"],
    ["WITH a AS (INSERT_LIKE) SELECT 'INSERT'", "other"],
    ['WITH "insert" AS (SELECT 1) SELECT * FROM "insert"', "other"],
    ["WITH a AS (SELECT 1", "other"],
    ["", "other"],
    ["/* never ended", "other"],
  ];
  for (const [sql, verb] of verbs) {
    test(`${JSON.stringify(sql)} is ${verb}`, () => assert.equal(verbOf(sql), verb));
  }
});

describe("SQLite's result codes", () => {
  test("have the numbers that SQLite's header gives them", () => {
    const folder = dirname(createRequire(import.meta.url).resolve("better-sqlite3/package.json"));
    const header = readFileSync(join(folder, "deps/sqlite3/sqlite3.h"), "utf8");
    const extended = /^#define (SQLITE_[A-Z_]+)\s+\((SQLITE_[A-Z]+) \| \((\d+)<<8\)\)/gm;
    let count = 0;
    for (const [, name = "", parent = "", extension] of header.matchAll(extended)) {
      const code = new RegExp(`^#define ${parent}\\s+(\\d+)`, "m").exec(header)?.[1];
      assert.equal(RESULT_CODES.get(name), Number(code) + 256 * Number(extension), name);
      assert.equal(RESULT_CODES.get(parent), Number(code), parent);
      count += 1;
    }
    assert.ok(count > 70, `${count} codes in the header`);
  });
});

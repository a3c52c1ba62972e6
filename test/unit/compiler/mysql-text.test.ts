import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { sql, UsageError } from "../../../src/index.js";
import { Compiler } from "../../../src/compiler/compile.js";
import type { Effect } from "../../../src/compiler/compiled.js";
import { mysql } from "../../../src/dialects/mysql/index.js";
import { compiledOf } from "../../support/compile.js";

function read(text: string): readonly [sql: string, names: readonly string[]] {
  const { text: compiled, parameterNames } = compiledOf(text, null, mysql);
  return [compiled, parameterNames];
}

function assertRefused(text: string, pattern: RegExp): void {
  assert.throws(
    () => read(text),
    (error) => error instanceof UsageError && pattern.test(error.message),
    text,
  );
}

describe("a text for MySQL and MariaDB", () => {
  test("has strings in both quotes, with backslashes, and names in backticks", () => {
    for (const text of [
      String.raw`SELECT 'it\'s :a'`,
      String.raw`SELECT "it\"s :a"`,
      String.raw`SELECT 'a\\', ':b'`,
      `SELECT "a"":b"`,
      "SELECT `a``:b`",
      "SELECT `a\\` , ':b'",
      "SELECT N'…:a', _utf8mb4'…:a', X'3A61'",
      `SELECT JSON_EXTRACT(doc, '$.a:b'), doc->"$.c?"`,
    ]) {
      assert.deepEqual(read(text), [text, []]);
    }
    assert.deepEqual(read(String.raw`SELECT 'a\\', :b`), [String.raw`SELECT 'a\\', ?`, ["b"]]);
    assert.deepEqual(read("SELECT [1:2]".replace("[1:2]", "`x`, :x")), ["SELECT `x`, ?", ["x"]]);
  });

  test("has comments after # and after -- with a blank, and no nested ones", () => {
    for (const text of [
      "SELECT 1 # :a ?",
      "SELECT 1 -- :a ?",
      "SELECT 1 --\t:a",
      "SELECT 1 --",
      "SELECT /* :a /* */ 1",
    ]) {
      assert.deepEqual(read(text), [text, []]);
    }
    assert.deepEqual(read("SELECT 5--:a"), ["SELECT 5--?", ["a"]]);
    assert.deepEqual(read("SELECT 1 # it's\n, :a"), ["SELECT 1 # it's\n, ?", ["a"]]);
  });

  test("has no comments that the server runs", () => {
    for (const text of ["SELECT /*!80000 1 */", "/*! DROP TABLE t */", "SELECT 1 /*M!100600 , 2 */"]) {
      assertRefused(text, /runs/);
      assert.throws(() => new Compiler(mysql).compileNative(text, []), UsageError);
    }
    assert.doesNotThrow(() => read("SELECT /*+ MAX_EXECUTION_TIME(5) */ '/*! no */' `/*!` /* ! */"));
    assert.throws(() => compiledOf(sql`SELECT /*! ${1} */ 1`, null, mysql), UsageError);
  });

  test("has no placeholder of the driver, and variables of the session", () => {
    assertRefused("SELECT ?", /:name/);
    assert.deepEqual(read("SELECT @a, @@sql_mode, @`b c`, @'d'"), ["SELECT @a, @@sql_mode, @`b c`, @'d'", []]);
    assert.deepEqual(read("SET @a := :value"), ["SET @a := ?", ["value"]]);
  });

  test("is one statement, unless it is a routine, whose body the server knows", () => {
    assertRefused("SELECT 1; SELECT 2", /several/);
    assertRefused("BEGIN; SELECT 1; END", /several/);
    for (const text of [
      "CREATE PROCEDURE p() BEGIN IF 1 THEN SELECT 1; END IF; WHILE 0 DO SELECT 2; END WHILE; END",
      "CREATE DEFINER = `app`@`%` TRIGGER tr BEFORE INSERT ON t FOR EACH ROW BEGIN SET NEW.a = 1; END",
      "CREATE OR REPLACE FUNCTION f() RETURNS INT RETURN 1;",
    ]) {
      assert.equal(compiledOf(text, null, mysql).effect, "schema", text);
    }
  });

  const effects: readonly (readonly [effect: Effect, texts: readonly string[]])[] = [
    [
      "read",
      [
        "SELECT @a, @@global.x",
        "SHOW TABLES",
        "DESCRIBE t",
        "DESC t",
        "EXPLAIN SELECT 1",
        "TABLE t",
        "VALUES ROW(1)",
        "CHECKSUM TABLE t",
        "WITH c AS (SELECT 1) SELECT * FROM c",
      ],
    ],
    [
      "write",
      [
        "REPLACE t VALUES (1)",
        "INSERT INTO t SET a = 1",
        "LOAD DATA INFILE 'x' INTO TABLE t",
        "CALL p()",
        "DO SLEEP(1)",
        "SELECT 1 INTO OUTFILE 'x'",
        "SELECT * FROM t LOCK IN SHARE MODE",
        "SELECT * FROM t FOR UPDATE",
        "ANALYZE FORMAT=JSON UPDATE t SET a = 1",
        "EXPLAIN ANALYZE SELECT 1",
        "KILL 5",
        "SIGNAL SQLSTATE '45000'",
      ],
    ],
    [
      "schema",
      [
        "CREATE TABLE t (a INT)",
        "CREATE TABLE temp.t (a INT)",
        "DROP TABLE t",
        "TRUNCATE t",
        "RENAME TABLE a TO b",
        "ANALYZE TABLE t",
        "OPTIMIZE TABLE t",
        "GRANT SELECT ON t TO u",
        "LOAD INDEX INTO CACHE t",
        "SET PASSWORD = 'x'",
        "START REPLICA",
        "RESET BINARY LOGS AND GTIDS",
      ],
    ],
    ["sessionSchema", ["LOCK TABLES t READ", "FLUSH TABLES WITH READ LOCK", "EXECUTE s", "EXECUTE IMMEDIATE 'COMMIT'"]],
    [
      "session",
      [
        "SET @a = 1",
        "USE db",
        "UNLOCK TABLES",
        "HANDLER t OPEN",
        "PREPARE s FROM 'SELECT 1'",
        "DROP PREPARE s",
        "SELECT @a := 1",
        "SELECT a INTO @a FROM t",
        "SELECT GET_LOCK('a', 1)",
        "DO `get_lock` ('a', 1)",
        "CREATE TEMPORARY TABLE t (a INT)",
        "CREATE OR REPLACE TEMPORARY TABLE t (a INT)",
        "DROP TEMPORARY TABLE t",
      ],
    ],
    [
      "transaction",
      ["BEGIN WORK", "START TRANSACTION READ ONLY", "COMMIT", "ROLLBACK TO x", "SAVEPOINT x", "XA START 'x'"],
    ],
  ];

  for (const [effect, texts] of effects) {
    test(`does what its first words say: ${effect}`, () => {
      for (const text of texts) assert.equal(compiledOf(text, null, mysql).effect, effect, text);
    });
  }

  test("is read in linear time, however it is quoted", () => {
    const start = performance.now();
    for (const piece of ["'", '"', "`", "#", "\\", "--", "/*", "@a", "''"]) {
      try {
        read(`SELECT ${piece.repeat(100_000)}`);
      } catch (error) {
        assert.ok(error instanceof UsageError);
      }
    }
    assert.ok(performance.now() - start < 5_000);
  });
});

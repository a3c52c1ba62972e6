import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { boolean, integer, list, param, select, sql, UsageError } from "../../../src/index.js";
import { Compiler } from "../../../src/compiler/compile.js";
import type { Effect } from "../../../src/compiler/compiled.js";
import { sqlite } from "../../../src/dialects/sqlite/index.js";
import { callOf, compiledOf, type Runnable, sqlOf } from "../../support/compile.js";
import { posts, t, users } from "./tables.js";

function assertRefused(pattern: RegExp, make: () => unknown): void {
  assert.throws(make, (error) => error instanceof UsageError && pattern.test(error.message), String(make));
}

describe("a text", () => {
  test("binds :name, each as often as it stands there", () => {
    const cases: readonly (readonly [text: string, sql: string, names: readonly string[]])[] = [
      ["SELECT :a", "SELECT ?", ["a"]],
      ["SELECT :a, :b, :a", "SELECT ?, ?, ?", ["a", "b"]],
      ["SELECT id=:id,b", "SELECT id=?,b", ["id"]],
      ["SELECT (:a)", "SELECT (?)", ["a"]],
      ["SELECT :größe_2", "SELECT ?", ["größe_2"]],
      ["SELECT\n:a\n", "SELECT\n?\n", ["a"]],
    ];
    for (const [text, expected, names] of cases) {
      assert.equal(sqlOf(text), expected);
      assert.deepEqual(compiledOf(text).parameterNames, names);
    }
    assert.deepEqual(callOf("SELECT :a, :b, :a", { a: 1, b: "x" }), ["SELECT ?, ?, ?", [1, "x", 1]]);
  });

  test("leaves colons alone in strings, quoted names, comments, casts, slices, and after a backslash", () => {
    for (const text of [
      "SELECT ':a'",
      "SELECT 'it''s :a'",
      'SELECT ":a"',
      'SELECT "x"":a"',
      "SELECT `:a`",
      "SELECT [:a]",
      "SELECT 1 -- :a",
      "SELECT 1 -- :a\n + 2",
      "SELECT /* :a */ 1",
      "SELECT /* ' */ 1 /* :a */",
      "SELECT x::text",
      "SELECT '12:30:00'",
      "SELECT x ': :a",
    ]) {
      assert.equal(sqlOf(text), text);
      assert.deepEqual(compiledOf(text).parameterNames, [], text);
    }
    assert.equal(sqlOf(String.raw`SELECT \:a, 'x\:y', :b`), String.raw`SELECT :a, 'x\:y', ?`);
  });

  test("takes every name, no other, and no undefined", () => {
    const text = "SELECT :a, :b";
    assertRefused(/needs a value for "b"/, () => callOf(text, { a: 1 }));
    assertRefused(/needs a value for "a"/, () => callOf(text));
    assertRefused(/gives "c", which the statement does not have; it has: a, b/, () =>
      callOf(text, { a: 1, b: 2, c: 3 }),
    );
    assertRefused(/takes no values/, () => callOf("SELECT 1", { a: 1 }));
    assertRefused(/"b" got undefined/, () => callOf(text, { a: 1, b: undefined }));
    assertRefused(/needs a value for "toString"/, () => callOf("SELECT :toString", {}));
    assert.deepEqual(callOf("SELECT :a, :b", { a: null, b: true })[1], [null, 1]);
    assertRefused(/parameter "a"/, () => callOf("SELECT :a", { a: { b: 1 } }));
    assertRefused(/parameter "a"/, () => callOf("SELECT :a", { a: [1, 2] }));
  });

  test("is one statement", () => {
    for (const text of ["SELECT 1;", "SELECT 1 ; -- the end", "SELECT 1;;", "SELECT ';'", "SELECT 1 /* ; */"]) {
      assert.doesNotThrow(() => sqlOf(text), text);
    }
    for (const text of [
      "SELECT 1; SELECT 2",
      "SELECT 1; DROP TABLE notes; --",
      ";SELECT 1",
      "INSERT INTO t VALUES (';'); DELETE FROM t",
    ]) {
      assertRefused(/several/, () => sqlOf(text));
    }
    for (const text of ["", "  ", "-- nothing", "/* nothing */"]) assertRefused(/empty/, () => sqlOf(text));
  });

  test("may create a trigger, whose body has semicolons of its own", () => {
    const body = "BEGIN UPDATE t SET a = CASE WHEN b THEN 1 ELSE 2 END; DELETE FROM t; END";
    for (const head of [
      "CREATE TRIGGER x AFTER INSERT ON t",
      "CREATE TEMP TRIGGER IF NOT EXISTS x BEFORE DELETE ON t",
    ]) {
      assert.doesNotThrow(() => sqlOf(`${head} ${body};`));
      assertRefused(/several/, () => sqlOf(`${head} ${body}; SELECT 1`));
    }
    assertRefused(/several/, () => sqlOf("BEGIN; SELECT 1; END"));
  });

  test("has no placeholder of the driver and no NUL character", () => {
    for (const text of [
      "SELECT ?",
      "SELECT ?1",
      "SELECT :1",
      "SELECT 1:2",
      "SELECT a:b",
      "SELECT $a",
      "SELECT @a",
      "SELECT a WHERE b = ?",
    ]) {
      assertRefused(/placeholder|:name/, () => sqlOf(text));
    }
    for (const text of ["SELECT '?'", 'SELECT "$a"', "SELECT a$b", "SELECT 1 -- ?"]) {
      assert.doesNotThrow(() => sqlOf(text), text);
    }
    assertRefused(/NUL/, () => sqlOf("SELECT 'a\0b'"));
  });

  test("is read in linear time, however it is quoted", () => {
    const start = performance.now();
    for (const piece of ["'", '"', "/*", "--", "(", ":a ", "''", "$$"]) {
      try {
        sqlOf(`SELECT ${piece.repeat(100_000)}`);
      } catch (error) {
        assert.ok(error instanceof UsageError);
      }
    }
    assert.ok(performance.now() - start < 5_000);
  });
});

describe("what a text does", () => {
  const effects: readonly (readonly [effect: Effect, texts: readonly string[]])[] = [
    [
      "read",
      [
        "SELECT 1",
        "select 1",
        "  -- a comment\n SELECT 1",
        "(SELECT 1) UNION (SELECT 2)",
        "VALUES (1)",
        "WITH x AS (SELECT 1) SELECT * FROM x",
        "SELECT 'INSERT INTO'",
        'SELECT "update" FROM t',
        "EXPLAIN QUERY PLAN SELECT 1",
        "PRAGMA user_version",
        "PRAGMA main.user_version",
        "PRAGMA table_info(t)",
        "PRAGMA main.table_info(t)",
      ],
    ],
    [
      "write",
      [
        "INSERT INTO t VALUES (1)",
        "UPDATE t SET a = 1",
        "DELETE FROM t",
        "REPLACE INTO t VALUES (1)",
        "MERGE INTO t USING u",
        "WITH x AS (SELECT 1) DELETE FROM t",
        "WITH x AS (DELETE FROM t RETURNING *) SELECT * FROM x",
        "SELECT * FROM t FOR UPDATE",
        "SELECT * FROM t FOR NO KEY UPDATE",
        "SELECT * FROM t FOR SHARE",
        "SELECT * FROM t LOCK IN SHARE MODE",
        "SELECT * INTO u FROM t",
        "EXPLAIN ANALYZE SELECT 1",
        "CALL p()",
      ],
    ],
    ["schema", ["CREATE TABLE t (a)", "DROP TABLE t", "ALTER TABLE t ADD b", "CREATE UNIQUE INDEX x ON t (a)"]],
    [
      "session",
      [
        "PRAGMA foreign_keys = OFF",
        "PRAGMA foreign_keys(0)",
        "PRAGMA main.cache_size = 5",
        "SET x = 1",
        "ATTACH 'a.db' AS b",
        "CREATE TEMP TABLE t (a)",
        "CREATE TEMPORARY VIEW v AS SELECT 1",
        "LISTEN x",
      ],
    ],
    [
      "transaction",
      ["BEGIN", "begin immediate", "COMMIT", "END", "ROLLBACK TO x", "SAVEPOINT x", "RELEASE x", "START TRANSACTION"],
    ],
  ];

  for (const [effect, texts] of effects) {
    test(`is told by its words: ${effect}`, () => {
      for (const text of texts) assert.equal(compiledOf(text).effect, effect, text);
    });
  }

  test("is told for templates and other builders' texts alike", () => {
    assert.equal(compiledOf(sql`SELECT ${1}`).effect, "read");
    assert.equal(compiledOf(sql`UPDATE ${users} SET name = ${"x"}`).effect, "write");
    assert.equal(new Compiler(sqlite).compileNative("select ?", [1]).effect, "read");
    assert.equal(new Compiler(sqlite).compileNative("insert into t values (?)", [1]).effect, "write");
  });
});

describe("a text of another builder", () => {
  const native = (text: string, parameters: readonly unknown[]): readonly unknown[] => {
    const { text: compiled, binds } = new Compiler(sqlite).compileNative(text, parameters);
    return [compiled, binds.map((bind) => (bind.source === "value" ? bind.value : bind))];
  };

  test("goes as it is, its values by their kind", () => {
    assert.deepEqual(native("select ?, ?1 :a", [1, true]), ["select ?, ?1 :a", [1, 1]]);
    assert.deepEqual(native("select ?", [new Date(0)]), ["select ?", ["1970-01-01 00:00:00.000"]]);
  });

  test("is refused with several statements, or with what is no value", () => {
    assertRefused(/several/, () => native("select 1; select 2", []));
    assertRefused(/parameter 2 got undefined/, () => native("select ?, ?", [1, undefined]));
    assertRefused(/parameter 1/, () => native("select ?", [{ a: 1 }]));
  });
});

describe("the sql tag", () => {
  function assertSql(
    cases: readonly (readonly [statement: Runnable, sql: string, parameters?: readonly unknown[]])[],
  ): void {
    for (const [statement, expected, parameters = []] of cases) {
      assert.deepEqual(callOf(statement), [expected, parameters]);
    }
  }

  test("binds values, quotes tables and columns, puts queries in parentheses", () => {
    assertSql([
      [sql`SELECT ${1}, ${"a'b"}, ${null}`, "SELECT ?, ?, NULL", [1, "a'b"]],
      [sql`SELECT ${t.c.flag} FROM ${t}`, 'SELECT "t"."flag" FROM "t"'],
      [
        sql`SELECT * FROM ${posts.as("p")} WHERE ${posts.as("p").c.authorId} = ${5}`,
        'SELECT * FROM "posts" AS "p" WHERE "p"."author_id" = ?',
        [5],
      ],
      [
        sql`SELECT * FROM ${users.select().subquery("u")}`,
        'SELECT * FROM (SELECT "users"."id", "users"."name" FROM "users") AS "u"',
      ],
      [
        sql`SELECT * FROM ${select(users.c.id).cte("u")}`,
        'WITH "u" AS (SELECT "users"."id" FROM "users") SELECT * FROM "u"',
      ],
      [
        sql`SELECT ${select(users.c.id).where(users.c.id.eq(1))}`,
        'SELECT (SELECT "users"."id" FROM "users" WHERE "users"."id" = ?)',
        [1],
      ],
      [
        sql`SELECT * FROM t WHERE ${t.c.a.eq(1)} AND ${t.c.b.eq(2).as("x")}`,
        'SELECT * FROM t WHERE ("t"."a" = ?) AND ("t"."b" = ?)',
        [1, 2],
      ],
      [
        sql`SELECT ${t.c.a.plus(1)} * 2 ORDER BY ${t.c.a.desc()}`,
        'SELECT ("t"."a" + ?) * 2 ORDER BY "t"."a" DESC',
        [1],
      ],
      [sql`SELECT ${sql`SELECT ${1}`}`, "SELECT (SELECT ?)", [1]],
      [sql`SELECT 'a:b', x::text`, "SELECT 'a:b', x::text"],
    ]);
  });

  test("takes lists, names and joined parts", () => {
    assertSql([
      [sql`SELECT 1 IN ${list([1, 2])}`, "SELECT 1 IN (?, ?)", [1, 2]],
      [sql`SELECT 1 IN ${list([])}`, "SELECT 1 IN (SELECT NULL WHERE 1 = 0)"],
      [sql`SELECT ${sql.identifier("a.b")}, ${sql.identifier("a", "b")}`, 'SELECT "a.b", "a"."b"'],
      [sql`SELECT ${sql.join([t.c.a, 1, sql.identifier("x")])}`, 'SELECT "t"."a", ?, "x"', [1]],
      [
        sql`SELECT 1 WHERE ${sql.join([t.c.a.eq(1), sql.value`x or y`], " AND ")}`,
        'SELECT 1 WHERE ("t"."a" = ?) AND (x or y)',
        [1],
      ],
    ]);
  });

  test("takes parameters of the call", () => {
    const statement = sql<object, { id: number }>`SELECT ${param("id")}, ${param("id")}`;
    assert.deepEqual(callOf(statement, { id: 5 }), ["SELECT ?, ?", [5, 5]]);
    assertRefused(/needs a value for "id"/, () => callOf(statement));
  });

  test("refuses what is no part of SQL", () => {
    assertRefused(/undefined/, () => sql`SELECT ${undefined}`);
    assertRefused(/list\(array\)/, () => sql`SELECT 1 IN ${[1, 2]}`);
    for (const part of [{}, { kind: "raw", body: "1" }, () => 1, Symbol("a"), { sql: "1", parameters: [] }]) {
      assertRefused(/takes SQL values/, () => sql`SELECT ${part}`);
    }
    assertRefused(/array/, () => list("1, 2" as never));
    assertRefused(/undefined/, () => list([1, undefined]));
    assertRefused(/names that are not empty/, () => sql.identifier());
    assertRefused(/names that are not empty/, () => sql.identifier("a", ""));
    assertRefused(/names that are not empty/, () => sql.identifier(["a"] as never));
    assertRefused(/array that is not empty/, () => sql.join([]));
    assertRefused(/array that is not empty/, () => sql.join("a, b" as never));
    assertRefused(/undefined/, () => sql.join([1, undefined]));
    assertRefused(/placeholder/, () => sqlOf(sql`SELECT ?, ${1}`));
    assertRefused(/several/, () => sqlOf(sql`SELECT 1; SELECT ${1}`));
    assertRefused(/invalid escape/, () => sql`SELECT \u`);
  });

  test("refuses to be called with anything but a template: an array from outside never becomes SQL text", () => {
    const forged = Object.assign(["DROP TABLE users"], { raw: ["DROP TABLE users"] });
    for (const strings of ["SELECT 1", ["SELECT 1"], forged, Object.freeze(["SELECT 1"]), {}, undefined]) {
      assertRefused(/template tag/, () => sql(strings as never));
      assertRefused(/template tag/, () => sql.value(strings as never));
    }
  });

  test("with declared columns reads each through its type, and is selectable", () => {
    const statement = sql`SELECT 1, 0`.columns({ id: integer(), flag: boolean() });
    const { result, returns } = compiledOf(statement);
    assert.equal(returns, "rows");
    assert.deepEqual(result?.fields, [
      { key: "id", index: 0 },
      { key: "flag", index: 1 },
    ]);
    assert.deepEqual(
      result?.decoders.map((decode) => decode(1)),
      [1, true],
    );
    assert.equal(compiledOf(sql`SELECT 1`).result, null);
    assertRefused(/nothing/, () => sql`SELECT 1`.columns({}));
    assertRefused(/takes a type/, () => sql`SELECT 1`.columns({ id: 5 as never }));
    assertRefused(/columns are declared/, () =>
      (statement.subquery as (this: unknown, name: string) => unknown).call(sql`SELECT 1`, "x"),
    );
  });
});

describe("names in SQL", () => {
  test("are quoted whatever they hold, and refuse NUL", () => {
    assert.equal(sqlOf(sql`SELECT ${sql.identifier('a"b; --', "'c")}`), `SELECT "a""b; --"."'c"`);
    assertRefused(/NUL/, () => sqlOf(sql`SELECT ${sql.identifier("a\0b")}`));
    assertRefused(/NUL/, () => sqlOf(select(t.c.a.as("a\0b"))));
    assert.equal(sqlOf(select(t.c.a.as('x"; DROP'))), 'SELECT "t"."a" AS "x""; DROP" FROM "t"');
    assert.equal(sqlOf(users.as('u"').select()), 'SELECT "u"""."id", "u"""."name" FROM "users" AS "u"""');
  });
});

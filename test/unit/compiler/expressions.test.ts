import assert from "node:assert/strict";
import { describe, test } from "node:test";

import type { ExpressionNode, OrderNode } from "../../../src/ast/expression.js";
import type { HasNode } from "../../../src/ast/node.js";
import {
  abs,
  and,
  avg,
  boolean,
  caseWhen,
  cast,
  coalesce,
  count,
  currentDate,
  date,
  double,
  exists,
  extract,
  falseValue,
  firstValue,
  fn,
  greatest,
  integer,
  lag,
  length,
  literal,
  lower,
  max,
  not,
  now,
  nullIf,
  nullValue,
  or,
  param,
  replace,
  rowNumber,
  select,
  sql,
  stringAgg,
  substring,
  sum,
  text,
  trim,
  trueValue,
} from "../../../src/index.js";
import { callOf, conditionSql, expressionSql } from "../../support/compile.js";
import { posts, t, users } from "./tables.js";

const { a, b, big, price, ratio, name, note, flag, done, day, at, doc, state } = t.c;

type Expression = HasNode<ExpressionNode | OrderNode>;
type Cases = readonly (readonly [expression: Expression, sql: string])[];

/** Compares the text of each expression, in which `"a"` stands for `"t"."a"`. */
function assertSql(cases: Cases, sqlOf: (expression: never) => string = expressionSql): void {
  for (const [expression, expected] of cases) assert.equal(sqlOf(expression as never).replaceAll('"t".', ""), expected);
}

describe("an expression is this SQL", () => {
  test("arithmetic: parentheses where the tree asks for them, and only there", () => {
    assertSql([
      [a.plus(b).times(2), '("a" + "b") * ?'],
      [a.plus(b.times(2)), '"a" + "b" * ?'],
      [a.minus(b.minus(1)), '"a" - ("b" - ?)'],
      [a.minus(b).minus(1), '"a" - "b" - ?'],
      [a.plus(b.plus(1)), '"a" + ("b" + ?)'],
      [a.intDiv(b).intDiv(2), '"a" / "b" / ?'],
      [a.intDiv(b.times(2)), '"a" / ("b" * ?)'],
      [a.mod(b).eq(0), '"a" % "b" = ?'],
      [a.neg(), '-"a"'],
      [a.neg().neg(), '-(-"a")'],
      [a.plus(b).neg(), '-("a" + "b")'],
      [a.neg().times(b), '-"a" * "b"'],
      [a.minus(b.neg()), '"a" - -"b"'],
      [a.minus(-1), '"a" - ?'],
    ]);
  });

  test("division is of doubles", () => {
    assertSql([
      [a.div(b), 'CAST("a" AS REAL) / "b"'],
      [a.plus(1).div(b.plus(1)), 'CAST("a" + ? AS REAL) / ("b" + ?)'],
      [a.div(b).div(2), 'CAST(CAST("a" AS REAL) / "b" AS REAL) / ?'],
      [a.div(b).times(2), 'CAST("a" AS REAL) / "b" * ?'],
    ]);
  });

  test("concatenation keeps arithmetic in parentheses: servers disagree on which binds tighter", () => {
    assertSql([
      [name.concat(note).concat("!"), '"name" || "note" || ?'],
      [name.concat(note.concat("!")), '"name" || "note" || ?'],
      [name.concat(cast(a.plus(1), text())), '"name" || CAST("a" + ? AS TEXT)'],
      [name.concat(a.plus(1)), '"name" || ("a" + ?)'],
      [name.concat(a.neg()), '"name" || -"a"'],
      [name.concat(note).eq("ab"), '"name" || "note" = ?'],
    ]);
  });

  test("comparisons", () => {
    assertSql([
      [a.eq(1), '"a" = ?'],
      [a.ne(1), '"a" <> ?'],
      [a.lt(b), '"a" < "b"'],
      [a.lte(b), '"a" <= "b"'],
      [a.gt(b), '"a" > "b"'],
      [a.gte(b), '"a" >= "b"'],
      [a.eq(b).eq(flag), '("a" = "b") = "flag"'],
      [flag.eq(a.eq(b)), '"flag" = ("a" = "b")'],
      [a.isDistinctFrom(b), '"a" IS NOT "b"'],
      [a.isDistinctFrom(null), '"a" IS NOT NULL'],
      [a.isNotDistinctFrom(b.plus(1)), '"a" IS "b" + ?'],
      [flag.isNotDistinctFrom(a.eq(1)), '"flag" IS ("a" = ?)'],
    ]);
  });

  test("NULL is tested for, never compared with", () => {
    assertSql([
      [a.eq(null), '"a" IS NULL'],
      [a.ne(null), '"a" IS NOT NULL'],
      [a.is(null), '"a" IS NULL'],
      [a.isNot(null), '"a" IS NOT NULL'],
      [a.plus(1).eq(null), '"a" + ? IS NULL'],
      [flag.is(true), '"flag" IS TRUE'],
      [flag.isNot(false), '"flag" IS NOT FALSE'],
      [not(a.eq(null)), '"a" IS NOT NULL'],
    ]);
  });

  test("IN: values, nothing, a parameter, a query, expressions", () => {
    const ids = select(posts.c.authorId).where(posts.c.title.eq("x"));
    assertSql([
      [a.in([1, 2]), '"a" IN (?, ?)'],
      [a.notIn([1]), '"a" NOT IN (?)'],
      [a.in([]), "1 = 0"],
      [a.notIn([]), "1 = 1"],
      [not(a.in([])), "1 = 1"],
      [and(a.in([]), flag.eq(true)), '1 = 0 AND "flag" = ?'],
      [a.in([1, b, b.plus(1)]), '"a" IN (?, "b", "b" + ?)'],
      [a.plus(1).in([1]), '"a" + ? IN (?)'],
      [a.in(ids), '"a" IN (SELECT "posts"."author_id" AS "authorId" FROM "posts" WHERE "posts"."title" = ?)'],
    ]);
  });

  test("a list of the call is as long as it is", () => {
    const query = select(t.c.id).where(a.in(param("ids")), b.eq(param("b")), a.notIn(param("not")));
    const text = 'SELECT "t"."id" FROM "t" WHERE "t"."a" IN (%) AND "t"."b" = ? AND "t"."a" NOT IN (%)';
    assert.deepEqual(callOf(query, { ids: [1, 2], b: 3, not: [4] }), [
      text.replace("%", "?, ?").replace("%", "?"),
      [1, 2, 3, 4],
    ]);
    const nothing = "SELECT NULL WHERE 1 = 0";
    assert.deepEqual(callOf(query, { ids: [], b: 3, not: [] }), [
      text.replace("%", nothing).replace("%", nothing),
      [3],
    ]);
  });

  test("BETWEEN keeps conditions inside it in parentheses", () => {
    assertSql([
      [a.between(1, b), '"a" BETWEEN ? AND "b"'],
      [a.plus(1).between(b, b.plus(2)), '"a" + ? BETWEEN "b" AND "b" + ?'],
      [flag.between(and(flag, done), true), '"flag" BETWEEN ("flag" = 1 AND "done" = 1) AND ?'],
      [not(a.between(1, 2)), '"a" NOT BETWEEN ? AND ?'],
    ]);
  });

  test("AND and OR: flat, with parentheses around the looser one", () => {
    const x = a.eq(1);
    const y = a.eq(2);
    const z = a.eq(3);
    assertSql([
      [and(x, or(y, z)), '"a" = ? AND ("a" = ? OR "a" = ?)'],
      [or(and(x, y), z), '"a" = ? AND "a" = ? OR "a" = ?'],
      [and(x, and(y, z)), '"a" = ? AND "a" = ? AND "a" = ?'],
      [or(or(x, y), z), '"a" = ? OR "a" = ? OR "a" = ?'],
      [and(x), '"a" = ?'],
      [and(x, sql.value<boolean>`a or b`), '"a" = ? AND (a or b)'],
    ]);
  });

  test("a negation is the opposite operator where there is one", () => {
    assertSql([
      [not(a.eq(1)), '"a" <> ?'],
      [not(a.lt(1)), '"a" >= ?'],
      [not(a.isDistinctFrom(b)), '"a" IS "b"'],
      [not(a.in([1])), '"a" NOT IN (?)'],
      [not(name.like("a%")), '"name" NOT GLOB ?'],
      [not(not(a.eq(1))), '"a" = ?'],
      [not(or(a.eq(1), b.eq(2))), 'NOT ("a" = ? OR "b" = ?)'],
      [not(sql.value<boolean>`a or b`), "NOT (a or b)"],
      [not(trueValue()), "FALSE"],
      [not(a.eq(1).as("x")), '"a" <> ?'],
      [not(a.eq(1)).eq(flag), '("a" <> ?) = "flag"'],
    ]);
  });

  test("a boolean column is compared where a condition is asked for, and only there", () => {
    assertSql(
      [
        [flag, '"flag" = 1'],
        [not(flag), 'NOT "flag" = 1'],
        [and(flag, done), '"flag" = 1 AND "done" = 1'],
        [or(flag, not(done)), '"flag" = 1 OR NOT "done" = 1'],
        [flag.eq(true), '"flag" = ?'],
        [flag.is(null), '"flag" IS NULL'],
        [coalesce(flag, false), 'coalesce("flag", ?) = 1'],
        [trueValue(), "TRUE"],
        [a.eq(1), '"a" = ?'],
      ],
      conditionSql,
    );
    assertSql([[flag, '"flag"']]);
  });

  test("LIKE where case counts is a GLOB; where it does not, it is SQLite's own LIKE", () => {
    assertSql([
      [name.like("a%"), '"name" GLOB ?'],
      [name.notLike("a%"), '"name" NOT GLOB ?'],
      [name.ilike("a%"), '"name" LIKE ?'],
      [name.ilike("a!%", { escape: "!" }), `"name" LIKE ? ESCAPE '!'`],
      [name.contains("a"), '"name" GLOB ?'],
      [name.like(param("pattern")), '"name" GLOB ?'],
      [name.contains(note), 'instr("name", "note") > 0'],
      [not(name.contains(note)), 'instr("name", "note") = 0'],
      [name.startsWith(note), 'substr("name", 1, length("note")) = "note"'],
      [name.endsWith(note), 'substr("name", -length("note"), length("note")) = "note"'],
    ]);
  });

  test("CASE", () => {
    assertSql([
      [caseWhen(flag, 1).else(2), 'CASE WHEN "flag" = 1 THEN ? ELSE ? END'],
      [caseWhen(a.gt(1), name).when(a.gt(0), note).end(), 'CASE WHEN "a" > ? THEN "name" WHEN "a" > ? THEN "note" END'],
      [caseWhen(a.gt(1), a).else(b).plus(1), 'CASE WHEN "a" > ? THEN "a" ELSE "b" END + ?'],
      [caseWhen(a.gt(1), 1).else(null), 'CASE WHEN "a" > ? THEN ? ELSE NULL END'],
    ]);
  });

  test("CAST is a function where SQLite's own converts nothing", () => {
    assertSql([
      [a.cast(text()), 'CAST("a" AS TEXT)'],
      [name.cast(integer()), 'CAST("name" AS INTEGER)'],
      [ratio.cast(integer()), 'CAST(round("ratio") AS INTEGER)'],
      [a.cast(double()), 'CAST("a" AS REAL)'],
      [at.cast(date()), 'date("at")'],
      [cast(a, boolean()), '("a" <> 0)'],
      [cast("1", integer()), "CAST(? AS INTEGER)"],
    ]);
  });

  test("COLLATE binds tighter than the operators around it", () => {
    assertSql([
      [name.collate("nocase").eq("a"), '"name" COLLATE "nocase" = ?'],
      [name.concat(note).collate("nocase").eq("a"), '("name" || "note") COLLATE "nocase" = ?'],
      [name.collate("nocase").desc(), '"name" COLLATE "nocase" DESC'],
      [name.collate('no"case'), '"name" COLLATE "no""case"'],
    ]);
  });

  test("order terms", () => {
    assertSql([
      [a.asc(), '"a"'],
      [a.desc(), '"a" DESC'],
      [a.nullsFirst(), '"a" NULLS FIRST'],
      [a.desc().nullsLast(), '"a" DESC NULLS LAST'],
      [a.plus(b).desc(), '"a" + "b" DESC'],
    ]);
  });

  test("constants", () => {
    assertSql([
      [trueValue(), "TRUE"],
      [falseValue(), "FALSE"],
      [nullValue(), "NULL"],
      [literal(1), "?"],
      [literal(null), "NULL"],
    ]);
  });

  test("functions, by SQLite's names", () => {
    assertSql([
      [lower(name), 'lower("name")'],
      [trim(name), 'trim("name")'],
      [length(name), 'length("name")'],
      [substring(name, 2), 'substr("name", ?)'],
      [substring(name, 2, 3), 'substr("name", ?, ?)'],
      [replace(name, "a", "b"), 'replace("name", ?, ?)'],
      [abs(a.plus(b)), 'abs("a" + "b")'],
      [coalesce(a, b, 0), 'coalesce("a", "b", ?)'],
      [nullIf(a, 0), 'nullif("a", ?)'],
      [greatest(a, b), 'max("a", "b")'],
      [extract("year", day), `CAST(strftime('%Y', "day") AS INTEGER)`],
      [now(), "strftime('%Y-%m-%d %H:%M:%f', 'now')"],
      [currentDate(), "date('now')"],
      [fn.hex(name), 'hex("name")'],
      [fn["json_extract"](doc, "$.a"), 'json_extract("doc", ?)'],
      [lower(name.concat(note)), 'lower("name" || "note")'],
    ]);
  });

  test("aggregates: distinct, filtered, over windows and frames", () => {
    assertSql([
      [count(), "count(*)"],
      [count(a), 'count("a")'],
      [count(a).distinct(), 'count(DISTINCT "a")'],
      [sum(a.plus(b)), 'sum("a" + "b")'],
      [avg(a), 'avg("a")'],
      [stringAgg(name, ", "), 'group_concat("name", ?)'],
      [count().filter(flag), 'count(*) FILTER (WHERE "flag" = 1)'],
      [count(a).distinct().filter(a.gt(0)), 'count(DISTINCT "a") FILTER (WHERE "a" > ?)'],
      [count().over(), "count(*) OVER ()"],
      [
        sum(a)
          .filter(flag)
          .over({ partitionBy: [b] }),
        'sum("a") FILTER (WHERE "flag" = 1) OVER (PARTITION BY "b")',
      ],
      [
        rowNumber().over({ partitionBy: [b, a], orderBy: [a.desc(), b] }),
        'row_number() OVER (PARTITION BY "b", "a" ORDER BY "a" DESC, "b")',
      ],
      [lag(a, 2).over({ orderBy: [a] }), 'lag("a", ?) OVER (ORDER BY "a")'],
      [
        max(a).over({ orderBy: [a], rows: [-5, 0] }),
        'max("a") OVER (ORDER BY "a" ROWS BETWEEN 5 PRECEDING AND CURRENT ROW)',
      ],
      [
        max(a).over({ orderBy: [a], range: [null, null] }),
        'max("a") OVER (ORDER BY "a" RANGE BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)',
      ],
      [
        firstValue(a).over({ orderBy: [a], groups: [1, 2] }),
        'first_value("a") OVER (ORDER BY "a" GROUPS BETWEEN 1 FOLLOWING AND 2 FOLLOWING)',
      ],
      [count().over().plus(1), "count(*) OVER () + ?"],
    ]);
  });

  test("queries as operands", () => {
    const newest = select(max(posts.c.id)).scalarSubquery();
    const own = posts.select().where(posts.c.authorId.eq(users.c.id));
    assertSql([
      [a.eq(newest), '"a" = (SELECT max("posts"."id") AS "max" FROM "posts")'],
      [newest.plus(1), '(SELECT max("posts"."id") AS "max" FROM "posts") + ?'],
    ]);
    const query = select(users.c.id).where(exists(own));
    const inner =
      'SELECT "posts"."id", "posts"."title", "posts"."author_id" AS "authorId" FROM "posts" WHERE "posts"."author_id" = "users"."id"';
    assert.equal(callOf(query)[0], `SELECT "users"."id" FROM "users" WHERE EXISTS (${inner})`);
    assert.equal(
      callOf(select(users.c.id).where(not(exists(own))))[0],
      `SELECT "users"."id" FROM "users" WHERE NOT EXISTS (${inner})`,
    );
  });

  test("raw pieces stand as one operand, and take tables, columns and queries", () => {
    assertSql([
      [sql.value`${a} + ${1}`.times(2), '("a" + ?) * ?'],
      [sql.value`${a.plus(b)} * 2`, '("a" + "b") * 2'],
      [sql.value`${a} COLLATE ${sql.identifier("nocase")}`, '"a" COLLATE "nocase"'],
      [sql.value`${sql.value`a or b`} and c`, "(a or b) and c"],
      [sql.value`coalesce(${sql.join([a, b.plus(1), 5])})`, 'coalesce("a", ("b" + ?), ?)'],
      [sql.value`x IN ${select(users.c.id)}`, 'x IN (SELECT "users"."id" FROM "users")'],
      [sql.value`${sql.identifier("s", 'o"dd')}`, '"s"."o""dd"'],
    ]);
  });
});

describe("what a value becomes", () => {
  function bindsOf(condition: HasNode<ExpressionNode>): readonly unknown[] {
    return callOf(select(t.c.id).where(condition as never))[1];
  }

  test("it has the type of the column beside it", () => {
    assert.deepEqual(bindsOf(flag.eq(true)), [1]);
    assert.deepEqual(bindsOf(at.gt(new Date("2024-05-06T07:08:09.010Z"))), ["2024-05-06 07:08:09.010"]);
    assert.deepEqual(bindsOf(price.eq("1.5")), [1.5]);
    assert.deepEqual(bindsOf(t.c.wide.eq("1.5")), ["1.50"]);
    assert.deepEqual(bindsOf(doc.eq({ a: [1] })), ['{"a":[1]}']);
    assert.deepEqual(bindsOf(big.in([1n, 2n])), [1n, 2n]);
    assert.deepEqual(bindsOf(state.eq("open")), ["open"]);
  });

  test("a fraction beside a whole number is a double; an exact number keeps its digits", () => {
    assert.deepEqual(bindsOf(a.plus(0.5).gt(1)), [0.5, 1]);
    const product = select(price.times("0.125").as("x"));
    assert.deepEqual(callOf(product)[1], [0.125]);
  });

  test("a pattern is translated with its wildcards, and what is plain stays plain", () => {
    assert.deepEqual(bindsOf(name.like("a%_*?[]")), ["a*?[*][?][[]]"]);
    assert.deepEqual(bindsOf(name.like("50!%", { escape: "!" })), ["50%"]);
    assert.deepEqual(bindsOf(name.contains("50%_!*")), ["*50%_![*]*"]);
    assert.deepEqual(bindsOf(name.startsWith("a")), ["a*"]);
    assert.deepEqual(bindsOf(name.endsWith("a")), ["*a"]);
    const byPattern = select(t.c.id).where(name.like(param("pattern")));
    assert.deepEqual(callOf(byPattern, { pattern: "a%*" })[1], ["a*[*]"]);
    const byPart = select(t.c.id).where(name.startsWith(param("part")));
    assert.deepEqual(callOf(byPart, { part: "50%" })[1], ["50%", "50%"]);
  });
});

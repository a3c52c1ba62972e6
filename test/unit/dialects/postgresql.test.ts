import assert from "node:assert/strict";
import { describe, test } from "node:test";

import type { ExpressionNode, OrderNode } from "../../../src/ast/expression.js";
import { type HasNode, NODE } from "../../../src/ast/node.js";
import { bindParameters, textOf } from "../../../src/compiler/bind.js";
import type { CallValues } from "../../../src/compiler/bind.js";
import { assemble } from "../../../src/compiler/assemble.js";
import { SqlWriter } from "../../../src/compiler/writer.js";
import {
  abs,
  avg,
  cast,
  coalesce,
  ConfigurationError,
  count,
  createIndexes,
  createTable,
  currentDate,
  dateTime,
  extract,
  floor,
  fn,
  greatest,
  integer,
  InvalidValueError,
  least,
  length,
  list,
  literal,
  max,
  MetaData,
  min,
  not,
  now,
  nullIf,
  param,
  round,
  select,
  sign,
  sql,
  sqrt,
  string,
  stringAgg,
  substring,
  sum,
  text,
  UnsupportedError,
  UsageError,
} from "../../../src/index.js";
import { array, interval, postgresql } from "../../../src/postgresql.js";
import { compiledOf, type Runnable } from "../../support/compile.js";
import { posts, t, users } from "../compiler/tables.js";

const { a, b, big, price, ratio, name, note, flag, done, day, at, doc, state } = t.c;

function callOf(statement: Runnable, values: CallValues | null = null): readonly [string, readonly unknown[]] {
  const compiled = compiledOf(statement, values, postgresql);
  return [textOf(compiled, values), bindParameters(compiled, values)];
}

const sqlOf = (statement: Runnable, values: CallValues | null = null): string => callOf(statement, values)[0];

/** The text of an expression alone, in which `"a"` stands for `"t"."a"`. */
function expressionSql(expression: HasNode<ExpressionNode | OrderNode>): string {
  const writer = new SqlWriter(postgresql);
  writer.expression(expression[NODE]);
  return assemble(writer.chunks(), postgresql).text.replaceAll('"t".', "");
}

function assertSql(cases: readonly (readonly [HasNode<ExpressionNode | OrderNode>, string])[]): void {
  for (const [expression, expected] of cases) assert.equal(expressionSql(expression), expected);
}

describe("on PostgreSQL a placeholder", () => {
  test("has no type where a column gives it one", () => {
    assertSql([
      [name.eq("x"), '"name" = $1'],
      [name.ne(literal("x")), '"name" <> $1'],
      [literal("x").eq(name), '$1 = "name"'],
      [price.gt("1.5"), '"price" > $1'],
      [at.between(new Date(0), new Date(1)), '"at" BETWEEN $1 AND $2'],
      [state.isDistinctFrom("open"), '"state" IS DISTINCT FROM $1'],
      [done.eq(true), '"done" = $1'],
      [name.like("x%"), `"name" LIKE $1 ESCAPE ''`],
    ]);
    assert.match(
      sqlOf(t.insert(), { a: 1, name: "x", doc: { x: 1 } }),
      /^INSERT INTO "t" \("a", "name", "doc"\) VALUES \(\$1, \$2, \$3\)/,
    );
    assert.equal(sqlOf(t.update().where(a.eq(b)), { note: "x" }), 'UPDATE "t" SET "note" = $1 WHERE "t"."a" = "t"."b"');
  });

  test("has a wide type beside whole numbers, which then are not equal rather than out of range", () => {
    assertSql([
      [a.eq(1), '"a" = $1::bigint'],
      [a.lt(3_000_000_000), '"a" < $1::bigint'],
      [a.plus(1), '"a" + $1::bigint'],
      [a.eq(param("x")), '"a" = $1::bigint'],
      [nullIf(a, 3_000_000_000), 'nullif("a", $1::bigint)'],
      [coalesce(a, 0), 'coalesce("a", $1::integer)'],
    ]);
  });

  test("has its type where nothing else tells it", () => {
    assertSql([
      [literal("x"), "$1::text"],
      [literal("x").concat("y"), "$1::text || $2::text"],
      [literal(new Date(0)), "$1::timestamp"],
      [literal(new Date(0), dateTime({ timezone: true })), "$1::timestamptz"],
      [literal(0.5), "$1::double precision"],
      [literal(1n), "$1::bigint"],
      [literal(true), "$1::boolean"],
      [literal("abcdef", string(3)), "$1::text"],
      [literal(new Uint8Array([1])), "$1::bytea"],
      [literal(["x"], array(text())), "$1::text[]"],
      [literal([[1]], array(array(integer()))), "$1::integer[][]"],
      [literal("P1D", interval()), "$1::interval"],
      [a.plus(0.5), '"a" + $1::double precision'],
      [fn.repeat("x", 2), "repeat($1::text, $2::integer)"],
    ]);
  });

  test("has none in raw SQL for a text, which may be anything there", () => {
    assert.deepEqual(callOf(sql`SELECT ${"x"}, ${1}, ${true}, ${null}`), [
      "SELECT $1, $2::integer, $3::boolean, NULL",
      ["x", 1, true],
    ]);
    assert.deepEqual(callOf("SELECT :x, :y::date", { x: 1, y: "2024-01-01" }), [
      "SELECT $1, $2::date",
      [1, "2024-01-01"],
    ]);
    assert.equal(sqlOf(sql`SELECT 1 WHERE ${a} IN ${list(["x", "y"])}`), 'SELECT 1 WHERE "t"."a" IN ($1, $2)');
  });
});

describe("on PostgreSQL a list", () => {
  test("is one array", () => {
    const query = select(a).where(a.in(param("list")), name.notIn(["x", 'y"']));
    assert.deepEqual(callOf(query, { list: [1, 2] }), [
      'SELECT "t"."a" FROM "t" WHERE "t"."a" = ANY ($1::bigint[]) AND "t"."name" <> ALL ($2)',
      ["{1,2}", '{"x","y\\""}'],
    ]);
    assert.deepEqual(callOf(query, { list: [] })[1][0], "{}");
  });

  test("of expressions is written out", () => {
    assertSql([
      [a.in([b, 1]), '"a" IN ("b", $1::integer)'],
      [a.in([]), "1 = 0"],
      [a.notIn([]), "1 = 1"],
    ]);
  });

  test("refuses what no list of IN takes", () => {
    const query = select(a).where(a.in(param("list")));
    for (const [given, errorClass] of [
      [1, InvalidValueError],
      [[null], InvalidValueError],
      [[undefined], UsageError],
      [["x"], InvalidValueError],
    ] as const) {
      assert.throws(() => callOf(query, { list: given }), errorClass);
    }
  });

  test("that is empty in raw SQL becomes an empty array", () => {
    assert.equal(sqlOf(sql`SELECT 1 WHERE ${a} IN ${list([])}`), `SELECT 1 WHERE "t"."a" = ANY ('{}')`);
    assert.equal(sqlOf(sql`SELECT 1 WHERE ${a} not in ${list([])}`), `SELECT 1 WHERE "t"."a" <> ALL ('{}')`);
    assert.equal(sqlOf(sql`SELECT 1 WHERE EXISTS ${list([])}`), "SELECT 1 WHERE EXISTS (SELECT NULL WHERE false)");
  });
});

describe("on PostgreSQL an expression is this SQL", () => {
  test("operators", () => {
    assertSql([
      [a.div(b), 'CAST("a" AS double precision) / NULLIF(CAST("b" AS double precision), 0)'],
      [a.div(2), 'CAST("a" AS double precision) / NULLIF($1::double precision, 0)'],
      [a.intDiv(2), '"a" / NULLIF($1::bigint, 0)'],
      [a.plus(1).mod(b), '("a" + $1::bigint) % NULLIF("b", 0)'],
      [a.concat("x"), 'CAST("a" AS text) || $1::text'],
      [day.concat(name), 'CAST("day" AS text) || "name"'],
      [a.minus(b.minus(1)), '"a" - ("b" - $1::bigint)'],
      [not(a.eq(1)), '"a" <> $1::bigint'],
      [flag.is(true), '"flag" IS TRUE'],
    ]);
    assert.throws(() => expressionSql(ratio.mod(2)), UnsupportedError);
  });

  test("LIKE and its kin", () => {
    assertSql([
      [name.notLike("x!%", { escape: "!" }), `"name" NOT LIKE $1 ESCAPE '!'`],
      [name.like("x", { escape: "\\" }), `"name" LIKE $1 ESCAPE E'\\\\'`],
      [name.ilike("X"), `"name" ILIKE $1 ESCAPE ''`],
      [name.contains("x"), `"name" LIKE $1 ESCAPE '!'`],
      [name.contains(note), 'strpos("name", "note") > 0'],
      [not(name.startsWith(note)), 'strpos("name", "note") <> 1'],
      [name.endsWith(param("x")), 'right("name", char_length($1::text)) = $2::text'],
      [day.like("2024%"), `CAST("day" AS text) LIKE $1::text ESCAPE ''`],
    ]);
  });

  test("functions", () => {
    const utc = "(CURRENT_TIMESTAMP AT TIME ZONE 'UTC')";
    assertSql([
      [length(name), 'char_length("name")'],
      [substring(name, 2, b), 'substr("name", $1::integer, CAST("b" AS integer))'],
      [extract("second", at), 'CAST(floor(EXTRACT(SECOND FROM "at")) AS integer)'],
      [now(), `date_trunc('milliseconds', ${utc})`],
      [currentDate(), `CAST(${utc} AS date)`],
      [greatest(a, 1), 'CASE WHEN "a" IS NULL THEN NULL ELSE greatest("a", $1::integer) END'],
      [least(a, b), 'CASE WHEN "a" IS NULL OR "b" IS NULL THEN NULL ELSE least("a", "b") END'],
      [round(ratio, 1), 'CAST(round(CAST(CAST("ratio" AS text) AS numeric), $1::integer) AS double precision)'],
      [round(price, 1), 'CAST(round(CAST("price" AS numeric), $1::integer) AS numeric)'],
      [floor(a), '"a"'],
      [floor(ratio), 'floor("ratio")'],
      [sign(a), 'CAST(sign("a") AS integer)'],
      [abs(a), 'abs("a")'],
      [sqrt(a), 'CASE WHEN CAST("a" AS double precision) >= 0 THEN sqrt(CAST("a" AS double precision)) END'],
      [stringAgg(name, ","), 'string_agg("name", $1::text)'],
    ]);
  });

  test("aggregates give the type that they give elsewhere", () => {
    assertSql([
      [count(), "count(*)"],
      [sum(a), 'sum("a")'],
      [sum(big), 'CAST(sum("big") AS bigint)'],
      [sum(a.plus(1)), 'CAST(sum("a" + $1::bigint) AS bigint)'],
      [sum(big).filter(a.gt(1)), 'CAST(sum("big") FILTER (WHERE "a" > $1::bigint) AS bigint)'],
      [sum(big).filter(a.gt(b)).over(), 'CAST(sum("big") FILTER (WHERE "a" > "b") OVER () AS bigint)'],
      [sum(price), 'sum("price")'],
      [avg(a), 'avg(CAST("a" AS double precision))'],
      [avg(a).distinct(), 'avg(DISTINCT CAST("a" AS double precision))'],
      [min(flag), 'bool_and("flag")'],
      [max(flag).over(), 'bool_or("flag") OVER ()'],
      [max(name), 'max("name")'],
    ]);
  });

  test("conversions", () => {
    assertSql([
      [cast(a, text()), 'CAST("a" AS text)'],
      [cast(name, string(3)), 'CAST("name" AS text)'],
      [cast(ratio, integer()), 'CAST(CAST(CAST("ratio" AS text) AS numeric) AS integer)'],
      [cast(flag, text()), 'CAST(CAST("flag" AS integer) AS text)'],
      [cast(flag, integer()), 'CAST("flag" AS integer)'],
      [cast(at, text()), `to_char("at", 'YYYY-MM-DD HH24:MI:SS.MS')`],
      [cast(doc, text()), 'CAST("doc" AS text)'],
      [cast(name, array(string(3))), 'CAST("name" AS varchar(3)[])'],
    ]);
  });
});

describe("on PostgreSQL a statement", () => {
  test("puts NULL first where there may be one and nothing else is said", () => {
    const { id, title } = posts.c;
    assert.equal(
      sqlOf(select(id).orderBy(id, title, title.desc(), title.nullsLast(), id.times(2))),
      'SELECT "posts"."id" FROM "posts" ORDER BY "posts"."id", "posts"."title" NULLS FIRST, "posts"."title" DESC NULLS LAST, ' +
        '"posts"."title" NULLS LAST, "posts"."id" * $1::bigint NULLS FIRST',
    );
    const joined = select(users.c.id).from(posts).leftJoin(users).orderBy(users.c.id, posts.c.id);
    assert.match(sqlOf(joined), /ORDER BY "users"."id" NULLS FIRST, "posts"."id"$/);
  });

  test("names by position what GROUP BY and ORDER BY share with the selection", () => {
    const half = a.intDiv(2);
    const label = a.plus(1).as("next");
    assert.match(
      sqlOf(select({ half, label, total: count() }).from(t).groupBy(half, label, b).orderBy(half.desc())),
      / GROUP BY 1, 2, "t"."b" ORDER BY 1 DESC NULLS LAST$/,
    );
  });

  test("is limited and locked in PostgreSQL's words", () => {
    const query = select(users.c.id).orderBy(users.c.id).limit(2).offset(param("start"));
    assert.match(sqlOf(query, { start: 1 }), / LIMIT \$1::bigint OFFSET \$2::bigint$/);
    assert.match(sqlOf(select(users.c.id).offset(1)), /"users" OFFSET \$1::bigint$/);
    assert.match(sqlOf(select(users.c.id).forUpdate({ skipLocked: true })), / FOR UPDATE SKIP LOCKED$/);
  });

  test("creates tables and indexes", () => {
    const table = new MetaData().table(
      "things",
      {
        id: integer().primaryKey(),
        word: string(5, { collation: "C" }).index(),
        at: dateTime().serverDefault(now()),
        moment: dateTime({ timezone: true, as: "string" }),
        tags: array(text()).notNull().default(["a"]),
        span: interval(),
      },
      () => [],
    );
    assert.equal(
      sqlOf(createTable(table)),
      'CREATE TABLE "things" ("id" integer NOT NULL GENERATED BY DEFAULT AS IDENTITY, "word" varchar(5) COLLATE "C", ' +
        `"at" timestamp(3) DEFAULT (date_trunc('milliseconds', (CURRENT_TIMESTAMP AT TIME ZONE 'UTC'))), ` +
        `"moment" timestamptz(6), "tags" text[] NOT NULL DEFAULT '{"a"}'::text[], "span" interval, PRIMARY KEY ("id"))`,
    );
    const [index] = createIndexes(table);
    assert.match(sqlOf(index as Runnable), / ON "things" \("word" NULLS FIRST\)$/);
  });
});

describe("PostgreSQL's words", () => {
  test("for transactions and cursors", () => {
    const { begin, savepoint } = postgresql.transactions;
    const plain = { isolation: null, readOnly: false, deferrable: false } as const;
    assert.deepEqual(begin(plain), ["BEGIN"]);
    assert.deepEqual(begin({ isolation: "serializable", readOnly: true, deferrable: true }), [
      "BEGIN ISOLATION LEVEL SERIALIZABLE READ ONLY DEFERRABLE",
    ]);
    assert.equal(savepoint('a"b'), 'SAVEPOINT "a""b"');
    assert.equal(postgresql.cursors?.declare("c", "SELECT 1"), 'DECLARE "c" NO SCROLL CURSOR FOR SELECT 1');
    assert.equal(postgresql.cursors?.fetch("c", 5), 'FETCH FORWARD 5 FROM "c"');
  });

  test("for literals, whatever standard_conforming_strings is", () => {
    const literals = [
      ["it's", "'it''s'"],
      ["\\", "E'\\\\'"],
      ["\\'; DROP TABLE x; --", "E'\\\\''; DROP TABLE x; --'"],
      [new Uint8Array([0, 92]), "E'\\\\x005c'::bytea"],
      [-1, "(-1)"],
      [-(2n ** 63n), "(-9223372036854775808)"],
      [true, "TRUE"],
      [null, "NULL"],
    ] as const;
    for (const [wire, expected] of literals) assert.equal(postgresql.quoteLiteral(wire), expected);
    assert.throws(() => postgresql.quoteLiteral("a\0"), UsageError);
  });

  test("for names, which are not cut", () => {
    assert.equal(postgresql.quoteIdentifier('a"b'), '"a""b"');
    assert.equal(postgresql.quoteIdentifier("x".repeat(63)).length, 65);
    for (const name of ["", "a\0b", "x".repeat(64), "é".repeat(32), "😀".repeat(16)]) {
      assert.throws(() => postgresql.quoteIdentifier(name), UsageError);
    }
  });

  test("are for version 12 and newer", () => {
    for (const version of ["12.22", "15.18 (Debian 15.18-0+deb12u1)", "18.4", "19devel", "unknown"]) {
      assert.equal(postgresql.forVersion(version), postgresql);
    }
    assert.throws(() => postgresql.forVersion("11.22"), ConfigurationError);
  });
});

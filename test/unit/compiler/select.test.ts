import assert from "node:assert/strict";
import { describe, test } from "node:test";

import {
  count,
  exists,
  foreignKey,
  integer,
  json,
  literal,
  max,
  MetaData,
  param,
  primaryKey,
  select,
  sql,
  string,
  UsageError,
} from "../../../src/index.js";
import { NODE } from "../../../src/ast/node.js";
import { Compiler } from "../../../src/compiler/compile.js";
import { sqlite } from "../../../src/dialects/sqlite/index.js";
import { callOf, compiledOf, type Runnable, sqlOf } from "../../support/compile.js";
import { posts, t, users } from "./tables.js";

function assertSql(cases: readonly (readonly [query: Runnable, sql: string])[]): void {
  for (const [query, expected] of cases) assert.equal(sqlOf(query), expected);
}

function assertRefused(pattern: RegExp, ...makers: readonly (() => Runnable)[]): void {
  for (const make of makers) {
    assert.throws(
      () => sqlOf(make()),
      (error) => error instanceof UsageError && pattern.test(error.message),
      String(make),
    );
  }
}

describe("the selection", () => {
  test("is of columns under their keys, functions under their names, anything under what .as() says", () => {
    assertSql([
      [users.select(), 'SELECT "users"."id", "users"."name" FROM "users"'],
      [select(users), 'SELECT "users"."id", "users"."name" FROM "users"'],
      [select(posts.c.authorId), 'SELECT "posts"."author_id" AS "authorId" FROM "posts"'],
      [select(count(posts.c.id)), 'SELECT count("posts"."id") AS "count" FROM "posts"'],
      [
        select(count(posts.c.id).filter(posts.c.id.gt(1))),
        'SELECT count("posts"."id") FILTER (WHERE "posts"."id" > ?) AS "count" FROM "posts"',
      ],
      [select(count().over()).from(posts), 'SELECT count(*) OVER () AS "count" FROM "posts"'],
      [select(t.c.a.plus(1).as("next")), 'SELECT "t"."a" + ? AS "next" FROM "t"'],
      [select(t.c.a.as("x").as("y")), 'SELECT "t"."a" AS "y" FROM "t"'],
      [select(literal(1).as("one")), 'SELECT ? AS "one"'],
      [select(t.c.flag), 'SELECT "t"."flag" FROM "t"'],
    ]);
  });

  test("by names nests tables and renames expressions", () => {
    const query = select({ user: users, writer: users.c.name, one: literal(1) });
    assert.equal(
      sqlOf(query),
      'SELECT "users"."id", "users"."name", "users"."name" AS "writer", ? AS "one" FROM "users"',
    );
  });

  test("is refused with two columns of one key, without a name, without anything", () => {
    assertRefused(
      /two columns of the key "id"/,
      // @ts-expect-error Two columns of one key.
      () => select(users.c.id, posts.c.id),
    );
    // @ts-expect-error Two columns of one key.
    assertRefused(/two columns of the key "count"/, () => select(count(), count(t.c.a)).from(t));
    assertRefused(
      /needs a name/,
      () => select(t.c.a.plus(1) as never),
      () => select(literal(1) as never),
      () => select(sql.value`1` as never),
    );
    assertRefused(
      /at least one/,
      () => select(),
      () => select({}),
    );
    assertRefused(
      /takes columns and expressions|takes a table or an expression/,
      () => select("id" as never),
      () => select(1 as never),
      () => select([users.c.id] as never),
      () => select(null as never),
      () => select({ id: 1 } as never),
      () => select({ id: { kind: "raw" } } as never),
      () => select(users.c.id, users as never),
    );
  });
});

describe("FROM", () => {
  test("is the one table of the selected columns", () => {
    assertSql([
      [select(users.c.id, users.c.name.as("x")), 'SELECT "users"."id", "users"."name" AS "x" FROM "users"'],
      [select(max(t.c.a.plus(t.c.b))), 'SELECT max("t"."a" + "t"."b") AS "max" FROM "t"'],
      [select(count()).where(t.c.a.eq(1)), 'SELECT count(*) AS "count" FROM "t" WHERE "t"."a" = ?'],
      [select(sql.value`${t.c.a} * 2`.as("x")), 'SELECT "t"."a" * 2 AS "x" FROM "t"'],
    ]);
  });

  test("is asked for where the columns come from several tables, or from one that is not there", () => {
    assertRefused(/"users", "posts".*\.from\(\)/, () => select(users.c.name, posts.c.title));
    assertRefused(
      /"posts", which is not in FROM/,
      () => select(users.c.id).where(posts.c.id.eq(1)),
      () => select(users.c.id).orderBy(posts.c.id),
      () => select(users.c.id).groupBy(posts.c.id),
      () => select(users.c.id).having(count(posts.c.id).gt(1)),
      () => select(users.c.id, posts.c.title).from(users),
      () => select(users.c.id).from(users).join(t, posts.c.id.eq(t.c.id)),
    );
    const other = users.as("other");
    assertRefused(
      /belongs to "other"/,
      () => select(users.c.id).where(other.c.id.eq(1)),
      () => users.select().orderBy(other.c.id),
    );
    assertRefused(/cannot tell which table comes first/, () => select(count()).join(posts));
  });

  test("has each name once", () => {
    assertRefused(
      /"users" twice/,
      () => users.select().join(users, users.c.id.eq(users.c.id)),
      () => select(count()).from(users).crossJoin(users),
    );
    const x = users.as("x");
    assertRefused(/"x" twice/, () => select(count()).from(x).crossJoin(posts.as("x")));
    assert.throws(() => users.select().from(users), UsageError);
  });

  test("of tables with a schema names it", () => {
    const things = new MetaData({ schema: "s" }).table("things", { id: integer().primaryKey() });
    assertSql([
      [things.select(), 'SELECT "s"."things"."id" FROM "s"."things"'],
      [things.as("x").select(), 'SELECT "x"."id" FROM "s"."things" AS "x"'],
    ]);
    const others = new MetaData({ schema: "o" }).table("things", { id: integer().primaryKey() });
    assert.equal(
      sqlOf(select(count()).from(things).crossJoin(others)),
      'SELECT count(*) AS "count" FROM "s"."things" CROSS JOIN "o"."things"',
    );
  });
});

describe("a join", () => {
  const metadata = new MetaData();
  const halls = metadata.table("halls", { name: string(10), row: integer() }, (c) => [primaryKey(c.name, c.row)]);
  const seats = metadata.table(
    "seats",
    { id: integer().primaryKey(), hall: string(10), row: integer(), taker: integer(), giver: integer() },
    (c) => [foreignKey([c.hall, c.row], [halls.c.name, halls.c.row])],
  );
  const people = metadata.table("people", { id: integer().primaryKey(), boss: integer().references("people.id") });
  const gifts = metadata.table("gifts", {
    id: integer().primaryKey(),
    taker: integer().references(people.c.id),
    giver: integer().references(people.c.id),
  });

  test("takes its condition from the one foreign key between the tables, in either direction", () => {
    const on = 'ON "posts"."author_id" = "users"."id"';
    assertSql([
      [select(count()).from(posts).join(users), `SELECT count(*) AS "count" FROM "posts" JOIN "users" ${on}`],
      [select(count()).from(users).join(posts), `SELECT count(*) AS "count" FROM "users" JOIN "posts" ${on}`],
      [select(count()).from(users).leftJoin(posts), `SELECT count(*) AS "count" FROM "users" LEFT JOIN "posts" ${on}`],
      [
        select(count()).from(users).rightJoin(posts),
        `SELECT count(*) AS "count" FROM "users" RIGHT JOIN "posts" ${on}`,
      ],
      [select(count()).from(users).fullJoin(posts), `SELECT count(*) AS "count" FROM "users" FULL JOIN "posts" ${on}`],
      [select(count()).from(users).crossJoin(posts), 'SELECT count(*) AS "count" FROM "users" CROSS JOIN "posts"'],
      [
        select(users.c.name, posts.c.title).join(posts),
        `SELECT "users"."name", "posts"."title" FROM "users" JOIN "posts" ${on}`,
      ],
    ]);
  });

  test("a key of several columns is compared as a whole", () => {
    assert.equal(
      sqlOf(select(seats.c.id).join(halls)),
      'SELECT "seats"."id" FROM "seats" JOIN "halls" ON "seats"."hall" = "halls"."name" AND "seats"."row" = "halls"."row"',
    );
  });

  test("works through aliases, whose keys are their table's", () => {
    const writers = users.as("writers");
    const texts = posts.as("texts");
    assert.equal(
      sqlOf(select(texts.c.id).join(writers)),
      'SELECT "texts"."id" FROM "posts" AS "texts" JOIN "users" AS "writers" ON "texts"."author_id" = "writers"."id"',
    );
  });

  test("with the table itself, an alias and a condition say which side is which", () => {
    const bosses = people.as("bosses");
    assert.equal(
      sqlOf(select(people.c.id, bosses.c.id.as("bossId")).join(bosses, people.c.boss.eq(bosses.c.id))),
      'SELECT "people"."id", "bosses"."id" AS "bossId" FROM "people" JOIN "people" AS "bosses" ON "people"."boss" = "bosses"."id"',
    );
    assertRefused(/several foreign keys/, () => select(people.c.id).join(bosses));
  });

  test("asks for its condition where no key, or more than one, leads between the tables", () => {
    assertRefused(/no foreign key/, () => users.select().join(people));
    assertRefused(/several foreign keys/, () => people.select().join(gifts));
    const twice = posts.as("twice");
    assertRefused(/several foreign keys/, () => posts.select().crossJoin(twice).join(users));
    assertRefused(/no foreign key/, () => users.select().join(posts.select().subquery("p")));
  });

  test("takes any condition, and refuses one that was forgotten", () => {
    assert.equal(
      sqlOf(users.select().leftJoin(t, t.c.flag)),
      'SELECT "users"."id", "users"."name" FROM "users" LEFT JOIN "t" ON "t"."flag" = 1',
    );
    assertRefused(
      /undefined/,
      () => users.select().join(posts, undefined),
      () => users.select().leftJoin(posts, undefined),
    );
    assertRefused(
      /takes a table/,
      () => users.select().join("posts" as never),
      () => select(users.c.id).from({} as never),
    );
  });

  test("that may leave a nested table out asks it for a column to tell by", () => {
    const loose = new MetaData().table("loose", { a: integer(), b: integer() });
    const nested = select({ user: users, loose }).from(users);
    assert.doesNotThrow(() => compiledOf(nested.join(loose, loose.c.a.eq(users.c.id))));
    assertRefused(/neither a primary key nor a NOT NULL/, () => nested.leftJoin(loose, loose.c.a.eq(users.c.id)));
  });
});

describe("the clauses", () => {
  const base = 'SELECT "t"."id" FROM "t"';
  const query = select(t.c.id);

  test("WHERE and HAVING: several conditions, and repeated calls, are AND", () => {
    assertSql([
      [query.where(t.c.a.eq(1)).where(t.c.b.eq(2)), `${base} WHERE "t"."a" = ? AND "t"."b" = ?`],
      [query.where(t.c.a.eq(1), t.c.b.eq(2)), `${base} WHERE "t"."a" = ? AND "t"."b" = ?`],
      [
        query.where(t.c.a.eq(1).as("x"), t.c.flag.as("y"), sql.value<boolean>`1 or 0`),
        `${base} WHERE "t"."a" = ? AND "t"."flag" = 1 AND (1 or 0)`,
      ],
      [query.where(t.c.flag), `${base} WHERE "t"."flag" = 1`],
      [
        query.groupBy(t.c.id).having(count().gt(1)).having(count().lt(9)),
        `${base} GROUP BY "t"."id" HAVING count(*) > ? AND count(*) < ?`,
      ],
      [query.groupBy(t.c.id, t.c.a.plus(1)).groupBy(t.c.b), `${base} GROUP BY "t"."id", "t"."a" + ?, "t"."b"`],
    ]);
  });

  test("come in the order of the grammar, whatever the order of the calls", () => {
    assert.equal(
      sqlOf(
        query.offset(2).limit(1).orderBy(t.c.id).having(count().gt(0)).groupBy(t.c.id).where(t.c.a.eq(1)).distinct(),
      ),
      'SELECT DISTINCT "t"."id" FROM "t" WHERE "t"."a" = ? GROUP BY "t"."id" HAVING count(*) > ? ORDER BY "t"."id" LIMIT ? OFFSET ?',
    );
  });

  test("LIMIT and OFFSET: each alone, zero, parameters", () => {
    assert.deepEqual(callOf(query.limit(5)), [`${base} LIMIT ?`, [5n]]);
    assert.deepEqual(callOf(query.limit(0)), [`${base} LIMIT ?`, [0n]]);
    assert.deepEqual(callOf(query.offset(5)), [`${base} LIMIT -1 OFFSET ?`, [5n]]);
    assert.deepEqual(callOf(query.limit(2).offset(3)), [`${base} LIMIT ? OFFSET ?`, [2n, 3n]]);
    assert.deepEqual(callOf(query.limit(param("size")).offset(param("skip")), { size: 1, skip: 2 }), [
      `${base} LIMIT ? OFFSET ?`,
      [1n, 2n],
    ]);
    assert.deepEqual(callOf(query.limit(1).limit(2)), [`${base} LIMIT ?`, [2n]]);
    for (const limit of [-1, 1.5, NaN, Infinity, "5", null, undefined, {}]) {
      assert.throws(() => query.limit(limit as number), UsageError);
      assert.throws(() => query.offset(limit as number), UsageError);
      assert.throws(() => callOf(query.limit(param("size")), { size: limit }), UsageError);
    }
  });

  test("ORDER BY a label of the selection is by the name that it has there; any other is by the expression", () => {
    const next = t.c.a.plus(1).as("next");
    assertSql([
      [select(t.c.id, next).orderBy(next), 'SELECT "t"."id", "t"."a" + ? AS "next" FROM "t" ORDER BY "next"'],
      [
        select(next).orderBy(next.desc().nullsLast()),
        'SELECT "t"."a" + ? AS "next" FROM "t" ORDER BY "next" DESC NULLS LAST',
      ],
      [select({ n: next }).orderBy(next), 'SELECT "t"."a" + ? AS "n" FROM "t" ORDER BY "n"'],
      [query.orderBy(next), `${base} ORDER BY "t"."a" + ?`],
      [select(next).orderBy(next.plus(1)), 'SELECT "t"."a" + ? AS "next" FROM "t" ORDER BY "t"."a" + ? + ?'],
      [select(next).groupBy(next), 'SELECT "t"."a" + ? AS "next" FROM "t" GROUP BY "t"."a" + ?'],
      [select(next).where(next.gt(1)), 'SELECT "t"."a" + ? AS "next" FROM "t" WHERE "t"."a" + ? > ?'],
      [query.orderBy(t.c.a).orderBy(t.c.b.desc()), `${base} ORDER BY "t"."a", "t"."b" DESC`],
    ]);
  });
});

describe("queries inside queries", () => {
  const inner = select(posts.c.authorId, count().as("n")).groupBy(posts.c.authorId);
  const innerSql =
    'SELECT "posts"."author_id" AS "authorId", count(*) AS "n" FROM "posts" GROUP BY "posts"."author_id"';

  test("a subquery is a table whose columns are the keys of its selection", () => {
    const counts = inner.subquery("counts");
    assertSql([
      [counts.select(), `SELECT "counts"."authorId", "counts"."n" FROM (${innerSql}) AS "counts"`],
      [
        select(users.c.name, counts.c.n).join(counts, counts.c.authorId.eq(users.c.id)),
        `SELECT "users"."name", "counts"."n" FROM "users" JOIN (${innerSql}) AS "counts" ON "counts"."authorId" = "users"."id"`,
      ],
      [select(max(counts.c.n)), `SELECT max("counts"."n") AS "max" FROM (${innerSql}) AS "counts"`],
    ]);
    assert.equal(counts.c["n" as const].key, "n");
  });

  test("a CTE stands once in WITH, after those that it uses, wherever it is used", () => {
    const counts = inner.cte("counts");
    const many = select(counts.c.authorId).where(counts.c.n.gt(5)).cte("many");
    assertSql([
      [counts.select(), `WITH "counts" AS (${innerSql}) SELECT "counts"."authorId", "counts"."n" FROM "counts"`],
      [
        users.select().where(users.c.id.in(select(many.c.authorId)), users.c.id.notIn(select(counts.c.authorId))),
        `WITH "counts" AS (${innerSql}), "many" AS (SELECT "counts"."authorId" FROM "counts" WHERE "counts"."n" > ?) ` +
          'SELECT "users"."id", "users"."name" FROM "users" WHERE "users"."id" IN (SELECT "many"."authorId" FROM "many") ' +
          'AND "users"."id" NOT IN (SELECT "counts"."authorId" FROM "counts")',
      ],
      [
        select(users.c.id).from(users).join(counts.select().subquery("x"), trueOf()),
        `WITH "counts" AS (${innerSql}) SELECT "users"."id" FROM "users" ` +
          'JOIN (SELECT "counts"."authorId", "counts"."n" FROM "counts") AS "x" ON 1 = 1',
      ],
    ]);
  });

  test("the parameters of a CTE come first, where its text stands", () => {
    const many = inner.having(count().gt(7)).cte("many");
    assert.deepEqual(callOf(select(literal(1).as("one"), many.c.n).where(many.c.n.lt(9)))[1], [7n, 1, 9n]);
  });

  test("two different queries of one name in WITH are refused", () => {
    const one = users.select().cte("x");
    const other = posts.select().cte("x");
    assertRefused(/called "x" in WITH/, () =>
      select(count())
        .from(one)
        .where(one.c.id.in(select(other.c.id))),
    );
  });

  test("a query in an expression refers to the tables around it, and brings the others along", () => {
    const own = select(count()).where(posts.c.authorId.eq(users.c.id)).scalarSubquery();
    assertSql([
      [
        select(users.c.name, own.as("posts")),
        'SELECT "users"."name", (SELECT count(*) AS "count" FROM "posts" WHERE "posts"."author_id" = "users"."id") AS "posts" FROM "users"',
      ],
      [
        select(users.c.id).where(exists(select(posts.c.id).where(exists(select(t.c.id).where(t.c.a.eq(users.c.id)))))),
        'SELECT "users"."id" FROM "users" WHERE EXISTS (SELECT "posts"."id" FROM "posts" WHERE ' +
          'EXISTS (SELECT "t"."id" FROM "t" WHERE "t"."a" = "users"."id"))',
      ],
    ]);
  });

  test("a query in FROM or WITH sees nothing of the one around it", () => {
    const outer = select(posts.c.id).from(posts).where(posts.c.authorId.eq(users.c.id));
    assertRefused(
      /not in FROM/,
      () => users.select().join(outer.subquery("p"), trueOf()),
      () => users.select().join(outer.cte("p"), trueOf()),
    );
  });

  test("a column that an inner name would hide is refused", () => {
    const hiding = posts.as("users");
    assertRefused(/hides/, () =>
      users.select().where(exists(select(hiding.c.id).from(hiding).where(hiding.c.authorId.eq(users.c.id)))),
    );
    const same = users.select().where(exists(select(users.c.id).from(users).where(users.c.name.eq("x"))));
    assert.match(sqlOf(same), /EXISTS \(SELECT "users"\."id" FROM "users" WHERE "users"\."name" = \?\)$/);
  });

  test("what has no flat columns, or no known ones, is no table", () => {
    assertRefused(
      /nested tables/,
      () => select({ user: users }).subquery("x").select(),
      () => select({ user: users }).cte("x").select(),
    );
    // @ts-expect-error Two columns are no value.
    assertRefused(/exactly one column/, () => select(users.select().scalarSubquery().as("x")));
    const raw = sql`SELECT 1 AS id, '{}' AS doc`.columns({ id: integer(), doc: json() });
    assert.equal(
      sqlOf(raw.subquery("r").select()),
      `SELECT "r"."id", "r"."doc" FROM (SELECT 1 AS id, '{}' AS doc) AS "r"`,
    );
    assert.equal(
      sqlOf(raw.cte("r").select()),
      `WITH "r" AS (SELECT 1 AS id, '{}' AS doc) SELECT "r"."id", "r"."doc" FROM "r"`,
    );
  });

  function trueOf(): ReturnType<typeof sql.value<boolean>> {
    return sql.value<boolean>`1 = 1`;
  }
});

describe("what compiles", () => {
  test("is kept with the query, and has no value of a call in it", () => {
    const query = select(users.c.id).where(users.c.id.eq(param("id")));
    const compiled = compiledOf(query);
    assert.deepEqual(compiled.parameterNames, ["id"]);
    assert.deepEqual(callOf(query, { id: 1 })[1], [1]);
    assert.deepEqual(callOf(query, { id: 2 })[1], [2]);
  });

  test("is made once for a query, and once for each set of written keys", () => {
    const compiler = new Compiler(sqlite);
    const select_ = users.select()[NODE];
    assert.equal(compiler.compile(select_), compiler.compile(select_));
    const insert = t.insert()[NODE];
    const first = compiler.compile(insert, ["a"]);
    assert.equal(compiler.compile(insert, ["a"]), first);
    assert.notEqual(compiler.compile(insert, ["a", "b"]), first);
    assert.equal(compiler.compileText("SELECT 1"), compiler.compileText("SELECT 1"));
    for (let index = 0; index < 300; index += 1) compiler.compile(insert, ["a", `from outside ${index}`]);
    assert.equal(compiler.compile(insert, ["a"]).text, first.text);
    assert.notEqual(compiler.compile(insert, ["a"]), first);
  });

  test("says what it does, and how whole numbers are to be read", () => {
    assert.equal(compiledOf(users.select()).effect, "read");
    assert.equal(compiledOf(users.select()).integers, "number");
    assert.equal(compiledOf(select(t.c.big)).integers, "bigint");
    assert.equal(compiledOf(select(sql.value`1`.as("x"))).integers, "bigint");
  });
});

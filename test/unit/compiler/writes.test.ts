import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import {
  boolean,
  count,
  integer,
  InvalidValueError,
  json,
  literal,
  MetaData,
  now,
  nullValue,
  param,
  primaryKey,
  select,
  sql,
  string,
  text,
  UsageError,
  uuid,
} from "../../../src/index.js";
import type { CallValues } from "../../../src/compiler/bind.js";
import { callOf, compiledOf, type Runnable, sqlOf } from "../../support/compile.js";
import { Sqlite } from "../../support/sqlite.js";
import { posts, users } from "./tables.js";

const metadata = new MetaData();
let made = 0;
const notes = metadata.table("notes", {
  id: integer().primaryKey(),
  text: string(5),
  stars: integer().notNull().default(3),
  token: text().default(() => `token ${++made}`),
  day: text().default(sql.value<string>`date('now')`),
  server: integer().serverDefault(literal(7)),
  changed: text().onUpdate(() => `change ${++made}`),
  authorId: integer().named("author_id"),
});
const plain = metadata.table("plain", {
  id: integer().primaryKey(),
  a: integer(),
  b: integer().serverDefault(literal(7)),
  c: text(),
});
const tags = metadata.table("tags", { id: uuid().primaryKey(), label: text().notNull().default("x") });
const pairs = metadata.table("pairs", { a: integer(), b: integer(), v: text() }, (c) => [primaryKey(c.a, c.b)]);

function assertRefused(pattern: RegExp, statement: () => Runnable, values: CallValues | null = null): void {
  assert.throws(
    () => callOf(statement(), values),
    (error) => error instanceof UsageError && pattern.test(error.message),
  );
}

describe("INSERT", () => {
  test("of the call's row: its columns in the order of the table, with our defaults for the others", () => {
    made = 0;
    assert.deepEqual(callOf(notes.insert(), { authorId: 1, text: "a" }), [
      `INSERT INTO "notes" ("text", "stars", "token", "day", "author_id") VALUES (?, ?, ?, date('now'), ?)`,
      ["a", 3, "token 1", 1],
    ]);
    assert.deepEqual(callOf(notes.insert(), { stars: 1, token: null, day: "d", text: null })[1], [null, 1, null, "d"]);
  });

  test("makes a function's default for each run and each row", () => {
    made = 0;
    const statement = notes.insert().values([{ text: "a" }, { text: "b" }]);
    const compiled = compiledOf(statement);
    assert.equal(made, 0);
    assert.equal(compiled.binds.filter(({ source }) => source === "default").length, 2);
    assert.deepEqual(callOf(statement)[1], ["a", 3, "token 1", "b", 3, "token 2"]);
  });

  test("of rows with different columns: each row gets its own defaults", () => {
    assert.deepEqual(callOf(plain.insert().values([{ a: 1 }, { b: 2, c: "x" }])), [
      'INSERT INTO "plain" ("a", "b", "c") VALUES (?, ?, NULL), (NULL, ?, ?)',
      [1, 7, 2, "x"],
    ]);
  });

  test("of nothing but defaults", () => {
    assert.equal(sqlOf(plain.insert(), {}), 'INSERT INTO "plain" DEFAULT VALUES');
    assert.equal(sqlOf(plain.insert().values({})), 'INSERT INTO "plain" DEFAULT VALUES');
    assert.equal(sqlOf(plain.insert()), 'INSERT INTO "plain" DEFAULT VALUES');
    assert.equal(sqlOf(plain.insert().values([{}, {}])), 'INSERT INTO "plain" ("id") VALUES (NULL), (NULL)');
  });

  test("of expressions, queries and parameters", () => {
    const statement = plain.insert().values({
      a: select(count()).from(users).scalarSubquery(),
      b: literal(1).plus(2),
      c: param("word"),
    });
    assert.deepEqual(callOf(statement, { word: "w" }), [
      'INSERT INTO "plain" ("a", "b", "c") VALUES ((SELECT count(*) AS "count" FROM "users"), ? + ?, ?)',
      [1, 2, "w"],
    ]);
    assertRefused(/not in FROM/, () => plain.insert().values({ a: plain.c.b.plus(1) }));
  });

  test("of a query: its columns go into the named ones, and our defaults are selected with them", () => {
    const source = select(posts.c.title, posts.c.authorId).where(posts.c.id.gt(1));
    const from = 'FROM "posts" WHERE "posts"."id" > ?';
    assert.deepEqual(callOf(plain.insert().fromSelect(["c", "a"], source)), [
      `INSERT INTO "plain" ("c", "a") SELECT "posts"."title", "posts"."author_id" AS "authorId" ${from}`,
      [1],
    ]);
    const titles = select(posts.c.title, literal("t").as("token")).where(posts.c.id.gt(1));
    assert.deepEqual(callOf(notes.insert().fromSelect(["text", "token"], titles)), [
      `INSERT INTO "notes" ("text", "token", "stars", "day") SELECT "posts"."title", ? AS "token", ? AS "stars", date('now') AS "day" ${from}`,
      ["t", 3, 1],
    ]);
    assert.equal(sqlOf(plain.insert().fromSelect(["a"], sql`SELECT 1`)), 'INSERT INTO "plain" ("a") SELECT 1');
    const fromCte = users.select().cte("u");
    assert.equal(
      sqlOf(plain.insert().fromSelect(["a", "c"], fromCte.select())),
      'WITH "u" AS (SELECT "users"."id", "users"."name" FROM "users") INSERT INTO "plain" ("a", "c") SELECT "u"."id", "u"."name" FROM "u"',
    );
  });

  test("of a query is refused where it cannot fill the columns", () => {
    assertRefused(/names 1 columns, but the query gives 2/, () => plain.insert().fromSelect(["a"], users.select()));
    assertRefused(/names "x", which is no column/, () => plain.insert().fromSelect(["x" as "a"], select(users.c.id)));
    assertRefused(/takes a query/, () => plain.insert().fromSelect(["a"], users as never));
    assertRefused(/"token" has a function as default/, () =>
      notes.insert().fromSelect(["text"], select(posts.c.title)),
    );
    assertRefused(/stars, day/, () => notes.insert().fromSelect(["token"], sql`SELECT 'a'`));
  });

  test("takes its rows once, and not from the builder and the call", () => {
    const built = plain.insert().values({ a: 1 });
    assertRefused(/has its rows already/, () => built.values({ a: 2 }));
    assertRefused(/has its rows already/, () => built.fromSelect(["a"], select(users.c.id)));
    assertRefused(/"a", which the statement does not have/, () => built, { a: 2 });
    assertRefused(/has no row/, () => plain.insert().values([]));
  });

  test("refuses what is no column, no value, and what is too long, before anything is sent", () => {
    assertRefused(/gives "x", which the statement does not have; it has: /, () => plain.insert(), { a: 1, x: 1 });
    assertRefused(/"x", which is no column.*id, a, b, c/, () => plain.insert().values({ x: 1 } as never));
    assertRefused(/The column "a" got undefined.*DEFAULT|default/i, () => plain.insert(), { a: undefined });
    assertRefused(/undefined/, () => plain.insert().values({ a: undefined } as never));
    assertRefused(/takes an object/, () => plain.insert().values(null as never));
    assertRefused(/takes an object/, () => plain.insert().values([[1]] as never));
    for (const row of [{ text: "abcdef" }, { text: 5 }, { stars: "1" }, { stars: 1.5 }, { stars: 2 ** 31 }]) {
      assert.throws(
        () => callOf(notes.insert(), row),
        (error) => error instanceof InvalidValueError && /column "(text|stars)"/.test(error.message),
      );
      assert.throws(() => callOf(notes.insert().values(row as never)), InvalidValueError);
    }
    assertRefused(/is the generated primary key and takes no NULL/, () => plain.insert(), { id: null });
    assertRefused(/takes no NULL/, () => plain.insert().values({ id: nullValue() } as never));
    assertRefused(/takes no NULL/, () => plain.insert().values({ id: param("id") }), { id: null });
  });

  test("says where the key of the inserted row comes from", () => {
    const sourcesOf = (statement: Runnable, values: CallValues | null = null): unknown =>
      compiledOf(statement, values).insertedKey?.map((part) => [
        part.key,
        part.source,
        "index" in part ? part.index : null,
      ]) ?? null;
    assert.deepEqual(sourcesOf(plain.insert(), { a: 1 }), [["id", "lastInsertId", null]]);
    assert.deepEqual(sourcesOf(plain.insert(), { a: 1, id: 5 }), [["id", "bind", 0]]);
    assert.deepEqual(sourcesOf(pairs.insert(), { v: "x", b: 2, a: 1 }), [
      ["a", "bind", 0],
      ["b", "bind", 1],
    ]);
    assert.deepEqual(sourcesOf(plain.insert().values([{ a: 1 }, { a: 2 }])), null);
    assert.deepEqual(sourcesOf(plain.insert().fromSelect(["a"], select(users.c.id))), null);
    const computed = pairs.insert().values({ a: 1, b: literal(1).plus(1) });
    assert.deepEqual(sourcesOf(computed), [
      ["a", "returning", 0],
      ["b", "returning", 1],
    ]);
    assert.match(sqlOf(computed), / RETURNING "a", "b"$/);
    assert.equal(compiledOf(computed).returns, "none");
  });
});

describe("UPDATE", () => {
  test("sets the call's values in their order, and what onUpdate makes", () => {
    made = 0;
    assert.deepEqual(callOf(notes.update().where(notes.c.id.eq(1)), { text: "b", authorId: 2 }), [
      'UPDATE "notes" SET "text" = ?, "author_id" = ?, "changed" = ? WHERE "notes"."id" = ?',
      ["b", 2, "change 1", 1],
    ]);
    assert.deepEqual(
      callOf(notes.update().where(notes.c.id.eq(1)), { authorId: 2, changed: null })[0],
      'UPDATE "notes" SET "author_id" = ?, "changed" = ? WHERE "notes"."id" = ?',
    );
  });

  test("sets expressions over the old row, queries and parameters", () => {
    const statement = plain
      .update()
      .set({
        a: plain.c.a.plus(1),
        b: select(count()).where(posts.c.authorId.eq(plain.c.id)).scalarSubquery(),
        c: param("word"),
      })
      .where(plain.c.id.in([1, 2]))
      .where(plain.c.a.gt(0));
    assert.deepEqual(callOf(statement, { word: null }), [
      'UPDATE "plain" SET "a" = "plain"."a" + ?, "b" = (SELECT count(*) AS "count" FROM "posts" WHERE "posts"."author_id" = "plain"."id"), ' +
        '"c" = ? WHERE "plain"."id" IN (?, ?) AND "plain"."a" > ?',
      [1, null, 1, 2, 0],
    ]);
  });

  test("needs a condition, or .all()", () => {
    assertRefused(/no \.where\(\).*\.all\(\)/, () => plain.update().set({ a: 1 }));
    assertRefused(/no \.where\(\)/, () => plain.update(), { a: 1 });
    assert.equal(sqlOf(plain.update().set({ a: 1 }).all()), 'UPDATE "plain" SET "a" = ?');
    assert.throws(() => plain.update().where(undefined as never), UsageError);
    assert.throws(() => (plain.update().where as () => unknown)(), UsageError);
  });

  test("is refused where it sets nothing, twice, or from both sides", () => {
    const where = plain.c.id.eq(1);
    assertRefused(/sets nothing/, () => plain.update().where(where));
    assertRefused(/sets nothing/, () => plain.update().where(where), {});
    assertRefused(/sets nothing/, () => notes.update().where(notes.c.id.eq(1)), {});
    assertRefused(/changes nothing/, () => plain.update().set({}));
    assertRefused(/called twice/, () => plain.update().set({ a: 1 }).set({ b: 1 }));
    assertRefused(/"a", which the statement does not have/, () => plain.update().set({ b: 1 }).where(where), { a: 1 });
    assertRefused(/which the statement does not have/, () => plain.update().where(where), { a: 1, x: 1 });
    assertRefused(/which is no column/, () => plain.update().set({ x: 1 } as never));
    assertRefused(/undefined/, () => plain.update().where(where), { a: undefined });
    assertRefused(/not in FROM/, () => plain.update().set({ a: users.c.id }).where(where));
  });

  test("keeps the names of parameters and of written columns apart", () => {
    const byId = plain.update().where(plain.c.id.eq(param("id")));
    assertRefused(/parameter "id" has the name of a column that the call writes/, () => byId, { id: 1, a: 2 });
    const byKey = plain.update().where(plain.c.id.eq(param("key")));
    assert.deepEqual(callOf(byKey, { key: 1, a: 2 }), ['UPDATE "plain" SET "a" = ? WHERE "plain"."id" = ?', [2, 1]]);
    assertRefused(/needs a value for "key"/, () => byKey, { a: 2 });
    const built = plain
      .update()
      .set({ a: param("a") })
      .where(plain.c.id.eq(param("id")));
    assert.deepEqual(callOf(built, { a: 2, id: 1 })[1], [2, 1]);
  });
});

describe("DELETE", () => {
  test("needs a condition, or .all()", () => {
    assert.deepEqual(callOf(plain.delete().where(plain.c.id.eq(1))), [
      'DELETE FROM "plain" WHERE "plain"."id" = ?',
      [1],
    ]);
    assert.equal(sqlOf(plain.delete().all()), 'DELETE FROM "plain"');
    assertRefused(/no \.where\(\).*\.all\(\)/, () => plain.delete());
    assertRefused(/not in FROM/, () => plain.delete().where(users.c.id.eq(1)));
  });

  test("takes conditions with queries that refer to the row", () => {
    const unread = select(posts.c.id).where(posts.c.authorId.eq(users.c.id));
    assert.equal(
      sqlOf(users.delete().where(users.c.id.notIn(unread))),
      'DELETE FROM "users" WHERE "users"."id" NOT IN (SELECT "posts"."id" FROM "posts" WHERE "posts"."author_id" = "users"."id")',
    );
  });
});

describe("RETURNING", () => {
  test("takes columns, expressions, names, the whole table", () => {
    const insert = plain.insert().values({ a: 1 });
    const start = 'INSERT INTO "plain" ("a") VALUES (?) RETURNING ';
    assert.equal(sqlOf(insert.returning(plain.c.id, plain.c.a.plus(1).as("next"))), `${start}"id", "a" + ? AS "next"`);
    assert.equal(sqlOf(insert.returning(plain)), `${start}"id", "a", "b", "c"`);
    assert.equal(sqlOf(insert.returning({ key: plain.c.id })), `${start}"id" AS "key"`);
    assert.equal(sqlOf(plain.delete().all().returning(plain.c.id)), 'DELETE FROM "plain" RETURNING "id"');
    assert.equal(
      sqlOf(posts.update().set({ title: "x" }).all().returning(posts.c.authorId)),
      'UPDATE "posts" SET "title" = ? RETURNING "author_id" AS "authorId"',
    );
  });

  test("names the table inside a query, where a column alone might be the query's", () => {
    const own = select(count()).where(posts.c.authorId.eq(users.c.id)).scalarSubquery();
    assert.equal(
      sqlOf(users.insert().values({ name: "x" }).returning(own.as("posts"))),
      'INSERT INTO "users" ("name") VALUES (?) RETURNING (SELECT count(*) AS "count" FROM "posts" WHERE "posts"."author_id" = "users"."id") AS "posts"',
    );
  });

  test("is refused for columns of other tables and two of one key", () => {
    assertRefused(/not in FROM/, () => plain.insert().values({ a: 1 }).returning(users.c.id));
    assertRefused(
      /two columns of the key/,
      // @ts-expect-error Two columns of one key.
      () => plain.insert().values({ a: 1 }).returning(plain.c.id, plain.c.a.as("id")),
    );
  });
});

describe("writes on SQLite", () => {
  let database: Sqlite;

  before(async () => {
    database = await Sqlite.open();
    database.create(metadata);
  });
  after(() => database.close());

  test("absent columns get their defaults, null is NULL", () => {
    database.run(plain.insert().values([{ a: 1 }, { b: 2 }, { b: null, c: "x" }, {}]));
    assert.deepEqual(database.run(plain.select()), [
      { id: 1, a: 1, b: 7, c: null },
      { id: 2, a: null, b: 2, c: null },
      { id: 3, a: null, b: null, c: "x" },
      { id: 4, a: null, b: 7, c: null },
    ]);
    assert.deepEqual(database.run(plain.insert().returning(plain), {}), [{ id: 5, a: null, b: 7, c: null }]);
  });

  test("documents, booleans and dates are written through their types", () => {
    const own = new MetaData();
    const things = own.table("things", {
      id: integer().primaryKey(),
      doc: json<unknown>(),
      flag: boolean(),
      at: text().default(now() as never),
    });
    database.create(own);
    const row = { doc: { "a'b": [1, null, "ü"] }, flag: false };
    assert.deepEqual(database.run(things.insert().returning(things.c.doc, things.c.flag), row), [row]);
    database.run(things.insert().values({ doc: json.null as never }));
    assert.deepEqual(database.column(select(things.c.id).where(things.c.doc.is(null))), []);
    assert.deepEqual(database.column(select(things.c.doc).where(things.c.id.eq(2))), [null]);
  });

  test("a key that is a text is written as it is given", () => {
    const id = "11111111-1111-4111-8111-111111111111";
    assert.deepEqual(database.run(tags.insert().returning(tags), { id: id.toUpperCase() }), [{ id, label: "x" }]);
  });
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import {
  and,
  bigInteger,
  binary,
  boolean,
  check,
  createIndexes,
  createTable,
  date,
  dateTime,
  double,
  dropTable,
  enumeration,
  float,
  foreignKey,
  index,
  integer,
  json,
  literal,
  lower,
  MetaData,
  now,
  numeric,
  param,
  primaryKey,
  smallInteger,
  sql,
  string,
  type Table,
  text,
  time,
  unique,
  UnsupportedError,
  UsageError,
  uuid,
} from "../../../src/index.js";
import { compiledOf, type Runnable, sqlOf } from "../../support/compile.js";
import { Sqlite } from "../../support/sqlite.js";

/** The columns and constraints of a table's CREATE TABLE, which SQLite takes. */
async function definitionsOf(table: Table<string, never> | object): Promise<string> {
  const statement = createTable(table as Table);
  const text = sqlOf(statement);
  const database = await Sqlite.open();
  database.run(statement);
  for (const each of createIndexes(table as Table)) database.run(each);
  await database.close();
  return /^CREATE TABLE [^ ]+ \((.*)\)$/.exec(text)?.[1] ?? text;
}

function refused(pattern: RegExp, make: () => unknown): void {
  assert.throws(make, (error) => error instanceof UsageError && pattern.test(error.message));
}

describe("CREATE TABLE", () => {
  test("has each column with its type", async () => {
    const everything = new MetaData().table("everything", {
      a: integer(),
      b: smallInteger(),
      c: bigInteger(),
      d: numeric(10, 2),
      e: numeric(30, 2),
      f: float(),
      g: double(),
      h: string(20),
      i: string(),
      j: text(),
      k: boolean().notNull(),
      l: date(),
      m: time(),
      n: dateTime(),
      o: json(),
      p: uuid(),
      q: binary(),
      r: enumeration("it's", "b"),
    });
    assert.equal(
      await definitionsOf(everything),
      '"a" INTEGER, "b" SMALLINT, "c" BIGINT, "d" NUMERIC(10, 2), "e" TEXT, "f" REAL, "g" REAL, "h" VARCHAR(20), "i" VARCHAR, "j" TEXT, ' +
        '"k" BOOLEAN NOT NULL, "l" DATE, "m" TIME, "n" DATETIME, "o" TEXT, "p" CHAR(36), "q" BLOB, "r" TEXT CHECK ("r" IN (\'it\'\'s\', \'b\'))',
    );
  });

  test("makes a counted key the row id, of either size, and never gives a key again", async () => {
    const metadata = new MetaData();
    const small = metadata.table("small", { id: integer().primaryKey(), v: text() });
    const large = metadata.table("large", { id: bigInteger().primaryKey(), v: text() });
    assert.equal(await definitionsOf(small), '"id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "v" TEXT');
    assert.equal(await definitionsOf(large), '"id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "v" TEXT');
    const database = await Sqlite.open();
    database.create(metadata);
    database.run(small.insert().values({ v: "a" }));
    database.run(large.insert().values({ v: "a" }));
    database.run(small.delete().all());
    database.run(large.delete().all());
    database.run(small.insert().values({ v: "b" }));
    database.run(large.insert().values({ v: "b" }));
    assert.deepEqual(database.run(small.select()), [{ id: 2, v: "b" }]);
    assert.deepEqual(database.run(large.select()), [{ id: 2n, v: "b" }]);
    await database.close();
  });

  test("makes other keys constraints: of text, that refer, with a default, of several columns", async () => {
    const metadata = new MetaData();
    const texts = metadata.table("texts", { id: uuid().primaryKey() });
    assert.equal(await definitionsOf(texts), '"id" CHAR(36) NOT NULL, PRIMARY KEY ("id")');
    const parts = metadata.table("parts", { id: integer().primaryKey().references("parts.id") });
    assert.equal(
      await definitionsOf(parts),
      '"id" INTEGER NOT NULL, PRIMARY KEY ("id"), FOREIGN KEY ("id") REFERENCES "parts" ("id")',
    );
    const given = metadata.table("given", { id: integer().primaryKey().default(5) });
    assert.equal(await definitionsOf(given), '"id" INTEGER NOT NULL DEFAULT 5, PRIMARY KEY ("id")');
    const pairs = metadata.table("pairs", { b: integer(), a: integer() }, (c) => [primaryKey(c.a, c.b).named("pk")]);
    assert.equal(
      await definitionsOf(pairs),
      '"b" INTEGER NOT NULL, "a" INTEGER NOT NULL, CONSTRAINT "pk" PRIMARY KEY ("a", "b")',
    );
    const one = metadata.table("one", { id: integer() }, (c) => [primaryKey(c.id)]);
    assert.equal(await definitionsOf(one), '"id" INTEGER NOT NULL, PRIMARY KEY ("id")');
  });

  test("has our constant defaults, and the server's expressions in parentheses", async () => {
    const defaults = new MetaData().table("defaults", {
      a: integer().default(-5),
      b: text().notNull().default("it's"),
      c: boolean().default(true),
      d: json().default({ a: [1] }),
      e: dateTime().default(new Date("2024-05-06T07:08:09Z")),
      f: binary().default(new Uint8Array([1, 255])),
      g: bigInteger().default(2n ** 60n),
      h: double().default(0.5),
      i: numeric(10, 2).default("1.50"),
      j: text().default(() => "made"),
      k: text().default(sql.value<string>`date('now')`),
      l: text().serverDefault(lower(literal("X"))),
      m: dateTime().serverDefault(now()),
      n: json().default(json.null as never),
    });
    assert.equal(
      await definitionsOf(defaults),
      `"a" INTEGER DEFAULT (-5), "b" TEXT NOT NULL DEFAULT 'it''s', "c" BOOLEAN DEFAULT 1, "d" TEXT DEFAULT '{"a":[1]}', ` +
        `"e" DATETIME DEFAULT '2024-05-06 07:08:09.000', "f" BLOB DEFAULT X'01ff', "g" BIGINT DEFAULT 1152921504606846976, "h" REAL DEFAULT 0.5, ` +
        `"i" NUMERIC(10, 2) DEFAULT 1.5, "j" TEXT, "k" TEXT, "l" TEXT DEFAULT (lower('X')), ` +
        `"m" DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')), "n" TEXT DEFAULT 'null'`,
    );
  });

  test("has unique, check and foreign key constraints, with their actions", async () => {
    const metadata = new MetaData();
    const users = metadata.table("users", { id: integer().primaryKey(), name: string(50).unique() });
    assert.equal(
      await definitionsOf(users),
      '"id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "name" VARCHAR(50), UNIQUE ("name")',
    );
    const posts = metadata.table(
      "posts",
      {
        id: integer().primaryKey(),
        author: integer()
          .notNull()
          .references(users.c.id, { onDelete: "cascade", onUpdate: "set null", deferrable: "deferred" }),
        stars: integer(),
        open: boolean(),
        title: string(10),
      },
      (c) => [
        unique(c.author, c.title).named("once"),
        check(and(c.stars.between(0, 5), c.title.ne("it's"))).named("sane"),
        check(c.open),
        check(c.title.like("a%")),
        foreignKey([c.title], [users.c.name], { deferrable: "immediate", onDelete: "restrict" }).named("titled"),
      ],
    );
    assert.equal(
      await definitionsOf(posts),
      '"id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "author" INTEGER NOT NULL, "stars" INTEGER, "open" BOOLEAN, "title" VARCHAR(10), ' +
        'FOREIGN KEY ("author") REFERENCES "users" ("id") ON DELETE CASCADE ON UPDATE SET NULL DEFERRABLE INITIALLY DEFERRED, ' +
        'CONSTRAINT "once" UNIQUE ("author", "title"), ' +
        'CONSTRAINT "sane" CHECK ("stars" BETWEEN 0 AND 5 AND "title" <> \'it\'\'s\'), ' +
        'CHECK ("open" = 1), ' +
        "CHECK (\"title\" GLOB 'a*'), " +
        'CONSTRAINT "titled" FOREIGN KEY ("title") REFERENCES "users" ("name") ON DELETE RESTRICT DEFERRABLE INITIALLY IMMEDIATE',
    );
  });

  test("takes no parameters and no columns of other tables", () => {
    const metadata = new MetaData();
    const a = metadata.table("a", { id: integer() }, (c) => [check(c.id.eq(param("x")) as never)]);
    refused(/takes no parameters/, () => sqlOf(createTable(a)));
    const b = metadata.table("b", { id: integer() }, () => [check(a.c.id.eq(1))]);
    refused(/not in FROM/, () => sqlOf(createTable(b)));
  });

  test("may skip what exists; DROP TABLE what does not", () => {
    const notes = new MetaData().table("notes", { id: integer() });
    assert.equal(sqlOf(createTable(notes, { ifNotExists: true })), 'CREATE TABLE IF NOT EXISTS "notes" ("id" INTEGER)');
    assert.equal(sqlOf(dropTable(notes)), 'DROP TABLE "notes"');
    assert.equal(sqlOf(dropTable(notes, { ifExists: true })), 'DROP TABLE IF EXISTS "notes"');
    assert.equal(compiledOf(dropTable(notes)).effect, "schema");
  });

  test("quotes every name", () => {
    const odd = new MetaData().table('o"dd', { "a b": integer().named('c"d') }, (c) => [unique(c["a b"]).named('u"')]);
    assert.equal(sqlOf(createTable(odd)), 'CREATE TABLE "o""dd" ("c""d" INTEGER, CONSTRAINT "u""" UNIQUE ("c""d"))');
    const nul = new MetaData().table("a\0b", { id: integer() });
    refused(/NUL/, () => sqlOf(createTable(nul)));
  });
});

describe("CREATE INDEX", () => {
  test("over columns, orders, expressions, some rows, each once", async () => {
    const things = new MetaData().table(
      "things",
      { id: integer().primaryKey(), a: integer().index(), b: text(), open: boolean() },
      (c) => [
        index("by_b", c.b.desc(), c.a),
        index("by_lower", lower(c.b), { unique: true }),
        index("of_open", c.a, { where: and(c.open, c.b.ne("x")) }),
        index("by_sum", c.a.plus(1)),
      ],
    );
    assert.deepEqual(
      createIndexes(things).map((each) => sqlOf(each)),
      [
        'CREATE INDEX "ix_things_a" ON "things" ("a")',
        'CREATE INDEX "by_b" ON "things" ("b" DESC, "a")',
        'CREATE UNIQUE INDEX "by_lower" ON "things" (lower("b"))',
        'CREATE INDEX "of_open" ON "things" ("a") WHERE "open" = 1 AND "b" <> \'x\'',
        'CREATE INDEX "by_sum" ON "things" ("a" + 1)',
      ],
    );
    assert.equal(
      sqlOf(createIndexes(things, { ifNotExists: true })[0] as Runnable),
      'CREATE INDEX IF NOT EXISTS "ix_things_a" ON "things" ("a")',
    );
    await definitionsOf(things);
  });

  test("refuses what SQLite does not index: columns of another table, and NULLs in another place", () => {
    const metadata = new MetaData();
    const other = metadata.table("other", { id: integer() });
    const foreign = metadata.table("foreign", { a: integer() }, () => [index("i", other.c.id)]);
    refused(/not in FROM/, () => createIndexes(foreign).map((each) => sqlOf(each)));
    const nulls = metadata.table("nulls", { a: integer() }, (c) => [index("j", c.a.desc().nullsLast())]);
    assert.throws(
      () => createIndexes(nulls).map((each) => sqlOf(each)),
      (error) => error instanceof UnsupportedError && error.message.startsWith("sqlite has no NULLS LAST in an index."),
    );
  });
});

describe("a schema", () => {
  test("is named where SQLite takes it: before the table and the index, not within a reference", async () => {
    const metadata = new MetaData({ schema: "main" });
    const users = metadata.table("users", { id: integer().primaryKey() });
    const posts = metadata.table("posts", {
      id: integer().primaryKey(),
      author: integer().references("users.id").index(),
    });
    assert.equal(
      sqlOf(createTable(posts)),
      'CREATE TABLE "main"."posts" ("id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "author" INTEGER, FOREIGN KEY ("author") REFERENCES "users" ("id"))',
    );
    assert.deepEqual(
      createIndexes(posts).map((each) => sqlOf(each)),
      ['CREATE INDEX "main"."ix_posts_author" ON "posts" ("author")'],
    );
    const database = await Sqlite.open();
    database.create(metadata);
    database.run(users.insert().values({ id: 1 }));
    database.run(posts.insert().values({ author: 1 }));
    assert.deepEqual(database.run(posts.select()), [{ id: 1, author: 1 }]);
    database.run(dropTable(posts));
    await database.close();
  });
});

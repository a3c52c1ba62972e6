import assert from "node:assert/strict";
import { describe, test } from "node:test";

import fc from "fast-check";

import type { DdlNode } from "../../../src/ast/ddl.js";
import { type HasNode, NODE } from "../../../src/ast/node.js";
import {
  check,
  ConfigurationError,
  createIndexes,
  createTable,
  index,
  integer,
  MetaData,
  primaryKey,
  string,
  text,
  unique,
  UsageError,
} from "../../../src/index.js";
import { EXECUTE_DDL, type DdlExecutor } from "../../../src/schema/ddl-port.js";
import { snakeCase } from "../../../src/schema/naming.js";
import { sqlOf } from "../../support/compile.js";

/** Keeps what it is asked to carry out. */
class Recorder implements DdlExecutor {
  readonly statements: string[] = [];

  async [EXECUTE_DDL](elements: readonly HasNode<DdlNode>[]): Promise<void> {
    for (const element of elements) this.statements.push(sqlOf(element).split(" (")[0] as string);
  }
}

describe("the order of tables", () => {
  test("puts each after those that it refers to, otherwise as declared; indexes follow their table", async () => {
    const metadata = new MetaData();
    metadata.table("c", { id: integer().primaryKey(), b: integer().references("b.id").index() });
    metadata.table("d", { id: integer().primaryKey() });
    metadata.table("b", {
      id: integer().primaryKey(),
      a: integer().references("a.id"),
      own: integer().references("b.id"),
    });
    metadata.table("a", { id: integer().primaryKey() });
    assert.deepEqual(
      metadata.sortedTables.map(({ name }) => name),
      ["a", "b", "c", "d"],
    );
    const recorder = new Recorder();
    await metadata.createAll(recorder);
    assert.deepEqual(recorder.statements, [
      'CREATE TABLE IF NOT EXISTS "a"',
      'CREATE TABLE IF NOT EXISTS "b"',
      'CREATE TABLE IF NOT EXISTS "c"',
      'CREATE INDEX IF NOT EXISTS "ix_c_b" ON "c"',
      'CREATE TABLE IF NOT EXISTS "d"',
    ]);
    recorder.statements.length = 0;
    await metadata.dropAll(recorder);
    assert.deepEqual(
      recorder.statements,
      ["d", "c", "b", "a"].map((name) => `DROP TABLE IF EXISTS "${name}"`),
    );
  });

  test("has every table once, also where references go round", () => {
    const metadata = new MetaData();
    metadata.table("a", { id: integer().primaryKey(), b: integer().references("b.id") });
    metadata.table("b", { id: integer().primaryKey(), a: integer().references("a.id") });
    metadata.table("c", { id: integer().primaryKey(), a: integer().references("a.id") });
    assert.deepEqual(
      metadata.sortedTables.map(({ name }) => name),
      ["b", "a", "c"],
    );
  });

  test("leaves references to tables of another MetaData aside", () => {
    const elsewhere = new MetaData().table("elsewhere", { id: integer().primaryKey() });
    const metadata = new MetaData();
    metadata.table("a", { id: integer().primaryKey(), other: integer().references(elsewhere.c.id) });
    assert.deepEqual(
      metadata.sortedTables.map(({ name }) => name),
      ["a"],
    );
  });

  test("holds for any references that do not go round", () => {
    const graphs = fc.array(fc.array(fc.nat({ max: 7 }), { maxLength: 3 }), { minLength: 8, maxLength: 8 });
    const orders = fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7], { minLength: 8 });
    fc.assert(
      fc.property(graphs, orders, (graph, order) => {
        const metadata = new MetaData();
        for (const number of order) {
          // Only to smaller numbers, and to itself: no way round.
          const references = (graph[number] as number[]).filter((target) => target <= number);
          const columns = references.map((target, at) => [`r${at}`, integer().references(`t${target}.id`)] as const);
          metadata.table(`t${number}`, { id: integer().primaryKey(), ...Object.fromEntries(columns) });
        }
        const sorted = metadata.sortedTables;
        assert.equal(new Set(sorted).size, 8);
        const place = new Map(sorted.map((table, at) => [table[NODE], at]));
        for (const table of sorted) {
          for (const key of table[NODE].foreignKeys) {
            const target = place.get(key.references()[0]?.from as never) as number;
            assert.ok(target <= (place.get(table[NODE]) as number));
          }
        }
      }),
    );
  });
});

describe("naming", () => {
  test("makes snake_case of keys, unless a column is named", () => {
    for (const [key, name] of [
      ["createdAt", "created_at"],
      ["userID", "user_id"],
      ["HTMLBody", "html_body"],
      ["id", "id"],
      ["a1B2", "a1_b2"],
      ["already_snake", "already_snake"],
      ["X", "x"],
    ] as const) {
      assert.equal(snakeCase(key), name);
    }
    const notes = new MetaData({ naming: "snake_case" }).table("notes", {
      createdAt: text(),
      authorId: integer().named("writer"),
    });
    assert.equal(
      sqlOf(notes.select()),
      'SELECT "notes"."created_at" AS "createdAt", "notes"."writer" AS "authorId" FROM "notes"',
    );
    assert.equal(sqlOf(notes.insert(), { createdAt: "x" }), 'INSERT INTO "notes" ("created_at") VALUES (?)');
    assert.throws(() => new MetaData({ naming: "kebab" as never }), ConfigurationError);
  });

  test("keys that would have one name are refused", () => {
    const metadata = new MetaData({ naming: "snake_case" });
    assert.throws(() => metadata.table("a", { userId: integer(), user_id: integer() }), UsageError);
  });

  test("of constraints and indexes follows the templates", () => {
    const metadata = new MetaData({
      naming: "snake_case",
      namingConvention: {
        primaryKey: "pk_{table}",
        foreignKey: "fk_{table}_{columns}_{referredTable}",
        unique: "uq_{table}_{columns}",
        check: "ck_{table}_{name}",
        index: "ix_{columns}_of_{table}",
      },
    });
    const posts = metadata.table(
      "posts",
      {
        id: integer().primaryKey(),
        writerId: integer().references("users.id").index(),
        slug: string(10).unique(),
      },
      (c) => [check(c.id.gt(0)).named("positive"), unique(c.slug, c.writerId).named("given"), index("mine", c.slug)],
    );
    const pairs = metadata.table("pairs", { a: integer(), b: integer() }, (c) => [primaryKey(c.a, c.b)]);
    // The table that is referred to is declared last.
    metadata.table("users", { id: integer().primaryKey() });
    assert.equal(
      sqlOf(createTable(posts)),
      'CREATE TABLE "posts" ("id" INTEGER NOT NULL CONSTRAINT "pk_posts" PRIMARY KEY AUTOINCREMENT, "writer_id" INTEGER, "slug" VARCHAR(10), ' +
        'CONSTRAINT "fk_posts_writer_id_users" FOREIGN KEY ("writer_id") REFERENCES "users" ("id"), CONSTRAINT "uq_posts_slug" UNIQUE ("slug"), ' +
        'CONSTRAINT "ck_posts_positive" CHECK ("id" > 0), CONSTRAINT "given" UNIQUE ("slug", "writer_id"))',
    );
    assert.deepEqual(
      createIndexes(posts).map((each) => sqlOf(each)),
      ['CREATE INDEX "ix_writer_id_of_posts" ON "posts" ("writer_id")', 'CREATE INDEX "mine" ON "posts" ("slug")'],
    );
    assert.match(sqlOf(createTable(pairs)), /CONSTRAINT "pk_pairs" PRIMARY KEY \("a", "b"\)\)$/);
  });

  test("refuses templates with what is not known", () => {
    const of = (convention: object): MetaData => new MetaData({ namingConvention: convention });
    assert.throws(
      () => of({ unique: "{nothing}" }).table("a", { b: integer().unique() }),
      (error) => error instanceof ConfigurationError && /\{nothing\}.*table, columns/.test(error.message),
    );
    assert.throws(() => of({ unique: "{constructor}" }).table("a", { b: integer().unique() }), ConfigurationError);
    assert.throws(
      () => of({ check: "ck_{name}" }).table("a", { b: integer() }, (c) => [check(c.b.gt(0))]),
      /has none: give it with \.named/,
    );
  });
});

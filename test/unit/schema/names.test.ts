import assert from "node:assert/strict";
import { describe, test } from "node:test";

import {
  check,
  ConfigurationError,
  createTable,
  enumeration,
  foreignKey,
  index,
  integer,
  MetaData,
  type NamingConvention,
  primaryKey,
  type Table,
  unique,
} from "../../../src/index.js";
import { snakeCase } from "../../../src/schema/naming.js";
import { thrown } from "../../suite/assertions.js";
import { sqlOf } from "../../support/compile.js";

/** What a table calls its constraints and indexes, by kind. */
function namesOf(table: Pick<Table, "constraints" | "indexes">): readonly string[] {
  const constraints = table.constraints.map(({ kind, name }) => `${kind} ${name}`);
  return [...constraints, ...table.indexes.map(({ name }) => `index ${name}`)].toSorted();
}

describe("a column's name in SQL", () => {
  const converted: Readonly<Record<string, string>> = {
    id: "id",
    createdAt: "created_at",
    userID: "user_id",
    HTMLBody: "html_body",
    htmlBody2: "html_body2",
    v2Body: "v2_body",
    already_snake: "already_snake",
    X: "x",
    aB: "a_b",
    ÄÖ: "äö",
    "with blank": "with blank",
  };

  test("is its key in snake case, where the metadata says so", () => {
    for (const [key, name] of Object.entries(converted)) assert.equal(snakeCase(key), name);
    const table = new MetaData({ naming: "snake_case" }).table("camelTable", {
      createdAt: integer(),
      userID: integer(),
    });
    assert.equal(sqlOf(createTable(table)), 'CREATE TABLE "camelTable" ("created_at" INTEGER, "user_id" INTEGER)');
    assert.deepEqual([table.c.createdAt.key, table.c.createdAt.name], ["createdAt", "created_at"]);
  });

  test("is its key as it is otherwise, and what .named() says everywhere", () => {
    for (const naming of ["as-is", "snake_case"] as const) {
      const table = new MetaData({ naming }).table("t", {
        authorId: integer().named("Author Id"),
        plainKey: integer(),
      });
      assert.deepEqual(
        [table.c.authorId.name, table.c.plainKey.name],
        ["Author Id", naming === "as-is" ? "plainKey" : "plain_key"],
      );
    }
  });

  test("is of one column only", () => {
    const metadata = new MetaData({ naming: "snake_case" });
    const twice = () => metadata.table("t", { createdAt: integer(), created_at: integer() });
    assert.match(
      thrown(twice, Error).message,
      /Two columns of the table "t" have the SQL name "created_at".*\.named\(\)/,
    );
    thrown(() => metadata.table("u", { a: integer().named("b"), b: integer() }), Error, /SQL name "b"/);
    assert.equal(metadata.tables.size, 0, "a table that was refused is not there");
  });
});

describe("a constraint's name", () => {
  const declare = (namingConvention?: NamingConvention): Table => {
    const metadata = new MetaData({ naming: "snake_case", ...(namingConvention && { namingConvention }) });
    metadata.table("users", { id: integer().primaryKey() });
    return metadata.table(
      "posts",
      {
        firstKey: integer(),
        secondKey: integer(),
        authorId: integer().references("users.id").index(),
        slug: integer().unique(),
        state: enumeration("a", "b"),
      },
      (c) => [
        primaryKey(c.firstKey, c.secondKey),
        unique(c.slug, c.authorId),
        unique(c.slug, c.firstKey).named("mine"),
        check(c.slug.gt(0)).named("positive"),
        foreignKey([c.secondKey], () => [(metadata.tables.get("users") as Table).c["id"] as never]).named("explicit"),
        index("by_author", c.authorId),
      ],
    ) as unknown as Table;
  };

  test("is the server's where there is no convention; an index has one always", () => {
    assert.deepEqual(
      namesOf(declare()),
      [
        "check positive",
        "foreignKey explicit",
        "foreignKey null",
        "index by_author",
        "index ix_posts_author_id",
        "primaryKey null",
        "unique mine",
        "unique null",
        "unique null",
      ].toSorted(),
    );
  });

  test("is what the convention's template makes of it, and the given one where one is given; a check's is put into its template", () => {
    const convention: Required<NamingConvention> = {
      primaryKey: "pk_{table}",
      foreignKey: "fk_{table}_{columns}_{referredTable}",
      unique: "uq_{table}_{columns}",
      check: "ck_{table}_{name}",
      index: "idx_{columns}_of_{table}",
    };
    assert.deepEqual(
      namesOf(declare(convention)),
      [
        "check ck_posts_positive",
        "foreignKey explicit",
        "foreignKey fk_posts_author_id_users",
        "index by_author",
        "index idx_author_id_of_posts",
        "primaryKey pk_posts",
        "unique mine",
        "unique uq_posts_slug",
        "unique uq_posts_slug_author_id",
      ].toSorted(),
    );
  });

  test("of a foreign key is made when it is asked for: the referred table may be declared later", () => {
    const metadata = new MetaData({ namingConvention: { foreignKey: "fk_{table}_{referredTable}" } });
    const posts = metadata.table("posts", { author: integer().references("users.id") });
    metadata.table("users", { id: integer().primaryKey() });
    assert.match(sqlOf(createTable(posts)), /CONSTRAINT "fk_posts_users" FOREIGN KEY/);
  });

  test("is refused where the template holds what is not known of the constraint", () => {
    const refused: readonly (readonly [NamingConvention, RegExp])[] = [
      [{ unique: "uq_{referredTable}" }, /\{referredTable\}.*may use: table, columns/],
      [{ unique: "uq_{nosuch}" }, /\{nosuch\}/],
      [{ unique: "uq_{constructor}" }, /\{constructor\}/],
      [{ check: "ck_{table}_{name}" }, /one of "t" has none: give it with \.named/],
    ];
    for (const [namingConvention, message] of refused) {
      const metadata = new MetaData({ namingConvention });
      const declareOne = () => metadata.table("t", { a: integer().unique() }, (c) => [check(c.a.gt(0))]);
      thrown(declareOne, ConfigurationError, message);
    }
    thrown(() => new MetaData({ naming: "camel" as never }), ConfigurationError, /"as-is" or "snake_case"/);
  });
});

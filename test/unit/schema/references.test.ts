import assert from "node:assert/strict";
import { describe, test } from "node:test";

import fc from "fast-check";

import { createTable, dropTable, foreignKey, integer, MetaData, type Table, UsageError } from "../../../src/index.js";
import { NODE } from "../../../src/ast/node.js";
import { createElements, dropElements } from "../../../src/schema/ddl.js";
import { thrown } from "../../suite/assertions.js";
import { sqlOf } from "../../support/compile.js";
import { Sqlite } from "../../support/sqlite.js";

/** `table.key` of the column that the table's one foreign key leads to. */
function targetOf(table: { readonly [NODE]: Table[typeof NODE] }): string {
  const column = table[NODE].foreignKeys[0]?.references()[0];
  return `${column?.from.name}.${column?.key}`;
}

describe("a reference by name", () => {
  test("leads to the column of that key, or of that name in SQL where no key is it", () => {
    const metadata = new MetaData({ naming: "snake_case" });
    metadata.table("users", {
      id: integer().primaryKey(),
      userName: integer(),
      // Each is called what the other's key is.
      a: integer().named("b"),
      b: integer().named("a"),
    });
    const leads: Readonly<Record<string, string>> = {
      "users.id": "users.id",
      "users.userName": "users.userName",
      "users.user_name": "users.userName",
      "users.a": "users.a",
      "users.b": "users.b",
    };
    for (const [reference, target] of Object.entries(leads)) {
      assert.equal(targetOf(metadata.table(`to ${reference}`, { x: integer().references(reference) })), target);
    }
  });

  test("finds tables of the metadata's schema with and without its name, and tables with dots in theirs", () => {
    const metadata = new MetaData({ schema: "app" });
    metadata.table("users", { id: integer().primaryKey() });
    metadata.table("odd.name", { id: integer().primaryKey() });
    for (const [name, reference, target] of [
      ["a", "users.id", "users.id"],
      ["b", "app.users.id", "users.id"],
      ["c", "odd.name.id", "odd.name.id"],
      ["d", "app.odd.name.id", "odd.name.id"],
    ] as const) {
      assert.equal(targetOf(metadata.table(name, { x: integer().references(reference) })), target);
    }
    assert.deepEqual([...metadata.tables.keys()].slice(0, 2), ["app.users", "app.odd.name"]);
  });

  test("may be of the table itself, or of one that is declared later", () => {
    const metadata = new MetaData();
    const nodes = metadata.table("nodes", { id: integer().primaryKey(), parent: integer().references("nodes.id") });
    const early = metadata.table("early", { late: integer().references("late.id") });
    thrown(() => targetOf(early), UsageError, /"late\.id" leads nowhere/);
    metadata.table("late", { id: integer().primaryKey() });
    assert.deepEqual([targetOf(nodes), targetOf(early)], ["nodes.id", "late.id"]);
  });

  test("that leads nowhere says so when it is needed", () => {
    const references = [
      "",
      ".",
      "users",
      "users.",
      ".id",
      "users.nosuch",
      "nosuch.id",
      "other.users.id",
      "users.constructor",
      "id.users",
    ];
    for (const reference of references) {
      const metadata = new MetaData();
      metadata.table("users", { id: integer().primaryKey() });
      const posts = metadata.table("posts", { author: integer().references(reference) });
      for (const use of [() => sqlOf(createTable(posts)), () => metadata.sortedTables, () => targetOf(posts)]) {
        assert.match(thrown(use, UsageError).message, /leads nowhere.*"table\.column"/);
      }
    }
  });

  test("a function, and a column of another metadata, lead there too", () => {
    const users = new MetaData().table("users", { id: integer().primaryKey() });
    const posts = new MetaData().table("posts", { author: integer().references(() => users.c.id) });
    const notes = new MetaData().table("notes", { author: integer().references(users.c.id) });
    assert.deepEqual([targetOf(posts), targetOf(notes)], ["users.id", "users.id"]);
    for (const target of [() => undefined, () => users, null, 5, users]) {
      const wrong = new MetaData().table("wrong", { x: integer().references(target as never) });
      thrown(() => targetOf(wrong), UsageError, /"wrong" does not lead to a column/);
    }
  });

  test("of several columns is as long as the key that it refers to", () => {
    const metadata = new MetaData();
    const pairs = metadata.table("pairs", { a: integer(), b: integer() });
    const wrong = metadata.table("wrong", { a: integer() }, (c) => [foreignKey([c.a], [pairs.c.a, pairs.c.b])]);
    thrown(() => sqlOf(createTable(wrong)), UsageError, /has 1 columns, but refers to 2/);
  });
});

describe("tables that refer to each other", () => {
  /** Tables by number, each with the numbers of those that it refers to. */
  function declare(edges: readonly (readonly number[])[]): MetaData {
    const metadata = new MetaData();
    edges.forEach((targets, at) => {
      const references = targets.map((target) => [`to${target}`, integer().references(`t${target}.id`)] as const);
      metadata.table(`t${at}`, { id: integer().primaryKey(), ...Object.fromEntries(references) });
    });
    return metadata;
  }
  const namesOf = (tables: readonly Table[]): string => tables.map(({ name }) => name.slice(1)).join(" ");

  test("stand after those that they refer to, in the order of declaration where that is free", () => {
    const orders: readonly (readonly [edges: readonly (readonly number[])[], order: string])[] = [
      [[[], [], []], "0 1 2"],
      [[[2], [], []], "2 0 1"],
      [[[1], [2], []], "2 1 0"],
      [[[0], [1], []], "0 1 2"],
      [[[], [0], [0, 1]], "0 1 2"],
      [[[3, 2], [], [], []], "3 2 0 1"],
      // In a cycle no order is right; the tables outside of it still have theirs.
      [[[1], [0], [], [0]], "1 0 2 3"],
      [[[1], [2], [0], [1]], "2 1 0 3"],
    ];
    for (const [edges, order] of orders) assert.equal(namesOf(declare(edges).sortedTables), order);
  });

  test("whatever refers to whatever: without a cycle each comes after its targets, and is there once", () => {
    const graphs = fc
      .integer({ min: 1, max: 8 })
      .chain((size) =>
        fc.tuple(
          fc.array(fc.uniqueArray(fc.nat(size - 1)), { minLength: size, maxLength: size }),
          fc.shuffledSubarray([...Array(size).keys()], { minLength: size, maxLength: size }),
        ),
      );
    fc.assert(
      fc.property(graphs, ([edges, rank]) => {
        // Only towards a lower rank, or to itself: no cycle.
        const acyclic = edges.map((targets, at) =>
          targets.filter((to) => to === at || (rank[to] as number) < (rank[at] as number)),
        );
        const order = namesOf(declare(acyclic).sortedTables).split(" ").map(Number);
        assert.deepEqual(order.toSorted(), [...acyclic.keys()]);
        for (const [at, targets] of acyclic.entries()) {
          for (const target of targets) assert.ok(target === at || order.indexOf(target) < order.indexOf(at));
        }
      }),
    );
  });

  test("are dropped in the opposite order, each with IF EXISTS, and created with their indexes behind them", () => {
    const metadata = new MetaData();
    metadata.table("child", { parent: integer().references("parent.id").index() });
    metadata.table("parent", { id: integer().primaryKey() });
    const tables = [...metadata.tables.values()];
    assert.deepEqual(
      createElements(tables).map((element) => sqlOf(element).split(" (")[0]),
      [
        'CREATE TABLE IF NOT EXISTS "parent"',
        'CREATE TABLE IF NOT EXISTS "child"',
        'CREATE INDEX IF NOT EXISTS "ix_child_parent" ON "child"',
      ],
    );
    assert.deepEqual(
      dropElements(tables).map((element) => sqlOf(element)),
      ['DROP TABLE IF EXISTS "child"', 'DROP TABLE IF EXISTS "parent"'],
    );
  });

  test("even in a circle, SQLite creates and drops them", async () => {
    const metadata = declare([[1, 0], [2], [0]]);
    const database = await Sqlite.open();
    database.create(metadata);
    for (const element of dropElements([...metadata.tables.values()])) database.run(element);
    assert.deepEqual(database.run("SELECT name FROM sqlite_schema WHERE name LIKE 't_'"), []);
    database.create(metadata);
    database.run(dropTable(metadata.tables.get("t1") as Table));
    await database.close();
  });
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { NODE } from "../../../src/ast/node.js";
import { integer, MetaData, type Table } from "../../../src/index.js";
import { dropElements } from "../../../src/schema/ddl.js";
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
      userName: integer(),
      // Each is called in SQL what the other is called in code.
      a: integer().named("b"),
      b: integer().named("a"),
    });
    const leads: Readonly<Record<string, string>> = {
      "users.userName": "users.userName",
      "users.user_name": "users.userName",
      "users.a": "users.a",
      "users.b": "users.b",
    };
    for (const [reference, target] of Object.entries(leads)) {
      assert.equal(targetOf(metadata.table(`to ${reference}`, { x: integer().references(reference) })), target);
    }
  });

  test("finds tables with dots in their names, with and without the schema's", () => {
    const metadata = new MetaData({ schema: "app" });
    metadata.table("odd.name", { id: integer().primaryKey() });
    for (const reference of ["odd.name.id", "app.odd.name.id"]) {
      const table = metadata.table(`to ${reference}`, { x: integer().references(reference) });
      assert.equal(targetOf(table), "odd.name.id");
    }
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

  test("stand in the order of declaration where references leave it free", () => {
    const orders: readonly (readonly [edges: readonly (readonly number[])[], order: string])[] = [
      [[[], [], []], "0 1 2"],
      [[[2], [], []], "2 0 1"],
      [[[1], [2], []], "2 1 0"],
      [[[0], [1], []], "0 1 2"],
      [[[3, 2], [], [], []], "3 2 0 1"],
      // In a circle no order is right; the tables outside of it still have theirs.
      [[[1], [0], [], [0]], "1 0 2 3"],
      [[[1], [2], [0], [1]], "2 1 0 3"],
    ];
    for (const [edges, order] of orders) {
      assert.equal(
        declare(edges)
          .sortedTables.map(({ name }) => name.slice(1))
          .join(" "),
        order,
      );
    }
  });

  test("are created and dropped by SQLite even in a circle", async () => {
    const metadata = declare([[1, 0], [2], [0]]);
    const database = await Sqlite.open();
    const names = (): unknown[] => database.run("SELECT name FROM sqlite_schema WHERE name LIKE 't_'");
    database.create(metadata);
    assert.equal(names().length, 3);
    for (const element of dropElements([...metadata.tables.values()])) database.run(element);
    assert.deepEqual(names(), []);
    await database.close();
  });
});

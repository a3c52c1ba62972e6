import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { NODE } from "../../../src/ast/node.js";
import {
  type Column,
  bigInteger,
  check,
  createTable,
  foreignKey,
  index,
  integer,
  MetaData,
  primaryKey,
  smallInteger,
  sql,
  string,
  type Table,
  text,
  typeDecorator,
  unique,
  UsageError,
  uuid,
} from "../../../src/index.js";
import { sqlOf } from "../../support/compile.js";

function refused(pattern: RegExp, make: () => unknown): void {
  assert.throws(make, (error) => error instanceof UsageError && pattern.test(error.message), String(make));
}

describe("a table", () => {
  test("has its columns under c, by key, in the order of their declaration", () => {
    const notes = new MetaData().table("notes", { id: integer().primaryKey(), authorId: integer().named("author_id") });
    assert.deepEqual(Object.keys(notes.c), ["id", "authorId"]);
    assert.equal(notes.c.authorId.key, "authorId");
    assert.equal(notes.c.authorId.name, "author_id");
    assert.equal(notes.name, "notes");
    assert.equal(notes.schema, null);
  });

  test("may have columns of any name, those of Object.prototype among them", () => {
    const odd = new MetaData().table("odd", {
      constructor: integer(),
      ["__proto__"]: text(),
      toString: text(),
      hasOwnProperty: text(),
    });
    const columns = odd.c as unknown as Record<string, Column>;
    for (const key of ["constructor", "__proto__", "toString", "hasOwnProperty"]) assert.equal(columns[key]?.key, key);
    assert.equal(
      sqlOf(odd.select()),
      'SELECT "odd"."constructor", "odd"."__proto__", "odd"."toString", "odd"."hasOwnProperty" FROM "odd"',
    );
    assert.equal(sqlOf(odd.insert(), { ["__proto__"]: "x" }), 'INSERT INTO "odd" ("__proto__") VALUES (?)');
    refused(/"valueOf", which is no column/, () => odd.insert().values({ valueOf: 1 } as never));
  });

  test("is refused without name or columns, with what is no definition, and twice under one name", () => {
    const metadata = new MetaData();
    refused(/name that is not empty/, () => metadata.table("", { id: integer() }));
    refused(/name that is not empty/, () => metadata.table(undefined as never, { id: integer() }));
    refused(/has no column/, () => metadata.table("a", {}));
    refused(/has no column/, () => metadata.table("a", null as never));
    for (const definition of [integer, "integer", undefined, null, { type: integer().type, facts: {} }]) {
      refused(/column "id" of the table "a" is no column definition/, () =>
        metadata.table("a", { id: definition as never }),
      );
    }
    metadata.table("a", { id: integer() });
    refused(/"a" is declared twice/, () => metadata.table("a", { id: integer() }));
    refused(/SQL name "x"/, () => metadata.table("b", { a: integer().named("x"), x: integer() }));
    assert.deepEqual([...metadata.tables.keys()], ["a"]);
  });

  test("knows which key the server counts up", () => {
    const metadata = new MetaData();
    const generated = (table: object): boolean[] =>
      (table as Table)[NODE].columns.map((column) => column.defaults?.generated === true);
    let count = 0;
    const of = (definition: ReturnType<typeof integer> | object): boolean =>
      generated(metadata.table(`t${count++}`, { id: definition as ReturnType<typeof integer> }))[0] === true;
    assert.ok(of(integer().primaryKey()));
    assert.ok(of(bigInteger().primaryKey()));
    assert.ok(!of(integer()));
    assert.ok(!of(smallInteger().primaryKey()));
    assert.ok(!of(uuid().primaryKey()));
    assert.ok(!of(integer().primaryKey().references("t0.id")));
    assert.ok(!of(integer().references("t0.id").primaryKey()));
    assert.ok(!of(integer().default(1).primaryKey()));
    assert.ok(
      !of(
        integer()
          .primaryKey()
          .default(() => 1),
      ),
    );
    assert.ok(!of(typeDecorator(integer(), { toDriver: Number, fromDriver: String })().primaryKey()));
    assert.ok(
      !of(
        integer()
          .primaryKey()
          .serverDefault(sql.value<number>`1`),
      ),
    );
    const pair = metadata.table("pair", { a: integer(), b: integer() }, (c) => [primaryKey(c.a, c.b)]);
    assert.deepEqual(generated(pair), [false, false]);
    assert.deepEqual(
      pair[NODE].columns.map(({ primaryKey: part, nullable }) => [part, nullable]),
      [
        [true, false],
        [true, false],
      ],
    );
  });

  test("has one primary key", () => {
    const metadata = new MetaData();
    refused(/more than one primary key.*primaryKey\(c\.a, c\.b\)/, () =>
      metadata.table("a", { a: integer().primaryKey(), b: integer().primaryKey() }),
    );
    refused(/more than one primary key/, () =>
      metadata.table("a", { a: integer().primaryKey(), b: integer() }, (c) => [primaryKey(c.b)]),
    );
    refused(/more than one primary key/, () =>
      metadata.table("a", { a: integer(), b: integer() }, (c) => [primaryKey(c.a), primaryKey(c.b)]),
    );
  });

  test("takes constraints over its own columns only", () => {
    const metadata = new MetaData();
    const other = metadata.table("other", { id: integer().primaryKey(), b: integer() });
    const make = (elements: () => unknown): unknown => metadata.table("a", { a: integer() }, elements as never);
    refused(/column "id" of another table/, () => make(() => [primaryKey(other.c.id)]));
    refused(/column "id" of another table/, () => make(() => [unique(other.c.id)]));
    refused(/column "id" of another table/, () => make(() => [foreignKey([other.c.id], [other.c.id])]));
    refused(/made by primaryKey\(\), unique\(\), check\(\), foreignKey\(\) and index\(\)/, () =>
      make(() => ["UNIQUE (a)"]),
    );
    refused(/made by primaryKey/, () =>
      make(() => [{ kind: "check", name: null, condition: { kind: "fragment", parts: ["1"] } }]),
    );
    refused(/takes columns/, () => make(() => [unique()]));
    refused(/takes columns/, () => make(() => [unique("a" as never)]));
    refused(/takes columns/, () => make(() => [unique(undefined as never)]));
    refused(/takes a condition/, () => make(() => [check("a > 1" as never)]));
    refused(/name that is not empty/, () => make(() => [unique(other.c.id).named("")]));
    refused(/takes a name first/, () => make(() => [index("")]));
    refused(/at least one column/, () => make(() => [index("x")]));
    refused(/at least one column/, () => make(() => [index("x", { unique: true })]));
    refused(/undefined/, () => make(() => [index("x", undefined as never, other.c.b)]));
    refused(/index\(\)/, () => make(() => [index("x", "b" as never, other.c.b)]));
    refused(/where.*undefined/, () => make(() => [index("x", other.c.b, { where: undefined as never })]));
  });

  test("has indexes of different names: the second of a name would never be made", () => {
    const metadata = new MetaData();
    metadata.table("a", { x: integer() }, (c) => [index("by_x", c.x)]);
    refused(/index "by_x".*another/, () => metadata.table("b", { x: integer() }, (c) => [index("by_x", c.x)]));
    refused(/index "i".*another/, () =>
      metadata.table("b", { x: integer() }, (c) => [index("i", c.x), index("i", c.x.desc())]),
    );
    assert.doesNotThrow(() => metadata.table("b", { x: integer() }, (c) => [index("i", c.x)]));
  });

  test("keeps words of its own out of the SQL of references", () => {
    const injected = "cascade; DROP TABLE users" as never;
    refused(/onDelete is one of: cascade, set null/, () =>
      new MetaData().table("a", { b: integer().references("c.id", { onDelete: injected }) }),
    );
    refused(/onUpdate is one of/, () =>
      new MetaData().table("a", { b: integer().references("c.id", { onUpdate: injected }) }),
    );
    refused(/deferrable is one of: immediate, deferred/, () =>
      new MetaData().table("a", { b: integer().references("c.id", { deferrable: injected }) }),
    );
  });
});

describe("a definition", () => {
  test("never changes: each method gives a new one", () => {
    const base = integer();
    base.notNull().unique().index().named("x").default(1).primaryKey();
    const made = new MetaData().table("a", { base });
    assert.equal(sqlOf(createTable(made as never)), 'CREATE TABLE "a" ("base" INTEGER)');
  });

  test("serves several tables", () => {
    const id = integer().primaryKey();
    const metadata = new MetaData();
    const a = metadata.table("a", { id });
    const b = metadata.table("b", { id });
    assert.notEqual(a.c.id[NODE], b.c.id[NODE]);
  });

  test("refuses defaults that are none, and a reference to what is not there yet", () => {
    for (const value of [undefined, null]) {
      refused(/default\(\) takes a value/, () => text().default(value as never));
      refused(/onUpdate\(\) takes a value/, () => text().onUpdate(value as never));
    }
    refused(/takes SQL/, () => text().serverDefault("x" as never));
    refused(/not declared yet.*"table\.column"/, () => integer().references(undefined as never));
    refused(/not empty/, () => text().named(""));
  });
});

describe("a reference", () => {
  test("is a column, a function, or a name that is looked up when it is needed", () => {
    const metadata = new MetaData();
    const users = metadata.table("users", { id: integer().primaryKey(), email: string(50).named("e_mail").unique() });
    const later = metadata.table("later", {
      a: integer().references(users.c.id),
      b: integer().references((): Column => users.c.id),
      c: integer().references("soon.id"),
      d: string(50).references("users.email"),
      e: string(50).references("users.e_mail"),
    });
    refused(/"soon\.id" leads nowhere/, () => sqlOf(createTable(later as never)));
    metadata.table("soon", { id: integer().primaryKey() });
    assert.match(
      sqlOf(createTable(later as never)),
      /\("a"\) REFERENCES "users" \("id"\), .*\("b"\) REFERENCES "users" \("id"\), .*\("c"\) REFERENCES "soon" \("id"\), .*REFERENCES "users" \("e_mail"\), .*REFERENCES "users" \("e_mail"\)/,
    );
  });

  test("that leads nowhere says how it is written", () => {
    for (const target of [
      "users",
      "users.",
      "users.nothing",
      "users.constructor",
      "nothing.id",
      "x.users.id",
      ".id",
      ".",
      "",
    ]) {
      const metadata = new MetaData();
      metadata.table("users", { id: integer().primaryKey() });
      const table = metadata.table("a", { b: integer().references(target) });
      refused(/leads nowhere.*"table\.column"/, () => sqlOf(createTable(table as never)));
    }
    const wrong = new MetaData().table("a", { b: integer().references((() => "users.id") as never) });
    refused(/does not lead to a column/, () => sqlOf(createTable(wrong as never)));
  });

  test("of a schema finds its tables with and without the schema's name", () => {
    const metadata = new MetaData({ schema: "s" });
    metadata.table("users", { id: integer().primaryKey() });
    const a = metadata.table("a", { b: integer().references("users.id"), c: integer().references("s.users.id") });
    assert.doesNotThrow(() => sqlOf(createTable(a as never)));
    assert.deepEqual([...metadata.tables.keys()], ["s.users", "s.a"]);
  });

  test("of several columns has as many on both sides", () => {
    const metadata = new MetaData();
    const pairs = metadata.table("pairs", { a: integer(), b: integer() }, (c) => [primaryKey(c.a, c.b)]);
    const half = metadata.table("half", { a: integer() }, (c) => [foreignKey([c.a], [pairs.c.a, pairs.c.b])]);
    refused(/1 columns, but refers to 2/, () => sqlOf(createTable(half as never)));
    const whole = metadata.table("whole", { x: integer(), y: integer() }, (c) => [
      foreignKey([c.x, c.y], () => [pairs.c.a, pairs.c.b]),
    ]);
    assert.match(sqlOf(createTable(whole as never)), /FOREIGN KEY \("x", "y"\) REFERENCES "pairs" \("a", "b"\)/);
  });
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import {
  bigInteger,
  boolean,
  check,
  createIndexes,
  createTable,
  enumeration,
  foreignKey,
  index,
  integer,
  MetaData,
  now,
  primaryKey,
  smallInteger,
  string,
  text,
  typeDecorator,
  unique,
  UnsupportedError,
  UsageError,
  uuid,
} from "../../../src/index.js";
import type { ColumnDefinition } from "../../../src/schema/definition.js";
import { isGenerated } from "../../../src/schema/definition.js";
import { NODE } from "../../../src/ast/node.js";
import { thrown } from "../../suite/assertions.js";
import { sqlOf } from "../../support/compile.js";

describe("a column definition", () => {
  test("is counted up by the server while it is a whole number, the primary key, and nothing else gives its value", () => {
    const counted: readonly ColumnDefinition[] = [
      integer().primaryKey(),
      bigInteger().primaryKey(),
      bigInteger({ as: "number" }).notNull().primaryKey().named("key"),
    ];
    const given: readonly ColumnDefinition[] = [
      integer(),
      integer().notNull().unique(),
      smallInteger().primaryKey(),
      uuid().primaryKey(),
      integer().primaryKey().default(1),
      integer()
        .primaryKey()
        .default(() => 1),
      integer().default(1).primaryKey(),
      integer()
        .primaryKey()
        .serverDefault(now() as never),
      integer().primaryKey().references("t.id"),
      integer().references("t.id").primaryKey(),
      typeDecorator(integer(), { toDriver: Number, fromDriver: String })().primaryKey(),
    ];
    assert.deepEqual(
      counted.map(isGenerated),
      counted.map(() => true),
    );
    assert.deepEqual(
      given.map(isGenerated),
      given.map(() => false),
    );
  });

  test("never changes: each method gives another, and one may serve several columns", () => {
    const base = string(20);
    const before = { ...base.facts };
    const made = [
      base.notNull(),
      base.primaryKey(),
      base.unique(),
      base.index(),
      base.default("x"),
      base.serverDefault(now() as never),
      base.onUpdate("y"),
      base.named("z"),
      base.references("t.id"),
    ];
    for (const each of made) {
      assert.notEqual(each, base);
      assert.notDeepEqual(each.facts, before);
    }
    assert.deepEqual(base.facts, before);
    const table = new MetaData().table("t", { a: base.notNull(), b: base.notNull() });
    assert.equal(sqlOf(createTable(table)), 'CREATE TABLE "t" ("a" VARCHAR(20) NOT NULL, "b" VARCHAR(20) NOT NULL)');
  });

  test("refuses what it cannot be", () => {
    const nothing = undefined as never;
    const refused: readonly (readonly [() => unknown, RegExp])[] = [
      [() => integer().references(nothing), /not declared yet.*"table\.column"/],
      [() => integer().default(nothing), /takes a value, a function or SQL/],
      [() => integer().default(null as never), /NULL without any/],
      [() => integer().onUpdate(nothing), /\.onUpdate\(\) takes/],
      [() => integer().serverDefault(5 as never), /\.default\(\) takes values/],
      [() => integer().serverDefault(nothing), /takes SQL/],
      [() => integer().named(""), /not empty/],
      [() => integer().named(nothing), /not empty/],
      [() => enumeration(...([] as never as [string])), /at least one/],
      [() => enumeration("a", "a"), /twice/],
      [() => typeDecorator(nothing, { toDriver: String, fromDriver: String }), /takes a column type first/],
      [() => typeDecorator(integer(), { toDriver: Number } as never), /both functions/],
    ];
    for (const [declare, message] of refused) thrown(declare, UsageError, message);
  });
});

describe("a table", () => {
  test("has its columns under c, by key, in order, and nothing else there", () => {
    const definitions = JSON.parse('{"constructor": 1, "__proto__": 2, "toString": 3, "id": 4}') as Record<
      string,
      unknown
    >;
    for (const key of Object.keys(definitions)) {
      Object.defineProperty(definitions, key, { value: integer(), enumerable: true });
    }
    const odd = new MetaData().table("odd", definitions as { id: ReturnType<typeof integer> });
    assert.deepEqual(Object.keys(odd.c), ["constructor", "__proto__", "toString", "id"]);
    const plain = new MetaData().table("plain", { id: integer() });
    const columns: Readonly<Record<string, unknown>> = plain.c;
    for (const name of ["constructor", "__proto__", "toString", "hasOwnProperty", "nosuch"])
      assert.equal(columns[name], undefined, name);
    assert.equal((plain.as("p").c as Readonly<Record<string, unknown>>)["constructor"], undefined);
    assert.equal((plain.select().subquery("s").c as Readonly<Record<string, unknown>>)["constructor"], undefined);
  });

  test("is declared once, with columns, under a name", () => {
    const metadata = new MetaData();
    const columns = { id: integer() };
    metadata.table("taken", columns);
    const refused: readonly (readonly [() => unknown, RegExp])[] = [
      [() => metadata.table("taken", columns), /"taken" is declared twice/],
      [() => metadata.table("", columns), /not empty/],
      [() => metadata.table(undefined as never, columns), /not empty/],
      [() => metadata.table("t", {}), /has no column/],
      [() => metadata.table("t", null as never), /has no column/],
      [() => metadata.table("t", { id: undefined as never }), /column "id".*no column definition/],
      [() => metadata.table("t", { id: "integer" as never }), /column "id"/],
      [() => metadata.table("t", { id: integer as never }), /column "id"/],
      [
        () => metadata.table("t", { id: JSON.parse('{"type": {"kind": "integer"}, "facts": {}}') as never }),
        /column "id"/,
      ],
    ];
    for (const [declare, message] of refused) thrown(declare, UsageError, message);
    assert.deepEqual([...metadata.tables.keys()], ["taken"]);
    new MetaData().table("taken", columns);
  });

  test("has one primary key", () => {
    const metadata = new MetaData();
    const columns = { a: integer(), b: integer() };
    const two = { a: integer().primaryKey(), b: integer().primaryKey() };
    const one = { a: integer().primaryKey(), b: integer() };
    const refused: readonly (() => unknown)[] = [
      () => metadata.table("t", two),
      () => metadata.table("t", one, (c) => [primaryKey(c.b)]),
      () => metadata.table("t", one, (c) => [primaryKey(c.a)]),
      () => metadata.table("t", columns, (c) => [primaryKey(c.a), primaryKey(c.b)]),
    ];
    for (const declare of refused) thrown(declare, UsageError, /more than one primary key.*primaryKey\(c\.a, c\.b\)/);
  });

  test("makes the columns of a key that is named among its constraints NOT NULL, and counts none of them", () => {
    const table = new MetaData().table("t", { a: integer(), b: integer(), c: integer() }, (c) => [
      primaryKey(c.b, c.a),
    ]);
    assert.deepEqual(
      table[NODE].columns.map(({ key, nullable, primaryKey: isKey }) => [key, nullable, isKey]),
      [
        ["a", false, true],
        ["b", false, true],
        ["c", true, false],
      ],
    );
    assert.ok(table[NODE].columns.every(({ defaults }) => defaults?.generated === false));
  });

  test("refuses constraints over other things than its own columns", () => {
    const metadata = new MetaData();
    const other = metadata.table("other", { id: integer() });
    const columns = { id: integer(), flag: boolean() };
    const refused: readonly (readonly [() => unknown, RegExp])[] = [
      [() => metadata.table("t", columns, () => [unique(other.c.id)]), /"t" names the column "id" of another table/],
      [() => metadata.table("t", columns, () => [primaryKey(other.c.id)]), /of another table/],
      [() => metadata.table("t", columns, (c) => [foreignKey([other.c.id], [c.id])]), /of another table/],
      [() => metadata.table("t", columns, () => [unique()]), /takes columns/],
      [() => metadata.table("t", columns, () => [primaryKey()]), /takes columns/],
      [() => metadata.table("t", columns, (c) => [unique((c as never)["nosuch"])]), /takes columns/],
      [() => metadata.table("t", columns, (c) => [unique("id" as never, c.id)]), /takes columns/],
      [() => metadata.table("t", columns, (c) => [unique(c.id.plus(1) as never)]), /takes columns/],
      [() => metadata.table("t", columns, () => [check(undefined as never)]), /undefined/],
      [() => metadata.table("t", columns, () => [check("id > 0" as never)]), /takes a condition/],
      [() => metadata.table("t", columns, () => [index("i")]), /at least one column/],
      [() => metadata.table("t", columns, () => [index("i", { unique: true })]), /at least one column/],
      [() => metadata.table("t", columns, (c) => [index("", c.id)]), /a name first/],
      [() => metadata.table("t", columns, (c) => [index(c.id as never)]), /a name first/],
      [() => metadata.table("t", columns, (c) => [index("i", undefined as never, c.id)]), /undefined/],
      [() => metadata.table("t", columns, (c) => [index("i", c.id, { where: undefined } as never)]), /undefined/],
      [() => metadata.table("t", columns, (c) => [index("i", "id" as never, c.id)]), /index\(\)/],
      [() => metadata.table("t", columns, (c) => [unique(c.id).named("")]), /not empty/],
      [() => metadata.table("t", columns, () => ["UNIQUE (id)" as never]), /made by primaryKey\(\)/],
      [
        () => metadata.table("t", columns, () => [{ declared: { kind: "unique", columns: [] } } as never]),
        /made by primaryKey\(\)/,
      ],
      [
        () =>
          integer().references("t.id", { onDelete: "cascade; DROP TABLE t" as never }) &&
          metadata.table("t", { id: integer().references("t.id", { onDelete: "cascade; DROP TABLE t" as never }) }),
        /onDelete is one of: cascade/,
      ],
      [
        () => metadata.table("t", { id: integer().references("t.id", { onUpdate: "explode" as never }) }),
        /onUpdate is one of/,
      ],
      [
        () => metadata.table("t", { id: integer().references("t.id", { deferrable: true as never }) }),
        /deferrable is one of: immediate, deferred/,
      ],
    ];
    for (const [declare, message] of refused) thrown(declare, UsageError, message);
    assert.deepEqual([...metadata.tables.keys()], ["other"]);
  });

  test("refuses an index that the database would not take, before it is sent", () => {
    const metadata = new MetaData();
    const other = metadata.table("other", { id: integer() });
    const nulls = metadata.table("nulls", { a: text() }, (c) => [index("i", c.a.desc().nullsLast())]);
    thrown(
      () => createIndexes(nulls).map((each) => sqlOf(each)),
      UnsupportedError,
      /sqlite has no NULLS LAST in an index/,
    );
    const foreign = metadata.table("foreign", { a: text() }, () => [index("i", other.c.id)]);
    thrown(() => createIndexes(foreign).map((each) => sqlOf(each)), UsageError, /"other"/);
  });
});

import assert from "node:assert/strict";
import {
  bigInteger,
  binary,
  boolean,
  count,
  type Database,
  date,
  dateTime,
  double,
  enumeration,
  float,
  integer,
  InvalidValueError,
  json,
  literal,
  MetaData,
  nullValue,
  numeric,
  param,
  select,
  smallInteger,
  sql,
  string,
  text,
  time,
  UsageError,
  uuid,
} from "../../src/index.js";
import { failure, thrown } from "./assertions.js";
import { published } from "./published.js";
import { type Declare, suite } from "./target.js";

const LONE_SURROGATE = "half \ud800 pair";

export const badInput: Declare = suite("bad input", ({ test, named, tables, beforeEach }) => {
  const metadata = new MetaData();
  const values = metadata.table(named("all_types"), {
    id: integer().primaryKey(),
    integer: integer(),
    smallInteger: smallInteger(),
    bigInteger: bigInteger(),
    bigIntegerAsNumber: bigInteger({ as: "number" }),
    numeric: numeric(5, 2),
    double: double(),
    float: float(),
    string: string(5),
    text: text(),
    boolean: boolean(),
    date: date(),
    time: time(),
    dateTime: dateTime(),
    dateTimeAsString: dateTime({ as: "string" }),
    json: json(),
    uuid: uuid(),
    binary: binary(),
    enumeration: enumeration("draft", "sent"),
  });
  const total = select(count()).from(values);
  tables(metadata);
  beforeEach(async ({ database }) => void (await database.execute(values.delete().all())));

  /** Asserts an error of ours before anything was sent: neither a statement nor a transaction. */
  async function refused(database: Database, call: () => PromiseLike<unknown>, message: RegExp): Promise<void> {
    const sent = await published("databases:query", async () => {
      const error = await failure(Promise.resolve().then(call), UsageError, message);
      assert.equal(error.outcome, "not-executed");
    });
    assert.deepEqual(sent, []);
    assert.equal(await database.fetchVal(total), 0, "nothing was written");
  }

  /** For each column values that it does not take, written and compared, and those that it takes only to compare. */
  const wrong: Readonly<
    Record<Exclude<keyof (typeof values)["c"], "id">, { any: readonly unknown[]; written?: readonly unknown[] }>
  > = {
    integer: {
      any: ["1", 1.5, NaN, Infinity, true, {}, [], new Date(), 2n ** 64n],
      written: [2 ** 31, -(2 ** 31) - 1],
    },
    smallInteger: { any: ["1", 0.5], written: [32_768, -32_769] },
    bigInteger: { any: ["1", 1.5, 2 ** 53, 2n ** 63n, -(2n ** 63n) - 1n, true] },
    bigIntegerAsNumber: { any: [2 ** 53, 2n ** 53n, "1"] },
    numeric: {
      any: ["one", "", "1,5", 1.5, NaN, true, "NaN", "Infinity", "0x10"],
      written: ["1000.00", "0.001", 1_000],
    },
    double: { any: ["1", NaN, Infinity, -Infinity, 1n, true, null as never, {}].filter((value) => value !== null) },
    float: { any: [1e39, "1", NaN] },
    string: { any: [1, true, {}, "a\0b", LONE_SURROGATE, new String("x")], written: ["123456", "😀😀😀😀😀😀"] },
    text: { any: [1, "a\0b", LONE_SURROGATE, "\udc00", Symbol("x"), () => "x"] },
    boolean: { any: [0, 1, "true", "t", {}] },
    date: { any: ["2024-02-30", "2024-2-3", "0000-01-01", "10000-01-01", "2024-01-01T00:00:00Z", new Date(), 0, ""] },
    time: { any: ["24:00:00", "12:60:00", "12:00", "12:00:60", "12:00:00.1234567", "noon", 12] },
    dateTime: { any: [new Date(NaN), "2024-01-01", 0, new Date(-62_135_596_800_001), new Date(253_402_300_800_000)] },
    dateTimeAsString: {
      any: ["2024-01-01", "2024-01-01 00:00:00Z", "2024-13-01 00:00:00", "2024-01-01 00:00:00.1234567", new Date()],
    },
    json: {
      any: [
        NaN,
        new Map(),
        () => 1,
        Symbol("x"),
        1n,
        { deep: [undefined] },
        { at: new Date(NaN) },
        "a\0b",
        { key: LONE_SURROGATE },
      ],
    },
    uuid: { any: ["6fa459ea-ee8a-3ca4-894e-db77e160355", "6fa459eaee8a3ca4894edb77e160355e", "not one", 5] },
    binary: { any: ["text", [1, 2], new ArrayBuffer(2), new Uint16Array(2), {}] },
    enumeration: { any: ["Draft", "lost", "", 0, "__proto__", "constructor"] },
  };

  for (const [key, { any, written = [] }] of Object.entries(wrong)) {
    // Its values are none of any column's.
    const column = values.c[key as "string"];

    test(`a wrong value for ${key} is refused before anything is sent`, async ({ database }) => {
      for (const value of [...any, ...written]) {
        const row = { [key]: value } as never;
        await refused(database, () => database.execute(values.insert(), row), new RegExp(`"${key}"`));
        await refused(database, () => database.execute(values.insert().values(row)), /./);
        await refused(database, () => database.execute(values.update().all(), row), new RegExp(`"${key}"`));
        await refused(database, () => database.executeMany(values.insert(), [row, {}]), new RegExp(`"${key}"`));
      }
      for (const value of any) {
        const given = { x: value } as never;
        await refused(database, () => database.fetchAll(values.select().where(column.eq(param("x"))), given), /"x"/);
        await refused(database, () => database.fetchAll(values.select().where(column.eq(value as string))), /./);
        await refused(database, () => database.fetchAll(values.select().where(column.in([value as string]))), /./);
      }
    });
  }

  test("one bad row among a thousand leaves none of them", async ({ database }) => {
    const rows = Array.from({ length: 1_000 }, (_, index) => ({ integer: index, string: "fine" }));
    for (const bad of [
      { string: "a\0b" },
      { integer: "700" },
      { string: undefined },
      { extra: 1 },
      { string: LONE_SURROGATE },
    ]) {
      const spoiled = rows.with(700, { ...rows[700], ...bad } as never);
      const error = await failure(database.executeMany(values.insert(), spoiled), UsageError);
      assert.match(error.message, /[Rr]ow 700|"extra"/);
      assert.equal(await database.fetchVal(total), 0);
    }
    await database.transaction(async () => {
      await database.execute(values.insert(), { integer: 1 });
      await failure(
        database.executeMany(values.insert(), rows.with(700, { string: "a\0b" } as never)),
        InvalidValueError,
      );
    });
    assert.equal(await database.fetchVal(total), 1);
    await database.execute(values.delete().all());
  });

  test("a list of rows is a list of objects", async ({ database }) => {
    for (const rows of [null, {}, "rows", [1], [null], [[1]], [{}, undefined]]) {
      await refused(
        database,
        () => database.executeMany(values.insert(), rows as never),
        /array of objects|objects by name/,
      );
    }
  });

  test("undefined is refused everywhere", async ({ database }) => {
    const { integer: n, string: s } = values.c;
    const nothing = undefined as never;
    const builds: readonly (() => unknown)[] = [
      () => n.eq(nothing),
      () => n.ne(nothing),
      () => n.lt(nothing),
      () => n.gte(nothing),
      () => n.between(1, nothing),
      () => n.in(nothing),
      () => n.in([1, nothing]),
      () => n.notIn([nothing]),
      () => n.is(nothing),
      () => n.isDistinctFrom(nothing),
      () => n.plus(nothing),
      () => s.like(nothing),
      () => s.contains(nothing),
      () => s.concat(nothing),
      () => literal(nothing),
      () => select(nothing),
      () => select({ n, nothing }),
      () => values.select().where(nothing),
      () => values.select().where(n.eq(1), nothing),
      () => values.select().orderBy(nothing),
      () => select(n).from(nothing),
      () => values.select().join(nothing),
      () => values.update().where(nothing),
      () => values.update().set({ integer: nothing }),
      () => values.delete().where(nothing),
      () => values.insert().values({ integer: nothing }),
      () => sql`SELECT ${undefined}`,
      () => sql.join([nothing]),
    ];
    for (const build of builds) thrown(build, UsageError, /undefined/);
    await refused(database, () => database.execute(values.insert(), { integer: nothing }), /undefined/);
    await refused(database, () => database.execute(values.update().all(), { integer: nothing }), /undefined/);
    await refused(
      database,
      () => database.executeMany(values.insert(), [{ integer: 1 }, { integer: nothing }]),
      /undefined/,
    );
    await refused(database, () => database.fetchAll("SELECT :x", { x: undefined }), /undefined/);
    await refused(
      database,
      () => database.fetchAll(values.select().where(n.eq(param("x"))), { x: nothing }),
      /undefined/,
    );
  });

  test("a column that is none is refused, with those that there are", async ({ database }) => {
    const extra = { integer: 1, nosuch: 2 } as never;
    await refused(database, () => database.execute(values.insert(), extra), /"nosuch"/);
    await refused(database, () => database.execute(values.update().all(), extra), /"nosuch"/);
    await refused(database, () => database.executeMany(values.insert(), [extra, { integer: 1 }]), /"nosuch"/);
    thrown(() => values.insert().values(extra), UsageError, /"nosuch".*integer/);
    thrown(() => values.update().set(extra), UsageError, /"nosuch"/);
    assert.equal((values.c as Record<string, unknown>)["nosuch"], undefined);
    thrown(
      () => values.select().where((values.c as never as Record<string, typeof values.c.id>)["nosuch"] as never),
      UsageError,
      /undefined/,
    );
    await refused(
      database,
      () => database.execute(values.insert(), JSON.parse('{"__proto__": 1}') as never),
      /__proto__/,
    );
    await refused(database, () => database.execute(values.insert(), { constructor: 1 } as never), /constructor/);
  });

  test("values are given once, in the builder or with the call", async ({ database }) => {
    const insert = values.insert().values({ integer: 1 });
    await refused(database, () => database.execute(insert, { string: "x" } as never), /"string"/);
    await refused(
      database,
      () => database.execute(values.update().all().set({ integer: 1 }), { string: "x" } as never),
      /"string"/,
    );
    thrown(() => insert.values({ integer: 2 } as never), UsageError);
    thrown(
      () =>
        values
          .update()
          .set({ integer: 1 })
          .set({ integer: 2 } as never),
      UsageError,
    );
    thrown(() => values.insert().values([]), UsageError);
  });

  test("an update that sets nothing, and one without a condition, are refused", async ({ database }) => {
    await refused(database, () => database.execute(values.update().all(), {}), /sets nothing/);
    await refused(database, () => database.execute(values.update().all(), null as never), /sets nothing/);
    thrown(() => values.update().set({}), UsageError, /nothing/);
    await refused(database, () => database.execute(values.update(), { integer: 1 }), /where.*all/);
    await refused(database, () => database.execute(values.delete()), /where.*all/);
  });

  test("NULL has no order, and a bare value is no condition", () => {
    const { integer: n } = values.c;
    thrown(() => n.lt(null as never), UsageError, /NULL/);
    thrown(() => n.gte(null as never), UsageError, /NULL/);
    for (const condition of [true, false, null, 1, "id = 1", {}, []]) {
      thrown(() => values.select().where(condition as never), UsageError, /condition/);
    }
    assert.ok(n.eq(nullValue()));
    thrown(() => n.is(5 as never), UsageError);
    thrown(() => n.in(5 as never), UsageError);
    thrown(() => values.select().limit(undefined as never), UsageError);
    thrown(() => values.select().limit(-1), UsageError);
    thrown(() => values.select().limit(1.5), UsageError);
    thrown(() => values.select().limit("1; DROP TABLE x" as never), UsageError);
    return Promise.resolve();
  });

  test("what is no query is refused", async ({ database }) => {
    for (const query of [
      null,
      undefined,
      5,
      {},
      [],
      { sql: "SELECT 1" },
      { sql: 5, parameters: [] },
      values,
      values.c.id,
      new Date(),
    ]) {
      await refused(database, () => database.fetchAll(query as never), /no query/);
    }
    await refused(database, () => database.execute(values.insert(), [1] as never), /object/);
    await refused(database, () => database.execute(values.insert(), "row" as never), /object/);
    // These have no keys, and would pass for a row of defaults.
    for (const value of [new Map([["integer", 1]]), new Date(), Promise.resolve({ integer: 1 })]) {
      await refused(database, () => database.execute(values.insert(), value as never), /object/);
      await refused(database, () => database.executeMany(values.insert(), [value as never]), /object/);
      await refused(database, () => database.execute(values.insert().values(value as never)), /object/);
    }
  });

  test("NULL in a list, and a negative or missing limit, are refused", async ({ database }) => {
    await refused(
      database,
      () => database.fetchAll(values.select().where(values.c.integer.notIn([1, null as never]))),
      /null/,
    );
    const listed = values.select().where(values.c.integer.in(param("list")));
    await refused(database, () => database.fetchAll(listed, { list: [1, null as never] }), /null/);
    await refused(database, () => database.fetchAll(values.select().limit(-1)), /zero or more/);
    await refused(database, () => database.fetchAll(values.select().limit(param("n")), { n: -1 }), /zero or more/);
  });

  test("a NUL in a name or a text is refused", async ({ database }) => {
    await refused(database, () => database.fetchAll(sql`SELECT ${sql.identifier("a\0b")}`), /NUL/);
    await refused(database, () => database.fetchAll("SELECT :x", { x: "a\0b" }), /NUL/);
    await refused(database, () => database.fetchAll(sql`SELECT ${"a\0b"}`), /NUL/);
    await refused(database, () => database.fetchAll({ sql: "SELECT ?", parameters: ["a\0b"] }), /NUL/);
    await refused(database, () => database.fetchAll("SELECT :x", { x: LONE_SURROGATE }), /surrogate/);
    await refused(database, () => database.fetchAll("SELECT :x", { x: {} }), /"x"/);
    await refused(database, () => database.fetchAll("SELECT :x", { x: [1] }), /"x"/);
  });
});

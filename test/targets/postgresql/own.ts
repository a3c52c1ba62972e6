import assert from "node:assert/strict";
import {
  bigInteger,
  binary,
  boolean,
  cast,
  count,
  type Database,
  date,
  dateTime,
  double,
  greatest,
  integer,
  json,
  least,
  length,
  list,
  literal,
  lower,
  max,
  MetaData,
  min,
  numeric,
  param,
  round,
  rowNumber,
  select,
  sign,
  smallInteger,
  sql,
  sqrt,
  string,
  sum,
  text,
  time,
  UnsupportedError,
  UsageError,
  uuid,
} from "../../../src/index.js";
import type { Operand } from "../../../src/sql/operand.js";
import type { OrderElement } from "../../../src/sql/order.js";
import { failure } from "../../suite/assertions.js";
import { type Declare, suite } from "../../suite/target.js";

/** What PostgreSQL does otherwise than other databases, and what it must not do otherwise. */
export const own: Declare = suite("PostgreSQL's own", ({ test, named, tables, before }) => {
  const metadata = new MetaData();
  const items = metadata.table(named("items"), {
    id: integer().primaryKey(),
    small: smallInteger(),
    n: integer().index(),
    big: bigInteger(),
    ratio: double(),
    price: numeric(10, 2),
    flag: boolean(),
    word: string(20),
    code: uuid(),
    bytes: binary(),
    day: date(),
    clock: time(),
    at: dateTime(),
    moment: dateTime({ timezone: true, as: "string" }),
    data: json<unknown>(),
  });
  tables(metadata);
  const { id, n, big, ratio, price, flag, word, code, bytes, day, at, data } = items.c;
  const [lowCode, highCode] = ["0fa459ea-ee8a-3ca4-894e-db77e160355e", "a0000000-0000-4000-8000-000000000000"];
  before(async ({ database }) => {
    await database.execute(items.insert(), {
      id: 1,
      small: 1,
      n: 2,
      big: 3n,
      ratio: 2.5,
      price: "1.50",
      flag: true,
      word: "a\\b",
      code: highCode,
      bytes: new Uint8Array([255, 0]),
      day: "2024-02-29",
      clock: "12:30:00",
      at: new Date("2024-12-31T23:59:58.987Z"),
      moment: "2024-12-31T23:59:58.987654Z",
      data: { a: 1 },
    });
    await database.execute(items.insert(), { id: 2, n: 5, flag: false, code: lowCode, bytes: new Uint8Array([1]) });
    await database.execute(items.insert(), { id: 3 });
  });

  async function ids(database: Database, ...where: readonly Operand<boolean | null, never>[]) {
    const rows = await database.fetchAll(
      select(id)
        .where(...where)
        .orderBy(id),
    );
    return rows.map((row) => row.id);
  }

  test("each connection has the session that we want", async ({ database }) => {
    await database.connection(async (connection) => {
      const settings = {
        TimeZone: "UTC",
        DateStyle: "ISO, MDY",
        IntervalStyle: "iso_8601",
        bytea_output: "hex",
        client_encoding: "UTF8",
        standard_conforming_strings: "on",
      };
      for (const [name, value] of Object.entries(settings)) {
        assert.equal(await connection.fetchVal(`SHOW ${name}`), value);
      }
    });
  });

  test("NULL comes before all values where nothing else is said, as on other databases", async ({ database }) => {
    const order = async (...terms: readonly (OrderElement<never> | Operand<unknown, never>)[]) =>
      (await database.fetchAll(select(id).orderBy(...terms))).map((row) => row.id);
    assert.deepEqual(await order(n), [3, 1, 2]);
    assert.deepEqual(await order(n.desc()), [2, 1, 3]);
    assert.deepEqual(await order(n.times(-1)), [3, 2, 1]);
    const numbered = select(id, rowNumber().over({ orderBy: [n] })).orderBy(id);
    assert.deepEqual(await database.fetchAll(numbered, null, { rows: "array" }), [
      [1, 2],
      [2, 3],
      [3, 1],
    ]);
    const other = items.as("other");
    const joined = select(other.c.id)
      .from(items)
      .leftJoin(other, other.c.id.eq(id.plus(2)))
      .orderBy(other.c.id, id);
    assert.deepEqual(await database.fetchAll(joined, null, { rows: "array" }), [[null], [null], [3]]);
  });

  test("the index of a column has the order of ORDER BY", async ({ database }) => {
    await database.transaction(async (transaction) => {
      await transaction.execute("SET LOCAL enable_sort = off");
      for (const term of ["ASC NULLS FIRST", "DESC NULLS LAST"]) {
        const plan = await transaction.fetchAll(`EXPLAIN SELECT n FROM ${named("items")} ORDER BY n ${term}`);
        assert.match(JSON.stringify(plan), /Index (Only )?Scan/);
      }
    });
  });

  test("what GROUP BY and ORDER BY share with the selection may hold values", async ({ database }) => {
    const rest = id.mod(2);
    const query = select({ rest, total: count() }).groupBy(rest).orderBy(rest).from(items);
    assert.deepEqual(await database.fetchAll(query), [
      { rest: 0, total: 1 },
      { rest: 1, total: 2 },
    ]);
    const labelled = id.plus(1).as("next");
    const distinct = select(labelled).distinct().orderBy(labelled.desc());
    assert.deepEqual(await database.fetchAll(distinct, null, { rows: "array" }), [[4], [3], [2]]);
    const unlabelled = id.times(2);
    const twice = select({ unlabelled }).distinct().orderBy(unlabelled.desc());
    assert.deepEqual(await database.fetchAll(twice, null, { rows: "array" }), [[6], [4], [2]]);
  });

  test("a number beyond the column's range is not equal, and no error", async ({ database }) => {
    assert.deepEqual(await ids(database, items.c.small.lt(100_000)), [1]);
    assert.deepEqual(await ids(database, n.eq(3_000_000_000)), []);
    assert.deepEqual(await ids(database, n.in([2, 3_000_000_000])), [1]);
    assert.deepEqual(await ids(database, n.between(0, 3_000_000_000)), [1, 2]);
    const byParameter = select(id).where(n.lt(param("most")));
    assert.equal((await database.fetchAll(byParameter, { most: 3_000_000_000 })).length, 2);
    assert.equal(await database.fetchVal(select(n.plus(3_000_000_000).as("x")).where(id.eq(1))), 3_000_000_002);
    assert.equal(await database.fetchVal(select(n.times(param("x")).as("x")).where(id.eq(1)), { x: 2 ** 40 }), 2 ** 41);
  });

  test("a list is one array, whatever its length", async ({ database }) => {
    const byIds = select(id)
      .where(id.in(param("ids")))
      .orderBy(id);
    for (const given of [[], [1], [1, 2], [3, 2, 1]]) {
      assert.deepEqual(
        (await database.fetchAll(byIds, { ids: given })).map((row) => row.id),
        given.toSorted(),
      );
    }
    assert.deepEqual(await ids(database, id.notIn([1])), [2, 3]);
    assert.deepEqual(await ids(database, word.in(["a\\b", '"', "NULL", "{}"])), [1]);
    assert.deepEqual(await ids(database, code.in([lowCode, highCode])), [1, 2]);
    assert.deepEqual(await ids(database, bytes.in([new Uint8Array([255, 0])])), [1]);
    assert.deepEqual(await ids(database, at.in([new Date("2024-12-31T23:59:58.987Z")])), [1]);
    assert.deepEqual(await ids(database, price.in(["1.5"])), [1]);
    assert.deepEqual(await ids(database, flag.in([false])), [2]);
    assert.deepEqual(await ids(database, data.in([{ a: 1 }])), [1]);
  });

  test("beside a column a value takes the type that the column has there", async ({ database }) => {
    const [mood, people] = [named("mood"), named("people")];
    await database.execute(`CREATE TYPE ${mood} AS ENUM ('sad', 'happy')`);
    await database.execute(`CREATE TABLE ${people} (id integer PRIMARY KEY, mood ${mood}, home inet, key uuid)`);
    const table = new MetaData().table(people, {
      id: integer().primaryKey(),
      mood: text(),
      home: string(50),
      key: text(),
    });
    await database.executeMany(table.insert(), [
      { id: 1, mood: "sad", home: "10.0.0.1", key: lowCode },
      { id: 2, mood: "happy", home: "::1", key: highCode },
    ]);
    await database.execute(table.update().where(table.c.mood.eq("sad")), { home: "10.0.0.2" });
    const found = select(table.c.id).where(table.c.mood.in(param("moods")), table.c.home.ne("::1"));
    assert.deepEqual(await database.fetchAll(found, { moods: ["sad", "happy"] }), [{ id: 1 }]);
    assert.deepEqual(await database.fetchAll(select(table.c.mood).where(table.c.key.eq(highCode))), [
      { mood: "happy" },
    ]);
    // In the order of the type.
    assert.deepEqual(await database.fetchAll(select(table.c.id).where(table.c.mood.gt("sad"))), [{ id: 2 }]);
    await database.execute(`DROP TABLE ${people}`);
  });

  test("a bare text in raw SQL is what its place asks for, a number is a number", async ({ database }) => {
    const document = JSON.stringify({ a: 1 });
    const at = "2024-12-31 23:59:58.987";
    const matching = sql`SELECT id FROM ${items} WHERE data = ${document} AND at = ${at} AND code = ${highCode} LIMIT ${1}`;
    assert.deepEqual(await database.fetchAll(matching), [{ id: 1 }]);
    assert.deepEqual(await database.fetchAll(sql`SELECT id FROM ${items} WHERE code IN ${list([lowCode])}`), [
      { id: 2 },
    ]);
    assert.deepEqual(await database.fetchOne(sql`SELECT ${7} AS n, ${true} AS flag, ${"x"} AS word`), {
      n: 7,
      flag: true,
      word: "x",
    });
    const texts = `SELECT id FROM ${named("items")} WHERE data = :document OR n = :n LIMIT :most`;
    assert.deepEqual(await database.fetchAll(texts, { document, n: 5, most: 1 }), [{ id: 1 }]);
  });

  test("an empty list in raw SQL is nothing, and its negation everything, for a column of any type", async ({
    database,
  }) => {
    for (const column of [id, code, data, flag, at]) {
      const none = sql`SELECT count(*) FROM ${items} WHERE ${column} IN ${list([])}`;
      assert.equal(await database.fetchVal(none), 0);
      const all = sql`SELECT count(*) FROM ${items} WHERE ${column} not in ${list([])}`;
      assert.equal(await database.fetchVal(all), 3);
    }
  });

  test("the least and the greatest are NULL where an argument is, and there are some of every type", async ({
    database,
  }) => {
    const rows = await database.fetchAll(
      select(
        greatest(n, 3).as("greatest"),
        least(n, id, literal(4)).as("least"),
        greatest(word, "z").as("word"),
      ).orderBy(id),
      null,
      { rows: "array" },
    );
    assert.deepEqual(rows, [
      [3, 1, "z"],
      [5, 2, null],
      [null, null, null],
    ]);
    const extremes = select({
      flags: min(flag),
      flag: max(flag),
      lowCode: min(code),
      highCode: max(code),
      lowBytes: min(bytes),
      highBytes: max(bytes).filter(id.lt(3)),
      window: max(code).over(),
    });
    assert.deepEqual(await database.fetchOne(extremes.from(items).groupBy(code).having(code.eq(highCode))), {
      flags: true,
      flag: true,
      lowCode: highCode,
      highCode,
      lowBytes: new Uint8Array([255, 0]),
      highBytes: new Uint8Array([255, 0]),
      window: highCode,
    });
    const all = select(min(flag).as("flag"), min(code).as("code"), max(bytes).as("bytes"));
    assert.deepEqual(await database.fetchOne(all), { flag: false, code: lowCode, bytes: new Uint8Array([255, 0]) });
  });

  test("sums of 64 bits divide as whole numbers, and are what they add also in a window", async ({ database }) => {
    assert.equal(await database.fetchVal(select(sum(big).intDiv(2n).as("half"))), 1n);
    assert.equal(await database.fetchVal(select(sum(big.plus(1n)).filter(big.gt(0n)).as("sum"))), 4n);
    const running = select(
      sum(n.plus(1))
        .over({ orderBy: [id] })
        .as("running"),
    ).orderBy(id);
    assert.deepEqual(await database.fetchAll(running, null, { rows: "array" }), [[3], [9], [9]]);
  });

  test("numbers are rounded away from zero, and functions give the type that they are given", async ({ database }) => {
    const values = [
      [round(literal(0.5)), 1],
      [round(literal(-2.5)), -3],
      [round(literal(2.675), 2), 2.68],
      [round(literal(1e20)), 1e20],
      [round(n), 2],
      [sign(ratio.neg()), -1],
      [sqrt(ratio.minus(4)), null],
      [sqrt(literal(2.25)), 1.5],
      [cast(literal(2.5), integer()), 3],
      [cast(literal(-0.5), bigInteger()), -1n],
      [cast(flag, text()), "1"],
      [cast(flag, double()), 1],
      [cast(n, boolean()), true],
      [cast(literal("abcdef"), string(3)), "abcdef"],
      [cast(at, text()), "2024-12-31 23:59:58.987"],
      [cast(literal("é"), binary()), new Uint8Array([0xc3, 0xa9])],
      [cast(literal(new Uint8Array([0xc3, 0xa9])), text()), "é"],
      [price.plus(ratio), "4"],
      [price.mod("0.4"), "0.30"],
    ] as const;
    for (const [index, [expression, expected]] of values.entries()) {
      const found = await database.fetchVal(select(expression.as("value")).from(items).where(id.eq(1)));
      assert.deepEqual(found, expected, `value ${index}`);
    }
    await failure(database.fetchAll(select(ratio.mod(2).as("rest"))), UnsupportedError, /numeric/);
  });

  test("text functions take whatever other databases keep as text", async ({ database }) => {
    const values = [
      [lower(code), highCode],
      [length(day), 10],
      [code.concat("!"), `${highCode}!`],
      [literal("x").concat(literal("y")), "xy"],
      [day.like("2024-%"), true],
      [code.startsWith("a0"), true],
      [word.like("a\\b"), true],
      [word.like("a\\\\b"), false],
      [word.contains("\\"), true],
      [literal("x a\\b").endsWith(word), true],
      [literal("a\\b x").startsWith(word), true],
      [literal("x a\\b x").contains(word), true],
      [word.ilike("A\\B"), true],
    ] as const;
    for (const [index, [expression, expected]] of values.entries()) {
      const found = await database.fetchVal(select(expression.as("value")).from(items).where(id.eq(1)));
      assert.deepEqual(found, expected, `value ${index}`);
    }
  });

  test("strings of every kind, and operators with a question mark, are left alone", async ({ database }) => {
    const text = `SELECT $$:a $1 ''$$ AS a, $tag$ $$ :b $tag$ AS b, E'\\':c' AS c, '{"k":1}'::jsonb ? 'k' AS d, /* /* :x */ :y */ U&"\\0065" AS e FROM (SELECT 1 AS e) AS t`;
    assert.deepEqual(await database.fetchOne(text), { a: ":a $1 ''", b: " $$ :b ", c: "':c", d: true, e: 1 });
    await failure(database.fetchAll("SELECT $1"), UsageError, /:name/);
    await failure(database.fetchAll(sql`SELECT $1, ${1}`), UsageError, /value/);
    assert.equal(await database.fetchVal("SELECT :a::integer + 1", { a: 1 }), 2);
  });

  test("a name that the server would cut is refused", async ({ database }) => {
    const long = "é".repeat(32);
    await failure(database.fetchAll(select(id.as(long))), UsageError, /63/);
    const short = `${"é".repeat(31)}x`;
    assert.deepEqual(await database.fetchOne(select(id.as(short)).where(id.eq(1))), { [short]: 1 });
  });
});

import assert from "node:assert/strict";
import fc from "fast-check";
import { array, interval } from "../../../src/postgresql.js";
import {
  bigInteger,
  binary,
  boolean,
  cast,
  CheckViolationError,
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
  numeric,
  param,
  select,
  smallInteger,
  sql,
  string,
  text,
  time,
  typeDecorator,
  TypeMismatchError,
  uuid,
} from "../../../src/index.js";
import { failure } from "../../suite/assertions.js";
import { kinds } from "../../suite/kinds/index.js";
import { type Declare, suite } from "../../suite/target.js";

const tag = typeDecorator(string(20), {
  toDriver: (value: { readonly tag: string }) => value.tag,
  fromDriver: (value) => ({ tag: value }),
});

/** Types that only PostgreSQL has, and values that only it stores. */
export const values: Declare = suite("PostgreSQL's values", ({ test, named, tables }) => {
  const metadata = new MetaData();
  const lists = metadata.table(named("lists"), {
    id: integer().primaryKey(),
    words: array(text()),
    numbers: array(integer().notNull()).notNull().default([]),
    matrix: array(array(double())),
    tags: array(tag()),
    spans: array(interval()),
  });
  const spans = metadata.table(named("spans"), { id: integer().primaryKey(), span: interval() });
  const moments = metadata.table(named("moments"), {
    id: integer().primaryKey(),
    at: dateTime(),
    moment: dateTime({ timezone: true }),
  });
  const texts = metadata.table(named("texts"), {
    id: integer().primaryKey(),
    at: dateTime({ as: "string" }),
    moment: dateTime({ timezone: true, as: "string" }),
    day: date(),
    clock: time(),
    amount: numeric(10, 2),
    ratio: double(),
  });
  const states = metadata.table(named("states"), {
    id: integer().primaryKey(),
    state: enumeration("it's", "sent"),
    word: string(10, { collation: "C" }),
  });
  tables(metadata);

  for (const { name, column, values: elements, edges, stored = (value: unknown) => value } of kinds) {
    test(`an array of ${name}`, async ({ database }) => {
      const own = new MetaData();
      const table = own.table(named(`array_of_${name.replaceAll(/\W+/g, "_")}`), {
        id: integer(),
        list: array(column),
      });
      await own.createAll(database);
      const expected = (given: readonly unknown[]): unknown[] =>
        given.map((value) => (value === null ? null : stored(value)));
      const check = async (given: readonly unknown[]): Promise<void> => {
        await database.execute(table.delete().all());
        await database.execute(table.insert(), { id: 1, list: given } as never);
        assert.deepEqual(await database.fetchVal(select(table.c.list)), expected(given));
        const bare = select(literal(given as never, array(column)).as("list"));
        assert.deepEqual(await database.fetchVal(bare), expected(given));
      };
      await check([...edges, null]);
      await check([]);
      await fc.assert(fc.asyncProperty(fc.array(fc.option(elements, { freq: 5 }), { maxLength: 20 }), check), {
        numRuns: 20,
      });
      await own.dropAll(database);
    });
  }

  test("texts that mean something in an array are plain elements", async ({ database }) => {
    const words = ["NULL", "null", "", " ", ",", "{}", "{", '"', "\\", '\\"', "a,b", '{"a"}', "\n", null];
    await database.execute(lists.insert(), { id: 1, words });
    assert.deepEqual(await database.fetchOne(select(lists.c.words, lists.c.numbers).where(lists.c.id.eq(1))), {
      words,
      numbers: [],
    });
    assert.equal(await database.fetchVal(select(lists.c.id).where(lists.c.words.eq(words))), 1);
    assert.equal(await database.fetchVal(select(lists.c.id).where(lists.c.words.in(param("x"))), { x: [words] }), 1);
  });

  test("arrays of arrays, of types of one's own, and with other bounds", async ({ database }) => {
    const row = {
      id: 2,
      matrix: [
        [1, null],
        [-0.5, 2e300],
      ],
      tags: [{ tag: '"x"' }, null],
      spans: ["P1D", null],
    };
    await database.execute(lists.insert(), row);
    assert.deepEqual(
      await database.fetchOne(select(lists.c.id, lists.c.matrix, lists.c.tags, lists.c.spans).where(lists.c.id.eq(2))),
      row,
    );
    await database.execute(`UPDATE ${named("lists")} SET numbers = '[0:1]={1,2}' WHERE id = 2`);
    const numbers: number[] | null = await database.fetchVal(select(lists.c.numbers).where(lists.c.id.eq(2)));
    assert.deepEqual(numbers, [1, 2]);
  });

  test("what is no array of the type is refused before it is sent", async ({ database }) => {
    const refused = [
      { words: "a" },
      { words: [1] },
      { words: ["a\0"] },
      { numbers: [null] },
      { numbers: [2 ** 31] },
      { matrix: [[1], [1, 2]] },
      { matrix: [[]] },
      { matrix: [null] },
    ];
    for (const row of refused) {
      const error = await failure(database.execute(lists.insert(), row as never), InvalidValueError);
      assert.match(error.message, /column "(words|numbers|matrix)"/);
    }
    const withNull = sql`SELECT '{1,NULL}'::integer[]`.columns({ numbers: array(integer().notNull()) });
    await failure(database.fetchAll(withNull), TypeMismatchError, /NULL/);
  });

  test("an interval is ISO 8601 text", async ({ database }) => {
    for (const span of ["P1Y2M3DT4H5M6.5S", "PT0S", "P-1DT-2H", "PT0.000001S", "PT24H"]) {
      const { insertedPrimaryKey } = await database.execute(spans.insert(), { span });
      assert.equal(
        await database.fetchVal(select(spans.c.span).where(spans.c.id.eq(insertedPrimaryKey?.id ?? 0))),
        span,
      );
      assert.equal(await database.fetchVal(select(literal(span, interval()).as("span"))), span);
    }
    assert.equal(await database.fetchVal(select(cast("1 week 90 minutes", interval()).as("span"))), "P7DT1H30M");
    for (const span of ["", "P", "PT", "1 day", "P1DT", "infinity"]) {
      await failure(database.execute(spans.insert(), { span }), InvalidValueError, /ISO 8601/);
    }
  });

  test("infinity and years out of range are texts, and no Date", async ({ database }) => {
    await database.execute(
      `INSERT INTO ${named("texts")} (id, at, moment, day) VALUES
        (1, 'infinity', '-infinity', 'infinity'),
        (2, '10000-01-01 00:00:00.5', '0044-03-15 12:00:00+00 BC', '0044-03-15 BC'),
        (3, '294276-12-31 23:59:59.999999', '12024-01-01 00:00:00+00', '12024-01-01')`,
    );
    const { id, at, moment, day } = texts.c;
    assert.deepEqual(await database.fetchAll(select(at, moment, day).orderBy(id)), [
      { at: "infinity", moment: "-infinity", day: "infinity" },
      { at: "10000-01-01 00:00:00.500000", moment: "0044-03-15T12:00:00.000000Z BC", day: "0044-03-15 BC" },
      { at: "294276-12-31 23:59:59.999999", moment: "12024-01-01T00:00:00.000000Z", day: "12024-01-01" },
    ]);
    await database.execute(texts.insert(), { id: 4, at: "-infinity", moment: "infinity", day: "-infinity" });
    assert.equal(await database.fetchVal(select(id).where(at.eq("-infinity"), moment.eq("infinity"))), 4);
    for (const stored of ["infinity", "10000-01-01", "0044-03-15 BC"]) {
      await database.execute(moments.delete().all());
      await database.execute(`INSERT INTO ${named("moments")} (at, moment) VALUES (:stored, :stored)`, { stored });
      const error = await failure(database.fetchVal(select(moments.c.at)), TypeMismatchError, /as: "string"/);
      assert.equal(error.outcome, "committed");
      await failure(database.fetchVal(select(moments.c.moment)), TypeMismatchError, /as: "string"/);
    }
    await failure(database.execute(moments.insert(), { at: "infinity" as never }), InvalidValueError);
  });

  test("numbers that are none, and the last moment of a day, are what they are", async ({ database }) => {
    await database.execute(
      `INSERT INTO ${named("texts")} (id, clock, amount, ratio) VALUES (10, '24:00:00', 'NaN', 'NaN'), (11, '00:00:00', 0, '-Infinity')`,
    );
    const query = select(texts.c.clock, texts.c.amount, texts.c.ratio).where(texts.c.id.gte(10)).orderBy(texts.c.id);
    assert.deepEqual(await database.fetchAll(query), [
      { clock: "24:00:00", amount: "NaN", ratio: NaN },
      { clock: "00:00:00", amount: "0.00", ratio: -Infinity },
    ]);
  });

  test("an enumeration is checked by the server, too", async ({ database }) => {
    await database.execute(states.insert(), { id: 1, state: "it's" });
    const wrong = database.execute(`INSERT INTO ${named("states")} (id, state) VALUES (2, 'lost')`);
    await failure(wrong, CheckViolationError);
  });

  test("a column has the collation that it was declared with", async ({ database }) => {
    const collations = `SELECT collation_name FROM information_schema.columns WHERE table_name = :name AND column_name = 'word'`;
    assert.equal(await database.fetchVal(collations, { name: named("states") }), "C");
  });

  test("defaults of every type are written into the schema", async ({ database }) => {
    const own = new MetaData();
    const table = own.table(named("defaults"), {
      id: integer().primaryKey(),
      small: smallInteger().default(-1),
      big: bigInteger().default(-(2n ** 63n)),
      amount: numeric(10, 2).default("-0.50"),
      ratio: double().default(-1.5e-300),
      single: float().default(0.5),
      word: string(20).default("it's \\ a 'text'"),
      flag: boolean().default(false),
      day: date().default("2024-02-29"),
      clock: time().default("12:30:00.5"),
      at: dateTime().default(new Date(0)),
      code: uuid().default("6fa459ea-ee8a-3ca4-894e-db77e160355e"),
      bytes: binary().default(new Uint8Array([0, 255, 92])),
      data: json<unknown>().default({ "it's": ["\\"] }),
      words: array(text()).default(['"', "\\", null]),
      span: interval().default("P1D"),
    });
    await own.createAll(database);
    await database.execute(`INSERT INTO ${named("defaults")} (id) VALUES (1)`);
    const { id: _, ...row } = await database.fetchOneOrThrow(table.select());
    assert.deepEqual(row, {
      small: -1,
      big: -(2n ** 63n),
      amount: "-0.50",
      ratio: -1.5e-300,
      single: 0.5,
      word: "it's \\ a 'text'",
      flag: false,
      day: "2024-02-29",
      clock: "12:30:00.5",
      at: new Date(0),
      code: "6fa459ea-ee8a-3ca4-894e-db77e160355e",
      bytes: new Uint8Array([0, 255, 92]),
      data: { "it's": ["\\"] },
      words: ['"', "\\", null],
      span: "P1D",
    });
    await own.dropAll(database);
  });
});

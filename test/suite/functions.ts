import assert from "node:assert/strict";
import {
  abs,
  caseWhen,
  cast,
  ceil,
  coalesce,
  currentDate,
  date,
  dateTime,
  double,
  extract,
  floor,
  fn,
  integer,
  json,
  length,
  literal,
  lower,
  ltrim,
  max,
  MetaData,
  now,
  nullIf,
  numeric,
  param,
  random,
  replace,
  round,
  rtrim,
  select,
  string,
  substring,
  text,
  trim,
  upper,
  UsageError,
} from "../../src/index.js";
import { thrown } from "./assertions.js";
import { type Declare, suite } from "./target.js";

export const functions: Declare = suite("functions", ({ test, named, tables, before }) => {
  const metadata = new MetaData();
  const items = metadata.table(named("items"), {
    id: integer().primaryKey(),
    word: string(50),
    n: integer(),
    ratio: double(),
    price: numeric(10, 2),
    day: date(),
    at: dateTime(),
  });
  tables(metadata);
  before(async ({ database }) => {
    await database.executeMany(items.insert(), [
      {
        id: 1,
        word: " Ab😀b ",
        n: -3,
        ratio: -2.5,
        price: "-1.50",
        day: "2024-02-29",
        at: new Date("2024-12-31T23:59:58.987Z"),
      },
      { id: 2 },
    ]);
  });
  const { word, n, ratio, price, day, at } = items.c;

  /** Each expression, its value in the full row, and in the row of NULLs. */
  const values = {
    lower: [lower(word), " ab😀b ", null],
    upper: [upper(word), " AB😀B ", null],
    "length counts code points": [length(word), 6, null],
    trim: [trim(word), "Ab😀b", null],
    ltrim: [ltrim(word), "Ab😀b ", null],
    rtrim: [rtrim(word), " Ab😀b", null],
    "substring counts from 1": [substring(word, 2, 3), "Ab😀", null],
    "substring to the end": [substring(word, 4), "😀b ", null],
    replace: [replace(word, "b", "--"), " A--😀-- ", null],
    "a function of a function": [upper(replace(trim(word), "😀", "x")), "ABXB", null],
    abs: [abs(n), 3, null],
    "abs of a decimal": [abs(price), "1.50", null],
    "round takes halves away from zero": [round(ratio), -3, null],
    "round to digits": [round(literal(2.345678), 2), 2.35, 2.35],
    floor: [floor(ratio), -3, null],
    ceil: [ceil(ratio), -2, null],
    coalesce: [coalesce(n, 0), -3, 0],
    "coalesce of columns": [coalesce(word, literal("none")), " Ab😀b ", "none"],
    nullIf: [nullIf(n, -3), null, null],
    "nullIf of others": [nullIf(n, 0), -3, null],
    "extract from a date": [extract("year", day), 2024, null],
    "extract a month": [extract("month", at), 12, null],
    "extract a day": [extract("day", at), 31, null],
    "extract an hour": [extract("hour", at), 23, null],
    "extract a minute": [extract("minute", at), 59, null],
    "extract a second": [extract("second", at), 58, null],
    "a function by its own name": [fn.lower<string>(word), " ab😀b ", null],
    "cast to text": [cast(n, text()), "-3", null],
    "cast of a method": [n.cast(text()), "-3", null],
    "cast to a number": [cast(literal("42"), integer()), 42, 42],
    "cast to a double": [n.cast(double()), -3, null],
    "cast of NULL": [cast(nullIf(n, n), text()), null, null],
    "a JSON literal": [
      literal({ a: [1, null, "x"] }, json<{ a: unknown[] }>()),
      { a: [1, null, "x"] },
      { a: [1, null, "x"] },
    ],
    "caseWhen with else": [caseWhen(n.lt(0), "negative").else("other"), "negative", "other"],
    "caseWhen without": [caseWhen(n.lt(0), 1).end(), 1, null],
    "the first true branch": [
      caseWhen(n.gt(0), "positive").when(n.lt(-1), "low").when(n.lt(0), "negative").else("none"),
      "low",
      "none",
    ],
    "branches of expressions": [caseWhen(word.is(null), n).else(n.times(2)), -6, null],
  } as const;
  for (const [name, [expression, full, empty]] of Object.entries(values)) {
    test(name, async ({ database }) => {
      const rows = await database.fetchAll(select(expression.as("value")).from(items).orderBy(items.c.id));
      assert.deepEqual(rows, [{ value: full }, { value: empty }]);
    });
  }

  test("now is the current moment and currentDate its day, in UTC", async ({ database }) => {
    const startMs = Date.now();
    const row: { now: Date; currentDate: string } = await database.fetchOneOrThrow(select(now(), currentDate()));
    assert.ok(Math.abs(row.now.getTime() - startMs) < 60_000);
    const day = new Date().toISOString().slice(0, 10);
    const before = new Date(startMs).toISOString().slice(0, 10);
    assert.ok(row.currentDate === day || row.currentDate === before);
  });

  test("random is a double from 0 to 1", async ({ database }) => {
    for (let round = 0; round < 20; round += 1) {
      const value = await database.fetchVal(select(random()));
      assert.ok(typeof value === "number" && value >= 0 && value < 1);
    }
  });

  test("a condition may hold any of them", async ({ database }) => {
    const query = select(items.c.id).where(lower(trim(word)).eq("ab😀b"), extract("year", at).eq(param("year")));
    assert.deepEqual(await database.fetchAll(query, { year: 2024 }), [{ id: 1 }]);
    const latest = select(items.c.id).where(at.eq(select(max(at)).scalarSubquery()));
    assert.deepEqual(await database.fetchAll(latest), [{ id: 1 }]);
  });

  test("a function's name that is none is refused", async () => {
    thrown(() => fn["lower(1); DROP TABLE x; --"], UsageError, /plain name/);
    // @ts-expect-error It needs at least two arguments.
    thrown(() => coalesce(n), UsageError, /two/);
  });
});

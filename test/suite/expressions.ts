import assert from "node:assert/strict";
import {
  and,
  bigInteger,
  boolean,
  caseWhen,
  coalesce,
  type Database,
  double,
  falseValue,
  integer,
  literal,
  MetaData,
  not,
  nullValue,
  numeric,
  or,
  select,
  string,
  trueValue,
} from "../../src/index.js";
import type { Operand } from "../../src/sql/operand.js";
import { type Declare, suite } from "./target.js";

/** Any condition, as `where` takes it. */
type Condition = Operand<boolean | null, never>;

export const expressions: Declare = suite("expressions", ({ test, named, tables, before }) => {
  const metadata = new MetaData();
  const items = metadata.table(named("items"), {
    id: integer().primaryKey(),
    n: integer(),
    m: integer(),
    word: string(50),
    flag: boolean(),
    ratio: double(),
    price: numeric(10, 2),
    big: bigInteger(),
  });
  tables(metadata);
  before(async ({ database }) => {
    await database.executeMany(items.insert(), [
      { id: 1, n: 1, m: 1, word: "alpha", flag: true, ratio: 0.5, price: "1.10", big: 2n ** 60n },
      { id: 2, n: 2, m: 3, word: "50%_off!", flag: false, ratio: -1.5, price: "-2.50", big: -1n },
      { id: 3, n: null, m: 3, word: "Alpha", flag: null, ratio: null },
      { id: 4, n: -7, m: null, word: null, flag: true, ratio: 2, price: "0.00", big: 0n },
    ]);
  });
  const { id, n, m, word, flag, ratio, price, big } = items.c;

  /** The ids of the rows for which a condition is true. */
  async function ids(database: Database, condition: Condition): Promise<number[]> {
    return (await database.fetchAll(select(id).where(condition).orderBy(id))).map((row) => row.id);
  }

  /** Each condition, and the rows for which it is true: NULL is not true. */
  const conditions: readonly (readonly [name: string, condition: Condition, ids: readonly number[]])[] = [
    ["eq", n.eq(2), [2]],
    ["eq of a column", n.eq(m), [1]],
    ["eq(null) is IS NULL", n.eq(null), [3]],
    ["ne leaves NULL out", n.ne(2), [1, 4]],
    ["ne(null) is IS NOT NULL", n.ne(null), [1, 2, 4]],
    ["lt", n.lt(1), [4]],
    ["lte", n.lte(1), [1, 4]],
    ["gt", n.gt(1), [2]],
    ["gte", n.gte(1), [1, 2]],
    ["between includes both ends", n.between(-7, 1), [1, 4]],
    ["not between", not(n.between(-7, 1)), [2]],
    ["in", n.in([1, 2, 99]), [1, 2]],
    ["in of nothing is false, also for NULL", n.in([]), []],
    ["notIn leaves NULL out", n.notIn([1]), [2, 4]],
    ["notIn of nothing is true, also for NULL", n.notIn([]), [1, 2, 3, 4]],
    ["in with expressions", n.in([m, literal(2)]), [1, 2]],
    ["is(null)", word.is(null), [4]],
    ["isNot(null)", word.isNot(null), [1, 2, 3]],
    ["a boolean column by itself", flag, [1, 4]],
    ["the negation of a boolean column leaves NULL out", not(flag), [2]],
    ["is(true)", flag.is(true), [1, 4]],
    ["isNot(true) takes NULL in", flag.isNot(true), [2, 3]],
    ["is(false)", flag.is(false), [2]],
    ["eq(true)", flag.eq(true), [1, 4]],
    ["a condition compared", n.eq(2).eq(true), [2]],
    ["isDistinctFrom", n.isDistinctFrom(m), [2, 3, 4]],
    ["isDistinctFrom(null)", n.isDistinctFrom(null), [1, 2, 4]],
    ["isNotDistinctFrom", n.isNotDistinctFrom(m), [1]],
    ["isNotDistinctFrom(null)", n.isNotDistinctFrom(null), [3]],
    ["not isDistinctFrom", not(n.isDistinctFrom(1)), [1]],
    ["like minds case", word.like("a%"), [1]],
    ["like with one character", word.like("_lpha"), [1, 3]],
    ["notLike leaves NULL out", word.notLike("a%"), [2, 3]],
    ["like with an escape", word.like("50#%#_%", { escape: "#" }), [2]],
    ["ilike does not mind case", word.ilike("ALPHA"), [1, 3]],
    ["contains takes wildcards as they are", word.contains("%_"), [2]],
    ["contains minds case", word.contains("lph"), [1, 3]],
    ["contains an escape character", word.contains("!"), [2]],
    ["contains of a column", literal("the alpha").contains(word), [1]],
    ["startsWith", word.startsWith("Al"), [3]],
    ["startsWith a wildcard", word.startsWith("%"), []],
    ["endsWith", word.endsWith("off!"), [2]],
    ["not contains leaves NULL out", not(word.contains("a")), [2]],
    ["characters that mean something elsewhere", word.like("[aA]*?"), []],
    ["and", and(n.gt(0), m.gt(1)), [2]],
    ["or", or(n.eq(1), m.eq(3)), [1, 2, 3]],
    ["or inside and", and(or(n.eq(1), n.eq(2)), flag.eq(false)), [2]],
    ["and inside or", or(and(n.eq(1), flag), and(n.eq(-7), m.is(null))), [1, 4]],
    ["not of and: NULL stays NULL", not(and(n.gt(0), m.gt(1))), [1, 4]],
    ["not of or", not(or(n.eq(1), m.eq(3))), []],
    ["not of not", not(not(n.eq(1))), [1]],
    ["NULL or true is true", or(nullValue(), trueValue()), [1, 2, 3, 4]],
    ["NULL and true is NULL", and(nullValue(), trueValue()), []],
    ["a function that gives a boolean", coalesce(flag, true), [1, 3, 4]],
    ["its negation", not(coalesce(flag, true)), [2]],
    ["a choice that gives a boolean", caseWhen(n.gt(0), true).else(false), [1, 2]],
    ["decimals compare as numbers", price.gt("-10"), [1, 2, 4]],
    ["a decimal of another scale", price.eq("1.1"), [1]],
    ["64 bits", big.gt(2n ** 60n - 1n), [1]],
    ["trueValue", trueValue(), [1, 2, 3, 4]],
    ["falseValue", falseValue(), []],
    ["arithmetic in a condition", n.plus(1).times(2).eq(m.minus(n).times(6)), [2]],
    ["minus groups to the left", n.minus(m.minus(n)).eq(1), [1, 2]],
  ];
  for (const [name, condition, expected] of conditions) {
    test(name, async ({ database }) => assert.deepEqual(await ids(database, condition), expected));
  }

  /** Each expression, and its value in the four rows. */
  const values = {
    plus: [n.plus(1), [2, 3, null, -6]],
    "plus a column": [n.plus(m), [2, 5, null, null]],
    minus: [n.minus(1), [0, 1, null, -8]],
    times: [n.times(m.plus(1)), [2, 8, null, null]],
    neg: [n.neg(), [-1, -2, null, 7]],
    "neg of neg": [n.neg().neg(), [1, 2, null, -7]],
    "div is a double": [n.div(2), [0.5, 1, null, -3.5]],
    "div by zero is NULL": [n.div(0), [null, null, null, null]],
    "div of doubles": [ratio.div(2), [0.25, -0.75, null, 1]],
    "intDiv cuts towards zero": [n.intDiv(2), [0, 1, null, -3]],
    "intDiv by zero is NULL": [n.intDiv(0), [null, null, null, null]],
    "mod has the dividend's sign": [n.mod(4), [1, 2, null, -3]],
    "mod by zero is NULL": [n.mod(0), [null, null, null, null]],
    "a fraction beside an integer": [n.plus(0.5), [1.5, 2.5, null, -6.5]],
    concat: [word.concat("!"), ["alpha!", "50%_off!!", "Alpha!", null]],
    "a condition as a value": [n.gt(1), [false, true, null, false]],
    "its negation": [not(n.gt(1)), [true, false, null, true]],
    "and as a value": [and(n.gt(0), m.gt(0)), [true, true, null, false]],
    "is null as a value": [n.is(null), [false, false, true, false]],
    "a boolean column": [flag, [true, false, null, true]],
    "a decimal plus a decimal": [price.plus("0.05"), ["1.15", "-2.45", null, "0.05"]],
    "a decimal plus an integer": [price.plus(n), ["2.10", "-0.50", null, "-7.00"]],
    "a product of decimals": [price.times(price), ["1.2100", "6.2500", null, "0.0000"]],
    "a decimal divided": [price.div(2), [0.55, -1.25, null, 0]],
    "a negative decimal": [price.neg(), ["-1.10", "2.50", null, "0.00"]],
    "integers of 64 bits": [big.plus(1n).minus(m), [2n ** 60n, -3n, null, null]],
    "a product of 64 bits": [big.times(2n), [2n ** 61n, -2n, null, 0n]],
    "a choice of booleans": [caseWhen(flag, true).else(false), [true, false, false, true]],
    "coalesce of a boolean": [coalesce(flag, false), [true, false, false, true]],
    "a literal": [literal('it\'s \\ a "text"'), Array<string>(4).fill('it\'s \\ a "text"')],
    "a literal that is true": [literal(true), [true, true, true, true]],
    trueValue: [trueValue(), [true, true, true, true]],
    falseValue: [falseValue(), [false, false, false, false]],
    nullValue: [nullValue(), [null, null, null, null]],
  } as const;
  for (const [name, [expression, expected]] of Object.entries(values)) {
    test(`the value of ${name}`, async ({ database }) => {
      const rows = await database.fetchAll(select(expression.as("value")).from(items).orderBy(id));
      assert.deepEqual(
        rows.map(({ value }) => value),
        expected,
      );
    });
  }
});

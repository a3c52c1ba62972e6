import assert from "node:assert/strict";
import {
  abs,
  coalesce,
  count,
  integer,
  literal,
  MetaData,
  param,
  rowNumber,
  select,
  string,
  substring,
  sum,
  UnsupportedError,
} from "../../../src/index.js";
import { failure } from "../../suite/assertions.js";
import { type Declare, suite } from "../../suite/target.js";

/** What these servers would order, group or compute otherwise if it were written as elsewhere. */
export const ordering: Declare = suite("order and groups with values inside", ({ test, named, tables, before }) => {
  const metadata = new MetaData();
  const t = metadata.table(named("ordered"), {
    id: integer().primaryKey(),
    i: integer(),
    s: string(10),
  });
  tables(metadata);
  before(async ({ database }) => {
    await database.executeMany(t.insert(), [
      { id: 1, i: null, s: "ax" },
      { id: 2, i: 5, s: "ay" },
      { id: 3, i: -3, s: "bx" },
    ]);
  });

  test("a label that bears a column's name is ordered by itself, also where NULLs are placed", async ({ database }) => {
    const label = coalesce(t.c.i, 0).as("i");
    const query = select(t.c.id, label).orderBy(label.nullsLast(), t.c.id);
    assert.deepEqual(await database.fetchAll(query, null, { rows: "array" }), [
      [3, -3],
      [1, 0],
      [2, 5],
    ]);
  });

  test("a bound number is a constant to order and group by, and no position", async ({ database }) => {
    const ids = select({ id: t.c.id, i: t.c.i }).orderBy(literal(2), literal("x"), t.c.id.desc());
    assert.deepEqual(
      (await database.fetchAll(ids)).map(({ id }) => id),
      [3, 2, 1],
    );
    assert.equal(await database.fetchVal(select(count()).from(t).groupBy(literal(1))), 3);
    const numbered = rowNumber().over({ partitionBy: [literal(1)], orderBy: [literal(2), t.c.id.desc()] });
    assert.deepEqual(await database.fetchAll(select(numbered.as("n")).orderBy(t.c.id), null, { rows: "array" }), [
      [3],
      [2],
      [1],
    ]);
  });

  test("rows are grouped by an expression with values inside", async ({ database }) => {
    const initial = substring(t.c.s, 1, 1);
    const query = select({ initial, count: count() }).groupBy(initial).orderBy(initial.desc());
    assert.deepEqual(await database.fetchAll(query), [
      { initial: "b", count: 1 },
      { initial: "a", count: 2 },
    ]);
  });

  test("NULLs are placed among groups, aggregates and distinct rows", async ({ database }) => {
    const next = t.c.i.plus(1);
    const groups = select({ next, count: count() }).groupBy(next).orderBy(next.nullsLast());
    assert.deepEqual(await database.fetchAll(groups, null, { rows: "array" }), [
      [-2, 1],
      [6, 1],
      [null, 1],
    ]);
    const total = sum(t.c.i);
    const sums = select({ id: t.c.id, total }).groupBy(t.c.id).orderBy(total.desc().nullsFirst());
    assert.deepEqual(
      (await database.fetchAll(sums)).map(({ id }) => id),
      [1, 2, 3],
    );
    for (const order of [next.nullsFirst(), next.nullsLast(), next.desc().nullsFirst(), next.desc().nullsLast()]) {
      assert.equal((await database.fetchAll(select({ next }).distinct().orderBy(order))).length, 3);
    }
    const hidden = select({ i: next }).distinct().orderBy(next.nullsLast());
    await failure(database.fetchAll(hidden), UnsupportedError);
  });

  test("bigints that stand beside nothing else keep all digits", async ({ database }) => {
    const large = literal(2n ** 53n + 1n);
    const query = select({
      less: large.minus(literal(2n)),
      more: large.plus(param("two")),
      rest: large.mod(literal(10n)),
      least: literal(-(2n ** 63n) + 1n).neg(),
      size: abs(literal(-(2n ** 53n) - 1n)),
      sum: sum(large),
    });
    assert.deepEqual(await database.fetchOne(query.from(t).where(t.c.id.eq(1)), { two: 2n }), {
      less: 2n ** 53n - 1n,
      more: 2n ** 53n + 3n,
      rest: 3n,
      least: 2n ** 63n - 1n,
      size: 2n ** 53n + 1n,
      sum: 2n ** 53n + 1n,
    });
    assert.equal((await database.fetchAll(select(t.c.id).limit(param("most")), { most: 2 })).length, 2);
  });
});

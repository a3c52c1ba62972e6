import assert from "node:assert/strict";
import {
  avg,
  bigInteger,
  coalesce,
  count,
  denseRank,
  firstValue,
  integer,
  lag,
  lastValue,
  lead,
  max,
  MetaData,
  min,
  numeric,
  param,
  rank,
  rowNumber,
  select,
  string,
  sum,
  UnsupportedError,
} from "../../src/index.js";
import type { Operand } from "../../src/sql/operand.js";
import type { OrderElement } from "../../src/sql/order.js";
import { failure } from "./assertions.js";
import { type Declare, suite } from "./target.js";

export const grouping: Declare = suite("grouping and order", ({ test, named, tables, before }) => {
  const metadata = new MetaData();
  const sales = metadata.table(named("sales"), {
    id: integer().primaryKey(),
    city: string(20),
    amount: integer(),
    price: numeric(10, 2),
    units: bigInteger(),
  });
  tables(metadata);
  before(async ({ database }) => {
    await database.executeMany(sales.insert(), [
      { id: 1, city: "Rome", amount: 10, price: "0.10", units: 2n ** 61n },
      { id: 2, city: "Rome", amount: 30, price: "0.20", units: 1n },
      { id: 3, city: "Oslo", amount: 20, price: "5.00", units: null },
      { id: 4, city: "Oslo", amount: null, price: null, units: 2n },
      { id: 5, city: null, amount: 5, price: "1.00", units: 3n },
    ]);
  });

  test("aggregates over all rows leave NULL out", async ({ database }) => {
    const query = select({
      rows: count(),
      amounts: count(sales.c.amount),
      cities: count(sales.c.city).distinct(),
      sum: sum(sales.c.amount),
      mean: avg(sales.c.amount),
      least: min(sales.c.amount),
      most: max(sales.c.city),
    });
    assert.deepEqual(await database.fetchOne(query.from(sales)), {
      rows: 5,
      amounts: 4,
      cities: 2,
      sum: 65,
      mean: 16.25,
      least: 5,
      most: "Rome",
    });
  });

  test("sums keep the kind of number that they add", async ({ database }) => {
    const query = select(sum(sales.c.amount).as("i"), sum(sales.c.units).as("b"), sum(sales.c.price).as("d"));
    const row: { i: number | null; b: bigint | null; d: string | null } = await database.fetchOneOrThrow(query);
    assert.deepEqual(row, { i: 65, b: 2n ** 61n + 6n, d: "6.30" });
  });

  test("a sum beside a constant is a number of the sum's kind", async ({ database }) => {
    const { amount, units } = sales.c;
    const query = select({ whole: coalesce(sum(amount), 0), more: sum(amount).plus(1), big: coalesce(sum(units), 0n) });
    const row = await database.fetchOneOrThrow(query.from(sales));
    const { whole, big } = await database.fetchOneOrThrow(select({ whole: sum(amount), big: sum(units) }).from(sales));
    assert.deepEqual(row, { whole, more: Number(whole) + 1, big });
  });

  test("what groups have in common may hold values, and is grouped and ordered as it is selected", async ({
    database,
  }) => {
    const place = coalesce(sales.c.city, "nowhere");
    const query = select(place.as("place"), count().as("many")).from(sales).groupBy(place).orderBy(place);
    const rows = await database.fetchAll(query);
    assert.ok(rows.some((row) => row.place === "nowhere"));
    assert.deepEqual(
      rows.map((row) => row.place),
      rows.map((row) => row.place).toSorted(),
    );
  });

  test("the least and greatest keep their type, and a mean is a double", async ({ database }) => {
    const query = select({
      low: min(sales.c.price),
      high: max(sales.c.units),
      mean: avg(sales.c.price),
      none: avg(sales.c.units),
    });
    const row = await database.fetchOneOrThrow(query.from(sales).where(sales.c.id.gt(1)));
    assert.deepEqual([row.low, row.high], ["0.20", 3n]);
    assert.ok(Math.abs((row.mean ?? 0) - 6.2 / 3) < 1e-9);
    assert.equal(row.none, 2);
    assert.deepEqual(await database.fetchOne(select(sum(sales.c.amount).distinct()).where(sales.c.id.lt(3))), {
      sum: 40,
    });
  });

  test("without a row, counts are 0 and everything else is NULL", async ({ database }) => {
    const query = select(count(), sum(sales.c.amount), avg(sales.c.amount), min(sales.c.city)).where(sales.c.id.eq(99));
    assert.deepEqual(await database.fetchOne(query), { count: 0, sum: null, avg: null, min: null });
  });

  test("groups have NULL for a value of its own, and HAVING chooses among them", async ({ database }) => {
    const query = select(sales.c.city, count(), sum(sales.c.amount))
      .groupBy(sales.c.city)
      .orderBy(count().desc(), sales.c.city);
    assert.deepEqual(await database.fetchAll(query), [
      { city: "Oslo", count: 2, sum: 20 },
      { city: "Rome", count: 2, sum: 40 },
      { city: null, count: 1, sum: 5 },
    ]);
    const large = query.having(sum(sales.c.amount).gt(10)).having(count().gte(param("least")));
    assert.deepEqual(await database.fetchAll(large, { least: 2 }), [
      { city: "Oslo", count: 2, sum: 20 },
      { city: "Rome", count: 2, sum: 40 },
    ]);
  });

  test("an aggregate's filter looks only at its rows", async ({ database }) => {
    const small = count().filter(sales.c.amount.lt(15));
    const query = select(sales.c.city, small.as("small"), sum(sales.c.amount).filter(sales.c.id.gt(99)).as("none"));
    assert.deepEqual(await database.fetchAll(query.groupBy(sales.c.city).orderBy(sales.c.city.nullsLast())), [
      { city: "Oslo", small: 0, none: null },
      { city: "Rome", small: 1, none: null },
      { city: null, small: 1, none: null },
    ]);
  });

  test("distinct gives each row once", async ({ database }) => {
    const cities = await database.fetchAll(select(sales.c.city).distinct().orderBy(sales.c.city.nullsFirst()));
    assert.deepEqual(cities, [{ city: null }, { city: "Oslo" }, { city: "Rome" }]);
  });

  test("rows are ordered by several terms, NULLs where it is said", async ({ database }) => {
    const order = async (...terms: readonly (OrderElement<never> | Operand<unknown, never>)[]) =>
      (await database.fetchAll(select(sales.c.id).orderBy(...terms))).map(({ id }) => id);
    const { amount, city, id } = sales.c;
    assert.deepEqual(await order(amount.nullsFirst()), [4, 5, 1, 3, 2]);
    assert.deepEqual(await order(amount.nullsLast()), [5, 1, 3, 2, 4]);
    assert.deepEqual(await order(amount.desc().nullsFirst()), [4, 2, 3, 1, 5]);
    assert.deepEqual(await order(amount.desc().nullsLast()), [2, 3, 1, 5, 4]);
    assert.deepEqual(await order(city.nullsLast(), id.desc()), [4, 3, 2, 1, 5]);
    assert.deepEqual(await order(id.times(-1)), [5, 4, 3, 2, 1]);
    const label = id.minus(3).times(id.minus(3)).as("distance");
    const rows = await database.fetchAll(select(id, label).orderBy(label, id));
    assert.deepEqual(
      rows.map((row) => row.id),
      [3, 2, 4, 1, 5],
    );
  });

  test("limit and offset cut a part out, each also by itself and by parameter", async ({ database }) => {
    const ids = select(sales.c.id).orderBy(sales.c.id);
    const flat = (rows: readonly { id: number }[]) => rows.map(({ id }) => id);
    assert.deepEqual(flat(await database.fetchAll(ids.limit(2))), [1, 2]);
    assert.deepEqual(flat(await database.fetchAll(ids.offset(3))), [4, 5]);
    assert.deepEqual(flat(await database.fetchAll(ids.limit(2).offset(1))), [2, 3]);
    assert.deepEqual(flat(await database.fetchAll(ids.limit(0))), []);
    assert.deepEqual(flat(await database.fetchAll(ids.offset(99))), []);
    const paged = ids.limit(param("size")).offset(param("start"));
    assert.deepEqual(flat(await database.fetchAll(paged, { size: 2, start: 2 })), [3, 4]);
    assert.deepEqual(flat(await database.fetchAll(paged, { size: 1, start: 0 })), [1]);
  });

  test("window functions look at the rows around each row", async ({ database }) => {
    const { id, city, amount } = sales.c;
    const byId = { orderBy: [id] };
    const query = select({
      id,
      number: rowNumber().over(byId),
      inCity: rowNumber().over({ partitionBy: [city], orderBy: [id.desc()] }),
      running: sum(amount).over(byId),
      before: lag(id).over(byId),
      after: lead(id, 2).over(byId),
      first: firstValue(id).over(byId),
      last: lastValue(id).over({ orderBy: [id], rows: [null, null] }),
      near: sum(id).over({ orderBy: [id], rows: [-1, 1] }),
      all: count().over(),
    });
    assert.deepEqual(await database.fetchAll(query.orderBy(id), null, { rows: "array" }), [
      [1, 1, 2, 10, null, 3, 1, 5, 3, 5],
      [2, 2, 1, 40, 1, 4, 1, 5, 6, 5],
      [3, 3, 2, 60, 2, 5, 1, 5, 9, 5],
      [4, 4, 1, 60, 3, null, 1, 5, 12, 5],
      [5, 5, 1, 65, 4, null, 1, 5, 9, 5],
    ]);
  });

  test("rank leaves gaps after equals, denseRank does not", async ({ database }) => {
    const byCity = { orderBy: [sales.c.city.nullsLast()] };
    const query = select(sales.c.id, rank().over(byCity), denseRank().over(byCity)).orderBy(sales.c.id);
    const rows = await database.fetchAll(query);
    assert.deepEqual(
      rows.map((row) => [row.rank, row.denseRank]),
      [
        [3, 2],
        [3, 2],
        [1, 1],
        [1, 1],
        [5, 3],
      ],
    );
  });

  test(
    "row locks are taken where there are some",
    async ({ database }) => {
      await database.transaction(async () => {
        const query = select(sales.c.id).where(sales.c.id.lte(2)).orderBy(sales.c.id);
        assert.deepEqual(await database.fetchAll(query.forUpdate({ skipLocked: true })), [{ id: 1 }, { id: 2 }]);
        assert.deepEqual(await database.fetchAll(query.forShare({ nowait: true })), [{ id: 1 }, { id: 2 }]);
      });
    },
    { features: ["rowLocks"] },
  );

  test(
    "row locks are refused where there are none, and the error tells a way out",
    async ({ database }) => {
      await failure(database.fetchAll(sales.select().forUpdate()), UnsupportedError, /transaction/);
    },
    { features: ["noRowLocks"] },
  );
});

import assert from "node:assert/strict";
import { check, integer, InvalidValueError, MetaData, numeric, select, sum } from "../../src/index.js";
import { type Declare, suite } from "./target.js";

/** Money: what is shown, what is stored and what is compared are one number. */
export const decimals: Declare = suite("exact decimals", ({ test, named, tables, beforeEach }) => {
  const metadata = new MetaData();
  const accounts = metadata.table(
    named("accounts"),
    { id: integer().primaryKey(), balance: numeric(10, 2).notNull(), points: integer() },
    (c) => [check(c.balance.gte("0"))],
  );
  tables(metadata);
  const { id, balance, points } = accounts.c;
  const first = id.eq(1);
  beforeEach(async ({ database }) => {
    await database.execute(accounts.delete().all());
    await database.executeMany(accounts.insert(), [
      { id: 1, balance: "0.30" },
      { id: 2, balance: "0.70" },
      { id: 3, balance: "0.10" },
      { id: 4, balance: "0.20" },
    ]);
  });

  test("thirty cents less ten and twenty are none, and no debt", async ({ database }) => {
    await database.execute(
      accounts
        .update()
        .set({ balance: balance.minus("0.10") })
        .where(first),
    );
    await database.execute(
      accounts
        .update()
        .set({ balance: balance.minus("0.20") })
        .where(first),
    );
    assert.equal(await database.fetchVal(select(balance).where(first, balance.eq("0"))), "0.00");
  });

  test("a thousand small additions are found by their sum", async ({ database }) => {
    const add = accounts
      .update()
      .set({ balance: balance.plus("0.01") })
      .where(first);
    await database.transaction(async () => {
      for (let times = 0; times < 1000; times += 1) await database.execute(add);
    });
    assert.equal(await database.fetchVal(select(balance).where(balance.eq("10.30"))), "10.30");
  });

  test("arithmetic and sums equal what they show", async ({ database }) => {
    const few = id.in([3, 4]);
    assert.equal(
      await database.fetchVal(select(balance.plus("0.20").as("x")).where(balance.plus("0.20").eq("0.30"))),
      "0.30",
    );
    const total = select(sum(balance).as("total"), sum(balance).eq("0.30").as("isThirty")).from(accounts).where(few);
    assert.deepEqual(await database.fetchOne(total), { total: "0.30", isThirty: true });
    const running = sum(balance).over({ orderBy: [id] });
    assert.deepEqual(await database.fetchAll(select(running.as("running")).from(accounts).where(few)), [
      { running: "0.10" },
      { running: "0.30" },
    ]);
    assert.equal(await database.fetchVal(select(sum(balance).filter(few).as("few")).from(accounts)), "0.30");
  });

  test("a value of more digits is not rounded to one that is there", async ({ database }) => {
    const tooLong = balance.eq("0.30000000000000000001");
    const found = await database.fetchAll(select(id).where(tooLong)).catch((error: unknown) => error);
    if (found instanceof Error) assert.ok(found instanceof InvalidValueError);
    else assert.deepEqual(found, []);
  });

  test("an expression is stored with the digits of its column", async ({ database }) => {
    await database.execute(
      accounts
        .update()
        .set({ balance: balance.times("0.333"), points: id.plus(1.6) })
        .where(first),
    );
    const row = await database.fetchOne(select(balance, points).where(first, balance.eq("0.10"), points.eq(3)));
    assert.deepEqual(row, { balance: "0.10", points: 3 });
  });
});

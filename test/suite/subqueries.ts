import assert from "node:assert/strict";
import {
  count,
  exists,
  integer,
  max,
  MetaData,
  not,
  param,
  select,
  sql,
  string,
  sum,
  UsageError,
} from "../../src/index.js";
import { failure, thrown } from "./assertions.js";
import { type Declare, suite } from "./target.js";

export const subqueries: Declare = suite("subqueries", ({ test, named, tables, before }) => {
  const metadata = new MetaData({ naming: "snake_case" });
  const users = metadata.table(named("users"), { id: integer().primaryKey(), fullName: string(50).notNull() });
  const notes = metadata.table(named("notes"), {
    id: integer().primaryKey(),
    authorId: integer().references(users.c.id),
    stars: integer().notNull(),
  });
  tables(metadata);
  before(async ({ database }) => {
    await database.executeMany(users.insert(), [
      { id: 1, fullName: "Ada" },
      { id: 2, fullName: "Bob" },
      { id: 3, fullName: "Cyd" },
    ]);
    await database.executeMany(notes.insert(), [
      { authorId: 1, stars: 5 },
      { authorId: 1, stars: 3 },
      { authorId: 2, stars: 1 },
      { stars: 4 },
    ]);
  });

  const totals = () =>
    select(notes.c.authorId, sum(notes.c.stars).as("total"))
      .where(notes.c.authorId.isNot(null))
      .groupBy(notes.c.authorId);

  test("a subquery stands in FROM, its columns under c", async ({ database }) => {
    const best = totals().subquery("best");
    const query = select(users.c.fullName, best.c.total)
      .from(users)
      .join(best, best.c.authorId.eq(users.c.id))
      .where(best.c.total.gt(1))
      .orderBy(users.c.id);
    assert.deepEqual(await database.fetchAll(query), [{ fullName: "Ada", total: 8 }]);
    assert.deepEqual(await database.fetchAll(best.select().orderBy(best.c.total)), [
      { authorId: 2, total: 1 },
      { authorId: 1, total: 8 },
    ]);
  });

  test("a left join of a subquery makes its columns nullable", async ({ database }) => {
    const best = totals().subquery("best");
    const query = select(users.c.fullName, best.c.total).from(users).leftJoin(best, best.c.authorId.eq(users.c.id));
    const rows: { fullName: string; total: number | null }[] = await database.fetchAll(query.orderBy(users.c.id));
    assert.deepEqual(rows, [
      { fullName: "Ada", total: 8 },
      { fullName: "Bob", total: 1 },
      { fullName: "Cyd", total: null },
    ]);
  });

  test("a common table expression is written once and used often", async ({ database }) => {
    const tally = totals().cte("tally");
    const most = select(max(tally.c.total)).scalarSubquery();
    const query = select(tally.c.authorId).from(tally).where(tally.c.total.eq(most));
    assert.deepEqual(await database.fetchAll(query), [{ authorId: 1 }]);
    const high = select(tally.c.authorId, tally.c.total).from(tally).where(tally.c.total.gt(5)).cte("high");
    const chained = select(users.c.fullName).from(users).join(high, high.c.authorId.eq(users.c.id));
    assert.deepEqual(await database.fetchAll(chained), [{ fullName: "Ada" }]);
  });

  test("two common table expressions of one name are refused", async ({ database }) => {
    const a = totals().cte("same");
    const b = select(users.c.id).cte("same");
    const query = select(a.c.total).from(a).join(b, b.c.id.eq(a.c.authorId));
    await failure(database.fetchAll(query), UsageError, /"same"/);
  });

  test("a scalar subquery may refer to the query around it", async ({ database }) => {
    const howMany = select(count()).from(notes).where(notes.c.authorId.eq(users.c.id)).scalarSubquery();
    const query = select(users.c.fullName, howMany.as("notes")).from(users).orderBy(howMany.desc(), users.c.id);
    assert.deepEqual(await database.fetchAll(query), [
      { fullName: "Ada", notes: 2 },
      { fullName: "Bob", notes: 1 },
      { fullName: "Cyd", notes: 0 },
    ]);
    const pair: unknown = select(users.c.id, users.c.fullName);
    thrown(() => (pair as { scalarSubquery(): unknown }).scalarSubquery(), UsageError, /one column/);
  });

  test("a scalar subquery without a row is NULL", async ({ database }) => {
    const none = select(users.c.fullName).where(users.c.id.eq(99)).scalarSubquery();
    assert.deepEqual(await database.fetchOne(select(none.as("none"))), { none: null });
  });

  test("exists and its negation look at each outer row", async ({ database }) => {
    const written = select(notes.c.id).where(notes.c.authorId.eq(users.c.id));
    const names = select(users.c.fullName).orderBy(users.c.id);
    assert.deepEqual(await database.fetchAll(names.where(exists(written)), null, { rows: "array" }), [
      ["Ada"],
      ["Bob"],
    ]);
    assert.deepEqual(await database.fetchAll(names.where(not(exists(written))), null, { rows: "array" }), [["Cyd"]]);
  });

  test("exists is a value too", async ({ database }) => {
    const written = exists(select(notes.c.id).where(notes.c.authorId.eq(users.c.id)));
    const rows = await database.fetchAll(
      select(users.c.id, written.as("writes"), not(written).as("reads")).orderBy(users.c.id),
    );
    assert.deepEqual(rows, [
      { id: 1, writes: true, reads: false },
      { id: 2, writes: true, reads: false },
      { id: 3, writes: false, reads: true },
    ]);
  });

  test("a parameter inside a subquery is the call's to give", async ({ database }) => {
    const authors = select(notes.c.authorId).where(notes.c.stars.eq(param("stars")));
    const query = select(users.c.fullName).where(users.c.id.in(authors), users.c.id.lt(param("below")));
    assert.deepEqual(await database.fetchAll(query, { stars: 1, below: 9 }), [{ fullName: "Bob" }]);
    assert.deepEqual(await database.fetchAll(query, { stars: 1, below: 2 }), []);
  });

  test("writes take subqueries and common table expressions", async ({ database }) => {
    await database.transaction(
      async () => {
        const busy = totals().cte("busy");
        const authors = select(busy.c.authorId).from(busy).where(busy.c.total.gt(5));
        const renamed = await database.execute(users.update().where(users.c.id.in(authors)), { fullName: "Busy" });
        assert.equal(renamed.rowCount, 1);
        const copied = await database.execute(
          notes.insert().fromSelect(["authorId", "stars"], select(busy.c.authorId, busy.c.total).from(busy)),
        );
        assert.equal(copied.rowCount, 2);
        const removed = await database.execute(notes.delete().where(notes.c.authorId.in(authors)));
        assert.equal(removed.rowCount, 3);
        assert.deepEqual(await database.fetchAll(select(users.c.fullName).where(users.c.id.eq(1))), [
          { fullName: "Busy" },
        ]);
      },
      { forceRollback: true },
    );
  });

  test("IN takes a query", async ({ database }) => {
    const authors = select(notes.c.authorId).where(notes.c.stars.gte(3), notes.c.authorId.isNot(null));
    assert.deepEqual(await database.fetchAll(select(users.c.id).where(users.c.id.in(authors))), [{ id: 1 }]);
    const others = select(users.c.id).where(users.c.id.notIn(authors)).orderBy(users.c.id);
    assert.deepEqual(await database.fetchAll(others), [{ id: 2 }, { id: 3 }]);
  });

  test("a limit inside a subquery holds there", async ({ database }) => {
    const top = notes.select().orderBy(notes.c.stars.desc()).limit(2).subquery("top");
    assert.deepEqual(await database.fetchAll(select(sum(top.c.stars))), [{ sum: 9 }]);
  });

  test("a raw statement with declared columns is selectable like any query", async ({ database }) => {
    const raw =
      sql`SELECT author_id AS ${sql.identifier("authorId")}, count(*) AS tally FROM ${notes} GROUP BY author_id`.columns(
        {
          authorId: integer(),
          tally: integer(),
        },
      );
    const tallies = raw.subquery("tallies");
    const query = select(users.c.fullName, tallies.c.tally)
      .from(users)
      .join(tallies, tallies.c.authorId.eq(users.c.id));
    assert.deepEqual(await database.fetchAll(query.orderBy(users.c.id)), [
      { fullName: "Ada", tally: 2 },
      { fullName: "Bob", tally: 1 },
    ]);
    const cte = raw.cte("c");
    assert.equal(await database.fetchVal(select(count()).from(cte)), 3);
  });
});

import assert from "node:assert/strict";
import { type Database, DivisionByZeroError } from "../../../src/index.js";
import { failure } from "../../suite/assertions.js";
import { type Declare, suite } from "../../suite/target.js";
import { within } from "../../support/within.js";

const ROWS = 1_000;
const NUMBERS = `SELECT n FROM generate_series(1, ${ROWS}) n`;
const FAILING = `SELECT 1 / (n - 500) AS q FROM generate_series(1, ${ROWS}) n`;

async function countOf(database: Database, text: string): Promise<number> {
  let total = 0;
  for await (const _ of database.iterate(text, null, { batchSize: 10 })) total += 1;
  return total;
}

/** Reading in pieces through the server's cursors. */
export const iterating: Declare = suite("PostgreSQL's iterations", ({ test }) => {
  test("what no cursor can be declared for is read whole under forceRollback", async ({ open }) => {
    const database = open({ forceRollback: true });
    assert.equal(await countOf(database, "SHOW TimeZone"), 1);
    assert.equal(await countOf(database, "EXPLAIN SELECT 1"), 1);
    await database.transaction(async () => assert.equal(await countOf(database, "EXPLAIN SELECT 1"), 1));
  });

  test("a statement in parentheses has a cursor, beside which others run", async ({ database }) => {
    await database.transaction(async () => {
      let total = 0;
      const texts = `/* a */ -- b\n (${NUMBERS}) UNION ALL (${NUMBERS})`;
      for await (const _ of database.iterate(texts, null, { batchSize: 10, maxBufferedRows: 1 })) {
        total += (await database.fetchVal<number>("SELECT 1")) ?? 0;
      }
      assert.equal(total, 2 * ROWS);
    });
  });

  test("a row that cannot be computed leaves a stand-alone iteration's surroundings alone under forceRollback", async ({
    open,
  }) => {
    const database = open({ forceRollback: true });
    await failure(countOf(database, FAILING), DivisionByZeroError);
    assert.equal(await database.fetchVal("SELECT 1"), 1);
    // A text that is fine and one that fails, turn by turn, with a statement between.
    const fine = database.iterate(NUMBERS, null, { batchSize: 10 });
    await fine.next();
    await failure(countOf(database, FAILING), DivisionByZeroError);
    await database.transaction(() => database.execute("SELECT 1"));
    let rest = 0;
    for await (const _ of fine) rest += 1;
    assert.equal(rest, ROWS - 1);
    assert.equal(await database.fetchVal("SELECT count(*) FROM pg_cursors WHERE name LIKE 'cursor%'"), 0);
  });

  test("in a transaction such a row fails the transaction, and in a nested one no more than that", async ({
    database,
  }) => {
    await database.transaction(async () => {
      await failure(
        database.transaction(() => countOf(database, FAILING)),
        DivisionByZeroError,
      );
      assert.equal(await database.fetchVal("SELECT 1"), 1);
    });
  });

  test("the time to tell what a text is does not grow with its comments", async ({ database }) => {
    const comments = "/**/".repeat(2_000);
    await within(
      database.transaction(async () => assert.equal(await countOf(database, `${comments}SHOW TimeZone`), 1)),
      5_000,
    );
  });
});

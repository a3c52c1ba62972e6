import assert from "node:assert/strict";
import { lengthsOf, factsOf, Session } from "./support.js";
import { type Declare, suite } from "../../../suite/target.js";

/** Enough for a text to be prepared, and used by its name. */
const USES = 4;

/** Prepared statements, when what they stand on changes. */
export const stale: Declare = suite("pg driver, changes under prepared statements", ({ test, named }) => {
  const repeat = async (use: () => Promise<unknown>): Promise<void> => {
    for (let left = USES; left > 0; left -= 1) await use();
  };

  /** Changes the schema where the driver does not see it. */
  const behind = async (url: string, ...texts: readonly string[]): Promise<void> => {
    await using other = await Session.open(url);
    for (const text of texts) await other.raw.query(text);
  };

  test("a parameter's type follows its column's", async ({ url }) => {
    const table = named("typed");
    await using given = await Session.open(url);
    await given.execute(`CREATE TABLE ${table} (word text)`);
    const insert = (word: string) => given.execute(`INSERT INTO ${table} VALUES ($1)`, [word]);
    const find = (word: string) => given.value(`SELECT count(*) FROM ${table} WHERE word = $1`, word);
    await repeat(() => insert("5"));
    await repeat(() => find("5"));
    await behind(url, `ALTER TABLE ${table} ALTER word TYPE integer USING word::integer`);
    assert.equal((await insert("6")).rowCount, 1);
    assert.equal(await find("6"), 1);
    await repeat(() => find("6"));
    await behind(url, `ALTER TABLE ${table} ALTER word TYPE text`);
    assert.equal((await insert("six")).rowCount, 1);
    assert.equal(await given.executeMany(`INSERT INTO ${table} VALUES ($1)`, [["seven"], ["seven"]]), 2);
    assert.equal(await find("seven"), 2);
  });

  test("what failed in a transaction succeeds in the next", async ({ url }) => {
    const table = named("retried");
    await using given = await Session.open(url);
    await given.execute(`CREATE TABLE ${table} (word text)`);
    const insert = () => given.execute(`INSERT INTO ${table} VALUES ($1)`, ["5"]);
    await repeat(insert);
    await behind(url, `ALTER TABLE ${table} ALTER word TYPE integer USING word::integer`);
    await given.command("BEGIN");
    assert.equal((await factsOf(insert())).sqlState, "42804");
    await given.command("ROLLBACK");
    await given.command("BEGIN");
    assert.equal((await insert()).rowCount, 1);
    await given.command("COMMIT");
  });

  test("an ALTER on one connection is known to all others of the process", async ({ url }) => {
    const table = named("altered");
    await using given = await Session.open(url);
    await using other = await Session.open(url);
    await given.execute(`CREATE TABLE ${table} (at date)`);
    const insert = () => given.execute(`INSERT INTO ${table} VALUES ($1)`, ["2024-02-29 12:30:00"]);
    await repeat(insert);
    await other.execute(`ALTER TABLE ${table} ALTER at TYPE timestamp`);
    await given.command("BEGIN");
    await insert();
    await given.command("COMMIT");
    // As a date, which the server would go on to take it for, it would have lost its time.
    assert.equal(await given.value(`SELECT max(at) FROM ${table}`), "2024-02-29 12:30:00");
  });

  test("a table that hides another is read from then on", async ({ url }) => {
    await using given = await Session.open(url);
    await given.execute(`CREATE TEMPORARY TABLE ${named("any")} (n integer)`);
    for (const [table, text] of [
      [named("hidden"), `CREATE TEMPORARY TABLE ${named("hidden")} (n integer)`],
      [named("covered"), `CREATE TEMPORARY TABLE ${named("covered")} AS SELECT 2 AS n`],
      [named("masked"), `SELECT 2 AS n INTO TEMPORARY ${named("masked")}`],
    ] as const) {
      await given.execute(`CREATE TABLE ${table} AS SELECT 1 AS n`);
      const read = () => given.value(`SELECT max(n) FROM ${table}`);
      await repeat(read);
      await given.execute(text);
      assert.notEqual(await read(), 1, text);
    }
  });

  test("what has begun to run is never run again, whatever its error says", async ({ url }) => {
    const [boom, seen] = [named("boom"), named("seen")];
    await using given = await Session.open(url);
    await given.execute(`CREATE SEQUENCE ${seen}`);
    await given.execute(
      `CREATE FUNCTION ${boom}(n integer, state text) RETURNS integer LANGUAGE plpgsql AS $$ BEGIN
         IF n = 5 THEN PERFORM nextval('${seen}'); RAISE EXCEPTION 'boom' USING ERRCODE = state; END IF; RETURN n; END $$`,
    );
    const text = `SELECT ${boom}(n, $1) FROM generate_series(1, 9) n`;
    const states = ["26000", "0A000", "42804", "22P02"];
    for (const state of states) {
      for (let left = USES; left > 0; left -= 1) {
        assert.equal((await factsOf(given.execute(text, [state]))).sqlState, state);
        const stream = await given.stream(text, 2, [state]);
        assert.equal((await factsOf(lengthsOf(stream))).sqlState, state);
      }
    }
    assert.equal(await given.value(`SELECT last_value FROM ${seen}`), states.length * USES * 2);
  });
});

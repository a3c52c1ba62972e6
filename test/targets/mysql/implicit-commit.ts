import assert from "node:assert/strict";
import {
  CommitError,
  DuplicateObjectError,
  integer,
  MetaData,
  select,
  string,
  TransactionAbortedError,
  UsageError,
} from "../../../src/index.js";
import { failure } from "../../suite/assertions.js";
import { type Declare, suite } from "../../suite/target.js";

/** These servers commit the open transaction before DDL and its kin. */
export const implicitCommit: Declare = suite("implicit commits", ({ test, named, tables, beforeEach }) => {
  const metadata = new MetaData();
  const notes = metadata.table(named("notes"), { id: integer().primaryKey(), text: string(50) });
  tables(metadata);
  beforeEach(async ({ database }) => void (await database.execute(notes.delete().all())));
  const texts = select(notes.c.text).orderBy(notes.c.id);

  for (const [title, isFailing] of [
    ["DDL in a transaction", false],
    ["DDL that fails in a transaction", true],
  ] as const) {
    test(`${title} ends it, and nobody is told that nothing was kept`, async ({ database }) => {
      const name = isFailing ? named("notes") : named(`made_${String(isFailing)}`);
      const error = await failure(
        database.transaction(async () => {
          await database.execute(notes.insert(), { text: "before" });
          const ddl = database.execute(`CREATE TABLE ${name} (id INTEGER)`);
          if (isFailing) assert.equal((await failure(ddl, DuplicateObjectError)).outcome, "unknown");
          else await ddl;
          const refused = await failure(database.execute(notes.insert(), { text: "after" }), TransactionAbortedError);
          assert.equal(refused.outcome, "unknown");
        }),
        CommitError,
      );
      assert.deepEqual([error.code, error.outcome], ["COMMIT", "unknown"]);
      assert.deepEqual(await database.fetchAll(texts), [{ text: "before" }]);
      if (!isFailing) await database.execute(`DROP TABLE ${name}`);
    });
  }

  test("what commits is refused under forceRollback before it is sent", async ({ database }) => {
    for (const text of [
      `CREATE TABLE ${named("forced")} (id INTEGER)`,
      `LOCK TABLES ${named("notes")} WRITE`,
      "FLUSH TABLES WITH READ LOCK",
    ]) {
      await database.forceRollback(async () => {
        await database.transaction(async () => {
          await database.execute(notes.insert(), { text: "undone" });
          await failure(database.execute(text), UsageError, /commits implicitly/);
        });
      });
    }
    assert.deepEqual(await database.fetchAll(texts), []);
  });

  test("a lock on tables is for a kept connection only, and ends with it", async ({ database }) => {
    const lock = `LOCK TABLES ${named("notes")} WRITE`;
    await failure(database.execute(lock), UsageError, /connection/);
    await database.connection(async (connection) => void (await connection.execute(lock)));
    await database.execute(notes.insert(), { text: "free" });
    assert.deepEqual(await database.fetchAll(texts), [{ text: "free" }]);
  });
});

import assert from "node:assert/strict";
import {
  AbortError,
  integer,
  MetaData,
  param,
  PoolDeadlockError,
  PoolTimeoutError,
  select,
  sql,
  string,
  text,
  UndefinedTableError,
  UsageError,
} from "../../src/index.js";
import { collectGarbage } from "../support/garbage.js";
import { failure } from "./assertions.js";
import { type Declare, suite } from "./target.js";

const ROWS = 1_000;

export const iterating: Declare = suite("iterate", ({ test, named, tables, before }) => {
  const metadata = new MetaData();
  const notes = metadata.table(named("notes"), { id: integer().primaryKey(), text: string(50) });
  const marks = metadata.table(named("marks"), { noteId: integer() });
  tables(metadata);
  before(async ({ database }) => {
    await database.executeMany(
      notes.insert(),
      Array.from({ length: ROWS }, (_, index) => ({ id: index + 1, text: `note ${index}` })),
    );
  });
  const ordered = notes.select().orderBy(notes.c.id);

  async function collect<Row>(rows: AsyncIterable<Row>): Promise<Row[]> {
    const collected: Row[] = [];
    for await (const row of rows) collected.push(row);
    return collected;
  }

  test("gives the rows that fetchAll gives, in order", async ({ database }) => {
    assert.deepEqual(await collect(database.iterate(ordered)), await database.fetchAll(ordered));
    for (const batchSize of [1, 7, ROWS, ROWS + 1]) {
      assert.equal((await collect(database.iterate(ordered, null, { batchSize }))).length, ROWS);
    }
    assert.deepEqual(await collect(database.iterate(ordered.where(notes.c.id.lt(0)))), []);
  });

  test("takes values, rows by position, text and the database's raw rows", async ({ database }) => {
    const byId = select(notes.c.text, notes.c.id)
      .where(notes.c.id.lte(param("most")))
      .orderBy(notes.c.id);
    const tuples: [string | null, number][] = await collect(database.iterate(byId, { most: 2 }, { rows: "array" }));
    assert.deepEqual(tuples, [
      ["note 0", 1],
      ["note 1", 2],
    ]);
    const raw = `SELECT id, id FROM ${named("notes")} WHERE id = :id`;
    assert.deepEqual(await collect(database.iterate(raw, { id: 5 })), [{ id: 5, id_1: 5 }]);
  });

  test("holds one connection until its end, and sends nothing before the first row is asked for", async ({
    database,
  }) => {
    const rows = database.iterate(ordered);
    assert.equal(database.pool.inUse, 0);
    await rows.next();
    assert.equal(database.pool.inUse, 1);
    await collect(rows);
    assert.equal(database.pool.inUse, 0);
    assert.deepEqual(await rows.next(), { done: true, value: undefined });
  });

  test("break and throw in the loop give the connection back at once", async ({ database }) => {
    for await (const row of database.iterate(ordered)) if (row.id === 3) break;
    assert.equal(database.pool.inUse, 0);
    const throwing = async () => {
      for await (const row of database.iterate(ordered)) throw new RangeError(`at ${row.id}`);
    };
    await failure(throwing(), RangeError, /at 1/);
    assert.equal(database.pool.inUse, 0);
    {
      await using rows = database.iterate(ordered);
      await rows.next();
    }
    assert.equal(database.pool.inUse, 0);
    assert.equal((await database.fetchAll(ordered.limit(1))).length, 1);
  });

  test("an abort ends it, wherever it stands", async ({ database }) => {
    const controller = new AbortController();
    const reason = new RangeError("enough");
    const seen: number[] = [];
    const loop = async () => {
      for await (const { id } of database.iterate(ordered, null, { signal: controller.signal, batchSize: 10 })) {
        seen.push(id);
        if (id === 5) controller.abort(reason);
      }
    };
    const error = await failure(loop(), AbortError);
    assert.equal(error.cause, reason);
    assert.ok(seen.length < ROWS);
    assert.equal(database.pool.inUse, 0);
    await failure(collect(database.iterate(ordered, null, { signal: controller.signal })), AbortError);
  });

  test("an error of the query is thrown by the loop", async ({ database }) => {
    await failure(collect(database.iterate("SELECT * FROM no_such_table")), UndefinedTableError);
    await failure(collect(database.iterate(ordered.where(notes.c.id.eq(param("id"))), {} as never)), UsageError);
    assert.throws(() => database.iterate(ordered, null, { batchSize: 0 }), UsageError);
    assert.equal(database.pool.inUse, 0);
  });

  test(
    "outside of a transaction, queries in the loop run on other connections",
    async ({ database }) => {
      let seen = 0;
      for await (const { id } of database.iterate(ordered)) {
        assert.equal(await database.fetchVal(select(notes.c.id).where(notes.c.id.eq(id))), id);
        if (id % 100 === 0) await database.execute(marks.insert(), { noteId: id });
        seen += 1;
      }
      assert.equal(seen, ROWS);
      assert.equal((await database.fetchAll(marks.select())).length, ROWS / 100);
      await database.execute(marks.delete().all());
    },
    { connections: 2 },
  );

  test("with no connection left, a query in the loop fails in time, and its error names the iteration", async ({
    open,
  }) => {
    const database = open({ maxSize: 1, acquireTimeoutMs: 100 });
    for await (const row of database.iterate(ordered)) {
      const waiting: Promise<unknown> = database.fetchVal(select(notes.c.id).where(notes.c.id.eq(row.id)));
      const error = await waiting.then(
        () => assert.fail("there is no connection for it"),
        (reason: unknown) => reason,
      );
      assert.ok(error instanceof PoolTimeoutError || error instanceof PoolDeadlockError);
      assert.match(error.message, /iterate/);
      assert.match(error.message, /iterating\.[jt]s/);
      break;
    }
    assert.equal((await database.fetchAll(ordered.limit(1))).length, 1);
  });

  test("inside a transaction, queries in the loop work and see the same transaction", async ({ database }) => {
    await database.transaction(async () => {
      let seen = 0;
      for await (const { id } of database.iterate(ordered)) {
        seen += 1;
        if (id % 100 === 0) await database.execute(marks.insert(), { noteId: id });
        if (id % 250 === 0) {
          await database.transaction(() => database.execute(marks.insert(), { noteId: id }));
          await database
            .transaction(async () => {
              await database.execute(marks.insert(), { noteId: -id });
              throw new RangeError("on purpose");
            })
            .catch(() => null);
        }
      }
      assert.equal(seen, ROWS);
      assert.equal((await database.fetchAll(marks.select())).length, 14);
      await database.execute(marks.delete().all());
    });
  });

  test("a temporary table of the transaction is read row by row, with queries in the loop", async ({ database }) => {
    const passing = named("passing");
    await database.transaction(async () => {
      await database.execute(`CREATE TEMPORARY TABLE ${passing} (id INTEGER)`);
      await database.executeMany(`INSERT INTO ${passing} (id) VALUES (:id)`, [{ id: 1 }, { id: 2 }, { id: 3 }]);
      const seen: unknown[] = [];
      for await (const { id } of database.iterate(`SELECT id FROM ${passing} ORDER BY id`, null, { batchSize: 1 })) {
        seen.push(id, await database.fetchVal(select(notes.c.text).where(notes.c.id.eq(id as number))));
      }
      assert.deepEqual(seen, [1, "note 0", 2, "note 1", 3, "note 2"]);
    });
  });

  test("two iterations inside one transaction go side by side", async ({ database }) => {
    await database.transaction(async () => {
      const [a, b] = [database.iterate(ordered), database.iterate(ordered)];
      for (let id = 1; id <= ROWS; id += 1) {
        assert.equal((await a.next()).value?.id, id);
        assert.equal((await b.next()).value?.id, id);
      }
      assert.equal((await a.next()).done, true);
      assert.equal((await b.next()).done, true);
    });
  });

  test("an iteration left open at the end of its transaction keeps nothing", async ({ database }) => {
    const rows = await database.transaction(async () => {
      const open = database.iterate(ordered);
      await open.next();
      return open;
    });
    assert.equal(database.pool.inUse, 0);
    await rows.return();
  });

  test("on a kept connection it leaves room for other queries", async ({ database }) => {
    await database.connection(async () => {
      for await (const { id } of database.iterate(ordered)) {
        if (id % 500 === 0) assert.equal(await database.fetchVal(select(notes.c.id).where(notes.c.id.eq(id))), id);
      }
    });
  });

  test(
    "a write with returning may be iterated",
    async ({ database }) => {
      const update = notes.update().where(notes.c.id.lte(3)).set({ text: "changed" }).returning(notes.c.id);
      const ids = (await collect(database.iterate(update))).map(({ id }) => id);
      assert.deepEqual(
        ids.toSorted((a, b) => a - b),
        [1, 2, 3],
      );
      assert.equal((await database.fetchAll(ordered.where(notes.c.text.eq("changed")))).length, 3);
    },
    { features: ["updateReturning"] },
  );

  test("rows in advance are asked for in order", async ({ database }) => {
    const rows = database.iterate(ordered, null, { batchSize: 2 });
    const first = await Promise.all([rows.next(), rows.next(), rows.next(), rows.next(), rows.next()]);
    assert.deepEqual(
      first.map(({ value }) => value?.id),
      [1, 2, 3, 4, 5],
    );
    await rows.return();
  });

  test("10 000 large rows never take the memory of 10 000 large rows", async ({ database }) => {
    const again = notes.as("again");
    const large = sql.value<string>`${"x".repeat(10_000)}`.cast(text());
    const query = select(notes.c.id, large.concat(notes.c.text).as("large")).from(notes).crossJoin(again).limit(10_000);
    const heapBytes: number[] = [];
    let seen = 0;
    for await (const row of database.iterate(query)) {
      assert.ok((row.large?.length ?? 0) > 10_000);
      seen += 1;
      if (seen % 1_000 !== 0) continue;
      collectGarbage();
      heapBytes.push(process.memoryUsage().heapUsed);
    }
    assert.equal(seen, 10_000);
    const growth = Math.max(...heapBytes) - Math.min(...heapBytes);
    assert.ok(growth < 20e6, `the heap grew by ${growth} bytes over 100 MB of rows`);
  });
});

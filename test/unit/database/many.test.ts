import assert from "node:assert/strict";
import { test } from "node:test";
import { boolean, integer, string } from "../../../src/schema/factories.js";
import { MetaData } from "../../../src/schema/metadata.js";
import { InvalidValueError, UniqueViolationError, UsageError } from "../../../src/errors/index.js";
import { everywhere, failure, insert, openNotes, texts, watchTimers, within } from "./support.js";

const INSERT = "INSERT INTO notes (text) VALUES (:text)";

let made = 0;
const metadata = new MetaData();
const items = metadata.table("items", {
  id: integer().primaryKey(),
  name: string(20).notNull(),
  serial: integer().default(() => (made += 1)),
  done: boolean().notNull().default(false),
});

everywhere("all rows or none", async (t, place) => {
  const database = await openNotes(t, place);
  assert.deepEqual(await within(database.executeMany(INSERT, [{ text: "a" }, { text: "b" }])), { rowCount: 2 });
  await failure(database.executeMany(INSERT, [{ text: "c" }, { text: "a" }, { text: "d" }]), UniqueViolationError);
  await failure(database.executeMany(INSERT, [{ text: "c" }, { text: undefined }]), UsageError, /Row 1 of executeMany/);
  await failure(
    database.executeMany(INSERT, [{ text: "c" }, { text: "d", other: 1 }]),
    UsageError,
    /Row 1 of executeMany.*"other"/,
  );
  assert.deepEqual(await within(texts(database)), ["a", "b"]);
});

everywhere("inside a transaction it is a savepoint", async (t, place) => {
  const database = await openNotes(t, place);
  await within(
    database.transaction(async () => {
      await insert(database, "a");
      await failure(database.executeMany(INSERT, [{ text: "b" }, { text: "a" }]), UniqueViolationError);
      await database.executeMany(INSERT, [{ text: "c" }, { text: "d" }]);
    }),
  );
  assert.deepEqual(await within(texts(database)), ["a", "c", "d"]);
});

everywhere("an empty array does nothing, but must belong to a query", async (t, place) => {
  const database = await openNotes(t, place);
  assert.deepEqual(await within(database.executeMany(INSERT, [])), { rowCount: 0 });
  await failure(database.executeMany({ not: "a query" } as never, []), UsageError, /no query/);
  await failure(database.executeMany(INSERT, { text: "a" } as never), UsageError, /array of objects/);
  await failure(database.executeMany(INSERT, [{ text: "a" }, null as never]), UsageError, /row 1 is none/);
  await failure(database.executeMany(INSERT, [["a"] as never]), UsageError, /row 0 is none/);
});

everywhere("updates and deletes are counted by the rows that they matched", async (t, place) => {
  const database = await openNotes(t, place);
  await within(
    database.executeMany(
      INSERT,
      ["a", "b", "c"].map((text) => ({ text })),
    ),
  );
  const updated = await within(
    database.executeMany("UPDATE notes SET text = :next WHERE text = :text", [
      { text: "a", next: "x" },
      { text: "none", next: "y" },
    ]),
  );
  assert.deepEqual(updated, { rowCount: 1 });
  assert.deepEqual(
    await within(database.executeMany("DELETE FROM notes WHERE text = :text", [{ text: "x" }, { text: "b" }])),
    { rowCount: 2 },
  );
  assert.deepEqual(await within(texts(database)), ["c"]);
});

everywhere(
  "rows of different keys keep their order, and what is absent gets its default once for each row",
  async (t, place) => {
    const database = await openNotes(t, place);
    await within(metadata.createAll(database));
    made = 0;
    const { rowCount } = await within(
      database.executeMany(items.insert(), [
        { name: "a" },
        { name: "b", done: true },
        { done: true, name: "c" },
        { name: "d" },
        { name: "e", serial: 100 },
      ]),
    );
    assert.equal(rowCount, 5);
    const rows = await within(database.fetchAll(items.select().orderBy(items.c.id)));
    assert.deepEqual(
      rows.map(({ id, name, serial, done }) => [id, name, serial, done]),
      [
        [1, "a", 1, false],
        [2, "b", 2, true],
        [3, "c", 3, true],
        [4, "d", 4, false],
        [5, "e", 100, false],
      ],
    );
    await failure(
      database.executeMany(items.insert(), [{ name: "f" }, { name: 5 as never }]),
      InvalidValueError,
      /Row 1/,
    );
    assert.equal(await within(database.fetchVal("SELECT count(*) FROM items")), 5);
  },
);

test("many rows leave the timers their time, and are one transaction", { timeout: 30_000 }, async (t) => {
  // In memory: what a file takes at COMMIT is not ours to divide.
  const database = await openNotes(t, "memory");
  const timers = watchTimers(t);
  const rows = Array.from({ length: 100_000 }, (_, index) => ({ text: `text ${index}` }));
  const startMs = performance.now();
  assert.deepEqual(await within(database.executeMany(INSERT, rows), 20_000), { rowCount: 100_000 });
  timers.assertFired(performance.now() - startMs);
  await failure(
    database.executeMany(INSERT, [...rows.map(({ text }) => ({ text: `${text}!` })), { text: "text 5" }]),
    UniqueViolationError,
  );
  assert.equal(await within(database.fetchVal("SELECT count(*) FROM notes")), 100_000);
});

test("an abort undoes what was done", { timeout: 20_000 }, async (t) => {
  const database = await openNotes(t, "a file");
  const rows = Array.from({ length: 100_000 }, (_, index) => ({ text: `text ${index}` }));
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 5);
  await assert.rejects(within(database.executeMany(INSERT, rows, { signal: controller.signal }), 10_000), {
    name: "AbortError",
  });
  assert.deepEqual(await within(texts(database)), []);
  assert.equal(database.pool.inUse, 0);
});

test("rows that are changed after the call are sent as they were", { timeout: 10_000 }, async (t) => {
  const database = await openNotes(t, "a file");
  const rows = [{ text: "a" }, { text: "b" }];
  const sent = database.executeMany(INSERT, rows);
  Object.assign(rows[1] ?? {}, { text: "changed" });
  rows.push({ text: "c" });
  assert.deepEqual(await within(sent), { rowCount: 2 });
  assert.deepEqual(await within(texts(database)), ["a", "b"]);
});

import assert from "node:assert/strict";
import {
  bigInteger,
  count,
  integer,
  literal,
  MetaData,
  max,
  primaryKey,
  select,
  sql,
  string,
  typeDecorator,
  uuid,
} from "../../src/index.js";
import { type Declare, suite } from "./target.js";

class Code {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

const code = typeDecorator(string(20), {
  toDriver: (value: Code) => value.text,
  fromDriver: (text) => new Code(text),
});

export const inserting: Declare = suite("inserting", ({ test, named, tables, beforeEach, target }) => {
  const metadata = new MetaData({ naming: "snake_case" });
  const notes = metadata.table(named("notes"), {
    noteId: integer().primaryKey(),
    text: string(100),
    length: integer().notNull().default(0),
  });
  const seats = metadata.table(named("seats"), { hall: string(10), row: integer(), taken: integer() }, (c) => [
    primaryKey(c.hall, c.row),
  ]);
  const words = metadata.table(named("words"), { word: string(20).primaryKey(), uses: integer() });
  const events = metadata.table(named("events"), {
    id: uuid()
      .primaryKey()
      .default(() => "6fa459ea-ee8a-3ca4-894e-db77e160355e"),
    what: string(20),
  });
  const prices = metadata.table(named("prices"), { code: code().primaryKey(), cents: integer() });
  const counters = metadata.table(named("counters"), {
    id: bigInteger()
      .primaryKey()
      .default(literal(2n ** 60n)),
    name: string(20),
  });
  const big = metadata.table(named("big"), { id: bigInteger().primaryKey(), name: string(20) });
  const logs = metadata.table(named("logs"), { line: string(100) });
  const all = [notes, seats, words, events, prices, counters, big, logs];
  tables(metadata);
  beforeEach(async ({ database }) => {
    for (const table of all) await database.execute(table.delete().all());
  });

  test("a generated key is told by column key", async ({ database }) => {
    const { rowCount, insertedPrimaryKey } = await database.execute(notes.insert(), { text: "a" });
    assert.equal(rowCount, 1);
    assert.deepEqual(Object.keys(insertedPrimaryKey ?? {}), ["noteId"]);
    const row = await database.fetchOne(notes.select());
    assert.deepEqual(row, { noteId: insertedPrimaryKey?.noteId, text: "a", length: 0 });
  });

  test("a key that is given is told too", async ({ database }) => {
    const given = await database.execute(notes.insert(), { noteId: 77, text: "a" });
    assert.deepEqual(given, { rowCount: 1, insertedPrimaryKey: { noteId: 77 } });
    const inBuilder = await database.execute(notes.insert().values({ noteId: 78 }));
    assert.deepEqual(inBuilder, { rowCount: 1, insertedPrimaryKey: { noteId: 78 } });
    const text = await database.execute(words.insert(), { word: "hello" });
    assert.deepEqual(text, { rowCount: 1, insertedPrimaryKey: { word: "hello" } });
  });

  test("a row of nothing but defaults has its key", async ({ database }) => {
    const { insertedPrimaryKey } = await database.execute(notes.insert());
    const row = await database.fetchOne(notes.select());
    assert.deepEqual(row, { ...insertedPrimaryKey, text: null, length: 0 });
  });

  test("a composite key is told as a whole", async ({ database }) => {
    const { insertedPrimaryKey } = await database.execute(seats.insert(), { row: 3, hall: "A", taken: 1 });
    assert.deepEqual(insertedPrimaryKey, { hall: "A", row: 3 });
  });

  test("a key that our default made is told as it was stored", async ({ database }) => {
    const { insertedPrimaryKey } = await database.execute(events.insert(), { what: "start" });
    assert.deepEqual(insertedPrimaryKey, { id: "6fa459ea-ee8a-3ca4-894e-db77e160355e" });
  });

  test("a key of a type of one's own comes back as that type", async ({ database }) => {
    const { insertedPrimaryKey } = await database.execute(prices.insert(), { code: new Code("x-1"), cents: 5 });
    assert.deepEqual(insertedPrimaryKey, { code: new Code("x-1") });
  });

  test("a generated key of 64 bits is a bigint", async ({ database }) => {
    const given = await database.execute(big.insert(), { id: 2n ** 60n });
    assert.deepEqual(given.insertedPrimaryKey, { id: 2n ** 60n });
    const { insertedPrimaryKey } = await database.execute(big.insert(), { name: "next" });
    assert.deepEqual(insertedPrimaryKey, { id: target.features.has("keysFollowGivenOnes") ? 2n ** 60n + 1n : 1n });
  });

  test(
    "a key that SQL makes is told",
    async ({ database }) => {
      const { insertedPrimaryKey } = await database.execute(counters.insert(), { name: "a" });
      assert.deepEqual(insertedPrimaryKey, { id: 2n ** 60n });
      const expression = notes.insert().values({ noteId: literal(40).plus(2) });
      assert.deepEqual(await database.execute(expression), { rowCount: 1, insertedPrimaryKey: { noteId: 42 } });
    },
    { features: ["insertReturning"] },
  );

  test("without a primary key, and with several rows, there is no key to tell", async ({ database }) => {
    assert.deepEqual(await database.execute(logs.insert(), { line: "a" }), { rowCount: 1, insertedPrimaryKey: null });
    const two = await database.execute(notes.insert().values([{ text: "a" }, { text: "b" }]));
    assert.deepEqual(two, { rowCount: 2, insertedPrimaryKey: null });
    const copies = await database.execute(notes.insert().fromSelect(["text"], select(notes.c.text)));
    assert.deepEqual(copies, { rowCount: 2, insertedPrimaryKey: null });
  });

  test("an insert that writes nothing has no key", async ({ database }) => {
    const none = select(notes.c.text).where(notes.c.noteId.eq(-1));
    const result = await database.execute(notes.insert().fromSelect(["text"], none));
    assert.deepEqual(result, { rowCount: 0, insertedPrimaryKey: null });
  });

  test("values may be expressions, also queries", async ({ database }) => {
    await database.execute(words.insert(), { word: "a", uses: 5 });
    const most = select(max(words.c.uses)).scalarSubquery();
    await database.execute(words.insert().values({ word: "b", uses: most }));
    await database.execute(words.insert().values({ word: "c", uses: sql.value<number>`40 + ${2}` }));
    const rows = await database.fetchAll(words.select().orderBy(words.c.word), null, { rows: "array" });
    assert.deepEqual(rows, [
      ["a", 5],
      ["b", 5],
      ["c", 42],
    ]);
  });

  test(
    "returning gives the inserted rows, with their defaults",
    async ({ database }) => {
      const row = await database.fetchOne(notes.insert().returning(notes), { text: "a" });
      assert.deepEqual({ ...row, noteId: 0 }, { noteId: 0, text: "a", length: 0 });
      const names = notes
        .insert()
        .values({ text: "b" })
        .returning({ key: notes.c.noteId, size: notes.c.length.plus(1) });
      const named = await database.fetchOneOrThrow(names);
      assert.deepEqual(named, { key: (row?.noteId ?? 0) + 1, size: 1 });
      const value: number | null = await database.fetchVal(notes.insert().returning(notes.c.noteId), { text: "c" });
      assert.equal(value, named.key + 1);
      const several = notes.insert().values([{ text: "d" }, { text: "e" }]);
      const texts = await database.fetchAll(several.returning(notes.c.text), null, { rows: "array" });
      assert.deepEqual(texts, [["d"], ["e"]]);
      assert.equal(await database.fetchVal(select(count()).from(notes)), 5);
    },
    { features: ["insertReturning"] },
  );

  test(
    "executing an insert with returning still tells count and key",
    async ({ database }) => {
      const result = await database.execute(notes.insert().returning(notes.c.text), { noteId: 5, text: "a" });
      assert.deepEqual(result, { rowCount: 1, insertedPrimaryKey: { noteId: 5 } });
    },
    { features: ["insertReturning"] },
  );

  test("a hundred inserts at once have a hundred keys, each its own", async ({ database }) => {
    const inserted = await Promise.all(
      Array.from({ length: 100 }, (_, index) => database.execute(notes.insert(), { text: `note ${index}` })),
    );
    for (const [index, { insertedPrimaryKey }] of inserted.entries()) {
      const row = await database.fetchOneOrThrow(
        notes.select().where(notes.c.noteId.eq(insertedPrimaryKey?.noteId ?? 0)),
      );
      assert.equal(row.text, `note ${index}`);
    }
  });

  test("the row that is given is left as it was", async ({ database }) => {
    const row = Object.freeze({ text: "a" });
    await database.execute(notes.insert(), row);
    const rows = Object.freeze([Object.freeze({ text: "b" }), row]);
    await database.executeMany(notes.insert(), rows);
    assert.deepEqual(rows, [{ text: "b" }, { text: "a" }]);
  });
});

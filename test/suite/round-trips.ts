import assert from "node:assert/strict";
import fc from "fast-check";
import {
  count,
  type Database,
  dateTime,
  integer,
  json,
  literal,
  MetaData,
  param,
  select,
  sql,
  sum,
} from "../../src/index.js";
import { kinds } from "./kinds/index.js";
import type { Kind } from "./kinds/kind.js";
import { numeric15 } from "./kinds/numbers.js";
import { type Declare, suite } from "./target.js";

const RUNS = 15;
const VALUES_PER_RUN = 50;

export const roundTrips: Declare = suite("round trips", ({ test, named, tables, target }) => {
  const metadata = new MetaData();
  tables(metadata);

  /** The value, without what the target cannot tell. */
  const settle = (value: unknown): unknown => (value === 0 && !target.features.has("negativeZero") ? 0 : value);

  for (const kind of kinds) declare(kind);

  /** The tests of one type. Its values are `unknown` here: the types of columns are the business of other tests. */
  function declare({ name, column, values, edges, stored = (value) => value, sameAs }: Kind): void {
    const expected = (value: unknown): unknown => (value === null ? null : settle(stored(value)));
    const table = metadata.table(named(`of_${name.replaceAll(/\W+/g, "_")}`), {
      id: integer().primaryKey(),
      value: column,
    });
    const ordered = select(table.c.value).orderBy(table.c.id);
    const lists = fc.array(fc.option(values, { freq: 20 }), { minLength: 1, maxLength: VALUES_PER_RUN });

    /** Empties the table, lets `write` fill it, and compares. */
    async function check(
      database: Database,
      given: readonly unknown[],
      write: (rows: readonly never[]) => Promise<unknown>,
    ): Promise<void> {
      await database.execute(table.delete().all());
      await write(given.map((value, index) => ({ id: index + 1, value })) as never);
      const found = (await database.fetchAll(ordered, null, { rows: "array" })).flat();
      assert.deepEqual(found.map(settle), given.map(expected));
    }

    /** The same by every way in and out. */
    async function checkAll(database: Database, given: readonly unknown[]): Promise<void> {
      await check(database, given, (rows) => database.executeMany(table.insert(), rows));
      await check(database, given, (rows) => database.execute(table.insert().values(rows)));
      await check(database, given, (rows) =>
        database.transaction(async () => {
          for (const row of rows) await database.execute(table.insert(), row);
        }),
      );
      const bound = given.filter((value) => value !== null).slice(0, 20);
      for (const value of bound) {
        const found = await database.fetchVal(select(literal(value as never, column).as("value")));
        assert.deepEqual(settle(found), expected(value));
      }
    }

    test(`${name}: values come back as they went in, by every way in`, async ({ database }) => {
      await checkAll(database, [...edges, null]);
      await fc.assert(
        fc.asyncProperty(lists, (given) => checkAll(database, given)),
        { numRuns: RUNS },
      );
    });

    test(`${name}: an update stores what an insert does`, async ({ database }) => {
      await database.execute(table.delete().all());
      await database.execute(table.insert(), { id: 1 } as never);
      for (const value of [...edges, null]) {
        await database.execute(table.update().where(table.c.id.eq(1)), { value } as never);
        assert.deepEqual(settle(await database.fetchVal(ordered)), expected(value));
      }
    });

    test(
      `${name}: returning gives what was stored`,
      async ({ database }) => {
        await database.execute(table.delete().all());
        const insert = table.insert().returning(table.c.value);
        const check = async (value: unknown) =>
          assert.deepEqual(settle(await database.fetchVal(insert, { value } as never)), expected(value));
        await database.transaction(async () => {
          for (const value of [...edges, null]) await check(value);
          await fc.assert(fc.asyncProperty(values, check), { numRuns: VALUES_PER_RUN });
        });
      },
      { features: ["insertReturning"] },
    );

    if (sameAs === null) return;
    const same = (one: unknown, other: unknown): boolean =>
      one !== null && other !== null && sameAs(one) === sameAs(other);

    test(`${name}: values find themselves, and nothing else, in WHERE`, async ({ database }) => {
      const total = select(count()).from(table);
      const byParameter = total.where(table.c.value.eq(param("x")));
      const byList = total.where(table.c.value.in(param("xs")));
      const checkFound = async (given: readonly unknown[]): Promise<void> => {
        await database.execute(table.delete().all());
        await database.executeMany(table.insert(), given.map((value) => ({ value })) as never);
        for (const x of given.filter((value) => value !== null).slice(0, 25)) {
          const expected = given.filter((value) => same(value, x)).length;
          assert.equal(await database.fetchVal(byParameter, { x } as never), expected);
          assert.equal(await database.fetchVal(total.where(table.c.value.eq(x as string))), expected);
        }
        const xs = given.filter((value) => value !== null);
        assert.equal(await database.fetchVal(byList, { xs } as never), xs.length);
        assert.equal(await database.fetchVal(total.where(table.c.value.is(null))), given.length - xs.length);
      };
      await checkFound([...edges, ...edges, null]);
      await fc.assert(fc.asyncProperty(lists, checkFound), { numRuns: RUNS });
    });
  }

  const decimals = metadata.table(named("decimals"), { amount: numeric15.column });

  test("numeric(15, 2): a sum is exact", async ({ database }) => {
    const property = fc.asyncProperty(fc.array(numeric15.values, { minLength: 1, maxLength: 200 }), async (amounts) => {
      await database.execute(decimals.delete().all());
      await database.executeMany(
        decimals.insert(),
        amounts.map((amount) => ({ amount })),
      );
      const cents = amounts.reduce((all, amount) => all + BigInt(amount.replace(".", "")), 0n);
      const found = await database.fetchVal(select(sum(decimals.c.amount)));
      assert.equal(BigInt((found ?? "").replace(".", "")), cents);
      assert.match(found ?? "", /^-?\d+\.\d\d$/);
    });
    await fc.assert(property, { numRuns: 15 });
  });

  const moments = metadata.table(named("moments"), { id: integer().primaryKey(), at: dateTime() });

  test("moments are stored in UTC, whatever the time zone of the process", async ({ database }) => {
    // Gaps and overlaps of summer time on several continents, and the day that Samoa left out.
    const texts = [
      "2024-03-10T10:30",
      "2024-11-03T09:30",
      "2024-03-31T01:30",
      "2024-10-27T01:30",
      "2011-12-30T10:00",
      "1900-01-01T00:00",
    ];
    await database.execute(moments.delete().all());
    await database.executeMany(
      moments.insert(),
      texts.map((text) => ({ at: new Date(`${text}:00Z`) })),
    );
    const stored = await database.fetchAll<[string]>(sql`SELECT at FROM ${moments} ORDER BY id` as never, null, {
      rows: "array",
    } as never);
    for (const [index, text] of texts.entries()) {
      assert.ok(stored[index]?.[0].replace(" ", "T").startsWith(text), `${text} is stored as ${stored[index]?.[0]}`);
    }
    const read = await database.fetchAll(select(moments.c.at).orderBy(moments.c.id));
    assert.deepEqual(
      read.map(({ at }) => at?.toISOString().slice(0, 16)),
      texts,
    );
    const inOrder = await database.fetchAll(select(moments.c.at).orderBy(moments.c.at));
    assert.deepEqual(
      inOrder.map(({ at }) => at?.getTime()),
      texts.map((text) => Date.parse(`${text}Z`)).toSorted((a, b) => a - b),
    );
  });

  const documents = metadata.table(named("documents"), { id: integer().primaryKey(), document: json() });

  test("SQL's NULL and JSON's null are two values", async ({ database }) => {
    await database.executeMany(documents.insert(), [
      { document: null },
      { document: json.null },
      { document: { inside: json.null } },
      {},
    ]);
    const absent = select(documents.c.id).where(documents.c.document.is(null)).orderBy(documents.c.id);
    assert.deepEqual(
      (await database.fetchAll(absent)).map(({ id }) => id),
      [1, 4],
    );
    const found = await database.fetchAll(select(documents.c.document).orderBy(documents.c.id), null, {
      rows: "array",
    });
    assert.deepEqual(found, [[null], [null], [{ inside: null }], [null]]);
  });

  test("bytes that come back are a plain Uint8Array of their own", async ({ database }) => {
    const bytes = await database.fetchVal(select(literal(Buffer.from("abc")).as("bytes")));
    assert.ok(bytes instanceof Uint8Array);
    assert.equal(Object.getPrototypeOf(bytes), Uint8Array.prototype);
    assert.equal(bytes.buffer.byteLength, 3);
  });

  test(
    "decimals of more than 15 digits are refused where they would not be exact",
    async ({ database }) => {
      const wide = kinds.find(({ name }) => name === "numeric(38, 10)");
      assert.ok(wide);
      const table = new MetaData().table(named("wide"), { value: wide.column });
      await assert.rejects(database.fetchAll(table.select().orderBy(table.c.value)), /15 digits/);
      await assert.rejects(database.fetchAll(table.select().where(table.c.value.gt("1"))), /15 digits/);
      await assert.rejects(database.fetchAll(select(table.c.value.plus("1").as("more"))), /15 digits/);
      await assert.rejects(database.fetchAll(select(sum(table.c.value))), /15 digits/);
    },
    { features: ["textForWideDecimals"] },
  );

  test(
    "decimals of more than 15 digits have an order and exact sums",
    async ({ database }) => {
      const wide = kinds.find(({ name }) => name === "numeric(38, 10)");
      assert.ok(wide);
      const own = new MetaData();
      const table = own.table(named("wide_sums"), { value: wide.column });
      await own.createAll(database);
      const values = ["9999999999999999999999999.0000000001", "0.0000000001", "-1"];
      await database.executeMany(table.insert(), values.map((value) => ({ value })) as never);
      assert.equal(await database.fetchVal(select(sum(table.c.value))), "9999999999999999999999998.0000000002");
      const ordered = await database.fetchAll(select(table.c.value).orderBy(table.c.value), null, { rows: "array" });
      assert.deepEqual(ordered.flat(), ["-1.0000000000", "0.0000000001", values[0]]);
    },
    { features: ["wideDecimals"] },
  );

  assert.ok(
    target.features.has("wideDecimals") !== target.features.has("textForWideDecimals"),
    "a target has one of the two",
  );
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  boolean,
  ConfigurationError,
  count,
  Database,
  double,
  integer,
  MetaData,
  param,
  QueryError,
  registerDialect,
  registerDriver,
  select,
  string,
  UnsupportedError,
} from "../../src/index.js";
import { toyDialect } from "../support/toy-dialect.js";
import { ToyDriver } from "../support/toy-driver.js";
import { within } from "../support/within.js";

/*
 * The seams hold where a driver and a dialect are added by one call each, and nothing else of the house changes.
 */

const metadata = new MetaData();
const notes = metadata.table("notes", {
  id: integer().primaryKey(),
  text: string(100),
  done: boolean().notNull().default(false),
});

/** The main job, in small. */
async function mainJob(database: Database): Promise<unknown> {
  await metadata.createAll(database);
  const { insertedPrimaryKey } = await database.execute(notes.insert(), { text: "a", done: true });
  await database.executeMany(notes.insert(), [{ text: "b" }, { text: null }]);
  await database.transaction(async () => {
    await database.execute(notes.update().where(notes.c.id.eq(2)), { done: true });
    await database
      .transaction(async () => {
        await database.execute(notes.delete().all());
        throw new RangeError("on purpose");
      })
      .catch(() => null);
  });
  const streamed: number[] = [];
  for await (const { id } of database.iterate(notes.select().orderBy(notes.c.id))) streamed.push(id);
  return {
    insertedPrimaryKey,
    streamed,
    done: await database.fetchAll(
      select(notes.c.text, notes.c.done)
        .where(notes.c.done.eq(param("done")))
        .orderBy(notes.c.text.desc()),
      {
        done: true,
      },
    ),
    total: await database.fetchVal(select(count()).from(notes)),
    raw: await database.fetchVal("SELECT count(*) FROM notes WHERE text = :text", { text: "b" }),
  };
}

const outcome = {
  insertedPrimaryKey: { id: 1 },
  streamed: [1, 2, 3],
  done: [
    { text: "b", done: true },
    { text: "a", done: true },
  ],
  total: 3,
  raw: 1,
};

describe("a driver is one object and one call", () => {
  const driver = new ToyDriver();
  registerDriver("sqlite", {
    name: "toy",
    packageName: null,
    urlOptions: ["flavour"],
    load: () => Promise.resolve(driver),
  });

  test("its URLs are known, with their options, and the main job runs on it", async () => {
    const database = new Database("sqlite+toy://?flavour=sweet");
    assert.deepEqual(await within(mainJob(database)), outcome);
    await within(database.disconnect());
    assert.ok(driver.log.includes('DELETE FROM "notes"'));
    assert.ok(driver.log.some((text) => /^INSERT INTO "notes" .* × 2$/.test(text)));
  });

  test("the bare scheme still goes to the first driver that is installed", () => {
    assert.equal(new Database("sqlite://").dialect, "sqlite");
    assert.throws(() => new Database("sqlite://?flavour=sour&taste=x"), ConfigurationError);
  });
});

describe("a dialect is one object and one call", () => {
  const driver = new ToyDriver();
  registerDialect("toy", () => Promise.resolve(toyDialect));
  registerDriver("toy", { name: "toy", packageName: "toy", urlOptions: [], load: () => Promise.resolve(driver) });

  test("the main job runs in its words", async () => {
    const database = new Database("toy://host/name");
    assert.deepEqual(await within(mainJob(database)), outcome);
    await within(database.disconnect());
    const [session, check, begin, create] = driver.log;
    assert.equal(session, "PRAGMA case_sensitive_like = on");
    assert.equal(check, "SELECT 'a' LIKE 'A'");
    assert.equal(begin, "BEGIN");
    assert.match(
      create ?? "",
      /^CREATE TABLE IF NOT EXISTS \[notes\] \(\[id\] INTEGER NOT NULL, .* PRIMARY KEY \(\[id\]\)\)$/,
    );
    assert.ok(
      driver.log.includes("INSERT INTO [notes] ([text], [done]) VALUES (?1, ?2) RETURNING [id]"),
      "no last insert id",
    );
    assert.ok(driver.log.includes("RELEASE sp1"));
    assert.ok(driver.log.some((text) => text.endsWith("WHERE [notes].[done] = ?1 ORDER BY [notes].[text] DESC")));
  });

  test("what it renders otherwise is rendered so, everything else by the standard", async () => {
    await using database = new Database("toy://host/name");
    await metadata.createAll(database);
    await database.executeMany(notes.insert(), [{ text: "b" }, { text: null }, { text: "a" }]);
    const order = select(notes.c.text.concat("!").as("loud")).orderBy(notes.c.text.nullsLast()).limit(2);
    assert.deepEqual(await within(database.fetchAll(order)), [{ loud: "a!" }, { loud: "b!" }]);
    const text = driver.log.at(-1) ?? "";
    assert.match(text, /concat_ws\('', \[notes\]\.\[text\], \?1\)/);
    assert.match(
      text,
      /ORDER BY \[notes\]\.\[text\] IS NULL, \[notes\]\.\[text\] LIMIT \?2$/,
      "NULLS LAST is emulated",
    );
  });

  test("what it lacks is refused by name, before anything is sent", async () => {
    await using database = new Database("toy://host/name");
    await database.connect();
    const sent = driver.log.length;
    const ratios = new MetaData().table("ratios", { ratio: double() });
    const { createTable } = await import("../../src/index.js");
    await assert.rejects(database.execute(createTable(ratios)), (error) => {
      assert.ok(error instanceof UnsupportedError);
      return error.message.startsWith('toy has no type double (the column "ratio" of "ratios")');
    });
    const update = notes.update().all().set({ text: "x" }).returning(notes.c.id);
    await assert.rejects(database.fetchAll(update), /^UnsupportedError: toy has no RETURNING in UPDATE/);
    assert.equal(driver.log.length, sent);
  });

  test("its errors are of its making", async () => {
    await using database = new Database("toy://host/name");
    await assert.rejects(within(database.fetchAll("SELECT * FROM nowhere")), (error) => {
      assert.ok(error instanceof QueryError);
      assert.equal(error.message, "The toy refused the statement.");
      return error.sql === "SELECT * FROM nowhere";
    });
  });
});

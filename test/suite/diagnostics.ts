import assert from "node:assert/strict";
import { tracingChannel } from "node:diagnostics_channel";
import { inspect } from "node:util";
import { integer, MetaData, select, sql, string, UniqueViolationError } from "../../src/index.js";
import { failure } from "./assertions.js";
import { published } from "./published.js";
import { type Declare, suite } from "./target.js";

export const diagnostics: Declare = suite("diagnostics channels", ({ test, named, tables, before, target }) => {
  const metadata = new MetaData();
  const notes = metadata.table(named("notes"), { id: integer().primaryKey(), text: string(50).unique() });
  tables(metadata);
  before(async ({ database }) => void (await database.execute(notes.insert(), { text: "hunter2" })));

  test("databases:query tells each statement, from before it to after it", async ({ database }) => {
    const events = await published("databases:query", () =>
      database.fetchAll(notes.select().where(notes.c.text.eq("hunter2"))),
    );
    assert.deepEqual(
      events.map(([event]) => event),
      ["start", "end", "asyncStart", "asyncEnd"],
    );
    const [[, message] = ["", {}]] = events;
    assert.match(String(message["sql"]), /^SELECT .* WHERE/);
    assert.equal(message["dialect"], target.dialect);
    assert.equal(message["database"], database.url.toString());
  });

  test("a failure is told with its error, and thrown all the same", async ({ database }) => {
    const events = await published("databases:query", () =>
      failure(database.execute(notes.insert(), { text: "hunter2" }), UniqueViolationError),
    );
    const [, message] = events.find(([event]) => event === "error") ?? ["", {}];
    assert.ok(message["error"] instanceof UniqueViolationError);
  });

  test("no message holds a value", async ({ database }) => {
    const events = await published("databases:query", async () => {
      await database.fetchAll(notes.select().where(notes.c.text.eq("hunter2")));
      await database.fetchAll(sql`SELECT ${"hunter2"} AS v`);
      await database.fetchAll("SELECT :v AS v", { v: "hunter2" });
      await database.executeMany(notes.update().where(notes.c.text.eq("nobody")), [
        { text: "hunter2" },
        { text: "hunter2" },
      ]);
      for await (const _ of database.iterate(notes.select().where(notes.c.text.ne("hunter2")))) break;
    });
    assert.ok(events.length >= 5 * 4);
    assert.doesNotMatch(inspect(events, { depth: 9 }), /hunter2/);
  });

  test("databases:transaction tells a transaction from before its BEGIN to after its end", async ({ database }) => {
    const events = await published("databases:transaction", () =>
      database.transaction(() => database.fetchAll(notes.select())),
    );
    assert.deepEqual(
      events.map(([event]) => event),
      ["start", "end", "asyncStart", "asyncEnd"],
    );
    const failed = await published("databases:transaction", () =>
      failure(
        database.transaction(() => {
          throw new RangeError("on purpose");
        }),
        RangeError,
      ),
    );
    assert.ok(failed.some(([event, message]) => event === "error" && message["error"] instanceof RangeError));
  });

  test("databases:acquire tells a wait for a connection", async ({ database }) => {
    const events = await published("databases:acquire", async () => {
      await database.fetchAll(notes.select());
      await database.transaction(() => database.fetchAll(notes.select()));
    });
    assert.equal(events.filter(([event]) => event === "start").length, 2);
    assert.match(String(events[0]?.[1]["holder"]), /statement/);
  });

  test("without a subscriber nothing is published and nothing differs", async ({ database }) => {
    assert.equal((await database.fetchAll(select(notes.c.text))).length, 1);
    assert.equal(tracingChannel("databases:query").hasSubscribers, false);
  });
});

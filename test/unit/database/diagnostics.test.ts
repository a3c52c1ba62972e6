import assert from "node:assert/strict";
import { tracingChannel } from "node:diagnostics_channel";
import { test, type TestContext } from "node:test";
import { UniqueViolationError } from "../../../src/errors/index.js";
import { everywhere, failure, insert, openNotes, within } from "./support.js";

type Message = Record<string, unknown>;
type Event = [event: string, message: Message];

/** Collects what a channel publishes until the test is over. */
function listen(t: TestContext, name: string): Event[] {
  const events: Event[] = [];
  const note = (event: string) => (message: unknown) => void events.push([event, { ...(message as Message) }]);
  const channel = tracingChannel(name);
  const subscribers = {
    start: note("start"),
    end: note("end"),
    asyncStart: note("asyncStart"),
    asyncEnd: note("asyncEnd"),
    error: note("error"),
  };
  channel.subscribe(subscribers);
  t.after(() => channel.unsubscribe(subscribers));
  return events;
}

everywhere("statements are published with their text, and without values", async (t, place) => {
  const database = await openNotes(t, place);
  const events = listen(t, "databases:query");
  await within(insert(database, "a secret value"));
  await within(
    database.executeMany("INSERT INTO notes (text) VALUES (:text)", [{ text: "secret 1" }, { text: "secret 2" }]),
  );
  for await (const _ of database.iterate("SELECT * FROM notes WHERE text = :text", { text: "a secret value" })) break;
  await failure(insert(database, "a secret value"), UniqueViolationError);
  assert.deepEqual(
    events.slice(0, 4).map(([event]) => event),
    ["start", "end", "asyncStart", "asyncEnd"],
  );
  const [, message] = events[0] ?? [];
  assert.equal(message?.["dialect"], "sqlite");
  assert.equal(message?.["sql"], "INSERT INTO notes (text) VALUES (?)");
  assert.match(String(message?.["database"]), /^sqlite/);
  const sql = events.filter(([event]) => event === "start").map(([, { sql }]) => sql);
  assert.equal(sql.length, 4);
  assert.ok(!JSON.stringify(events).includes("secret"));
  assert.deepEqual(
    events.slice(-4).map(([event]) => event),
    ["end", "error", "asyncStart", "asyncEnd"],
  );
  assert.ok(events.find(([event]) => event === "error")?.[1]["error"] instanceof UniqueViolationError);
});

test("transactions are published from their call to their end", { timeout: 10_000 }, async (t) => {
  const database = await openNotes(t);
  const events = listen(t, "databases:transaction");
  await within(database.transaction(() => insert(database, "a")));
  await failure(
    database.transaction(() => insert(database, "a")),
    UniqueViolationError,
  );
  assert.deepEqual(
    events.map(([event]) => event),
    ["start", "end", "asyncStart", "asyncEnd", "start", "end", "error", "asyncStart", "asyncEnd"],
  );
  assert.equal(events[0]?.[1]["call"], "transaction()");
});

test("waits for a connection are published", { timeout: 10_000 }, async (t) => {
  const database = await openNotes(t);
  const events = listen(t, "databases:acquire");
  await within(insert(database, "a"));
  await within(database.connection(() => undefined));
  const starts = events.filter(([event]) => event === "start").map(([, { holder, write }]) => [holder, write]);
  assert.deepEqual(starts, [
    ["a statement", true],
    ["connection()", false],
  ]);
});

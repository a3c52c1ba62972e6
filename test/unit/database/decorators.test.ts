import assert from "node:assert/strict";
import { test } from "node:test";
import type { Database } from "../../../src/database/database.js";
import { SerializationFailureError, TransactionClosedError, UsageError } from "../../../src/errors/index.js";
import { everywhere, failure, insert, openNotes, texts, within } from "./support.js";

everywhere("a wrapped function is a transaction at each call, and keeps this, arguments and name", async (t, place) => {
  const database = await openNotes(t, place);
  const save = database.transactional(async function save(
    this: { suffix: string },
    text: string,
    fails: boolean,
  ): Promise<string> {
    await insert(database, text + this.suffix);
    if (fails) throw new RangeError(text);
    return text;
  });
  assert.equal(save.name, "save");
  assert.equal(await within(save.call({ suffix: "!" }, "a", false)), "a");
  await failure(save.call({ suffix: "!" }, "b", true), RangeError);
  assert.deepEqual(await within(texts(database)), ["a!"]);
  // Inside another transaction it is nested.
  await within(
    database.transaction(async () => {
      await failure(save.call({ suffix: "?" }, "c", true), RangeError);
      await save.call({ suffix: "?" }, "d", false);
    }),
  );
  assert.deepEqual(await within(texts(database)), ["a!", "d?"]);
});

test("a standard decorator makes the method a transaction", { timeout: 10_000 }, async (t) => {
  const database = await openNotes(t);
  let attempts = 0;
  class Notes {
    readonly #suffix = "!";

    @database.transactional({ retries: 1 })
    async save(text: string): Promise<string> {
      attempts += 1;
      await insert(database, `${text}${this.#suffix}`);
      if (attempts === 1) throw new SerializationFailureError("lost");
      return text;
    }

    @database.transactional()
    static async saveTwice(text: string): Promise<void> {
      await insert(database, text);
      await insert(database, text);
    }
  }
  assert.equal(await within(new Notes().save("a")), "a");
  assert.equal(attempts, 2);
  await failure(Notes.saveTwice("b"), Error);
  assert.deepEqual(await within(texts(database)), ["a!"]);
});

test("under experimentalDecorators the descriptor's method becomes a transaction", { timeout: 10_000 }, async (t) => {
  const database = await openNotes(t);
  class Notes {
    readonly suffix = "!";
    async save(text: string): Promise<string> {
      await insert(database, text + this.suffix);
      if (text === "b") throw new RangeError("undo");
      return text;
    }
  }
  // What the compiler emits for a method that is decorated in that way.
  const descriptor = Object.getOwnPropertyDescriptor(Notes.prototype, "save");
  assert.ok(descriptor !== undefined);
  database.transactional()(Notes.prototype, "save", descriptor as TypedPropertyDescriptor<Notes["save"]>);
  Object.defineProperty(Notes.prototype, "save", descriptor);
  assert.equal(await within(new Notes().save("a")), "a");
  await failure(new Notes().save("b"), RangeError);
  assert.deepEqual(await within(texts(database)), ["a!"]);
});

test("options are checked at once, and what is no method is refused", { timeout: 10_000 }, async (t) => {
  const database = await openNotes(t);
  assert.throws(() => database.transactional({ retry: 1 } as never), UsageError);
  const decorate = database.transactional() as unknown as (value: unknown, context: unknown) => unknown;
  assert.throws(() => decorate(undefined, { kind: "field" }), UsageError);
});

test("errors name where the wrapped function was called", { timeout: 10_000 }, async (t) => {
  const database: Database = await openNotes(t);
  let late: Promise<unknown> = Promise.resolve();
  const wrapped = database.transactional(async () => {
    late = new Promise((resolve) => setTimeout(resolve, 5)).then(() => insert(database, "late"));
    late.catch(() => undefined);
  });
  async function theCallerOfIt(): Promise<void> {
    await wrapped();
  }
  await within(theCallerOfIt());
  await failure(late, TransactionClosedError, /transaction\(\) begun at theCallerOfIt/);
});

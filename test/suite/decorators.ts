import assert from "node:assert/strict";
import { type Database, integer, MetaData, ReadOnlyError, select, string } from "../../src/index.js";
import { failure } from "./assertions.js";
import { type Declare, suite } from "./target.js";

export const decorators: Declare = suite("decorators", ({ test, named, tables, beforeEach }) => {
  const metadata = new MetaData();
  const notes = metadata.table(named("notes"), { text: string(50), size: integer() });
  tables(metadata);
  beforeEach(async ({ database }) => void (await database.execute(notes.delete().all())));
  const texts = async (database: Database) => (await database.fetchAll(select(notes.c.text))).map(({ text }) => text);

  test("a method under the standard decorator is a transaction, and keeps this", async ({ database }) => {
    class Notebook {
      readonly #prefix = "my ";

      @database.transactional()
      async write(text: string, fails = false): Promise<number> {
        await database.execute(notes.insert(), { text: this.#prefix + text });
        if (fails) throw new RangeError("on purpose");
        return text.length;
      }

      @database.transactional({ readOnly: true })
      async peek(): Promise<string | null> {
        await database.execute(notes.insert(), { text: this.#prefix });
        return null;
      }

      @database.transactional()
      static async create(text: string): Promise<Notebook> {
        const notebook = new this();
        await notebook.write(text);
        return notebook;
      }
    }
    const notebook = await Notebook.create("a");
    assert.equal(await notebook.write("bcd"), 3);
    await failure(notebook.write("e", true), RangeError);
    await failure(notebook.peek(), ReadOnlyError);
    assert.deepEqual(await texts(database), ["my a", "my bcd"]);
    assert.equal(Notebook.prototype.write.name, "write");
  });

  test("a method under experimentalDecorators is one, too", async ({ database }) => {
    class Notebook {
      readonly #prefix = "my ";

      async write(text: string, fails = false): Promise<number> {
        await database.execute(notes.insert(), { text: this.#prefix + text });
        if (fails) throw new RangeError("on purpose");
        return text.length;
      }
    }
    decorate([database.transactional()], Notebook.prototype, "write");
    const notebook = new Notebook();
    assert.equal(await notebook.write("abc"), 3);
    await failure(notebook.write("d", true), RangeError);
    assert.deepEqual(await texts(database), ["my abc"]);
  });
});

type LegacyDecorator = (target: object, key: string, descriptor: PropertyDescriptor) => PropertyDescriptor | void;

/** What TypeScript emits for the decorators of a method under `experimentalDecorators`. */
function decorate(decorators: readonly LegacyDecorator[], target: object, key: string): void {
  let descriptor = Object.getOwnPropertyDescriptor(target, key) as PropertyDescriptor;
  for (const decorator of decorators.toReversed()) descriptor = decorator(target, key, descriptor) ?? descriptor;
  Object.defineProperty(target, key, descriptor);
}

import assert from "node:assert/strict";
import { inspect } from "node:util";
import { ConfigurationError, Database, DatabaseURL, literal, select, UsageError } from "../../src/index.js";
import { failure, thrown } from "./assertions.js";
import { type Declare, suite } from "./target.js";

export const lifecycle: Declare = suite("connect and disconnect", ({ test, target }) => {
  const one = select(literal(1).as("one"));

  test("connect() resolves to the database, and is idempotent", async ({ open }) => {
    const database = open();
    assert.equal(database.isConnected, false);
    assert.equal(await database.connect(), database);
    assert.equal(await database.connect(), database);
    assert.equal(database.isConnected, true);
    assert.equal(await database.fetchVal(one), 1);
  });

  test("calls at once open one pool", async ({ open }) => {
    const database = open();
    const [, , value] = await Promise.all([database.connect(), database.connect(), database.fetchVal(one)]);
    assert.equal(value, 1);
    assert.ok(database.pool.size <= database.pool.maxSize);
  });

  test("the first query connects", async ({ open }) => {
    const database = open();
    assert.equal(await database.fetchVal(one), 1);
    assert.equal(database.isConnected, true);
  });

  test("disconnect() is idempotent, also of what was never connected, and at once", async ({ open }) => {
    const database = open();
    await database.disconnect();
    await database.connect();
    await Promise.all([database.disconnect(), database.disconnect()]);
    await database.disconnect();
    assert.equal(database.isConnected, false);
  });

  test("connect and disconnect may follow each other at once", async ({ open }) => {
    const database = open();
    await Promise.allSettled([database.connect(), database.disconnect(), database.connect()]);
    await database.connect();
    assert.equal(await database.fetchVal(one), 1);
    await database.disconnect();
    assert.equal(database.pool.size, 0);
  });

  test("await using disconnects", async ({ url }) => {
    let kept: Database;
    {
      await using database = await new Database(url).connect();
      kept = database;
      assert.equal(await database.fetchVal(one), 1);
    }
    assert.equal(kept.isConnected, false);
  });

  test("disconnect() inside a scope of its own is refused, as it would wait for itself", async ({ database }) => {
    await database.transaction(async () => void (await failure(database.disconnect(), UsageError, /inside/)));
    await database.connection(async () => void (await failure(database.disconnect(), UsageError, /inside/)));
    await database.forceRollback(async () => void (await failure(database.disconnect(), UsageError, /inside/)));
    assert.equal(await database.fetchVal(one), 1);
  });

  test("a URL may be a text or a DatabaseURL, and tells dialect and driver", async ({ url }) => {
    const database = new Database(new DatabaseURL(url));
    assert.equal(database.url.href, new DatabaseURL(url).href);
    assert.equal(database.url.driver, target.name);
    assert.equal(database.dialect, database.url.dialect);
  });

  test("a URL that is none is refused with what is wrong", async ({ url }) => {
    thrown(() => new Database(""), ConfigurationError, /empty/);
    thrown(() => new Database("nosuchdialect://host/name"), ConfigurationError, /nosuchdialect/);
    const other = url.replace(/^(\w+)(\+[\w-]+)?:/, "$1+nosuchdriver:");
    thrown(() => new Database(other), ConfigurationError, /nosuchdriver/);
    return Promise.resolve();
  });

  test(
    "nothing shows the password",
    async ({ url }) => {
      const secret = new DatabaseURL(url).replace({ username: "me", password: "hunter2" });
      for (const database of [new Database(secret.href), new Database(secret)]) {
        const options = { depth: 9, showHidden: true };
        const shown = [String(database), JSON.stringify(database), inspect(database, options), String(database.url)];
        for (const text of shown) assert.doesNotMatch(text, /hunter2/);
        assert.doesNotMatch(inspect(await failure(database.connect(), Error), options), /hunter2/);
      }
    },
    { features: ["passwords"] },
  );

  test("a database is shown as its URL", async ({ database }) => {
    assert.equal(String(database), `Database(${database.url.toString()})`);
    assert.equal(inspect(database), String(database));
    assert.equal(JSON.stringify(database), JSON.stringify(database.url));
    return Promise.resolve();
  });
});

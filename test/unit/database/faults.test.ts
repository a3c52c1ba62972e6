import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { test } from "node:test";
import {
  AbortError,
  AmbiguousCommitError,
  CommitError,
  CommitRolledBackError,
  ConnectionLostError,
  DatabaseError,
  QueryError,
  QueryTimeoutError,
  TransactionAbortedError,
  UniqueViolationError,
  UsageError,
} from "../../../src/errors/index.js";
import type { Database } from "../../../src/database/database.js";
import type { Features } from "../../../src/compiler/features.js";
import { integer, string } from "../../../src/schema/factories.js";
import { MetaData } from "../../../src/schema/metadata.js";
import { Fault, Faults, openFaulty } from "./faulty.js";
import { failure, insert, texts, within } from "./support.js";

const limits = { timeout: 10_000 };

for (const delayMs of [null, 0]) {
  const answering = delayMs === null ? "at once" : "later";

  test(`a connection lost during COMMIT is ambiguous and never retried, answering ${answering}`, limits, async (t) => {
    const faults = new Faults();
    const database = await openFaulty(t, faults, { maxSize: 1 });
    faults.delayMs = delayMs;
    let attempts = 0;
    const log: string[] = [];
    for (const fate of [{ instead: new Fault("lost") }, { after: new Fault("lost") }]) {
      faults.fate = (sql) => (sql === "COMMIT" ? fate : null);
      const error = await failure(
        database.transaction(
          async (transaction) => {
            attempts += 1;
            transaction.onCommit(() => log.push("committed"));
            transaction.onRollback(() => log.push("rolled back"));
            await insert(database, `attempt ${attempts}`);
          },
          { retries: 5 },
        ),
        AmbiguousCommitError,
      );
      assert.equal(error.outcome, "unknown");
      assert.ok(error.cause instanceof ConnectionLostError);
      faults.fate = () => null;
      assert.equal(database.pool.inUse, 0);
    }
    assert.equal(attempts, 2);
    assert.deepEqual(log, []);
    // Once it was lost before the server had the COMMIT, once after.
    assert.deepEqual(await within(texts(database)), ["attempt 2"]);
  });

  test(`a COMMIT whose outcome nobody knows costs its connection, answering ${answering}`, limits, async (t) => {
    const faults = new Faults();
    const database = await openFaulty(t, faults, { maxSize: 1 });
    faults.delayMs = delayMs;
    faults.fate = (sql) => (sql === "COMMIT" ? { after: new Fault("io") } : null);
    await failure(
      database.transaction(() => insert(database, "a")),
      AmbiguousCommitError,
    );
    faults.fate = () => null;
    assert.deepEqual(await within(texts(database)), ["a"]);
    assert.equal(faults.connections, 2);
  });

  test(`a failing rollback never masks the first error, answering ${answering}`, limits, async (t) => {
    const faults = new Faults();
    const database = await openFaulty(t, faults, { maxSize: 1 });
    faults.delayMs = delayMs;
    faults.fate = (sql) => (sql === "ROLLBACK" ? { instead: new Fault("other") } : null);
    const first = new RangeError("first");
    const error = await failure(
      database.transaction(async () => {
        await insert(database, "lost");
        throw first;
      }),
      RangeError,
    );
    assert.equal(error, first);
    assert.ok((error as { suppressed?: unknown[] }).suppressed?.[0] instanceof QueryError);
    const connections = faults.connections;
    faults.fate = () => null;
    assert.deepEqual(await within(texts(database)), []);
    assert.equal(faults.connections, connections + 1, "the connection was not replaced");
    faults.fate = (sql) => (sql === "ROLLBACK" ? { instead: new Fault("other") } : null);
    const handle = await within(database.begin());
    await within(insert(handle, "lost"));
    await failure(handle.rollback(), QueryError);
    faults.fate = () => null;
    assert.deepEqual(await within(texts(database)), []);
  });

  test(`a failing BEGIN costs no connection, answering ${answering}`, limits, async (t) => {
    const faults = new Faults();
    const database = await openFaulty(t, faults, { maxSize: 2 });
    faults.delayMs = delayMs;
    for (let round = 0; round < 20; round += 1) {
      const kind = round % 2 === 0 ? "lost" : "other";
      faults.fate = (sql) => (sql.startsWith("BEGIN") ? { instead: new Fault(kind) } : null);
      await failure(
        database.transaction(() => assert.fail("it ran")),
        DatabaseError,
        new RegExp(kind),
      );
      await failure(database.begin(), Error);
    }
    faults.fate = () => null;
    await within(database.transaction(() => insert(database, "a")));
    assert.equal(database.pool.inUse, 0);
  });

  test(`a failing COMMIT, SAVEPOINT or RELEASE rolls back, answering ${answering}`, limits, async (t) => {
    const faults = new Faults();
    const database = await openFaulty(t, faults, { maxSize: 1 });
    faults.delayMs = delayMs;
    faults.fate = (sql) => (sql === "COMMIT" ? { instead: new Fault("other") } : null);
    const error = await failure(
      database.transaction(() => insert(database, "lost")),
      QueryError,
    );
    assert.equal(error.outcome, "rolled-back");
    for (const word of ["SAVEPOINT", "RELEASE"]) {
      faults.fate = (sql) => (sql.startsWith(word) ? { instead: new Fault("other") } : null);
      await failure(
        database.transaction(async () => {
          await insert(database, "lost");
          await database.transaction(() => insert(database, "lost too"));
        }),
        QueryError,
      );
    }
    faults.fate = () => null;
    assert.deepEqual(await within(texts(database)), []);
  });

  test(`a connection lost inside a transaction ends it, answering ${answering}`, limits, async (t) => {
    const faults = new Faults();
    const database = await openFaulty(t, faults, { maxSize: 1 });
    faults.delayMs = delayMs;
    faults.fate = (sql) => (sql.includes("'cut'") ? { instead: new Fault("lost") } : null);
    const error = await failure(
      database.transaction(async () => {
        await insert(database, "lost");
        await failure(database.execute("INSERT INTO notes (text) VALUES ('cut')"), ConnectionLostError);
        await failure(insert(database, "refused"), TransactionAbortedError);
      }),
      CommitRolledBackError,
    );
    assert.ok(error.cause instanceof ConnectionLostError);
    assert.deepEqual(await within(texts(database)), []);
    assert.equal(database.pool.inUse, 0);
  });

  test(`where an error fails the transaction, only a savepoint saves it, answering ${answering}`, limits, async (t) => {
    const faults = new Faults({ statementErrorsKeepTransaction: false });
    const database = await openFaulty(t, faults);
    faults.delayMs = delayMs;
    const error = await failure(
      database.transaction(async () => {
        await insert(database, "a");
        await failure(insert(database, "a"), UniqueViolationError);
        const refused = await failure(
          insert(database, "b"),
          TransactionAbortedError,
          /Wrap a statement that may fail in database\.transaction\(\)/,
        );
        assert.ok(refused.cause instanceof UniqueViolationError);
        await failure(
          database.transaction(async () => undefined),
          TransactionAbortedError,
        );
      }),
      CommitRolledBackError,
      /transaction\(\) begun at .* was to be committed/,
    );
    assert.ok(error.cause instanceof UniqueViolationError);
    await within(
      database.transaction(async () => {
        await insert(database, "a");
        await failure(
          database.transaction(() => insert(database, "a")),
          UniqueViolationError,
        );
        await insert(database, "b");
        // A nested one that caught its error cannot be kept either.
        await failure(
          database.transaction(() => failure(insert(database, "b"), UniqueViolationError)),
          CommitRolledBackError,
        );
        await insert(database, "c");
      }),
    );
    assert.deepEqual(await within(texts(database)), ["a", "b", "c"]);
  });

  test(`under forceRollback an expected error spoils nothing, answering ${answering}`, limits, async (t) => {
    const faults = new Faults({ statementErrorsKeepTransaction: false });
    const database = await openFaulty(t, faults, { forceRollback: true });
    faults.delayMs = delayMs;
    await within(insert(database, "a"));
    await failure(insert(database, "a"), UniqueViolationError);
    await failure(
      database.executeMany("INSERT INTO notes (text) VALUES (:text)", [{ text: "b" }, { text: "a" }]),
      UniqueViolationError,
    );
    await within(insert(database, "b"));
    assert.deepEqual(await within(texts(database)), ["a", "b"]);
    assert.deepEqual(
      faults.log.slice(-3).map((sql) => sql.split(" ")[0]),
      ["SAVEPOINT", "SELECT", "RELEASE"],
    );
  });
}

test("a deadlock that the callback swallowed is a conflict all the same", limits, async (t) => {
  const faults = new Faults();
  const database = await openFaulty(t, faults);
  let attempts = 0;
  // As a server does with the victim: its transaction is gone.
  faults.fate = (sql) => (sql.includes("'victim'") && attempts < 3 ? { after: new Fault("deadlock") } : null);
  await within(
    database
      .transaction(
        async () => {
          attempts += 1;
          await insert(database, `attempt ${attempts}`);
          if (attempts < 3) {
            await failure(
              database.execute("INSERT OR ROLLBACK INTO notes (id, text) SELECT id, 'x' FROM notes"),
              QueryError,
            );
            await failure(database.execute("SELECT 'victim'"), TransactionAbortedError);
          }
        },
        { retries: 0 },
      )
      .then(
        () => assert.fail("it was committed"),
        (error: unknown) => assert.ok(error instanceof CommitRolledBackError),
      ),
  );
  attempts = 0;
  faults.fate = (sql) => (sql.includes("'victim'") && attempts < 3 ? { after: new Fault("deadlock") } : null);
  await within(
    database.transaction(
      async () => {
        attempts += 1;
        await insert(database, `attempt ${attempts}`);
        await database.execute("SELECT 'victim'");
      },
      { retries: 2 },
    ),
  );
  assert.equal(attempts, 3);
  assert.deepEqual(await within(texts(database)), ["attempt 3"]);
});

test("what commits implicitly poisons the transaction, and is refused under forceRollback", limits, async (t) => {
  const faults = new Faults({ transactionalDdl: false });
  const database = await openFaulty(t, faults);
  // What a server does before DDL that it cannot undo.
  const commit = () =>
    database.connection((connection) => (connection.raw as { exec(sql: string): void }).exec("COMMIT"));
  const ended = await failure(
    database.transaction(async () => {
      await insert(database, "kept by the implicit commit");
      await commit();
      await database.execute("CREATE TABLE other (id INTEGER)");
      const refused = await failure(insert(database, "refused"), TransactionAbortedError);
      assert.equal(refused.outcome, "unknown");
    }),
    CommitError,
  );
  assert.deepEqual([ended.code, ended.outcome], ["COMMIT", "unknown"]);
  assert.deepEqual(await within(texts(database)), ["kept by the implicit commit"]);
  await failure(database.transaction(commit), CommitError, /ended by something else/);
  await within(
    database.forceRollback(async () => {
      await failure(database.execute("CREATE TABLE third (id INTEGER)"), UsageError, /commits implicitly/);
      await failure(
        database.transaction(() => database.execute("CREATE TABLE third (id INTEGER)")),
        UsageError,
        /commits implicitly/,
      );
    }),
  );
});

test("DDL that cannot be undone runs in order on one connection", limits, async (t) => {
  const faults = new Faults({ transactionalDdl: false });
  const database = await openFaulty(t, faults);
  const metadata = new MetaData();
  metadata.table("parents", { id: integer().primaryKey() });
  metadata.table("children", { id: integer().primaryKey(), name: string(10) });
  await within(metadata.createAll(database));
  assert.deepEqual(
    faults.log.map((sql) => sql.split(" ").slice(0, 2).join(" ")),
    ["CREATE TABLE", "CREATE TABLE"],
  );
  const transactional = new Faults();
  await within(metadata.createAll(await openFaulty(t, transactional)));
  assert.deepEqual(
    transactional.log.map((sql) => sql.split(" ")[0]),
    ["BEGIN", "CREATE", "CREATE", "COMMIT"],
  );
});

test("a statement that was sent and not answered in time is given up with its connection", limits, async (t) => {
  const faults = new Faults();
  const database = await openFaulty(t, faults, { maxSize: 1 });
  faults.delayMs = 100;
  const timedOut = await failure(insert(database.with({ timeoutMs: 10 }), "a"), QueryTimeoutError);
  assert.equal(timedOut.outcome, "unknown");
  const aborted = await failure(insert(database.with({ signal: AbortSignal.timeout(10) }), "b"), AbortError);
  assert.equal(aborted.outcome, "unknown");
  const error = await failure(
    database.transaction(async () => {
      await failure(insert(database.with({ timeoutMs: 10 }), "c"), QueryTimeoutError);
      await failure(insert(database, "d"), TransactionAbortedError);
    }),
    CommitRolledBackError,
  );
  assert.ok(error.cause instanceof QueryTimeoutError);
  faults.delayMs = null;
  const before = faults.connections;
  await within(insert(database, "after"));
  assert.equal(faults.connections, before + 1);
  await sleep(120);
  assert.deepEqual((await within(texts(database))).slice(-1), ["after"]);
  assert.equal(database.pool.inUse, 0);
});

test("a BEGIN that is not answered in time is given up", limits, async (t) => {
  const faults = new Faults();
  const database = await openFaulty(t, faults, { maxSize: 1 });
  faults.delayMs = 200;
  await failure(database.begin({ timeoutMs: 10 }), QueryTimeoutError);
  faults.delayMs = null;
  await within(database.transaction(() => insert(database, "a")));
  assert.equal(database.pool.inUse, 0);
});

test("a handle that is left open on a broken connection takes nothing with it", limits, async (t) => {
  const warnings: string[] = [];
  const note = (warning: Error & { code?: string }): number => warnings.push(warning.code ?? warning.name);
  process.on("warning", note);
  t.after(() => process.off("warning", note));
  const faults = new Faults();
  const database = await openFaulty(t, faults, { maxSize: 1 });
  faults.fate = (sql) => (sql.startsWith("ROLLBACK TO") ? { instead: new Fault("other") } : null);
  await failure(
    database.transaction(async () => {
      await insert(await database.begin(), "lost");
    }),
    UsageError,
  );
  faults.fate = () => null;
  assert.deepEqual(await within(texts(database)), []);
  assert.equal(database.pool.inUse, 0);
  await sleep(5);
  assert.deepEqual(warnings, ["DATABASES_ROLLBACK_FAILED"]);
});

test("statements of one transaction are never in flight together", limits, async (t) => {
  const faults = new Faults();
  const database = await openFaulty(t, faults);
  faults.delayMs = 1;
  await within(
    database.transaction(async () => {
      await Promise.all([
        insert(database, "a"),
        database.transaction(() => insert(database, "b")),
        insert(database, "c"),
        texts(database),
      ]);
    }),
  );
  const words = faults.log.map((sql) => sql.split(" ")[0]);
  assert.deepEqual(words, ["BEGIN", "INSERT", "SAVEPOINT", "INSERT", "RELEASE", "INSERT", "SELECT", "COMMIT"]);
});

test("savepoints have names that never come again on their connection", limits, async (t) => {
  const faults = new Faults();
  const database = await openFaulty(t, faults, { maxSize: 1 });
  for (let round = 0; round < 2; round += 1) {
    await within(
      database.transaction(async () => {
        for (let index = 0; index < 3; index += 1)
          await database.transaction(async () => database.transaction(async () => undefined));
      }),
    );
  }
  const names = faults.log.filter((sql) => sql.startsWith("SAVEPOINT"));
  assert.equal(names.length, 12);
  assert.equal(new Set(names).size, 12);
});

test("a query is compiled for the server that runs it", limits, async (t) => {
  const faults = new Faults();
  let version = 0;
  faults.version = () => `${(version += 1)}`;
  const database = await openFaulty(t, faults, { maxSize: 2 });
  await within(
    Promise.all(
      [1, 2].map((index) =>
        database.transaction(async () => {
          await sleep(5);
          await insert(database, `transaction ${index}`);
        }),
      ),
    ),
  );
  assert.equal(faults.connections, 2);
  // Each connection in turn is the only one that is free.
  const first = await within(database.acquire());
  await within(insert(database, "a"));
  for await (const _ of database.iterate("SELECT :a", { a: 1 })) break;
  const second = await within(database.acquire());
  await within(first.release());
  await within(insert(database, "b"));
  for await (const _ of database.iterate("SELECT :b", { b: 1 })) break;
  await within(second.release());
  assert.equal((await within(texts(database))).length, 4);
  const writes = faults.log.filter((sql) => sql.includes("?"));
  assert.equal(writes.length, 4);
  for (const sql of writes) assert.equal(sql.startsWith("2: "), sql.includes("?/*2*/"), sql);
  assert.ok(writes.some((sql) => sql.startsWith("2: ")) && !writes.every((sql) => sql.startsWith("2: ")));
});

test("executeMany sends rows together where a prepared statement is not repeated", limits, async (t) => {
  const rows = ["a", "b", "c", "d", "e"].map((text) => ({ text }));
  const metadata = new MetaData();
  const notes = metadata.table("notes", { id: integer().primaryKey(), text: string() });
  const insert = (database: Database) => database.executeMany(notes.insert(), rows);
  const sent = async (
    features: Partial<Features>,
    send: (database: Database) => Promise<unknown>,
  ): Promise<string[]> => {
    const faults = new Faults(features);
    const database = await openFaulty(t, faults);
    assert.deepEqual(await within(send(database)), { rowCount: 5 });
    assert.deepEqual(await within(texts(database)), ["a", "b", "c", "d", "e"]);
    return faults.log.slice(1, faults.log.indexOf("COMMIT"));
  };
  const values = (count: number) => `INSERT INTO "notes" ("text") VALUES ${Array(count).fill("(?)").join(", ")}`;

  assert.deepEqual(await sent({ repeatsPreparedStatements: false }, insert), [values(5)]);
  assert.deepEqual(
    await sent({ repeatsPreparedStatements: false, maxParameters: 2 }, insert),
    [values(2), values(2), values(1)],
    "no statement has more parameters than the server takes",
  );
  const raw = (database: Database) => database.executeMany("INSERT INTO notes (text) VALUES (:text)", rows);
  assert.deepEqual(await sent({ repeatsPreparedStatements: false }, raw), ["5 × INSERT INTO notes (text) VALUES (?)"]);
  assert.deepEqual(await sent({}, insert), [`5 × ${values(1)}`]);
});

test("executeMany splits rows that are too large for one statement", limits, async (t) => {
  const faults = new Faults({ repeatsPreparedStatements: false });
  const database = await openFaulty(t, faults);
  const notes = new MetaData().table("notes", { id: integer().primaryKey(), text: string() });
  const large = "x".repeat(400_000);
  await within(
    database.executeMany(
      notes.insert(),
      Array.from({ length: 5 }, (_, index) => ({ text: large + index })),
    ),
  );
  const rowsOf = (sql: string) => sql.split("(?)").length - 1;
  assert.deepEqual(faults.log.filter((sql) => sql.startsWith("INSERT")).map(rowsOf), [2, 2, 1]);
});

test("a server that falls silent at the end of a transaction keeps nobody waiting for ever", limits, async (t) => {
  const ends = [
    { silent: "COMMIT", failing: false, errorClass: AmbiguousCommitError, outcome: "unknown" },
    { silent: "ROLLBACK", failing: true, errorClass: RangeError, outcome: undefined },
    { silent: "BEGIN IMMEDIATE", failing: false, errorClass: QueryTimeoutError, outcome: "unknown" },
    { silent: "RELEASE", failing: false, errorClass: QueryTimeoutError, outcome: "rolled-back" },
  ] as const;
  for (const { silent, failing, errorClass, outcome } of ends) {
    const faults = new Faults();
    const database = await openFaulty(t, faults, { maxSize: 1, acquireTimeoutMs: 100 });
    faults.isSilent = (sql) => sql.startsWith(silent);
    const nested = silent === "RELEASE";
    const call = database.transaction(async () => {
      await (nested ? database.transaction(() => insert(database, "a")) : insert(database, "a"));
      if (failing) throw new RangeError("on purpose");
    });
    const error: Error & { outcome?: string; suppressed?: unknown[] } = await failure(call, errorClass as never);
    assert.equal(error.outcome, outcome, silent);
    if (failing) assert.ok(error.suppressed?.[0] instanceof QueryTimeoutError);
    faults.isSilent = () => false;
    // The connection that did not answer is gone; another one serves.
    assert.deepEqual(await within(texts(database)), []);
    assert.deepEqual({ ...database.pool, size: 1 }, { size: 1, idle: 1, inUse: 0, waiting: 0, maxSize: 1 }, silent);
  }
});

test("a connection that ends before COMMIT was sent leaves no doubt about it", limits, async (t) => {
  const faults = new Faults();
  const database = await openFaulty(t, faults, { maxSize: 1 });
  const call = database.transaction(async () => {
    await insert(database, "undone");
    faults.drop();
  });
  const error = await failure(call, ConnectionLostError);
  assert.deepEqual([error.outcome, error.retryable], ["rolled-back", "transaction"]);
  assert.ok(!faults.log.includes("COMMIT"));
  assert.deepEqual(await within(texts(database)), []);
});

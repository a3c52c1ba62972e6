import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { inspect } from "node:util";
import { runInNewContext } from "node:vm";

import * as errors from "../../../src/errors/index.js";
import {
  addSuppressed,
  ConnectionLostError,
  DatabaseError,
  IntegrityError,
  isDatabaseError,
  QueryError,
  UniqueViolationError,
  UsageError,
} from "../../../src/errors/index.js";

describe("what an error knows", () => {
  const driverError = new Error("Key (email)=(ann@example.com) already exists.");
  const full = new UniqueViolationError("Another row has this key.", {
    cause: driverError,
    sql: "INSERT INTO users (email) VALUES ($1)",
    sqlState: "23505",
    errno: 1062,
    extendedCode: 2067,
    constraint: "users_email_key",
    schema: "public",
    table: "users",
    columns: ["email"],
    retryable: "transaction",
    outcome: "rolled-back",
  });

  test("is what was given", () => {
    const { cause, sql, sqlState, errno, extendedCode, constraint, schema, table, columns, retryable, outcome } = full;
    assert.equal(cause, driverError);
    assert.equal(sql, "INSERT INTO users (email) VALUES ($1)");
    assert.deepEqual([sqlState, errno, extendedCode], ["23505", 1062, 2067]);
    assert.deepEqual([constraint, schema, table, columns], ["users_email_key", "public", "users", ["email"]]);
    assert.deepEqual([retryable, outcome], ["transaction", "rolled-back"]);
  });

  test("is null, and not shown, when it was not given, or given as null or undefined", () => {
    for (const options of [
      {},
      { table: null, sqlState: null },
      { table: undefined, outcome: undefined, cause: undefined },
    ]) {
      const bare = new UniqueViolationError("x", options);
      const { sql, sqlState, errno, extendedCode, constraint, schema, table, columns } = bare;
      const facts = [sql, sqlState, errno, extendedCode, constraint, schema, table, columns];
      assert.deepEqual(new Set(facts), new Set([null]));
      assert.deepEqual(Object.keys(bare), ["code", "retryable", "outcome"]);
      assert.equal("cause" in bare, false);
      assert.deepEqual(bare.suppressed, []);
    }
  });

  test("overrides a default also with false", () => {
    assert.equal(new errors.DeadlockError("x", { retryable: false }).retryable, false);
  });

  test("is not taken from a polluted Object.prototype", () => {
    const polluted = { cause: "evil", sql: "evil", outcome: "committed", retryable: "statement", table: "evil" };
    try {
      for (const [key, value] of Object.entries(polluted)) {
        Object.defineProperty(Object.prototype, key, { value, configurable: true });
      }
      const error = new UniqueViolationError("x", {});
      assert.deepEqual([error.sql, error.outcome, error.retryable, error.table], [null, "not-executed", false, null]);
      assert.equal(Object.hasOwn(error, "cause"), false);
    } finally {
      for (const key of Object.keys(polluted)) delete (Object.prototype as Record<string, unknown>)[key];
    }
  });

  test("is in JSON without the cause and the SQL", () => {
    assert.deepEqual(JSON.parse(JSON.stringify(full)), {
      name: "UniqueViolationError",
      code: "UNIQUE_VIOLATION",
      message: "Another row has this key.",
      retryable: "transaction",
      outcome: "rolled-back",
      sqlState: "23505",
      errno: 1062,
      extendedCode: 2067,
      constraint: "users_email_key",
      schema: "public",
      table: "users",
      columns: ["email"],
    });
    assert.deepEqual(new UsageError("x").toJSON(), {
      name: "UsageError",
      code: "USAGE",
      message: "x",
      retryable: false,
      outcome: "not-executed",
    });
  });

  test("is enumerable, except the cause and the SQL", () => {
    assert.deepEqual(
      ["cause", "sql"].filter((key) => Object.keys(full).includes(key)),
      [],
    );
    const shown = inspect(full);
    assert.match(shown, /^UniqueViolationError: Another row has this key\.\n {4}at /);
    assert.match(shown, /code: 'UNIQUE_VIOLATION'/);
    assert.match(shown, /\[cause\]: Error: Key/);
    assert.doesNotMatch(shown, /INSERT/);
  });
});

describe("instanceof", () => {
  test("knows the errors of another installed copy of the package", async () => {
    const folder = mkdtempSync(join(tmpdir(), "databases-errors-"));
    try {
      cpSync(fileURLToPath(new URL("../../../src/errors", import.meta.url)), folder, { recursive: true });
      writeFileSync(join(folder, "package.json"), `{ "type": "module" }`);
      const copy = (await import(pathToFileURL(join(folder, "index.js")).href)) as typeof errors;
      const foreign = new copy.UniqueViolationError("x");
      assert.notEqual(copy.UniqueViolationError, UniqueViolationError);
      assert.ok(foreign instanceof UniqueViolationError && foreign instanceof IntegrityError);
      assert.ok(isDatabaseError(foreign));
      assert.equal((foreign as unknown) instanceof UsageError, false);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("does not take a parent, or a sibling, for a subclass that somebody else made", () => {
    class TakenError extends UniqueViolationError {}
    assert.ok(new TakenError("x") instanceof TakenError);
    assert.ok(new TakenError("x") instanceof UniqueViolationError);
    assert.equal(new UniqueViolationError("x") instanceof TakenError, false);
    assert.equal(new TakenError("x").code, "UNIQUE_VIOLATION");
  });

  test("is not fooled by what came as JSON, or by what is no object", () => {
    const parsed: unknown = JSON.parse(JSON.stringify(new QueryError("x")));
    for (const value of [
      parsed,
      null,
      undefined,
      "UNIQUE_VIOLATION",
      5,
      new Error("x"),
      QueryError,
      {},
      Object.create(null),
    ]) {
      assert.equal(value instanceof DatabaseError, false);
      assert.equal(isDatabaseError(value), false);
    }
  });
});

describe("addSuppressed", () => {
  test("keeps the errors of clean-up steps, oldest first, and shows them", () => {
    const first = new UniqueViolationError("first");
    const rollback = new ConnectionLostError("rollback failed");
    const close = new Error("close failed");
    assert.equal(addSuppressed(first, rollback), true);
    assert.equal(addSuppressed(first, close), true);
    assert.deepEqual(first.suppressed, [rollback, close]);
    assert.match(inspect(first), /suppressed: \[[^]*rollback failed[^]*close failed/);
    assert.deepEqual(new UniqueViolationError("another").suppressed, []);
  });

  test("works on whatever error came first, of whichever realm", () => {
    for (const error of [new TypeError("a bug"), runInNewContext("new Error('from elsewhere')") as Error]) {
      assert.equal(addSuppressed(error, "later"), true);
      assert.deepEqual((error as { suppressed?: unknown }).suppressed, ["later"]);
    }
  });

  test("does not attach an error to itself", () => {
    const error = new QueryError("x");
    assert.equal(addSuppressed(error, error), true);
    assert.deepEqual(error.suppressed, []);
  });

  test("says so when there is no place to keep it", () => {
    const foreign = Object.assign(new Error("x"), { suppressed: "something else" });
    for (const error of ["thrown text", null, { message: "x" }, Object.freeze(new QueryError("x")), foreign]) {
      assert.equal(addSuppressed(error, new Error("later")), false);
    }
    assert.equal(foreign.suppressed, "something else");
  });
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import * as errors from "../../../src/errors/index.js";
import { DatabaseError, ERROR_CODES, type ErrorCode, type ErrorCodeFacts } from "../../../src/errors/index.js";

type ErrorClass = new (message: string, options?: errors.DatabaseErrorOptions) => DatabaseError;

const rows: ReadonlyMap<string, ErrorCodeFacts> = new Map(Object.entries(ERROR_CODES));
const classes = Object.entries(errors).flatMap(([name, value]) =>
  typeof value === "function" && value.prototype instanceof DatabaseError ? [{ name, make: value as ErrorClass }] : [],
);

/** What a row says, or the nearest ancestor of it that says something. */
function inherited<Fact extends "retryable" | "outcome">(code: string | null, fact: Fact): unknown {
  const row = code === null ? undefined : rows.get(code);
  return row === undefined
    ? { retryable: false, outcome: "not-executed" }[fact]
    : (row[fact] ?? inherited(row.parent, fact));
}

describe("the hierarchy of errors", () => {
  test("has one exported class for each code, and one code for each class", () => {
    const codes = classes.map(({ make }) => new make("x").code);
    assert.deepEqual(codes.toSorted(), [...rows.keys()].toSorted());
  });

  for (const { name, make } of classes) {
    test(`${name} is named, coded and placed as the table of codes says`, () => {
      const error = new make("what happened");
      const row = rows.get(error.code);
      assert.equal(error.name, name);
      assert.equal(
        error.code,
        name
          .replace(/Error$/, "")
          .replaceAll(/(?<=.)([A-Z])/g, "_$1")
          .toUpperCase(),
      );
      assert.equal(error.retryable, inherited(error.code, "retryable"));
      assert.equal(error.outcome, inherited(error.code, "outcome"));
      assert.ok(row);
      assert.match(row.meaning, /^[A-Z].*\.$/);
      const parent: unknown = Object.getPrototypeOf(make);
      const parentName = classes.find((candidate) => candidate.make === parent)?.name;
      const parentCode = row.parent === null ? undefined : row.parent;
      assert.equal(parentName && new (parent as ErrorClass)("x").code, parentCode);
      if (parentName === undefined) assert.equal(parent, DatabaseError);
    });

    test(`${name} is an instance of its ancestors and of nothing else`, () => {
      const error = new make("x");
      const ancestors = classes.filter((other) => make === other.make || make.prototype instanceof other.make);
      const matching = classes.filter((other) => error instanceof other.make);
      assert.deepEqual(matching, ancestors);
      assert.ok(error instanceof DatabaseError && error instanceof Error && errors.isDatabaseError(error));
      assert.match(error.stack ?? "", new RegExp(`^${name}: x\n`));
    });
  }

  test("says by default what a caller may rely on", () => {
    const facts = (error: DatabaseError): unknown[] => [error.retryable, error.outcome];
    assert.deepEqual(facts(new errors.UsageError("x")), [false, "not-executed"]);
    assert.deepEqual(facts(new errors.UniqueViolationError("x")), [false, "not-executed"]);
    assert.deepEqual(facts(new errors.SerializationFailureError("x")), ["transaction", "rolled-back"]);
    assert.deepEqual(facts(new errors.DeadlockError("x")), ["transaction", "rolled-back"]);
    assert.deepEqual(facts(new errors.ConnectionRefusedError("x")), ["statement", "not-executed"]);
    assert.deepEqual(facts(new errors.ConnectionLostError("x")), [false, "unknown"]);
    assert.deepEqual(facts(new errors.CommitRolledBackError("x")), [false, "rolled-back"]);
    assert.deepEqual(facts(new errors.AmbiguousCommitError("x")), [false, "unknown"]);
  });

  test("keeps an ambiguous outcome from ever being called retryable", () => {
    for (const { name, make } of classes) {
      const { outcome, retryable } = new make("x");
      if (outcome === "unknown" || outcome === "committed") assert.equal(retryable, false, name);
    }
  });

  test("is told apart by the type checker, also in the else of an instanceof", () => {
    const explain = (error: DatabaseError): string => {
      if (error instanceof errors.UniqueViolationError) return `unique ${error.columns?.join() ?? ""}`;
      if (error instanceof errors.IntegrityError) return `integrity ${error.constraint ?? ""}`;
      if (error instanceof errors.QueryError) return `query ${error.sqlState ?? ""}`;
      if (error instanceof errors.UsageError) return "usage";
      return error.code satisfies ErrorCode;
    };
    assert.equal(explain(new errors.UniqueViolationError("x", { columns: ["a", "b"] })), "unique a,b");
    assert.equal(explain(new errors.CheckViolationError("x", { constraint: "positive" })), "integrity positive");
    assert.equal(explain(new errors.DeadlockError("x", { sqlState: "40P01" })), "query 40P01");
    assert.equal(explain(new errors.UnsupportedError("x")), "usage");
    assert.equal(explain(new errors.NoRowError("x")), "NO_ROW");
  });
});

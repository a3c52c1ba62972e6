import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";

import type { NativeErrorFacts } from "../../../src/errors/index.js";
import { NO_FACTS } from "../../../src/errors/index.js";
import {
  AuthenticationError,
  ConfigurationError,
  ConnectionLostError,
  ConnectionRefusedError,
  IntegrityError,
  PermissionDeniedError,
  QueryCancelledError,
  QueryError,
  QueryTimeoutError,
  UniqueViolationError,
} from "../../../src/index.js";
import { postgresql } from "../../../src/postgresql.js";

const nothing: NativeErrorFacts = { ...NO_FACTS, message: "hunter2" };

const errorOf = (facts: Partial<NativeErrorFacts>, sql: string | null = "SELECT 1") =>
  postgresql.toError({ ...nothing, ...facts }, new Error("native"), sql);

function columnsOf(detail: string, sqlState = "23505"): readonly string[] | null {
  const error = errorOf({ sqlState, detail });
  assert.ok(error instanceof IntegrityError);
  return error.columns;
}

test("the columns of a key are read out of the detail, in any language", () => {
  assert.deepEqual(columnsOf("Key (a, b)=(1, x) already exists."), ["a", "b"]);
  assert.deepEqual(columnsOf("Schlüssel »(a)=(1)« existiert bereits."), ["a"]);
  assert.deepEqual(columnsOf('Key ("a, b", "c"")=(")=(1, 2) already exists.'), ["a, b", 'c")=(']);
  assert.deepEqual(columnsOf('Key (größe, "Größe")=(1, 2) already exists.'), ["größe", "Größe"]);
});

test("what is not clear gives no columns", () => {
  const details = [
    "Key (lower(email))=(x) already exists.",
    "Key (id, lower(email))=(1, x) already exists.",
    "Key (a",
    "",
    "no key",
    'Key ("a)=(1)',
    "Key ((a || b))=(1) already exists.",
  ];
  for (const detail of details) assert.equal(columnsOf(detail), null);
  assert.equal(columnsOf('Key (id)=(1) is still referenced from table "x".', "23503"), null);
  assert.deepEqual(columnsOf('Key (id)=(1) is not present in table "x".', "23503"), ["id"]);
});

test("names of any characters are read, and values never", () => {
  const names = fc.array(fc.string({ unit: "binary", minLength: 1 }), { minLength: 1, maxLength: 4 });
  const property = fc.property(names, fc.string(), (given, value) => {
    const quoted = given.map((name) => `"${name.replaceAll('"', '""')}"`).join(", ");
    assert.deepEqual(columnsOf(`Key (${quoted})=(${value}) already exists.`), given);
  });
  fc.assert(property);
});

test("the message holds names and no value", () => {
  const facts = {
    sqlState: "23505",
    table: "users",
    constraint: "users_email",
    detail: "Key (email)=(hunter2) already exists.",
  };
  const error = errorOf(facts);
  assert.ok(error instanceof UniqueViolationError);
  assert.match(error.message, /\(users: email\)$/);
  assert.doesNotMatch(JSON.stringify(error), /hunter2/);
});

test("a connection's failure comes before all else", () => {
  assert.ok(errorOf({ failure: "refused" }) instanceof ConnectionRefusedError);
  assert.ok(errorOf({ connectionLost: true }) instanceof ConnectionLostError);
  assert.ok(errorOf({ failure: "lost", sqlState: "57P01" }) instanceof ConnectionLostError);
  assert.equal(errorOf({ sqlState: "ZZ999" }).constructor, QueryError);
  assert.equal(errorOf({ sqlState: "ZZ999", connectionLost: true }).constructor, ConnectionLostError);
});

test("what a code means depends on when it is told, and by what words", () => {
  assert.ok(errorOf({ sqlState: "42501" }) instanceof PermissionDeniedError);
  assert.ok(errorOf({ sqlState: "42501" }, null) instanceof AuthenticationError);
  const statement = "canceling statement due to statement timeout";
  assert.ok(errorOf({ sqlState: "57014", message: statement }) instanceof QueryTimeoutError);
  assert.ok(
    errorOf({ sqlState: "57014", message: "canceling statement due to user request" }) instanceof QueryCancelledError,
  );
  const pooler = { sqlState: "08P01", message: "unsupported startup parameter: bytea_output" };
  const refused = errorOf(pooler, null);
  assert.ok(refused instanceof ConfigurationError);
  assert.match(refused.message, /ignore_startup_parameters/);
  assert.equal(errorOf(pooler).constructor, QueryError);
  assert.ok(errorOf({ ...pooler, connectionLost: true }) instanceof ConnectionLostError);
  assert.ok(errorOf({ sqlState: "08001" }, null) instanceof ConnectionRefusedError);
});

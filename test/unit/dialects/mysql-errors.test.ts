import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";

import {
  NO_FACTS,
  AuthenticationError,
  ConnectionLostError,
  ConnectionRefusedError,
  ForeignKeyViolationError,
  type IntegrityError,
  type NativeErrorFacts,
  PermissionDeniedError,
  ServerStartingError,
  TlsError,
  UniqueViolationError,
} from "../../../src/errors/index.js";
import { mysql as newest } from "../../../src/dialects/mysql/index.js";

const mysql = newest.forVersion("8.4.3");
const mariadb = newest.forVersion("10.11.19-MariaDB");

function facts(errno: number | null, message: string, more: Partial<NativeErrorFacts> = {}): NativeErrorFacts {
  return { ...NO_FACTS, message, errno, sqlState: "HY000", ...more };
}

function violated(errno: number, message: string, dialect = mysql): readonly unknown[] {
  const { constraint, table, columns } = dialect.toError(facts(errno, message), null, "INSERT …") as IntegrityError;
  return [constraint, table, columns];
}

describe("what was violated", () => {
  test("is the key at the end of the text, whatever the value before it holds", () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        const message = `Duplicate entry '${value}' for key 'notes.by_text'`;
        assert.deepEqual(violated(1062, message), ["by_text", "notes", null]);
        assert.deepEqual(violated(1062, `Duplicate entry '${value}' for key 'by.text'`, mariadb), [
          "by.text",
          null,
          null,
        ]);
      }),
    );
  });

  test("is not told where the text may be read in two ways, or is cut", () => {
    const nothing = [null, null, null];
    assert.deepEqual(violated(1062, "Duplicate entry 'x' for key 'a.b.c'"), nothing);
    assert.deepEqual(violated(1062, "Duplicate entry 'x' for key 'plain'"), nothing);
    assert.deepEqual(violated(1062, "Duplicate entry 'x' for key 'notes.by_te"), nothing);
    assert.deepEqual(violated(1452, "… fails (`db`.`child`, CONSTRAINT `fk` FOREIGN KEY (`a"), nothing);
  });

  test("is read out of quoted names, with anything in them", () => {
    const name = fc.string({ minLength: 1, maxLength: 20, unit: "grapheme" });
    const quoted = (text: string): string => `\`${text.replaceAll("`", "``")}\``;
    fc.assert(
      fc.property(name, name, fc.array(name, { minLength: 1, maxLength: 3 }), (table, constraint, columns) => {
        const message =
          `Cannot add or update a child row: a foreign key constraint fails (\`db\`.${quoted(table)}, CONSTRAINT ${quoted(constraint)} ` +
          `FOREIGN KEY (${columns.map(quoted).join(", ")}) REFERENCES \`parent\` (\`id\`) ON DELETE CASCADE)`;
        assert.deepEqual(violated(1452, message), [constraint, table, columns]);
        const check = `CONSTRAINT ${quoted(constraint)} failed for \`db\`.${quoted(table)}`;
        assert.deepEqual(violated(4025, check, mariadb), [constraint, table, null]);
      }),
    );
  });

  test("is looked for in violations alone", () => {
    const text = "My own error for key 'secret.value'";
    const error = mysql.toError(facts(1644, text, { sqlState: "45000" }), null, "CALL p()");
    assert.doesNotMatch(error.message, /secret/);
  });
});

describe("an error", () => {
  test("is of one class while connecting, and of another in a statement", () => {
    const denied = facts(1044, "Access denied for user 'u'@'%' to database 'd'");
    assert.ok(mysql.toError(denied, null, null) instanceof AuthenticationError);
    assert.ok(mysql.toError(denied, null, "USE d") instanceof PermissionDeniedError);
    const stopping = facts(1053, "Server shutdown in progress");
    assert.ok(mysql.toError(stopping, null, null) instanceof ServerStartingError);
    assert.ok(mysql.toError(stopping, null, "SELECT 1") instanceof ConnectionLostError);
  });

  test("of the connection itself is told by its kind", () => {
    for (const [failure, errorClass] of [
      ["refused", ConnectionRefusedError],
      ["tls", TlsError],
      ["lost", ConnectionLostError],
    ] as const) {
      assert.ok(mariadb.toError(facts(null, "socket", { failure }), null, null) instanceof errorClass);
    }
  });

  test("keeps number, state, text and statement beside our message", () => {
    const cause = new Error("native");
    const error = mariadb.toError(facts(1451, "Cannot delete …", { sqlState: "23000" }), cause, "DELETE …");
    assert.ok(error instanceof ForeignKeyViolationError);
    assert.deepEqual([error.errno, error.sqlState, error.sql, error.cause], [1451, "23000", "DELETE …", cause]);
    const unique = mysql.toError(facts(1062, "Duplicate entry 'hunter2' for key 'notes.by_text'"), cause, "INSERT …");
    assert.ok(unique instanceof UniqueViolationError);
    assert.match(unique.message, /notes, by_text/);
    assert.doesNotMatch(unique.message, /hunter2/);
  });

  test("names what is missing, where that is a plain name", () => {
    const told = (errno: number, message: string): string => mysql.toError(facts(errno, message), null, "…").message;
    assert.match(told(1146, "Table 'db.notes' doesn't exist"), /\(db\.notes\)$/);
    assert.match(told(1054, "Unknown column 'x' in 'field list'"), /\(x\)$/);
    assert.match(told(1305, "FUNCTION db.f does not exist"), /\(db\.f\)$/);
    assert.match(told(1061, "Duplicate key name 'ix'"), /\(ix\)$/);
    assert.doesNotMatch(told(1146, "Table 'db.a b' doesn't exist"), /\(/);
  });
});

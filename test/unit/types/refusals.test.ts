import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { binaryType } from "../../../src/types/binary.js";
import { booleanType } from "../../../src/types/boolean.js";
import { dateTimeType } from "../../../src/types/date-time.js";
import { dateType } from "../../../src/types/date.js";
import { enumerationType } from "../../../src/types/enumeration.js";
import { doubleType, floatType } from "../../../src/types/float.js";
import { bigIntegerType, integerType, smallIntegerType } from "../../../src/types/integer.js";
import { numericType } from "../../../src/types/numeric.js";
import { classNameOf, kindOf } from "../../../src/types/refuse.js";
import { stringType, textType } from "../../../src/types/text.js";
import { timeType } from "../../../src/types/time.js";
import type { SqlType } from "../../../src/types/type.js";
import { uuidType } from "../../../src/types/uuid.js";
import { assertMismatch, assertRefused } from "./assertions.js";
import { hostileValues } from "./hostile.js";

/** Each type with the one `typeof` or class that it takes; `whole` takes both forms of whole numbers. */
const TYPES: readonly (readonly [
  string,
  SqlType,
  "whole" | "exact" | "number" | "string" | "boolean" | "date" | "bytes",
])[] = [
  ["integer", integerType, "whole"],
  ["smallInteger", smallIntegerType, "whole"],
  ["bigInteger", bigIntegerType(), "whole"],
  ["bigInteger as number", bigIntegerType({ as: "number" }), "whole"],
  ["numeric", numericType(10, 2), "exact"],
  ["float", floatType, "number"],
  ["double", doubleType, "number"],
  ["string", stringType(10), "string"],
  ["text", textType, "string"],
  ["boolean", booleanType, "boolean"],
  ["date", dateType, "string"],
  ["time", timeType, "string"],
  ["dateTime", dateTimeType(), "date"],
  ["dateTime as string", dateTimeType({ as: "string" }), "string"],
  [
    "dateTime as a class",
    dateTimeType({
      as: class {
        static from(): object {
          return {};
        }
      },
    }),
    "date",
  ],
  ["uuid", uuidType, "string"],
  ["binary", binaryType, "bytes"],
  ["enumeration", enumerationType(["a", "b"]), "string"],
];

const OTHER_KINDS: Record<string, unknown> = {
  string: "1",
  number: 1.5,
  bigint: 1n,
  boolean: true,
  date: new Date(0),
  bytes: new Uint8Array(1),
};

const TAKEN: Record<string, readonly string[]> = {
  whole: ["bigint"],
  exact: ["bigint", "string"],
};

describe("wrong kinds", () => {
  for (const [name, type, takes] of TYPES) {
    test(`${name} refuses every kind of value but its own, in both roles`, () => {
      for (const [kind, value] of Object.entries(OTHER_KINDS)) {
        if (kind === takes || (TAKEN[takes] ?? []).includes(kind)) continue;
        assertRefused(type, value, "write");
        assertRefused(type, value, "compare");
      }
      for (const [label, value] of hostileValues) {
        const message = assertRefused(type, value, "write");
        assertRefused(type, value, "compare");
        assert.doesNotMatch(message, /secret|\0/, label);
      }
    });

    test(`${name} refuses what a database delivers in another kind`, () => {
      if (takes !== "bytes") assertMismatch(type, new Uint8Array([49]));
      if (takes !== "boolean") assertMismatch(type, true);
      if (takes === "string" || takes === "date") assertMismatch(type, 1);
      if (takes !== "string" && takes !== "bytes") assertMismatch(type, "one");
    });
  }
});

describe("messages", () => {
  test("name the expected and the given kind, never the value", () => {
    assert.equal(
      assertRefused(integerType, "hunter2"),
      "Expected a whole number from -2147483648 to 2147483647, got a string.",
    );
    assert.equal(assertRefused(textType, { password: "hunter2" }), "Expected text, got a plain object.");
    assert.match(
      assertMismatch(integerType, "hunter2"),
      /^Expected a whole number, but the database delivered text that/,
    );
    for (const [, type] of TYPES) {
      assert.doesNotMatch(assertRefused(type, Symbol("hunter2")), /hunter2/);
      assert.doesNotMatch(assertRefused(type, "hunter2\0"), /hunter2/);
      assert.doesNotMatch(assertRefused(type, { hunter2: "hunter2" }), /hunter2/);
    }
  });

  test("tell a class by its source, not by what the object says of itself", () => {
    class Money {}
    assert.equal(kindOf(new Money()), "an instance of Money");
    assert.equal(kindOf({ constructor: { name: "hunter2" } }), "a plain object");
    assert.equal(kindOf(Object.create(null)), "an object without a prototype");
    assert.equal(kindOf(Object.create(Object.create(null))), "an instance of an unnamed class");
    assert.equal(kindOf(new (class {})()), "an instance of an unnamed class");
    assert.equal(classNameOf({ name: "hunter2" }), "an unnamed class");
    assert.equal(
      classNameOf(
        class {
          static readonly name = "hunter2, with blanks";
        } as unknown,
      ),
      "an unnamed class",
    );
  });

  test("a delivered value that does not fit leaves the statement done", () => {
    assert.throws(() => integerType.fromDriver("x"), { name: "TypeMismatchError", outcome: "committed" });
    assert.throws(() => integerType.toDriver("x", "write"), { name: "InvalidValueError", outcome: "not-executed" });
  });
});

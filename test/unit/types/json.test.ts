import assert from "node:assert/strict";
import { describe, test } from "node:test";

import fc from "fast-check";

import { jsonNull, jsonType } from "../../../src/types/json.js";
import type { NonNullWire } from "../../../src/types/type.js";
import { assertMismatch, assertRefused } from "./assertions.js";

const type = jsonType();
const roundTrip = (value: unknown): unknown => type.fromDriver(type.toDriver(value, "write") as NonNullWire);

/** `JSON.stringify` has one zero. */
const text = fc.string({ unit: "binary" }).filter((text) => !text.includes("\0"));
const key = fc.oneof(fc.constantFrom("__proto__", "constructor", "toString", "then", "toJson", "0", ""), text);
const { document } = fc.letrec<{ document: unknown }>((tie) => ({
  document: fc.oneof(
    { depthSize: "small" },
    fc.constant(null),
    fc.boolean(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
    text,
    fc.array(tie("document")),
    fc.dictionary(key, tie("document")).map((object) => Object.fromEntries(Object.entries(object))),
  ),
}));

describe("json", () => {
  test("any document goes through and is encoded once", () => {
    fc.assert(
      fc.property(
        document.filter((value) => value !== null),
        (value) => {
          assert.equal(type.toDriver(value, "write"), JSON.stringify(value));
          assert.deepEqual(roundTrip(value), value);
        },
      ),
    );
    assert.equal(type.toDriver('{"a":1}', "write"), '"{\\"a\\":1}"');
  });

  test("__proto__ is a key like any other", () => {
    const value = JSON.parse('{"__proto__":{"polluted":true}}') as object;
    const back = roundTrip(value) as object;
    assert.deepEqual(Object.keys(back), ["__proto__"]);
    assert.equal(Object.getPrototypeOf(back), Object.prototype);
    assert.equal("polluted" in {}, false);
  });

  test("its own null is stored by jsonNull, inside a document too, and read as null", () => {
    assert.equal(type.toDriver(jsonNull, "write"), "null");
    assert.equal(type.toDriver({ a: jsonNull }, "compare"), '{"a":null}');
    assert.equal(type.fromDriver("null"), null);
  });

  test("toJSON() is honoured, as JSON.stringify does", () => {
    assert.equal(type.toDriver({ at: new Date(0) }, "write"), '{"at":"1970-01-01T00:00:00.000Z"}');
    assert.equal(type.toDriver(new URL("http://a/"), "write"), '"http://a/"');
    class Point {
      readonly x = 1;
    }
    assert.equal(type.toDriver(new Point(), "write"), '{"x":1}');
  });

  const dropped: readonly (readonly [string, unknown])[] = [
    ["undefined", undefined],
    ["a function", () => 1],
    ["a symbol", Symbol("x")],
    ["a bigint", 1n],
    ["NaN", NaN],
    ["Infinity", Infinity],
    ["half a surrogate pair", "\ud800"],
    ["NUL", "a\0"],
    ["an invalid Date", new Date(NaN)],
    ["a Map", new Map()],
    ["a Set", new Set()],
    ["an Error", new Error("x")],
    ["a RegExp", /x/],
    ["a Promise", Promise.resolve()],
    ["bytes", new Uint8Array(1)],
    ["a boxed string", new String("x")],
    ["toJSON() giving undefined", { toJSON: () => undefined }],
    ["toJSON() giving bigint", { toJSON: () => 1n }],
  ];
  for (const [name, value] of dropped) {
    test(`${name} is refused at the top, in an object, in an array and beside others`, () => {
      assertRefused(type, value);
      assertRefused(type, { a: 1, b: value, c: 2 });
      assertRefused(type, [[1], [value]], "compare");
      assertRefused(type, { toJSON: () => ({ deep: value }) });
    });
  }

  test("a hole of an array and a bad key are refused, and the message says what for", () => {
    assert.match(assertRefused(type, { a: undefined }), /one with undefined/);
    // oxlint-disable-next-line no-sparse-arrays
    assertRefused(type, [1, , 2]);
    assert.match(assertRefused(type, { "a\0": 1 }), /NUL/);
    assertRefused(type, { "\udc00": 1 });
  });

  test("a document that contains itself or is too deep is refused without a word of it", () => {
    const cyclic: Record<string, unknown> = {};
    cyclic["hunter2"] = { cyclic };
    const message = assertRefused(type, cyclic);
    assert.match(message, /contains itself/);
    assert.doesNotMatch(message, /hunter2/);
    let deep: unknown = [];
    for (let level = 0; level < 200_000; level++) deep = [deep];
    assert.match(assertRefused(type, deep), /too deep/);
  });

  test("what a getter, a toJSON or a revoked Proxy throws is the cause of the refusal", () => {
    const cause = new Error("hunter2");
    const raise = (): never => {
      throw cause;
    };
    const revoked = Proxy.revocable({}, {});
    revoked.revoke();
    assert.throws(() => type.toDriver({ toJSON: raise }, "write"), { name: "InvalidValueError", cause });
    assert.throws(() => type.toDriver(Object.defineProperty({}, "a", { get: raise, enumerable: true }), "write"), {
      cause,
    });
    assert.doesNotMatch(assertRefused(type, { toJSON: raise }), /hunter2/);
    assertRefused(type, [revoked.proxy]);
  });

  test("each member is read once", () => {
    let reads = 0;
    const value = Object.defineProperty({}, "a", { get: () => ++reads, enumerable: true });
    assert.equal(type.toDriver(value, "write"), '{"a":1}');
  });

  test("delivered text that is no JSON is refused without a word of it", () => {
    for (const wire of ["", "{hunter2", "undefined", "NaN", "{'hunter2':1}"]) {
      assert.doesNotMatch(assertMismatch(type, wire), /hunter2/);
      assert.throws(
        () => type.fromDriver(wire),
        (error: Error) => error.cause === undefined,
      );
    }
    assertMismatch(type, 1);
  });
});

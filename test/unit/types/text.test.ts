import assert from "node:assert/strict";
import { describe, test } from "node:test";

import fc from "fast-check";

import { InvalidValueError, UsageError } from "../../../src/errors/index.js";
import { stringType, textType } from "../../../src/types/text.js";
import { assertMismatch, assertRefused, assertRoundTrip } from "./assertions.js";

const anyText = fc.string({ unit: "binary" }).filter((text) => !text.includes("\0"));

describe("text and string", () => {
  test("any text without NUL goes through, code unit by code unit", () => {
    fc.assert(fc.property(anyText, (text) => assertRoundTrip(textType, text, text)));
    fc.assert(fc.property(anyText, (text) => assertRoundTrip(stringType(), text, text)));
    for (const text of ["", "\ufffe\uffff\ufffd", "e\u0301 \u00e9", "👩‍👩‍👧", "‮abc", "\u0001\n\r\t"]) {
      assertRoundTrip(textType, text, text);
    }
  });

  test("half a surrogate pair is refused wherever it stands", () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 0xd800, max: 0xdfff }), anyText, (before, half, after) => {
        const text = `${before} ${String.fromCharCode(half)} ${after}`;
        assert.match(assertRefused(textType, text), /half of a surrogate pair/);
        assertRefused(stringType(5), text, "compare");
      }),
    );
  });

  test("NUL is refused wherever it stands", () => {
    fc.assert(
      fc.property(anyText, anyText, (before, after) => {
        assert.match(assertRefused(textType, `${before}\0${after}`, "compare"), /NUL/);
      }),
    );
  });

  test("a delivered number is no text", () => {
    assertMismatch(textType, 1);
    assertMismatch(stringType(3), 1n);
  });
});

describe("string(length)", () => {
  test("counts Unicode code points, for what is stored", () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 12 }), (text, length) => {
        const type = stringType(length);
        if ([...text].length <= length) assertRoundTrip(type, text, text);
        else assert.match(assertRefused(type, text), new RegExp(`at most ${length} characters`));
      }),
    );
    assertRoundTrip(stringType(3), "😀😀😀", "😀😀😀");
    assertRefused(stringType(3), "😀😀😀a");
    assertRefused(stringType(3), "abcd");
  });

  test("a compared text and a delivered one may be longer", () => {
    assert.equal(stringType(3).toDriver("abcdef", "compare"), "abcdef");
    assert.equal(stringType(3).fromDriver("abcdef"), "abcdef");
  });

  test("shows its length and collation", () => {
    assert.deepEqual(stringType().parameters, {});
    assert.deepEqual(stringType(5).parameters, { length: 5 });
    assert.deepEqual(stringType(5, { collation: "C" }).parameters, { length: 5, collation: "C" });
    assert.deepEqual(stringType(undefined, { collation: "C" }).parameters, { collation: "C" });
  });

  test("takes no length that is none", () => {
    for (const length of [0, -1, 1.5, NaN, Infinity]) assert.throws(() => stringType(length), UsageError);
    assert.throws(() => stringType("5" as unknown as number), UsageError);
    assert.throws(() => stringType(5, { collation: "C\0" }), InvalidValueError);
  });
});

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";

import { readArray, writeArray } from "../../../src/dialects/postgresql/array-text.js";
import { TypeMismatchError } from "../../../src/index.js";

test("texts in an array come back as they were", () => {
  const elements = fc.array(fc.option(fc.string({ unit: "binary" })));
  fc.assert(fc.property(elements, (given) => assert.deepEqual(readArray(writeArray(given)), given)));
  const characters = fc.array(fc.string({ unit: fc.constantFrom('"', "\\", ",", "{", "}", "N", "U", "L", " ") }));
  fc.assert(fc.property(characters, (given) => assert.deepEqual(readArray(writeArray(given)), given)));
});

test("arrays in an array come back as their own texts", () => {
  const inner = fc.array(fc.string({ unit: fc.constantFrom('"', "\\", ",", "{", "}", "a") }), { minLength: 1 });
  fc.assert(
    fc.property(fc.array(inner, { minLength: 1 }), (given) => {
      const texts = readArray(
        writeArray(
          given.map((each) => writeArray(each)),
          true,
        ),
      );
      assert.deepEqual(
        texts.map((text) => readArray(text ?? "")),
        given,
      );
    }),
  );
});

test("the server's ways of writing are understood", () => {
  const cases: readonly (readonly [string, readonly (string | null)[]])[] = [
    ["{}", []],
    ["{1,NULL,null,-2.5e+10}", ["1", null, "null", "-2.5e+10"]],
    ['{"NULL","",t}', ["NULL", "", "t"]],
    ["[0:1]={1,2}", ["1", "2"]],
    ["[2:3][0:0]={{1},{2}}", ["{1}", "{2}"]],
    ['{"\\\\x00ff"}', ["\\x00ff"]],
  ];
  for (const [text, elements] of cases) assert.deepEqual(readArray(text), elements);
});

test("text that is no array is refused, and not repeated in the error", () => {
  for (const text of [
    "",
    "secret",
    "{secret",
    "secret}",
    "{secret}}",
    "{a,}",
    "{,a}",
    '{"secret}',
    '{"a"b}',
    "{{a}",
    "[1:2]secret",
  ]) {
    assert.throws(
      () => readArray(text),
      (error: unknown) => error instanceof TypeMismatchError && !error.message.includes("secret"),
      text,
    );
  }
});

test("reading and writing take time that grows with the length alone", () => {
  const long = writeArray(Array.from({ length: 200_000 }, () => '\\"'));
  const start = performance.now();
  assert.equal(readArray(long).length, 200_000);
  assert.throws(() => readArray(`${"{".repeat(200_000)}`), TypeMismatchError);
  assert.ok(performance.now() - start < 2_000);
});

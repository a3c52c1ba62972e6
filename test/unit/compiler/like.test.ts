import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import fc, { type Arbitrary } from "fast-check";

import { integer, InvalidValueError, MetaData, param, select, text, UsageError } from "../../../src/index.js";
import type { ColumnElement, Condition } from "../../../src/sql/element.js";
import { Sqlite } from "../../support/sqlite.js";

const metadata = new MetaData();
const texts = metadata.table("texts", { id: integer().primaryKey(), value: text().notNull(), part: text().notNull() });
const { value, part } = texts.c;

/** Texts of few different characters, so that they meet: those with a meaning in some pattern language, letters of both cases, beyond ASCII. */
const characters = fc.constantFrom(..."%_!*?[]\\^-aAbé😀ß'\"\n".split(/(?:)/u));
const anyText: Arbitrary<string> = fc.string({ unit: characters, maxLength: 8 });

/** What LIKE means, one character at a time. */
function isLike(candidate: readonly string[], pattern: readonly string[], escape: string | null): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return candidate.length === 0;
  if (first === escape) return candidate[0] === rest[0] && isLike(candidate.slice(1), rest.slice(1), escape);
  if (first === "%")
    return isLike(candidate, rest, escape) || (candidate.length > 0 && isLike(candidate.slice(1), pattern, escape));
  return candidate.length > 0 && (first === "_" || first === candidate[0]) && isLike(candidate.slice(1), rest, escape);
}

function like(candidate: string, pattern: string, escape: string | null = null): boolean {
  return isLike([...candidate], [...pattern], escape);
}

describe("text is searched with regard to case, and with nothing but the wildcards special", () => {
  let database: Sqlite;

  before(async () => {
    database = await Sqlite.open();
    database.create(metadata);
  });
  after(() => database.close());

  /** Whether the condition holds for a row of this text and part. */
  function holds(condition: Condition, row: { readonly value: string; readonly part?: string }): boolean {
    database.run(texts.delete().all());
    database.run(texts.insert(), { part: "", ...row });
    return database.run(select(texts.c.id).where(condition)).length === 1;
  }

  test("like", () => {
    fc.assert(
      fc.property(anyText, anyText, (candidate, pattern) => {
        assert.equal(holds(value.like(pattern), { value: candidate }), like(candidate, pattern));
        assert.equal(holds(value.notLike(pattern), { value: candidate }), !like(candidate, pattern));
      }),
      { numRuns: 300 },
    );
  });

  test("like whose pattern comes from a column", () => {
    fc.assert(
      fc.property(anyText, anyText, (candidate, pattern) => {
        assert.equal(holds(value.like(part), { value: candidate, part: pattern }), like(candidate, pattern));
      }),
      { numRuns: 300 },
    );
  });

  test("like with an escape, as a value and as a parameter", () => {
    const whole = fc.array(
      fc.oneof(
        characters.filter((each) => each !== "!"),
        characters.map((each) => `!${each}`),
      ),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(anyText, whole, (candidate, pieces) => {
        const pattern = pieces.join("");
        const expected = like(candidate, pattern, "!");
        assert.equal(holds(value.like(pattern, { escape: "!" }), { value: candidate }), expected);
        const query = select(texts.c.id).where(value.like(param("pattern"), { escape: "!" }));
        assert.equal(database.run(query, { pattern }).length === 1, expected);
      }),
      { numRuns: 300 },
    );
  });

  const searches = [
    ["contains", (candidate: string, sought: string) => candidate.includes(sought)],
    ["startsWith", (candidate: string, sought: string) => candidate.startsWith(sought)],
    ["endsWith", (candidate: string, sought: string) => candidate.endsWith(sought)],
  ] as const;

  for (const [name, expected] of searches) {
    test(`${name}: a value, a parameter and a column mean the same`, () => {
      const sought = fc.string({ unit: characters, maxLength: 3 });
      fc.assert(
        fc.property(anyText, sought, (candidate, text_) => {
          const holdsFor = (given: ColumnElement<string, string> | string): boolean =>
            holds(value[name](given), { value: candidate, part: text_ });
          assert.equal(holdsFor(text_), expected(candidate, text_));
          assert.equal(holdsFor(part), expected(candidate, text_));
          const query = select(texts.c.id).where(value[name](param("sought")));
          assert.equal(database.run(query, { sought: text_ }).length === 1, expected(candidate, text_));
        }),
        { numRuns: 200 },
      );
    });
  }

  test("ilike ignores the case of ASCII letters", () => {
    for (const [candidate, pattern, expected] of [
      ["Abc", "aB_", true],
      ["Abc", "%C", true],
      ["50%", "50!%", true],
      ["50x", "50!%", false],
    ] as const) {
      assert.equal(holds(value.ilike(pattern, { escape: "!" }), { value: candidate }), expected);
    }
  });

  test("an escape is one character, and does not end a pattern", () => {
    assert.throws(() => value.like("a", { escape: "ab" }), UsageError);
    assert.throws(() => value.like("a", { escape: "" }), UsageError);
    assert.throws(() => value.ilike("a!", { escape: "!" }), UsageError);
    assert.doesNotThrow(() => value.like("a!!", { escape: "!" }));
    assert.doesNotThrow(() => value.like("a", { escape: "😀" }));
  });

  test("what is no text is refused before anything is sent", () => {
    for (const pattern of [5, true, new Date(), {}, ["a"], "a\0b", "\ud800"]) {
      assert.throws(() => database.run(select(texts.c.id).where(value.like(pattern as string))), InvalidValueError);
      assert.throws(() => database.run(select(texts.c.id).where(value.contains(pattern as string))), InvalidValueError);
      const query = select(texts.c.id).where(value.like(param("pattern")));
      assert.throws(() => database.run(query, { pattern }), InvalidValueError);
    }
    for (const pattern of [undefined, null]) {
      assert.throws(() => value.like(pattern as never), UsageError);
      assert.throws(() => value.contains(pattern as never), UsageError);
    }
  });
});

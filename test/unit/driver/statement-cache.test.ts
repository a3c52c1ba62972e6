import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { StatementCache } from "../../../src/driver/statement-cache.js";

describe("a cache of statements", () => {
  test("gives what was added, until the least recently used one makes room", () => {
    const cache = new StatementCache<number>(2);
    assert.equal(cache.add("a", 1), null);
    assert.equal(cache.add("b", 2), null);
    assert.equal(cache.get("a"), 1);
    assert.equal(cache.add("c", 3), 2);
    assert.equal(cache.get("b"), null);
    assert.equal(cache.get("a"), 1);
    assert.equal(cache.get("c"), 3);
  });

  test("is empty after it was cleared", () => {
    const cache = new StatementCache<number>(2);
    cache.add("a", 1);
    cache.clear();
    assert.equal(cache.get("a"), null);
    assert.equal(cache.size, 0);
    assert.equal(cache.add("a", 2), null);
  });

  test("behaves as a list in order of use", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.array(fc.nat(7), { maxLength: 60 }), (capacity, uses) => {
        const cache = new StatementCache<string>(capacity);
        let model: string[] = [];
        for (const use of uses) {
          const sql = `SELECT ${use}`;
          const isKnown = model.includes(sql);
          assert.equal(cache.get(sql), isKnown ? sql : null);
          if (!isKnown) assert.equal(cache.add(sql, sql), model.length < capacity ? null : model.at(-1));
          model = [sql, ...model.filter((it) => it !== sql)].slice(0, capacity);
        }
        assert.equal(cache.size, model.length);
      }),
    );
  });
});

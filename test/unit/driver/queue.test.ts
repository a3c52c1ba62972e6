import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { Queue, type QueueEntry } from "../../../src/driver/queue.js";

function drain<Value>(queue: Queue<Value>, entries: Map<Value, QueueEntry<Value>>): Value[] {
  const values: Value[] = [];
  for (let first = queue.first; first !== null; first = queue.first) {
    values.push(first);
    queue.remove(entries.get(first) as QueueEntry<Value>);
  }
  return values;
}

describe("a queue", () => {
  test("behaves as an array from which values are removed", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20)), fc.array(fc.nat(20)), (removals, laterRemovals) => {
        const queue = new Queue<number>();
        const entries = new Map<number, QueueEntry<number>>();
        let model: number[] = [];
        const push = (value: number): void => {
          entries.set(value, queue.push(value));
          model.push(value);
        };
        const remove = (position: number): void => {
          const value = model[position];
          if (value === undefined) return;
          queue.remove(entries.get(value) as QueueEntry<number>);
          model = model.filter((it) => it !== value);
        };
        for (let value = 0; value < 10; value += 1) push(value);
        removals.forEach(remove);
        for (let value = 10; value < 15; value += 1) push(value);
        laterRemovals.forEach(remove);
        assert.equal(queue.size, model.length);
        assert.deepEqual(drain(queue, entries), model);
        assert.equal(queue.size, 0);
      }),
    );
  });
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { Gate, type Purpose } from "../../../src/database/gate.js";
import type { Limits } from "../../../src/database/limits.js";
import { AbortError, PoolTimeoutError } from "../../../src/errors/index.js";
import { failure, within } from "./support.js";

const limited = (timeoutMs: number, signal: AbortSignal | null = null): Limits => ({
  waitUntilMs: performance.now() + timeoutMs,
  endMs: Infinity,
  signal,
});

const take = (gate: Gate, limits: Limits | null = null, purpose: Purpose = "statement") =>
  gate.take(purpose, limits, () => "the test");

test("lets one through at a time, in the order of asking", async () => {
  const gate = new Gate();
  assert.ok(gate.tryTake());
  assert.equal(gate.tryTake(), false);
  const order: number[] = [];
  const waits = [1, 2, 3].map(async (number) => {
    assert.equal(await take(gate), true);
    order.push(number);
    // Nobody gets in between.
    assert.equal(gate.tryTake(), false);
    gate.leave();
  });
  assert.equal(gate.waiting, 3);
  gate.leave();
  assert.equal(gate.tryTake(), false, "the gate was free between two waiters");
  await within(Promise.all(waits));
  assert.deepEqual(order, [1, 2, 3]);
  assert.ok(gate.tryTake());
});

test("whoever gives up leaves the queue, and the others keep their order", async () => {
  const gate = new Gate();
  gate.tryTake();
  const controller = new AbortController();
  const aborted = take(gate, limited(1_000, controller.signal));
  const timedOut = take(gate, limited(10));
  const patient = take(gate);
  controller.abort("enough");
  const error = await failure(aborted, AbortError);
  assert.equal(error.cause, "enough");
  await failure(timedOut, PoolTimeoutError, /waited \d+ ms for the test/);
  assert.equal(gate.waiting, 1);
  gate.leave();
  assert.equal(await within(patient), true);
  gate.leave();
  assert.equal(gate.isTaken, false);
  await failure(take(gate, limited(1_000, AbortSignal.abort())), AbortError);
  assert.equal(gate.isTaken, false);
});

test("sends back those of a purpose, and nobody else", async () => {
  const gate = new Gate();
  gate.tryTake();
  const nested = take(gate, null, "nested");
  const statement = take(gate, null, "statement");
  const end = take(gate, null, "end");
  gate.sendBack(["nested"]);
  assert.equal(await within(nested), false);
  assert.equal(gate.waiting, 2);
  gate.leave();
  assert.equal(await within(statement), true);
  gate.leave();
  assert.equal(await within(end), true);
});

test("a queue of many drains in time that grows with its length", { timeout: 10_000 }, async () => {
  const gate = new Gate();
  gate.tryTake();
  const count = 50_000;
  const start = performance.now();
  const waits = Array.from({ length: count }, async () => {
    await take(gate);
    gate.leave();
  });
  gate.leave();
  await within(Promise.all(waits), 8_000);
  assert.ok(performance.now() - start < 5_000);
});

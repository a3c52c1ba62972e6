import assert from "node:assert/strict";
import { describe, test } from "node:test";

import fc from "fast-check";

import { binaryType } from "../../../src/types/binary.js";
import { assertMismatch, assertRefused } from "./assertions.js";

const toDriver = (value: unknown): Uint8Array => binaryType.toDriver(value, "write") as Uint8Array;

function assertPlain(bytes: Uint8Array, expected: readonly number[]): void {
  assert.equal(Object.getPrototypeOf(bytes), Uint8Array.prototype);
  assert.deepEqual([...bytes], expected);
  assert.equal(bytes.buffer.byteLength, expected.length, "the memory holds nothing else");
}

describe("binary", () => {
  test("any bytes go through, from a Uint8Array, a Buffer, and a window on a larger buffer", () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 255 })), fc.nat({ max: 9 }), fc.nat({ max: 9 }), (numbers, before, after) => {
        const memory = new Uint8Array(before + numbers.length + after).fill(7);
        memory.set(numbers, before);
        const window = memory.subarray(before, before + numbers.length);
        const buffer = Buffer.from(memory.buffer, before, numbers.length);
        for (const bytes of [new Uint8Array(numbers), Buffer.from(numbers), window, buffer]) {
          assertPlain(toDriver(bytes), numbers);
          assertPlain(binaryType.fromDriver(bytes), numbers);
        }
      }),
    );
  });

  test("what is sent does not follow a later change of the array", () => {
    const bytes = new Uint8Array([1, 2]);
    const sent = toDriver(bytes);
    bytes[0] = 9;
    assertPlain(sent, [1, 2]);
  });

  test("shared memory is copied", () => {
    const bytes = new Uint8Array(new SharedArrayBuffer(2));
    assert.ok(toDriver(bytes).buffer instanceof ArrayBuffer);
  });

  test("bytes whose memory was transferred away are refused, and empty ones are not", () => {
    const bytes = new Uint8Array([1, 2]);
    structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
    assert.match(assertRefused(binaryType, bytes), /transferred/);
    assertPlain(toDriver(new Uint8Array()), []);
  });

  test("text is no binary value", () => {
    assertRefused(binaryType, "abc");
    assertMismatch(binaryType, "abc");
  });
});

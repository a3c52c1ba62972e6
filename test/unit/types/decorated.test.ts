import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { UsageError } from "../../../src/errors/index.js";
import { booleanType } from "../../../src/types/boolean.js";
import { adaptType, decoratedType } from "../../../src/types/decorated.js";
import { bigIntegerType, integerType } from "../../../src/types/integer.js";
import { stringType } from "../../../src/types/text.js";
import type { SqlType } from "../../../src/types/type.js";
import { assertMismatch, assertRefused, assertRoundTrip } from "./assertions.js";

class Cents {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}

const cents: SqlType<Cents> = decoratedType(integerType, {
  toDriver: (cents: Cents) => cents.value,
  fromDriver: (value) => new Cents(value),
});

describe("a decorated type", () => {
  test("converts by the user's function, then by the base; the other way round when it reads", () => {
    assertRoundTrip(cents, new Cents(5), 5);
    assertRefused(cents, new Cents(1.5));
    assertRefused(cents, new Cents(2 ** 40), "write");
    assert.equal(cents.toDriver(new Cents(2 ** 40), "compare"), 2 ** 40);
    assertMismatch(cents, "five");
  });

  test("is its base to a dialect", () => {
    const type = decoratedType(stringType(5), { toDriver: (text: string) => text, fromDriver: (text) => text });
    assert.equal(type.kind, "string");
    assert.deepEqual(type.parameters, { length: 5 });
    const big = decoratedType(bigIntegerType(), { toDriver: (id: bigint) => id, fromDriver: (id) => id });
    assert.equal(big.needsBigInt, true);
  });

  test("may store a value as NULL", () => {
    const type = decoratedType(stringType(5), {
      toDriver: (text: string) => (text === "" ? null : text),
      fromDriver: (text) => text,
    });
    assert.equal(type.toDriver("", "write"), null);
  });

  test("lets through what the user's functions throw", () => {
    const error = new RangeError("not on Sundays");
    const raise = (): never => {
      throw error;
    };
    const type = decoratedType(integerType, { toDriver: raise, fromDriver: raise });
    assert.throws(() => type.toDriver(1, "write"), error);
    assert.throws(() => type.fromDriver(1), error);
  });

  test("refuses a promise, and leaves no rejection unhandled", async () => {
    const type = decoratedType(integerType, {
      toDriver: (() => Promise.reject(new Error("late"))) as unknown as () => number,
      fromDriver: (value) => Promise.resolve(value),
    });
    assert.throws(() => type.toDriver(1, "write"), UsageError);
    assert.throws(() => type.fromDriver(1), UsageError);
    await new Promise((resolve) => setImmediate(resolve));
  });

  test("wants both functions", () => {
    assert.throws(() => decoratedType(integerType, { toDriver: (value: number) => value } as never), UsageError);
  });

  test("keeps the user's functions when a dialect replaces the core, however deep it is", () => {
    const yesNo = decoratedType(booleanType, {
      toDriver: (text: "yes" | "no") => text === "yes",
      fromDriver: (value) => (value ? "yes" : "no"),
    });
    const shouted = decoratedType(yesNo, {
      toDriver: (text: string) => text.toLowerCase() as "yes" | "no",
      fromDriver: (text) => text.toUpperCase(),
    });
    const numbers = adaptType(shouted, (core) => ({
      kind: core.kind,
      parameters: core.parameters,
      needsBigInt: core.needsBigInt,
      toDriver: (value, role) => (core.toDriver(value, role) === true ? 1 : 0),
      fromDriver: (wire) => core.fromDriver(wire),
    }));
    assert.equal(numbers.toDriver("YES", "write"), 1);
    assert.equal(numbers.fromDriver(0), "NO");
    assert.equal(
      adaptType(integerType, (core) => core),
      integerType,
    );
  });
});

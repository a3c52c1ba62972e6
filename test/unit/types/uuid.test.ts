import assert from "node:assert/strict";
import { describe, test } from "node:test";

import fc from "fast-check";

import { uuidType } from "../../../src/types/uuid.js";
import { assertMismatch, assertRefused, assertRoundTrip } from "./assertions.js";

describe("uuid", () => {
  test("every UUID goes through in lower case", () => {
    fc.assert(
      fc.property(fc.uuid(), (value) => {
        assertRoundTrip(uuidType, value, value);
        assert.equal(uuidType.toDriver(value.toUpperCase(), "write"), value);
        assert.equal(uuidType.fromDriver(value.toUpperCase()), value);
      }),
    );
    assertRoundTrip(uuidType, "00000000-0000-0000-0000-000000000000", "00000000-0000-0000-0000-000000000000");
  });

  test("no other spelling is one", () => {
    const uuid = "0b1f2a3c-4d5e-6f70-8192-a3b4c5d6e7f8";
    for (const text of [
      "",
      uuid.replaceAll("-", ""),
      `{${uuid}}`,
      `urn:uuid:${uuid}`,
      `${uuid} `,
      `${uuid}\n`,
      uuid.replace("0", "g"),
    ]) {
      assertRefused(uuidType, text);
      assertMismatch(uuidType, text);
    }
  });
});

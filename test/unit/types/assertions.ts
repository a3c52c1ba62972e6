import assert from "node:assert/strict";

import { InvalidValueError, TypeMismatchError } from "../../../src/errors/index.js";
import type { BindRole, NonNullWire, SqlType } from "../../../src/types/type.js";

/** The type refuses the value before it is sent; gives the message. */
export function assertRefused(type: SqlType, value: unknown, role: BindRole = "write"): string {
  return messageOf(() => type.toDriver(value, role), InvalidValueError);
}

/** The type refuses what a database delivered; gives the message. */
export function assertMismatch(type: SqlType, wire: NonNullWire): string {
  return messageOf(() => type.fromDriver(wire), TypeMismatchError);
}

/** The value goes out as `wire` and comes back as it was. */
export function assertRoundTrip(type: SqlType, value: unknown, wire: NonNullWire): void {
  assert.deepEqual(type.toDriver(value, "write"), wire);
  assert.deepEqual(type.toDriver(value, "compare"), wire);
  assert.deepEqual(type.fromDriver(wire), value);
}

function messageOf(action: () => unknown, errorClass: typeof InvalidValueError | typeof TypeMismatchError): string {
  let result: unknown;
  try {
    result = action();
  } catch (error) {
    assert.ok(error instanceof errorClass, `wrong error: ${String(error)}`);
    return error.message;
  }
  return assert.fail(`not refused: ${typeof result} ${String(result)}`);
}

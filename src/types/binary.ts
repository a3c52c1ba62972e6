import { types } from "node:util";

import { invalidValue, kindOf, typeMismatch } from "./refuse.js";
import type { NonNullWire, SqlType, TypeParameters } from "./type.js";

/** Bytes. Any `Uint8Array` goes in, a `Buffer` too; a plain one comes out, which no one else holds. */
class BinaryType implements SqlType<Uint8Array> {
  readonly kind = "binary";
  readonly parameters: TypeParameters = {};
  readonly needsBigInt = false;

  /** Copies, for the statement may be sent, or sent again, after the caller has changed the array. */
  toDriver(value: unknown): Uint8Array {
    if (!types.isUint8Array(value)) throw invalidValue("bytes as a Uint8Array", kindOf(value));
    try {
      return new Uint8Array(value);
    } catch (cause) {
      throw invalidValue("bytes as a Uint8Array", "one whose memory is gone (it was transferred away?)", cause);
    }
  }

  fromDriver(wire: NonNullWire): Uint8Array {
    if (typeof wire === "object") return plainBytes(wire);
    throw typeMismatch("bytes", kindOf(wire));
  }
}

/** The bytes as a plain `Uint8Array` over memory of their own: a driver's `Buffer` may be a window on what else it received. */
export function plainBytes(bytes: Uint8Array): Uint8Array {
  if (bytes.byteLength !== bytes.buffer.byteLength) return new Uint8Array(bytes);
  return bytes.constructor === Uint8Array ? bytes : new Uint8Array(bytes.buffer);
}

export const binaryType: SqlType<Uint8Array> = new BinaryType();

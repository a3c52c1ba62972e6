import type { WireValue } from "../util/wire.js";
import { plainBytes } from "./binary.js";

/**
 * The value of a column of which nothing is declared: integers are `number` when safe, else `bigint`, bytes a plain `Uint8Array`,
 * all else is as the driver gives it. The driver must have been asked for integers as `bigint`.
 */
export function decodeUntyped(wire: WireValue): WireValue {
  if (typeof wire === "bigint") {
    const number = Number(wire);
    return Number.isSafeInteger(number) ? number : wire;
  }
  return typeof wire === "object" && wire !== null ? plainBytes(wire) : wire;
}

/** The value of a column of which the server says that it holds JSON. */
export function decodeUntypedJson(wire: WireValue): unknown {
  return typeof wire === "string" ? (JSON.parse(wire) as unknown) : decodeUntyped(wire);
}

import type { WireValue } from "../../util/wire.js";
import type { SqliteRow } from "./handle.js";

/** No bytes, in memory that is somewhere: older versions of `node:sqlite` bind NULL where an empty array has no address. */
const NO_BYTES = new Uint8Array(1).subarray(0, 0);

/** Makes whole numbers `bigint`: both drivers bind a `number` as REAL, and `typeof(?)`, `/` and JSON would tell. */
export function bindable(parameters: readonly WireValue[]): WireValue[] {
  const bound = parameters.slice();
  for (let index = 0; index < bound.length; index += 1) {
    const value = bound[index];
    if (typeof value === "number") {
      if (Number.isSafeInteger(value)) bound[index] = BigInt(value);
    } else if (typeof value === "object" && value !== null && value.length === 0) bound[index] = NO_BYTES;
  }
  return bound;
}

/** Makes numbers of those `bigint` values that fit, in place. */
export function narrow(rows: readonly SqliteRow[]): void {
  for (const row of rows) {
    for (let index = 0; index < row.length; index += 1) {
      const value = row[index];
      if (typeof value === "bigint") row[index] = narrowInteger(value);
    }
  }
}

/** A whole number as `number` where that is exact. */
export function narrowInteger(value: number | bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

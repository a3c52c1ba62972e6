/**
 * What the driver port carries, in both directions: SQL values in their rawest JavaScript form.
 *
 * Codecs stand above the port, so no driver ever sees a `Date`, an object or an array, and none of a driver's own conversions shows through.
 * Booleans travel only where the server has them; elsewhere a dialect's codec makes them integers.
 */
export type WireValue = null | string | number | bigint | boolean | Uint8Array;

/** One column of a result, as a driver tells of it. */
export interface WireColumn {
  readonly name: string;
  /** `"json"` where the server says that the column's text is JSON; all other kinds show in the values themselves. */
  readonly kind: "json" | "other";
}

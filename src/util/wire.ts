/**
 * What the driver port carries, in both directions: SQL values in their rawest JavaScript form.
 *
 * Codecs stand above the port, so no driver ever sees a `Date`, an object or an array, and none of a driver's own conversions shows through.
 * Booleans travel only where the server has them; elsewhere a dialect's codec makes them integers.
 */
export type WireValue = null | string | number | bigint | boolean | Uint8Array;

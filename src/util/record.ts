/**
 * True for an object that is read by its keys: a plain one, or an instance of a class with properties of its own.
 *
 * A Map, a Date or a promise has none, and would silently pass for `{}`.
 */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype || Object.keys(value).length > 0;
}

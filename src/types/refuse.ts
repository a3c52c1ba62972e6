import { InvalidValueError, TypeMismatchError } from "../errors/index.js";

/** A value that the caller gave and that its type does not take. Both arguments are kinds: no part of the value may be in them. */
export function invalidValue(expected: string, got: string, cause: unknown = null): InvalidValueError {
  return new InvalidValueError(`Expected ${expected}, got ${got}.`, { cause });
}

/**
 * A value that the database delivered and that is none of the declared type.
 * The outcome is "committed": the statement itself succeeded, only its answer cannot be given.
 */
export function typeMismatch(expected: string, got: string): TypeMismatchError {
  return new TypeMismatchError(
    `Expected ${expected}, but the database delivered ${got}: declare the column as what it holds, or correct the stored value.`,
    { outcome: "committed" },
  );
}

/** What kind of value this is: its `typeof`, or the name of its class; never the value, which may be a secret. */
export function kindOf(value: unknown): string {
  switch (typeof value) {
    case "undefined":
      return "undefined (leave the key out, or give null)";
    case "object":
      return value === null ? "null" : objectKind(value);
    case "number":
      if (Number.isFinite(value)) return "a number";
      return Number.isNaN(value) ? "NaN" : "an infinite number";
    default:
      return `a ${typeof value}`;
  }
}

/** The kind of a value that is not text, or what is wrong with it where it is. */
export function textFlaw(value: unknown, flaw = "text that is none"): string {
  return typeof value === "string" ? flaw : kindOf(value);
}

/** The kind of a value that is no finite number, or what is wrong with it where it is one. */
export function numberFlaw(value: unknown, flaw: string): string {
  return Number.isFinite(value) ? flaw : kindOf(value);
}

// Only data properties of prototypes are read: an object that came as JSON can name its own `constructor`,
// and a revoked Proxy throws at every look.
function objectKind(value: object): string {
  try {
    if (Array.isArray(value)) return "an array";
    const prototype: unknown = Object.getPrototypeOf(value);
    if (typeof prototype !== "object" || prototype === null) return "an object without a prototype";
    const name = classNameOf(Object.getOwnPropertyDescriptor(prototype, "constructor")?.value);
    return name === "Object" ? "a plain object" : `an instance of ${name}`;
  } catch {
    return "an object that cannot be examined";
  }
}

const CLASS_NAME = /^[\p{ID_Start}$_][\p{ID_Continue}$]{0,79}$/u;

/** The name of a class as its source has it. */
export function classNameOf(value: unknown): string {
  const name: unknown = typeof value === "function" ? Object.getOwnPropertyDescriptor(value, "name")?.value : null;
  return typeof name === "string" && CLASS_NAME.test(name) ? name : "an unnamed class";
}

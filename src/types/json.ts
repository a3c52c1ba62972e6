import { types } from "node:util";

import { InvalidValueError } from "../errors/index.js";
import { invalidValue, kindOf, typeMismatch } from "./refuse.js";
import { characterFlaw } from "./text.js";
import type { NonNullWire, SqlType, TypeParameters } from "./type.js";

const EXPECTED = "a JSON document";

/**
 * JSON's own `null`, to be stored where a bare `null` would be SQL's NULL; users know it as `json.null`.
 * It may stand inside a document too. Reading it gives `null`.
 */
export const jsonNull: unique symbol = Symbol.for("databases.jsonNull");

/**
 * A JSON document, encoded once, as `JSON.stringify` does it, with `toJSON()`.
 * What that would drop or change without a word is refused: `undefined`, functions, NaN, a `Map`, an invalid `Date` …
 */
class JsonType<Value> implements SqlType<Value> {
  readonly kind = "json";
  readonly parameters: TypeParameters = {};
  readonly needsBigInt = false;

  toDriver(value: unknown): string {
    try {
      return JSON.stringify(value, exactMember);
    } catch (error) {
      throw error instanceof InvalidValueError ? error : invalidValue(EXPECTED, reasonOf(error), error);
    }
  }

  fromDriver(wire: NonNullWire): Value {
    if (typeof wire !== "string") throw typeMismatch(EXPECTED, kindOf(wire));
    try {
      return JSON.parse(wire) as Value;
    } catch {
      // The parser's error is no cause to pass on: it quotes the text.
      throw typeMismatch(EXPECTED, "text that is none");
    }
  }
}

/** Called by `JSON.stringify` for each member, after its `toJSON()`; `this` holds the member. */
function exactMember(this: unknown, key: string, value: unknown): unknown {
  refuseText(key);
  if (value === jsonNull) return null;
  if (value === null) return refuseInvalidDate((this as Record<string, unknown>)[key]);
  if (typeof value === "string") return refuseText(value);
  if (typeof value === "boolean" || Number.isFinite(value)) return value;
  if (typeof value === "object" && isSerializable(value)) return value;
  throw invalidValue(EXPECTED, key === "" ? kindOf(value) : `one with ${kindOf(value)} inside`);
}

function refuseText(text: string): string {
  const flaw = characterFlaw(text);
  if (flaw !== null) throw invalidValue(EXPECTED, `one with ${flaw}`);
  return text;
}

/** An invalid `Date` makes itself `null`. */
function refuseInvalidDate(value: unknown): null {
  if (types.isDate(value)) throw invalidValue(EXPECTED, "one with an invalid Date");
  return null;
}

/** Arrays and objects of any class, but none that keeps its content where `JSON.stringify` does not look (Map, Set, Error, RegExp, Promise, bytes, boxed values). */
function isSerializable(value: object): boolean {
  return Array.isArray(value) || Object.prototype.toString.call(value) === "[object Object]";
}

function reasonOf(error: unknown): string {
  if (error instanceof RangeError) return "one that is nested too deep or too long";
  if (error instanceof TypeError && error.message.startsWith("Converting circular")) return "one that contains itself";
  return "one that could not be serialized (the cause tells why)";
}

const anyJson: SqlType<never> = new JsonType<never>();

/** A JSON document of the shape `Value`, which nothing checks at run time. `null` is SQL's NULL, {@link jsonNull} JSON's. */
export function jsonType<Value = unknown>(): SqlType<Value> {
  return anyJson;
}

import { UsageError } from "../errors/index.js";
import { invalidValue, kindOf, typeMismatch } from "./refuse.js";
import type { BindRole, NonNullWire, SqlType, TypeParameters } from "./type.js";

/** Text of any length, or with a length counted in Unicode code points, as databases count it. */
class TextType implements SqlType<string> {
  readonly kind: string;
  readonly parameters: TypeParameters;
  readonly needsBigInt = false;
  readonly #length: number;

  constructor(kind: string, parameters: TypeParameters) {
    this.kind = kind;
    this.parameters = parameters;
    this.#length = parameters.length ?? Infinity;
  }

  toDriver(value: unknown, role: BindRole): string {
    const text = portableText(value);
    if (text.length > this.#length && role === "write" && isLonger(text, this.#length)) {
      throw invalidValue(`text of at most ${this.#length} characters`, "a longer one");
    }
    return text;
  }

  fromDriver(wire: NonNullWire): string {
    if (typeof wire === "string") return wire;
    throw typeMismatch("text", kindOf(wire));
  }
}

// In every supported Node.js, but not in the ES2023 library.
interface WellFormedness {
  isWellFormed(): boolean;
}

/** The value as text that every database stores as it is. */
export function portableText(value: unknown): string {
  if (typeof value !== "string") throw invalidValue("text", kindOf(value));
  const flaw = characterFlaw(value);
  if (flaw !== null) throw invalidValue("text", flaw);
  return value;
}

/**
 * Which character no database takes, or not each of them; `null` where all do.
 * A lone surrogate has no UTF-8 and would become U+FFFD on the way; NUL is refused by one server and cuts the text in tools of others.
 */
export function characterFlaw(text: string): string | null {
  if (!(text as string & WellFormedness).isWellFormed()) {
    return "text with half of a surrogate pair (toWellFormed() replaces it)";
  }
  return text.includes("\0") ? "text with a NUL character (binary() takes any bytes)" : null;
}

/** Whether there are more code points than `length`; a text of twice as many code units has more, whatever they are. */
function isLonger(text: string, length: number): boolean {
  if (text.length > 2 * length) return true;
  let count = 0;
  for (const _ of text) if (++count > length) return true;
  return false;
}

export const textType: SqlType<string> = new TextType("text", {});

export interface StringOptions {
  /** The server's name of the order of this text; its own default where none is given. */
  readonly collation?: string;
}

const plainString: SqlType<string> = new TextType("string", {});

/** Text of at most `length` Unicode code points when it is stored; without a length, as long as the database allows. */
export function stringType(length?: number, options: StringOptions = {}): SqlType<string> {
  const { collation } = options;
  if (length === undefined && collation === undefined) return plainString;
  if (length !== undefined && !(Number.isSafeInteger(length) && length > 0)) {
    throw new UsageError("string(length) takes a whole number of characters, 1 or more.");
  }
  return new TextType("string", {
    ...(length === undefined ? null : { length }),
    ...(collation === undefined ? null : { collation: portableText(collation) }),
  });
}

import { type Codecs, codecsOf } from "../../compiler/codecs.js";
import { invalidValue, kindOf, typeMismatch } from "../../types/refuse.js";
import type { BindRole, NonNullWire, SqlType, TypeParameters } from "../../types/type.js";
import type { WireValue } from "../../util/wire.js";
import { readArray, writeArray } from "./array-text.js";
import { POSTGRESQL_TYPES } from "./types.js";

/** What an element's text is as a driver would deliver a column of its type. */
const WIRES: ReadonlyMap<string, (text: string) => WireValue> = new Map<string, (text: string) => WireValue>([
  ["boolean", (text) => text === "t"],
  ["float", Number],
  ["double", Number],
  ["binary", (text) => new Uint8Array(Buffer.from(text.slice(2), "hex"))],
]);

const elementCodecs = (): Codecs => codecsOf({ types: POSTGRESQL_TYPES });
let codecs: Codecs | null = null;

/** An array of one element type; of arrays where that is one, which then are all of one length. */
export class ArrayType<Element> implements SqlType<Element[]> {
  readonly kind = "array";
  readonly parameters: TypeParameters;
  readonly needsBigInt = false;
  readonly #element: SqlType;
  readonly #takesNull: boolean;

  constructor(element: SqlType, takesNull: boolean) {
    this.parameters = { element };
    this.#element = element;
    this.#takesNull = takesNull;
  }

  toDriver(value: unknown, role: BindRole): string {
    if (!Array.isArray(value)) throw invalidValue("an array", kindOf(value));
    const isNested = this.#element.kind === "array";
    if (isNested) refuseRagged(value);
    const encoder = (codecs ??= elementCodecs()).encoder(this.#element, role, "an element of the array");
    const elements = Array.from(value as unknown[], (element) => {
      if (element === null && !this.#takesNull) throw invalidValue("an array without null in it", "one with null");
      return encoder.encode(element);
    });
    return writeArray(elements, isNested);
  }

  fromDriver(wire: NonNullWire): Element[] {
    if (typeof wire !== "string") throw typeMismatch("an array", kindOf(wire));
    const decode = (codecs ??= elementCodecs()).decoder(this.#element);
    const toWire = WIRES.get(this.#element.kind);
    return readArray(wire).map((text) => {
      if (text === null && !this.#takesNull) throw typeMismatch("an array without NULL in it", "one with NULL");
      return decode(text === null || toWire === undefined ? text : toWire(text)) as Element;
    });
  }
}

/** The server's arrays are rectangular, and `{{},{}}` is the empty one. */
function refuseRagged(arrays: readonly unknown[]): void {
  const [first, ...others] = arrays.map(dimensionsOf);
  if (first === undefined) return;
  if (first === "0" || others.some((other) => other !== first)) {
    throw invalidValue("arrays of one length, 1 or more, in the array", "others");
  }
}

function dimensionsOf(value: unknown): string {
  return Array.isArray(value) ? [value.length, ...value.slice(0, 1).map(dimensionsOf)].join() : "";
}

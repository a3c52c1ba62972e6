import type { WireValue } from "../../util/wire.js";
import { protocolFailure } from "./failure.js";

/** Makes the value of a column from its text, which is `bytes` from `start` to `end`. */
export type Decode = (bytes: Buffer, start: number, end: number) => WireValue;

const MINUS = 0x2d;
const ZERO = 0x30;
const BACKSLASH = 0x5c;
const TRUE = 0x74;
const FALSE = 0x66;

/** So many digits always make a safe integer. */
const SAFE_DIGITS = 15;

const decodeText: Decode = (bytes, start, end) => bytes.toString("utf8", start, end);

const decodeBoolean: Decode = (bytes, start, end) => {
  const letter = bytes[start];
  if (end !== start + 1 || (letter !== TRUE && letter !== FALSE)) throw protocolFailure("a boolean is neither t nor f");
  return letter === TRUE;
};

const decodeInteger: Decode = (bytes, start, end) => integerOf(bytes, start, end);

const decodeFloat: Decode = (bytes, start, end) => Number(bytes.toString("latin1", start, end));

const decodeBigInt: Decode = (bytes, start, end) =>
  BigInt(end - start <= SAFE_DIGITS ? integerOf(bytes, start, end) : bytes.toString("latin1", start, end));

const decodeSafeInteger: Decode = (bytes, start, end) => {
  if (end - start <= SAFE_DIGITS) return integerOf(bytes, start, end);
  const text = bytes.toString("latin1", start, end);
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : BigInt(text);
};

const decodeBytes: Decode = (bytes, start, end) => {
  const isHex = bytes[start] === BACKSLASH && bytes[start + 1] === 0x78;
  return isHex ? fromHex(bytes, start + 2, end) : fromEscapes(bytes, start, end);
};

/** How the types of `pg_type` by their OID come out; all others are text. */
const DECODERS: ReadonlyMap<number, Decode> = new Map([
  [16, decodeBoolean],
  [17, decodeBytes],
  [20, decodeSafeInteger],
  [21, decodeInteger],
  [23, decodeInteger],
  [26, decodeInteger],
  [700, decodeFloat],
  [701, decodeFloat],
]);

const INT8 = 20;

const JSON_OIDS: ReadonlySet<number> = new Set([114, 3802]);

export function isJson(oid: number): boolean {
  return JSON_OIDS.has(oid);
}

/** With `"bigint"` every 64-bit integer is one. */
export function decoderOf(oid: number, integers: "number" | "bigint"): Decode {
  if (oid === INT8 && integers === "bigint") return decodeBigInt;
  return DECODERS.get(oid) ?? decodeText;
}

function integerOf(bytes: Buffer, start: number, end: number): number {
  const isNegative = bytes[start] === MINUS;
  let value = 0;
  for (let at = isNegative ? start + 1 : start; at < end; at += 1) {
    const digit = (bytes[at] as number) - ZERO;
    if (digit >>> 0 > 9) throw protocolFailure("an integer has other characters than digits");
    value = value * 10 + digit;
  }
  return isNegative ? 0 - value : value;
}

function fromHex(bytes: Buffer, start: number, end: number): Uint8Array {
  const value = new Uint8Array((end - start) >>> 1);
  for (let at = start, index = 0; index < value.length; at += 2, index += 1) {
    value[index] = (hexDigit(bytes[at] as number) << 4) | hexDigit(bytes[at + 1] as number);
  }
  return value;
}

/** Of a digit `0`–`9`, `a`–`f` or `A`–`F`. */
function hexDigit(code: number): number {
  return (code & 0xf) + (code >>> 6) * 9;
}

/** The server's other form, for who has set `bytea_output` to it: `\\` is a backslash, `\ooo` an octal byte. */
function fromEscapes(bytes: Buffer, start: number, end: number): Uint8Array {
  const value = new Uint8Array(end - start);
  let length = 0;
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] as number;
    if (byte !== BACKSLASH) value[length] = byte;
    else if (bytes[at + 1] === BACKSLASH) value[length] = bytes[(at += 1)] as number;
    else {
      value[length] = Number.parseInt(bytes.toString("latin1", at + 1, at + 4), 8);
      at += 3;
    }
    length += 1;
  }
  return value.slice(0, length);
}

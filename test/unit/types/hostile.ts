const revoked = Proxy.revocable({}, {});
revoked.revoke();

class Impostor {
  valueOf(): number {
    return 1;
  }
  toString(): string {
    return "2024-01-01";
  }
  toJSON(): never {
    throw new Error("toJSON was called");
  }
  [Symbol.toPrimitive](): number {
    return 1;
  }
}

const trap = (): never => {
  throw new Error("a trap was called");
};

/** What may reach any column from untyped code, a parsed request or an attack, and is the value of none but JSON at most. */
export const hostileValues: readonly (readonly [string, unknown])[] = [
  ["undefined", undefined],
  ["null", null],
  ["NaN", NaN],
  ["Infinity", Infinity],
  ["-Infinity", -Infinity],
  ["function", () => 1],
  ["class", Impostor],
  ["symbol", Symbol("1")],
  ["boxed string", new String("a")],
  ["boxed number", new Number(1)],
  ["boxed boolean", new Boolean(true)],
  ["boxed bigint", Object(1n)],
  ["array", [1]],
  ["empty array", []],
  ["nested array", [[1]]],
  ["plain object", { a: 1 }],
  ["operator object", { $ne: 1 }],
  ["object with valueOf", new Impostor()],
  ["object with its own constructor", { constructor: { name: "secret" } }],
  ["object without prototype", Object.create(null)],
  ["object made from Date.prototype", Object.create(Date.prototype)],
  ["object made from Uint8Array.prototype", Object.create(Uint8Array.prototype)],
  ["invalid Date", new Date(NaN)],
  ["Proxy of a Date", new Proxy(new Date(0), {})],
  ["Proxy of a Uint8Array", new Proxy(new Uint8Array(1), {})],
  ["Proxy with traps", new Proxy({}, { get: trap, getPrototypeOf: trap, getOwnPropertyDescriptor: trap, has: trap })],
  ["revoked Proxy", revoked.proxy],
  ["Map", new Map([[1, 2]])],
  ["Promise", Promise.resolve(1)],
  ["RegExp", /1/],
  ["ArrayBuffer", new ArrayBuffer(1)],
  ["SharedArrayBuffer", new SharedArrayBuffer(1)],
  ["DataView", new DataView(new ArrayBuffer(1))],
  ["Int8Array", new Int8Array(1)],
  ["Uint16Array", new Uint16Array(1)],
  ["Uint8ClampedArray", new Uint8ClampedArray(1)],
  ["text with NUL", "a\0b"],
  ["text with half a pair", "a\ud800b"],
];

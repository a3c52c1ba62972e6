import fc from "fast-check";
import { bigInteger, binary, boolean, json, typeDecorator } from "../../../src/index.js";
import { kind, type Kind } from "./kind.js";

const INT64 = 2n ** 63n;

class Money {
  readonly cents: bigint;

  constructor(cents: bigint) {
    this.cents = cents;
  }
}

const money = typeDecorator(bigInteger(), {
  toDriver: (value: Money) => value.cents,
  fromDriver: (cents) => new Money(cents),
});

const tags = typeDecorator(json<string[]>(), {
  toDriver: (value: ReadonlySet<string>) => [...value],
  fromDriver: (list) => new Set(list),
});

export const others: readonly Kind[] = [
  kind({ name: "boolean", column: boolean(), values: fc.boolean(), edges: [true, false] }),
  kind({
    name: "json",
    column: json(),
    values: fc
      .jsonValue()
      .map((value) => JSON.parse(JSON.stringify(value).replaceAll("\\u0000", "")) as unknown)
      .filter((value) => value !== null),
    edges: [
      true,
      false,
      0,
      -1.5,
      1e300,
      "",
      "text",
      '"quoted"',
      [],
      {},
      [null, [[]], { a: null }],
      { a: 1, b: [true, "x", { c: 2 }] },
      JSON.parse('{"__proto__":1,"constructor":2}'),
      "😀",
    ],
    sameAs: null,
  }),
  kind<Uint8Array>({
    name: "binary",
    column: binary(),
    values: fc.uint8Array({ maxLength: 300 }),
    edges: [
      new Uint8Array(),
      Uint8Array.from({ length: 256 }, (_, byte) => byte),
      new Uint8Array(100_000).fill(255),
      Buffer.from("a buffer"),
      new Uint8Array([1, 2, 3, 4, 5]).subarray(1, 3),
    ],
    stored: (value) => Uint8Array.from(value),
    sameAs: (value) => Buffer.from(value).toString("hex"),
  }),
  kind({
    name: "a type of one's own",
    column: money(),
    values: fc.bigInt({ min: -INT64, max: INT64 - 1n }).map((cents) => new Money(cents)),
    edges: [new Money(0n), new Money(INT64 - 1n)],
    sameAs: ({ cents }) => cents,
  }),
  kind({
    name: "a type of one's own over JSON",
    column: tags(),
    values: fc.uniqueArray(fc.string({ maxLength: 5 })).map((list) => new Set(list)),
    edges: [new Set<string>(), new Set(["a", "b"])],
    sameAs: null,
  }),
];

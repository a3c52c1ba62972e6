import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { FrameReader } from "../../../src/drivers/pg/frame-reader.js";
import { FrameWriter } from "../../../src/drivers/pg/frame-writer.js";
import { Layout, readRow } from "../../../src/drivers/pg/layout.js";
import { readTag, rowsWritten } from "../../../src/drivers/pg/tag.js";
import { decoderOf } from "../../../src/drivers/pg/values.js";
import { description, row } from "./pg-server.js";

const BOOLEAN = 16;
const BYTEA = 17;
const INT8 = 20;
const INT4 = 23;
const TEXT = 25;
const FLOAT8 = 701;

/** The value of a text that stands among other bytes. */
function decode(oid: number, text: string | Buffer, integers: "number" | "bigint" = "number") {
  const value = Buffer.from(text);
  return decoderOf(oid, integers)(Buffer.concat([Buffer.from("-9"), value, Buffer.from("9\\")]), 2, 2 + value.length);
}

describe("pg: values from their texts", () => {
  test("integers of any size", () => {
    fc.assert(
      fc.property(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n), (value) => {
        const isSafe = Number.isSafeInteger(Number(value));
        assert.equal(decode(INT8, String(value)), isSafe ? Number(value) : value);
        assert.equal(decode(INT8, String(value), "bigint"), value);
        const small = Number(BigInt.asIntN(32, value));
        assert.equal(decode(INT4, String(small), "bigint"), small);
      }),
    );
    assert.ok(Object.is(decode(INT4, "0"), 0));
  });

  test("doubles of any size", () => {
    fc.assert(fc.property(fc.double(), (value) => assert.ok(Object.is(decode(FLOAT8, textOf(value)), value))));
  });

  test("bytes, in both of the server's forms", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (value) => {
        const hex = decode(BYTEA, `\\x${Buffer.from(value).toString("hex")}`);
        assert.deepEqual(hex, value);
        assert.equal(Object.getPrototypeOf(hex), Uint8Array.prototype);
        assert.deepEqual(decode(BYTEA, Array.from(value, escaped).join("")), value);
      }),
    );
  });

  test("texts and booleans", () => {
    fc.assert(fc.property(fc.string({ unit: "grapheme" }), (value) => assert.equal(decode(TEXT, value), value)));
    assert.deepEqual([decode(BOOLEAN, "t"), decode(BOOLEAN, "f")], [true, false]);
    for (const wrong of ["", "x", "tt"]) assert.throws(() => decode(BOOLEAN, wrong), /protocol/);
    for (const wrong of ["x", "1.5", "1-", "12:4"]) assert.throws(() => decode(INT4, wrong), /protocol/);
  });
});

describe("pg: messages", () => {
  test("come whole, in whatever pieces they arrive", () => {
    const texts = fc.array(fc.string({ maxLength: 200 }), { maxLength: 20 });
    const cuts = fc.array(fc.nat({ max: 100 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(texts, cuts, (values, lengths) => {
        const sent = values.map((value) => row(value, null));
        const { decoders } = layoutOfTexts();
        const seen: unknown[] = [];
        const reader = new FrameReader({
          frame: (type, bytes, start, end) => {
            assert.equal(type, "D".charCodeAt(0));
            seen.push(readRow(decoders, bytes, start, end));
          },
        });
        for (const chunk of slices(Buffer.concat(sent), lengths)) reader.read(chunk);
        assert.deepEqual(
          seen,
          values.map((value) => [value, null]),
        );
      }),
    );
  });

  test("that we write have the length that they say, whatever is in them", () => {
    const value = fc.oneof(
      fc.string({ unit: "grapheme", maxLength: 60 }),
      fc.constant("é".repeat(400_000)),
      fc.uint8Array(),
      fc.constant(null),
      fc.bigInt(),
      fc.double(),
      fc.boolean(),
    );
    const writer = new FrameWriter();
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.array(value), (sql, parameters) => {
        const bytes = writer.parse("name", sql).bind("name", parameters).describePortal().execute(0).sync().take();
        const types: string[] = [];
        const reader = new FrameReader({ frame: (type) => void types.push(String.fromCharCode(type)) });
        reader.acceptsLong = true;
        // The reader knows which of the server's messages may be long: ours are given a type that may.
        reader.read(retyped(bytes));
        assert.deepEqual(types.join(""), "DDDDD");
        assert.equal(bytes.includes(Buffer.from(sql)), true);
      }),
      { numRuns: 50 },
    );
  });

  test("tell the command and its rows", () => {
    const told: [string, string, number | null, number][] = [
      ["INSERT 0 5", "INSERT", 5, 5],
      ["UPDATE 0", "UPDATE", 0, 0],
      ["MERGE 3", "MERGE", 3, 3],
      ["SELECT 7", "SELECT", 7, 0],
      ["CREATE TABLE", "CREATE TABLE", null, 0],
      ["COMMIT", "COMMIT", null, 0],
      ["", "", null, 0],
    ];
    for (const [text, command, rows, written] of told) {
      const tag = readTag(Buffer.from(`x${text}\0`), 1, text.length + 2);
      assert.deepEqual([tag.command, tag.rows, rowsWritten(tag)], [command, rows, written]);
    }
  });
});

function layoutOfTexts() {
  const bytes = description(["a", TEXT], ["b", TEXT]);
  return { decoders: Layout.read(bytes, 5, bytes.length).decoders("number") };
}

function* slices(bytes: Buffer, lengths: readonly number[]): Generator<Buffer> {
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const length = (lengths[turn % lengths.length] ?? 0) + (turn % 7 === 0 ? 1 : 0);
    yield bytes.subarray(at, at + length);
    at += length;
  }
}

/** The same messages, each of the type of a row. */
function retyped(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  for (let at = 0; at < copy.length; at += 1 + copy.readInt32BE(at + 1)) copy.write("D", at);
  return copy;
}

function textOf(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

function escaped(byte: number): string {
  if (byte === 0x5c) return "\\\\";
  return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, "0")}`;
}

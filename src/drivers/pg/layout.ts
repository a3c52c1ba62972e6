import type { WireColumn, WireValue } from "../../util/wire.js";
import { protocolFailure } from "./failure.js";
import { type Decode, decoderOf, isJson } from "./values.js";

/** What a statement's rows consist of, as its RowDescription says. */
export class Layout {
  readonly columns: readonly WireColumn[];
  readonly #oids: readonly number[];
  #numbers: readonly Decode[] | null = null;
  #bigints: readonly Decode[] | null = null;

  constructor(columns: readonly WireColumn[], oids: readonly number[]) {
    this.columns = columns;
    this.#oids = oids;
  }

  /** Of a statement that gives no rows. */
  static readonly NONE: Layout = new Layout([], []);

  /** Reads a RowDescription. */
  static read(bytes: Buffer, start: number, end: number): Layout {
    const columns: WireColumn[] = [];
    const oids: number[] = [];
    let at = start + 2;
    for (let left = bytes.readUInt16BE(start); left > 0; left -= 1) {
      const nameEnd = bytes.indexOf(0, at);
      // After the name come the table's OID, the column's number, the type's OID, its size, its modifier and the format.
      if (nameEnd < 0 || nameEnd + 19 > end) throw protocolFailure("the description of a row is cut off");
      const oid = bytes.readUInt32BE(nameEnd + 7);
      columns.push({ name: bytes.toString("utf8", at, nameEnd), kind: isJson(oid) ? "json" : "other" });
      oids.push(oid);
      at = nameEnd + 19;
    }
    return new Layout(columns, oids);
  }

  /** One decoder a column. */
  decoders(integers: "number" | "bigint"): readonly Decode[] {
    if (integers === "number") return (this.#numbers ??= this.#oids.map((oid) => decoderOf(oid, "number")));
    return (this.#bigints ??= this.#oids.map((oid) => decoderOf(oid, "bigint")));
  }
}

/** Reads a DataRow. */
export function readRow(decoders: readonly Decode[], bytes: Buffer, start: number, end: number): WireValue[] {
  const count = decoders.length;
  if (end - start < 2 || ((bytes[start] as number) << 8) + (bytes[start + 1] as number) !== count) {
    throw protocolFailure("a row does not have the columns that were announced");
  }
  const row: WireValue[] = [];
  let at = start + 2;
  for (let index = 0; index < count; index += 1) {
    if (at + 4 > end) throw cutOff();
    const length =
      ((bytes[at] as number) << 24) |
      ((bytes[at + 1] as number) << 16) |
      ((bytes[at + 2] as number) << 8) |
      (bytes[at + 3] as number);
    at += 4;
    if (length < 0) {
      row.push(null);
      continue;
    }
    const next = at + length;
    if (next > end) throw cutOff();
    row.push((decoders[index] as Decode)(bytes, at, next));
    at = next;
  }
  return row;
}

function cutOff(): Error {
  return protocolFailure("a value goes beyond its row");
}

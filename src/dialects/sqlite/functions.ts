import type { NodeOf } from "../../ast/node.js";
import type { FunctionRenderer } from "../../compiler/dialect.js";
import { plainCall } from "../../compiler/expressions.js";
import type { SqlWriter } from "../../compiler/writer.js";

function renamed(name: string): FunctionRenderer {
  return (node, writer) => plainCall(name, node, writer);
}

/** The parts of `extract` as strftime writes them. */
const STRFTIME_FIELDS: ReadonlyMap<string, string> = new Map([
  ["year", "%Y"],
  ["month", "%m"],
  ["day", "%d"],
  ["hour", "%H"],
  ["minute", "%M"],
  ["second", "%S"],
]);

function extract({ arguments: [field, value] }: NodeOf<"function">, writer: SqlWriter): void {
  const format = field?.kind === "identifier" ? STRFTIME_FIELDS.get(field.parts[0] as string) : undefined;
  writer.write(`CAST(strftime('${format ?? ""}', `);
  if (value !== undefined) writer.expression(value);
  writer.write(") AS INTEGER)");
}

/** Portable functions that SQLite spells its own way. */
export const SQLITE_FUNCTIONS: ReadonlyMap<string, FunctionRenderer> = new Map([
  ["length", renamed("length")],
  ["ltrim", renamed("ltrim")],
  ["rtrim", renamed("rtrim")],
  ["substring", renamed("substr")],
  ["greatest", renamed("max")],
  ["least", renamed("min")],
  [
    "stringAgg",
    (node, writer) => {
      if (node.distinct) writer.unsupported("stringAgg over distinct values", "Aggregate a subquery with distinct().");
      plainCall("group_concat", node, writer);
    },
  ],
  // Milliseconds, the precision in which a Date is stored, so that text order is the order of time.
  ["now", (_node, writer) => writer.write("strftime('%Y-%m-%d %H:%M:%f', 'now')")],
  ["currentDate", (_node, writer) => writer.write("date('now')")],
  // 53 random bits over 2^53: never 1.
  ["random", (_node, writer) => writer.write("((random() & 9007199254740991) / 9007199254740992.0)")],
  ["extract", extract],
]);

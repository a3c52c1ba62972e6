import type { ExpressionNode } from "../../ast/expression.js";
import type { NodeOf } from "../../ast/node.js";
import type { FunctionRenderer } from "../../compiler/dialect.js";
import { plainCall } from "../../compiler/expressions.js";
import type { SqlWriter } from "../../compiler/writer.js";
import { doubleType } from "../../types/float.js";
import { hexadecimal, quoteLiteral } from "./quoting.js";
import { widestDecimal } from "./types.js";

type Call = NodeOf<"function">;

function cast(operand: ExpressionNode): ExpressionNode {
  return { kind: "cast", operand, type: doubleType };
}

/** `GROUP_CONCAT(texts SEPARATOR ', ')`; the separator is part of the grammar, and takes neither parameter nor expression. */
function stringAgg({ arguments: [value, separator], distinct }: Call, writer: SqlWriter): void {
  if (separator?.kind !== "value" || typeof separator.value !== "string") {
    writer.unsupported("stringAgg with a separator that is an expression", "Give the separator as a string.");
  }
  const text = separator.value;
  writer.write(distinct ? "GROUP_CONCAT(DISTINCT " : "GROUP_CONCAT(");
  if (value !== undefined) writer.expression(value);
  const literal = text.includes("\\") ? hexadecimal(Buffer.from(text)) : quoteLiteral(text, "mysql");
  writer.write(` SEPARATOR ${literal})`);
}

const EXACT = widestDecimal({});

/** Doubles from here on are whole, and do not fit the decimal. */
const WHOLE = "1e34";

/** A double is rounded as a decimal is, whose halves go away from zero. */
function round(node: Call, writer: SqlWriter): void {
  const [value, digits] = node.arguments;
  if (value === undefined || (value.type?.kind !== "double" && value.type?.kind !== "float")) {
    plainCall("ROUND", node, writer);
    return;
  }
  const rounded = (before: string, after: string): void => {
    writer.write(`ROUND(${before}`);
    writer.expression(value);
    writer.write(after);
    if (digits !== undefined) {
      writer.write(", ");
      writer.expression(digits);
    }
    writer.write(")");
  };
  writer.write("IF(ABS(");
  writer.expression(value);
  writer.write(`) < ${WHOLE}, `);
  rounded("CAST(", ` AS ${EXACT})`);
  writer.write(", ");
  rounded("", "");
  writer.write(")");
}

/** Portable functions that are spelled otherwise here. */
export const functions: ReadonlyMap<string, FunctionRenderer> = new Map<string, FunctionRenderer>([
  // The mean of integers or decimals would have four digits more than they.
  ["avg", (node, writer) => plainCall("AVG", { ...node, arguments: node.arguments.map(cast) }, writer)],
  ["stringAgg", stringAgg],
  ["round", round],
  // Also in a DEFAULT that a client of another time zone makes use of.
  ["now", (_node, writer) => writer.write("UTC_TIMESTAMP(3)")],
  ["currentDate", (_node, writer) => writer.write("UTC_DATE()")],
  ["random", (_node, writer) => writer.write("RAND()")],
]);

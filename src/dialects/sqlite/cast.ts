import type { ExpressionNode } from "../../ast/expression.js";
import type { NodeOf } from "../../ast/node.js";
import { expressionRenderers } from "../../compiler/expressions.js";
import { OPERAND } from "../../compiler/precedence.js";
import type { SqlWriter } from "../../compiler/writer.js";
import { refuseInexact } from "./exact.js";

/*
 * SQLite's CAST knows storage classes only: `CAST('2020-01-01' AS DATE)` is the number 2020. What others convert, functions convert here.
 */

type Cast = (node: NodeOf<"cast">, writer: SqlWriter) => void;

const FRACTIONS: ReadonlySet<string> = new Set(["float", "double", "numeric"]);
const TEXTS: ReadonlySet<string> = new Set(["text", "string", "enumeration", "json", "uuid"]);

/** The operand between two texts. */
function around(before: string, operand: ExpressionNode, after: string, writer: SqlWriter): void {
  writer.write(before);
  writer.expression(operand);
  writer.write(after);
}

/** To the nearest, as elsewhere; SQLite itself cuts the fraction off. */
const whole: Cast = (node, writer) => {
  refuseInexact(node.operand, "arithmetic", writer);
  if (FRACTIONS.has(node.operand.type?.kind ?? "")) around("CAST(round(", node.operand, ") AS INTEGER)", writer);
  else expressionRenderers.cast(node, writer);
};

/** To the digits that the type has. */
const numeric: Cast = (node, writer) => {
  for (const each of [node, node.operand]) refuseInexact(each, "arithmetic", writer);
  around("round(CAST(", node.operand, ` AS NUMERIC), ${node.type.parameters.scale ?? 0})`, writer);
};

const boolean: Cast = ({ operand }, writer) => {
  if (TEXTS.has(operand.type?.kind ?? "")) {
    writer.unsupported("CAST of text to a boolean", 'Compare the text: notes.c.flag.eq("true").');
  }
  writer.write("(");
  writer.expression(operand, OPERAND);
  writer.write(" <> 0)");
};

const CASTS: ReadonlyMap<string, Cast> = new Map([
  ["integer", whole],
  ["smallInteger", whole],
  ["bigInteger", whole],
  ["numeric", numeric],
  ["boolean", boolean],
  ["date", ({ operand }, writer) => around("date(", operand, ")", writer)],
  ["dateTime", ({ operand }, writer) => around("strftime('%Y-%m-%d %H:%M:%f', ", operand, ")", writer)],
  // Without the zeros that end a fraction, as times are stored.
  ["time", ({ operand }, writer) => around("rtrim(rtrim(strftime('%H:%M:%f', ", operand, "), '0'), '.')", writer)],
]);

export const cast: Cast = (node, writer) => (CASTS.get(node.type.kind) ?? expressionRenderers.cast)(node, writer);

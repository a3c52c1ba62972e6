import type { ExpressionNode } from "../../ast/expression.js";
import type { NodeOf } from "../../ast/node.js";
import { expressionRenderers } from "../../compiler/expressions.js";
import type { SqlWriter } from "../../compiler/writer.js";
import { OPERAND } from "../../compiler/precedence.js";
import { integerType } from "../../types/integer.js";
import { numericType } from "../../types/numeric.js";
import { textType } from "../../types/text.js";
import { castNode, DOUBLES, isNumber, TEXTS, WHOLES } from "./nodes.js";

/* Conversions that the server does otherwise than other databases, or not at all. */

type Cast = (node: NodeOf<"cast">, writer: SqlWriter) => void;

interface Rule {
  readonly applies: (from: NonNullable<ExpressionNode["type"]>, to: NodeOf<"cast">["type"]) => boolean;
  readonly write: Cast;
}

/** The double as the exact decimal that it is shown as: only those are rounded away from zero. */
export function asDecimal(node: ExpressionNode): ExpressionNode {
  const text = DOUBLES.has(node.type?.kind) ? castNode(node, textType) : node;
  return castNode(text, numericType());
}

function around(before: string, operand: ExpressionNode, after: string, writer: SqlWriter): void {
  writer.write(before);
  writer.expression(operand);
  writer.write(after);
}

const RULES: readonly Rule[] = [
  {
    applies: (from, to) => DOUBLES.has(from.kind) && WHOLES.has(to.kind),
    write: (node, writer) => expressionRenderers.cast({ ...node, operand: asDecimal(node.operand) }, writer),
  },
  {
    applies: (from, to) => isNumber(from) && to.kind === "boolean",
    write: ({ operand }, writer) => {
      writer.write("(");
      writer.expression(operand, OPERAND);
      writer.write(" <> 0)");
    },
  },
  {
    // 1 and 0, as where a boolean is a number.
    applies: (from, to) => from.kind === "boolean" && to.kind !== "integer" && (isNumber(to) || TEXTS.has(to.kind)),
    write: (node, writer) =>
      expressionRenderers.cast({ ...node, operand: castNode(node.operand, integerType) }, writer),
  },
  {
    applies: (from, to) => from.kind === "dateTime" && TEXTS.has(to.kind),
    write: ({ operand }, writer) => {
      const digits = operand.type?.parameters.precision === 3 ? "MS" : "US";
      around("to_char(", operand, `, 'YYYY-MM-DD HH24:MI:SS.${digits}')`, writer);
    },
  },
  {
    applies: (from, to) => from.kind === "binary" && TEXTS.has(to.kind),
    write: ({ operand }, writer) => around("convert_from(", operand, ", 'UTF8')", writer),
  },
  {
    applies: (from, to) => TEXTS.has(from.kind) && to.kind === "binary",
    write: ({ operand }, writer) => around("convert_to(", operand, ", 'UTF8')", writer),
  },
];

export const cast: Cast = (node, writer) => {
  const from = node.operand.type;
  const rule = from === null ? undefined : RULES.find(({ applies }) => applies(from, node.type));
  (rule?.write ?? expressionRenderers.cast)(node, writer);
};

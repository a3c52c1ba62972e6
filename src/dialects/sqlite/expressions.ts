import type { NodeOf } from "../../ast/node.js";
import { PRECEDENCE, type Precedence } from "../../ast/operators.js";
import type { RendererOverrides } from "../../compiler/dialect.js";
import { expressionRenderers } from "../../compiler/expressions.js";
import type { SqlWriter } from "../../compiler/writer.js";
import { cast } from "./cast.js";
import { refuseInexact, refuseInexactBinary, refuseInexactCall, refuseUnequalTexts } from "./exact.js";
import { like } from "./like.js";

const OPERAND = (PRECEDENCE.comparison + 1) as Precedence;

/** `IS` compares any two values, NULL included. */
const DISTINCTION: ReadonlyMap<string, string> = new Map([
  ["isDistinctFrom", " IS NOT "],
  ["isNotDistinctFrom", " IS "],
]);

const FRACTIONS: ReadonlySet<string | undefined> = new Set(["float", "double", "numeric"]);

function binary(node: NodeOf<"binary">, writer: SqlWriter): void {
  refuseInexactBinary(node, writer);
  const { operator, left, right } = node;
  const distinction = DISTINCTION.get(operator);
  if (distinction !== undefined) {
    writer.expression(left, OPERAND);
    writer.write(distinction);
    writer.expression(right, OPERAND);
  } else if (operator === "div") {
    // Over REAL, so that it is a true division; SQLite gives NULL where the divisor is 0.
    writer.write("CAST(");
    writer.expression(left);
    writer.write(" AS REAL) / ");
    writer.expression(right, (PRECEDENCE.multiplicative + 1) as Precedence);
  } else {
    if (operator === "mod" && (FRACTIONS.has(left.type?.kind) || FRACTIONS.has(right.type?.kind))) {
      writer.unsupported("remainder of numbers with a fraction", "Compute it in your code.");
    }
    expressionRenderers.binary(node, writer);
  }
}

/** Where SQLite writes expressions its own way, or does not do them exactly. */
export const sqliteExpressions: RendererOverrides = {
  like,
  cast,
  binary,
  between: (node, writer) => {
    for (const operand of [node.operand, node.low, node.high]) refuseInexact(operand, "order", writer);
    expressionRenderers.between(node, writer);
  },
  in: (node, writer) => {
    for (const member of "kind" in node.list ? [node.list] : node.list)
      refuseUnequalTexts(node.operand, member, writer);
    expressionRenderers.in(node, writer);
  },
  prefix: (node, writer) => {
    if (node.operator !== "not") refuseInexact(node.operand, "arithmetic", writer);
    expressionRenderers.prefix(node, writer);
  },
  function: (node, writer) => {
    refuseInexactCall(node, writer);
    expressionRenderers.function(node, writer);
  },
  order: (node, writer) => {
    refuseInexact(node.operand, "order", writer);
    expressionRenderers.order(node, writer);
  },
};

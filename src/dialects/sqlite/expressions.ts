import type { ExpressionNode } from "../../ast/expression.js";
import type { NodeOf } from "../../ast/node.js";
import { PRECEDENCE } from "../../ast/operators.js";
import type { RendererOverrides } from "../../compiler/dialect.js";
import { expressionRenderers } from "../../compiler/expressions.js";
import { OPERAND, tighter } from "../../compiler/precedence.js";
import type { SqlWriter } from "../../compiler/writer.js";
import { cast } from "./cast.js";
import {
  needsRounding,
  refuseInexact,
  refuseInexactBinary,
  refuseInexactCall,
  refuseUnequalTexts,
  rounded,
} from "./exact.js";
import { like } from "./like.js";

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
    writer.expression(right, tighter(PRECEDENCE.multiplicative));
  } else if (needsRounding(node.type) && ROUNDED.has(operator)) {
    rounded(node.type, writer, () => expressionRenderers.binary(node, writer));
  } else {
    if (operator === "mod" && (FRACTIONS.has(left.type?.kind) || FRACTIONS.has(right.type?.kind))) {
      writer.unsupported("remainder of numbers with a fraction", "Compute it in your code.");
    }
    expressionRenderers.binary(node, writer);
  }
}

/** Operators whose result on doubles is not yet the double nearest to the decimal. */
const ROUNDED: ReadonlySet<string> = new Set(["plus", "minus", "times"]);

/** Rounds the sum of exact decimals, around its FILTER and OVER. Inside them the function has no type, so that it is rounded once. */
function summed(node: NodeOf<"function">, whole: ExpressionNode, writer: SqlWriter, write: () => void): void {
  if (node.known && node.name === "sum" && needsRounding(whole.type)) rounded(whole.type, writer, write);
  else write();
}

function untyped(node: NodeOf<"function"> | NodeOf<"filter">): NodeOf<"function"> | NodeOf<"filter"> {
  if (node.kind === "function") return { ...node, type: null };
  return { ...node, type: null, aggregate: { ...node.aggregate, type: null } };
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
    summed(node, node, writer, () => expressionRenderers.function(node, writer));
  },
  filter: (node, writer) => {
    const aggregate = { ...node.aggregate, type: null };
    summed(node.aggregate, node, writer, () => expressionRenderers.filter({ ...node, aggregate }, writer));
  },
  window: (node, writer) => {
    const inner = node.function.kind === "filter" ? node.function.aggregate : node.function;
    summed(inner, node, writer, () =>
      expressionRenderers.window({ ...node, function: untyped(node.function) }, writer),
    );
  },
  order: (node, writer) => {
    refuseInexact(node.operand, "order", writer);
    expressionRenderers.order(node, writer);
  },
};

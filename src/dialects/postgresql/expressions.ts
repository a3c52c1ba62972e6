import type { ExpressionNode } from "../../ast/expression.js";
import type { NodeOf } from "../../ast/node.js";
import { type OperatorName, PRECEDENCE, type Precedence } from "../../ast/operators.js";
import type { RendererOverrides } from "../../compiler/dialect.js";
import { expressionRenderers } from "../../compiler/expressions.js";
import type { SqlWriter } from "../../compiler/writer.js";
import { OPERAND } from "../../compiler/precedence.js";
import { bigIntegerType } from "../../types/integer.js";
import { doubleType } from "../../types/float.js";
import { announced, announcedType, retyped, side, value } from "./binds.js";
import { cast } from "./cast.js";
import { aroundCall } from "./functions.js";
import { fragment, inList } from "./in-list.js";
import { like } from "./like.js";
import { asText, castNode, DOUBLES, isBind, WHOLES } from "./nodes.js";
import { createIndex, order, select } from "./order.js";

type Binary = (node: NodeOf<"binary">, writer: SqlWriter) => void;

/** The operator, its values announced as what stands on the other side asks for. */
function withSides(node: NodeOf<"binary">, writer: SqlWriter, typeOf: typeof announcedType): void {
  const { left, right } = node;
  const chunks = [...writer.capture(() => expressionRenderers.binary(node, writer))];
  const last = chunks.length - 1;
  if (isBind(left)) chunks[0] = retyped(chunks[0] ?? "", typeOf(left, right));
  if (isBind(right)) chunks[last] = retyped(chunks[last] ?? "", typeOf(right, left));
  writer.append(chunks);
}

const comparison: Binary = (node, writer) => withSides(node, writer, announcedType);

/** Whole numbers count in 64 bits, as elsewhere. */
const arithmetic: Binary = (node, writer) =>
  withSides(node, writer, ({ type }) => (type !== null && WHOLES.has(type.kind) ? bigIntegerType() : type));

function asDouble(node: ExpressionNode, writer: SqlWriter): void {
  if (isBind(node)) announced(node, doubleType, writer);
  else writer.expression(castNode(node, doubleType));
}

function wideOperand(node: ExpressionNode, place: Precedence, writer: SqlWriter): void {
  if (isBind(node) && node.type !== null && WHOLES.has(node.type.kind)) announced(node, bigIntegerType(), writer);
  else writer.expression(node, place);
}

/** Dividing by zero is NULL. */
const quotient: Binary = ({ left, right }, writer) => {
  asDouble(left, writer);
  writer.write(" / NULLIF(");
  asDouble(right, writer);
  writer.write(", 0)");
};

function withoutFraction(symbol: string): Binary {
  return ({ left, right }, writer) => {
    wideOperand(left, PRECEDENCE.multiplicative, writer);
    writer.write(`${symbol}NULLIF(`);
    wideOperand(right, PRECEDENCE.lowest, writer);
    writer.write(", 0)");
  };
}

const wholeQuotient = withoutFraction(" / ");
const wholeRemainder = withoutFraction(" % ");

const remainder: Binary = (node, writer) => {
  if (DOUBLES.has(node.left.type?.kind) || DOUBLES.has(node.right.type?.kind)) {
    writer.unsupported("remainder of doubles", "Cast both sides to numeric, or compute it in your code.");
  }
  wholeRemainder(node, writer);
};

const concat: Binary = (node, writer) =>
  expressionRenderers.binary({ ...node, left: asText(node.left), right: asText(node.right) }, writer);

const OPERATORS: Partial<Record<OperatorName, Binary>> = {
  eq: comparison,
  ne: comparison,
  lt: comparison,
  lte: comparison,
  gt: comparison,
  gte: comparison,
  isDistinctFrom: comparison,
  isNotDistinctFrom: comparison,
  plus: arithmetic,
  minus: arithmetic,
  times: arithmetic,
  div: quotient,
  intDiv: wholeQuotient,
  mod: remainder,
  concat,
};

function between({ operand, low, high, negated }: NodeOf<"between">, writer: SqlWriter): void {
  side(operand, low, OPERAND, writer);
  writer.write(negated ? " NOT BETWEEN " : " BETWEEN ");
  side(low, operand, OPERAND, writer);
  writer.write(" AND ");
  side(high, operand, OPERAND, writer);
}

/** Puts what makes the type right around a call, its FILTER and its OVER; inside them the function has no type, so that it is made so once. */
function around(call: NodeOf<"function">, type: ExpressionNode["type"], writer: SqlWriter, write: () => void): void {
  const outside = aroundCall(call, type);
  if (outside !== null) writer.write(outside[0]);
  write();
  if (outside !== null) writer.write(outside[1]);
}

function withoutType(node: NodeOf<"window">["function"]): NodeOf<"window">["function"] {
  if (node.kind === "function") return aroundCall(node, node.type) === null ? node : { ...node, type: null };
  return { ...node, type: null, aggregate: withoutType(node.aggregate) as NodeOf<"function"> };
}

/** Where PostgreSQL writes expressions its own way. */
export const postgresqlExpressions: RendererOverrides = {
  value,
  cast,
  like,
  between,
  order,
  select,
  createIndex,
  fragment,
  in: inList,
  binary: (node, writer) => (OPERATORS[node.operator] ?? expressionRenderers.binary)(node, writer),
  function: (node, writer) => around(node, node.type, writer, () => expressionRenderers.function(node, writer)),
  filter: (node, writer) => {
    const aggregate = withoutType(node.aggregate) as NodeOf<"function">;
    around(node.aggregate, node.type, writer, () => expressionRenderers.filter({ ...node, aggregate }, writer));
  },
  window: (node, writer) => {
    const call = node.function.kind === "filter" ? node.function.aggregate : node.function;
    around(call, node.type, writer, () =>
      expressionRenderers.window({ ...node, function: withoutType(node.function) }, writer),
    );
  },
};

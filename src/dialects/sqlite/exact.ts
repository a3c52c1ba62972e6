import type { ExpressionNode } from "../../ast/expression.js";
import type { NodeOf } from "../../ast/node.js";
import type { SqlWriter } from "../../compiler/writer.js";
import type { SqlType } from "../../types/type.js";

/*
 * Decimals of more digits than a double holds are kept as canonical text, and compared for equality only: order and arithmetic over the text,
 * or a comparison with a number, would be wrong.
 */

/*
 * Decimals of fewer digits are doubles, each the nearest to its decimal: so equal decimals are equal doubles. What doubles make of them by
 * arithmetic is not the nearest any more, and is rounded to the result's scale at once.
 */

/** True for a decimal that is kept as a number and has a known scale. */
export function needsRounding(type: SqlType | null): type is SqlType {
  return type?.kind === "numeric" && type.parameters.scale !== undefined;
}

export function rounded(type: SqlType, writer: SqlWriter, write: () => void): void {
  writer.write("round(");
  write();
  writer.write(`, ${type.parameters.scale ?? 0})`);
}

type Operation = "order" | "arithmetic";

const OPERATIONS: ReadonlyMap<string, Operation> = new Map([
  ["lt", "order"],
  ["lte", "order"],
  ["gt", "order"],
  ["gte", "order"],
  ["plus", "arithmetic"],
  ["minus", "arithmetic"],
  ["times", "arithmetic"],
  ["div", "arithmetic"],
  ["intDiv", "arithmetic"],
  ["mod", "arithmetic"],
]);

const FUNCTIONS: ReadonlyMap<string, Operation> = new Map([
  ["greatest", "order"],
  ["least", "order"],
  ["min", "order"],
  ["max", "order"],
  ["sum", "arithmetic"],
  ["avg", "arithmetic"],
  ["abs", "arithmetic"],
  ["round", "arithmetic"],
  ["floor", "arithmetic"],
  ["ceil", "arithmetic"],
]);

export function refuseInexactBinary(node: NodeOf<"binary">, writer: SqlWriter): void {
  const operation = OPERATIONS.get(node.operator);
  if (operation === undefined) {
    if (node.operator !== "concat") refuseUnequalTexts(node.left, node.right, writer);
  } else for (const operand of [node.left, node.right]) refuseInexact(operand, operation, writer);
}

export function refuseInexactCall(node: NodeOf<"function">, writer: SqlWriter): void {
  const operation = node.known ? FUNCTIONS.get(node.name) : undefined;
  if (operation !== undefined) for (const argument of node.arguments) refuseInexact(argument, operation, writer);
}

/** @throws {UnsupportedError} for a decimal that is kept as text. */
export function refuseInexact(node: ExpressionNode, operation: Operation, writer: SqlWriter): void {
  const reason = inexactness(node.type, operation, writer);
  if (reason !== null) refuse(`${operation} over this column`, reason, writer);
}

/** Equal numbers are equal texts only where both have the digits of one type. @throws {UnsupportedError} for a text beside anything else. */
export function refuseUnequalTexts(left: ExpressionNode, right: ExpressionNode, writer: SqlWriter): void {
  if (isNull(left) || isNull(right)) return;
  const reason = inexactness(left.type, "order", writer) ?? inexactness(right.type, "order", writer);
  if (reason === null) return;
  const isSame = left.type?.kind === right.type?.kind && left.type?.parameters.scale === right.type?.parameters.scale;
  const bothTexts =
    inexactness(left.type, "order", writer) !== null && inexactness(right.type, "order", writer) !== null;
  if (!isSame || !bothTexts) refuse("comparison of this column with another type", reason, writer);
}

function isNull(node: ExpressionNode): boolean {
  return node.kind === "constant" && node.value === null;
}

function inexactness(type: SqlType | null, operation: Operation, writer: SqlWriter): string | null {
  return type === null ? null : (writer.dialect.types.get(type.kind)?.refuses?.(type, operation) ?? null);
}

function refuse(construct: string, reason: string, writer: SqlWriter): never {
  writer.unsupported(construct, `A ${reason}; declare at most 15 digits, or compute in your code.`);
}

import type { ExpressionNode, ParameterNode, ValueNode } from "../../ast/expression.js";
import { textType } from "../../types/text.js";
import type { SqlType } from "../../types/type.js";

export function castNode(operand: ExpressionNode, type: SqlType): ExpressionNode {
  return { kind: "cast", operand, type };
}

/** Sorts as bytes do. */
export function byBytes(operand: ExpressionNode): ExpressionNode {
  return { kind: "collate", operand, collation: "C", type: operand.type };
}

export function isBind(node: ExpressionNode): node is ValueNode | ParameterNode {
  return node.kind === "value" || node.kind === "parameter";
}

export const TEXTS: ReadonlySet<string | undefined> = new Set(["text", "string", "enumeration"]);
export const WHOLES: ReadonlySet<string | undefined> = new Set(["integer", "smallInteger", "bigInteger"]);
export const DOUBLES: ReadonlySet<string | undefined> = new Set(["float", "double"]);

export function isNumber(type: SqlType | null): boolean {
  return type !== null && (WHOLES.has(type.kind) || DOUBLES.has(type.kind) || type.kind === "numeric");
}

/** The operand where only text will do: other databases keep dates, decimals and UUIDs as such. */
export function asText(node: ExpressionNode): ExpressionNode {
  return node.type === null || TEXTS.has(node.type.kind) ? node : castNode(node, textType);
}

import type { ExpressionNode } from "./expression.js";
import type { FromNode, NamedFromNode } from "./from.js";
import type { Node } from "./node.js";

type ExpressionOf<Kind extends ExpressionNode["kind"]> = Extract<ExpressionNode, { readonly kind: Kind }>;

const NONE: readonly ExpressionNode[] = [];

/**
 * The expressions directly inside each kind of expression, without descending into queries: those have a FROM of their own.
 * A kind without an entry does not compile.
 */
const CHILDREN: { readonly [Kind in ExpressionNode["kind"]]: (node: ExpressionOf<Kind>) => readonly ExpressionNode[] } =
  {
    value: () => NONE,
    parameter: () => NONE,
    generatedValue: () => NONE,
    constant: () => NONE,
    column: () => NONE,
    identifier: () => NONE,
    subqueryExpression: () => NONE,
    exists: () => NONE,
    binary: (node) => [node.left, node.right],
    like: (node) => [node.operand, node.pattern],
    between: (node) => [node.operand, node.low, node.high],
    in: (node) => [node.operand, ...("kind" in node.list ? [node.list] : node.list)],
    prefix: (node) => [node.operand],
    junction: (node) => node.members,
    function: (node) => node.arguments,
    filter: (node) => [node.aggregate, node.condition],
    window: (node) => [node.function, ...node.partitionBy, ...node.orderBy],
    case: (node) => [
      ...node.branches.flatMap(({ when, then }) => [when, then]),
      ...(node.otherwise === null ? [] : [node.otherwise]),
    ],
    cast: (node) => [node.operand],
    collate: (node) => [node.operand],
    label: (node) => [node.operand],
    order: (node) => [node.operand],
    fragment: (node) =>
      node.parts.filter((part): part is ExpressionNode => typeof part !== "string" && isExpression(part)),
    list: (node) => node.members,
  };

/** True for a node that has a value. */
export function isExpression(node: Node): node is ExpressionNode {
  return Object.hasOwn(CHILDREN, node.kind);
}

/** The expressions directly inside an expression; queries are not descended into. */
export function childrenOf(node: ExpressionNode): readonly ExpressionNode[] {
  return (CHILDREN[node.kind] as (node: ExpressionNode) => readonly ExpressionNode[])(node);
}

/** Adds what the columns inside an expression belong to, in the order met. */
export function collectTables(node: ExpressionNode, found: Set<NamedFromNode>): void {
  if (node.kind === "column") found.add(node.from);
  else for (const child of childrenOf(node)) collectTables(child, found);
}

/** The tables that an outer join of this FROM may leave out. */
export function absentTables(from: FromNode | null, outer = false, found = new Set<FromNode>()): ReadonlySet<FromNode> {
  if (from === null) return found;
  if (from.kind !== "join") {
    if (outer) found.add(from);
    return found;
  }
  absentTables(from.left, outer || from.type === "right" || from.type === "full", found);
  return absentTables(from.right, outer || from.type === "left" || from.type === "full", found);
}

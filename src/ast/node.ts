import type { DdlNode } from "./ddl.js";
import type { ExpressionNode } from "./expression.js";
import type { FromNode } from "./from.js";
import type { StatementNode } from "./statement.js";

/**
 * The key under which a fluent object carries its node. A registered symbol, so that two copies of the package understand each other,
 * and nothing that came as JSON can have it.
 */
export const NODE: unique symbol = Symbol.for("databases.node");

/** Every kind of node there is: a renderer exists for each, or the compiler does not compile. */
export type Node = ExpressionNode | FromNode | StatementNode | DdlNode;

export type NodeKind = Node["kind"];

export type NodeOf<Kind extends NodeKind> = Extract<Node, { readonly kind: Kind }>;

/** A fluent object over a node. */
export interface HasNode<out N = Node> {
  readonly [NODE]: N;
}

/** True for an object that carries a node, own or inherited through its class; never for plain data. */
export function hasNode(value: unknown): value is HasNode {
  return typeof value === "object" && value !== null && NODE in value;
}

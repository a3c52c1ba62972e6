import type { ExpressionNode } from "../ast/expression.js";
import type { ColumnNode, FromNode, JoinNode, NamedFromNode } from "../ast/from.js";
import type { NodeOf } from "../ast/node.js";
import { UsageError } from "../errors/index.js";
import type { Renderers } from "./dialect.js";
import type { SqlWriter } from "./writer.js";

const JOIN_WORDS = {
  inner: " JOIN ",
  left: " LEFT JOIN ",
  right: " RIGHT JOIN ",
  full: " FULL JOIN ",
  cross: " CROSS JOIN ",
} as const satisfies Record<JoinNode["type"], string>;

/** What a FROM names, in order. */
export function namedIn(from: FromNode): readonly NamedFromNode[] {
  return from.kind === "join" ? [...namedIn(from.left), from.right] : [from];
}

/** Something in FROM under its own name; within an expression only the name is written. */
function tableName(node: NodeOf<"table">, writer: SqlWriter): void {
  if (node.schema !== null) {
    writer.identifier(node.schema);
    writer.write(".");
  }
  writer.identifier(node.name);
}

function join(node: JoinNode, writer: SqlWriter): void {
  const { features } = writer.dialect;
  if (node.type === "right" && !features.rightJoin)
    writer.unsupported("RIGHT JOIN", "Swap the sides and use leftJoin().");
  if (node.type === "full" && !features.fullJoin) writer.unsupported("FULL JOIN", "Combine two left joins.");
  writer.node(node.left);
  writer.write(JOIN_WORDS[node.type]);
  writer.node(node.right);
  if (node.type === "cross") return;
  writer.write(" ON ");
  writer.predicate(node.on ?? inferredCondition(node));
}

/** The one foreign key between the joined table and those before it, in either direction. */
function inferredCondition({ left, right }: JoinNode): ExpressionNode {
  const found = namedIn(left).flatMap((table) => [...keysBetween(table, right), ...keysBetween(right, table)]);
  const [only, second] = found;
  if (only === undefined || second !== undefined) {
    const how = only === undefined ? "no foreign key leads between them" : "several foreign keys do";
    throw new UsageError(`The join with "${right.name}" needs its condition: ${how}. Give it as the second argument.`);
  }
  return only;
}

function keysBetween(from: NamedFromNode, to: NamedFromNode): readonly ExpressionNode[] {
  return from.foreignKeys.flatMap(({ columns, references }) => {
    const targets = references().map((column) => counterpart(column, to));
    const pairs = columns.map((column, index) => [column, targets[index]] as const);
    return pairs.every((pair): pair is [ColumnNode, ColumnNode] => pair[1] != null) ? [equalities(pairs)] : [];
  });
}

/** The column as the table in FROM has it: an alias has columns of its own, a subquery none that are the table's. */
function counterpart(column: ColumnNode, table: NamedFromNode): ColumnNode | null {
  if (column.from === table) return column;
  if (table.kind !== "alias" || table.of !== column.from) return null;
  return table.columns.find(({ key }) => key === column.key) ?? null;
}

function equalities(pairs: readonly (readonly [ColumnNode, ColumnNode])[]): ExpressionNode {
  const members = pairs.map(([left, right]): ExpressionNode => ({
    kind: "binary",
    operator: "eq",
    left,
    right,
    type: null,
  }));
  const [only, second] = members;
  if (only !== undefined && second === undefined) return only;
  return { kind: "junction", operator: "and", members, type: null };
}

export const fromRenderers: Pick<Renderers, FromNode["kind"]> = {
  table: tableName,
  alias: (node, writer) => {
    writer.node(node.of);
    writer.write(" AS ");
    writer.identifier(node.name);
  },
  subquery: (node, writer) => {
    writer.write("(");
    writer.derivedQuery(node.query);
    writer.write(") AS ");
    writer.identifier(node.name);
  },
  cte: (node, writer) => {
    writer.cte(node.name, node, () => writer.derivedQuery(node.query));
    writer.identifier(node.name);
  },
  join,
};

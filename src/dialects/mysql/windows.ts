import type { ExpressionNode, WindowNode } from "../../ast/expression.js";
import type { NodeOf } from "../../ast/node.js";
import { childrenOf } from "../../ast/walk.js";
import type { RendererOverrides } from "../../compiler/dialect.js";
import { expressionRenderers } from "../../compiler/expressions.js";
import type { SqlWriter } from "../../compiler/writer.js";
import { select } from "./order.js";
import type { Flavour } from "./server.js";

type Window = (node: WindowNode, writer: SqlWriter) => void;

/** Functions that look at the order alone. MySQL ignores a frame there, as others do; MariaDB refuses it. */
const FRAMELESS: ReadonlySet<string> = new Set(["rowNumber", "rank", "denseRank", "ntile", "lag", "lead"]);

export function windowOf(flavour: Flavour): Window {
  return (node, writer) => {
    const call = node.function.kind === "filter" ? node.function.aggregate : node.function;
    if (node.frame?.unit === "groups") writer.unsupported("frames of groups", "Count in rows or in range.");
    if (call.distinct) writer.unsupported("DISTINCT in a window", "Aggregate a subquery with distinct().");
    if (call.known && call.name === "stringAgg") {
      writer.unsupported("stringAgg over a window", "Aggregate in a subquery with groupBy(), and join it.");
    }
    const frameless = call.known && FRAMELESS.has(call.name) ? { ...node, frame: null } : node;
    expressionRenderers.window(flavour === "mariadb" ? marked(frameless, writer) : frameless, writer);
  };
}

/*
 * MariaDB sorts once for windows of which one begins as another does, and where one such window fits several that do not fit each other, it sorts
 * some of them wrongly: `OVER (ORDER BY a), OVER (PARTITION BY b ORDER BY a DESC), OVER ()`. So where a query has several, each begins in its own way:
 * with a condition that is always true, but not to its optimizer.
 */
const MARKS = new WeakMap<SqlWriter, Map<string, number> | null>();

function marked(node: WindowNode, writer: SqlWriter): WindowNode {
  const marks = MARKS.get(writer) ?? null;
  if (marks === null) return node;
  const rows = writer.capture(() => expressionRenderers.window({ ...node, function: NOTHING, frame: null }, writer));
  const key = rows.map((chunk) => (typeof chunk === "string" ? chunk : "?")).join("");
  const mark = marks.get(key) ?? marks.size;
  marks.set(key, mark);
  const always: ExpressionNode = { kind: "fragment", parts: [`RAND() < ${mark + 2}`], grouped: false, type: null };
  return { ...node, partitionBy: [always, ...node.partitionBy] };
}

const NOTHING: NodeOf<"function"> = {
  kind: "function",
  name: "nothing",
  arguments: [],
  distinct: false,
  known: false,
  aggregate: false,
  type: null,
};

function windowsIn(node: ExpressionNode): number {
  return childrenOf(node).reduce((count, child) => count + windowsIn(child), node.kind === "window" ? 1 : 0);
}

/** Where MariaDB's SELECT is written in its own way. */
export const mariadbWindows: RendererOverrides = {
  select: (node, writer) => {
    const around = MARKS.get(writer) ?? null;
    const expressions = [...node.items.map(({ expression }) => expression), ...node.orderBy];
    const count = expressions.reduce((sum, expression) => sum + windowsIn(expression), 0);
    MARKS.set(writer, count > 1 ? new Map() : null);
    select(node, writer);
    MARKS.set(writer, around);
  },
};

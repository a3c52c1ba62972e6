import type { TableNode } from "../../ast/from.js";
import type { NodeOf } from "../../ast/node.js";
import type { Assignments } from "../../ast/statement.js";
import type { ExpressionNode } from "../../ast/expression.js";
import type { RendererOverrides } from "../../compiler/dialect.js";
import { tokenize } from "../../compiler/lexer.js";
import { standardRenderers } from "../../compiler/standard.js";
import { withUpdateDefaults } from "../../compiler/write-statements.js";
import type { SqlWriter } from "../../compiler/writer.js";
import { lexical } from "./lexical.js";
import { select as plainSelect } from "./order.js";
import { ALL_ROWS } from "./select.js";

/*
 * What MySQL does otherwise in a write: it refuses to read the table that it changes, and an assignment sees what those before it have assigned.
 * MariaDB does neither, with SIMULTANEOUS_ASSIGNMENT in its SQL mode.
 */

/** The table that a statement changes, while what reads beside it is written. */
const TARGETS = new WeakMap<SqlWriter, { readonly table: TableNode; depth: number }>();

function changing(table: TableNode, writer: SqlWriter, write: () => void): void {
  TARGETS.set(writer, { table, depth: 0 });
  try {
    write();
  } finally {
    TARGETS.delete(writer);
  }
}

/** Inside a query the changed table is one that is being read. */
function select(node: NodeOf<"select">, writer: SqlWriter): void {
  const target = TARGETS.get(writer);
  if (target === undefined) {
    plainSelect(node, writer);
    return;
  }
  target.depth += 1;
  plainSelect(node, writer);
  target.depth -= 1;
}

/** A copy, which the limit keeps from being merged into the query around it. */
function copyOf(table: TableNode, name: string, writer: SqlWriter): void {
  writer.write("(SELECT * FROM ");
  standardRenderers.table(table, writer);
  writer.write(` LIMIT ${ALL_ROWS}) AS `);
  writer.identifier(name);
}

function isChanged(table: TableNode, writer: SqlWriter): boolean {
  const target = TARGETS.get(writer);
  if (target === undefined || target.depth === 0) return false;
  return target.table.name === table.name && target.table.schema === table.schema;
}

/** In an order in which each reads columns as they were. @throws {UnsupportedError} where there is none, as in a swap. */
function ordered(table: TableNode, set: Assignments, writer: SqlWriter): Assignments {
  const waiting = new Map(
    [...set].map(([key, value]) => [key, { value, reads: readsOf(table, key, value, set, writer) }]),
  );
  const inOrder = new Map<string, ExpressionNode>();
  while (waiting.size > 0) {
    const isRead = (key: string): boolean => [...waiting].some(([other, { reads }]) => other !== key && reads.has(key));
    const next = [...waiting.keys()].find((key) => !isRead(key));
    if (next === undefined) {
      return writer.unsupported(
        "assignments that read each other's columns in one UPDATE",
        "Select the row first and give the new values, in one transaction.",
      );
    }
    inOrder.set(next, (waiting.get(next) as { value: ExpressionNode }).value);
    waiting.delete(next);
  }
  return inOrder;
}

const PLAIN: ReadonlySet<ExpressionNode["kind"]> = new Set(["value", "parameter", "generatedValue", "constant"]);

/** Which of the other assigned columns a value may read, by the names in its text: raw SQL may name any. */
function readsOf(
  table: TableNode,
  own: string,
  value: ExpressionNode,
  set: Assignments,
  writer: SqlWriter,
): ReadonlySet<string> {
  const others = table.columns.filter(({ key }) => key !== own && set.has(key));
  if (PLAIN.has(value.kind) || others.length === 0) return new Set();
  const names = namesIn(value, writer);
  return new Set(others.filter(({ name }) => names.has(name.toLowerCase())).map(({ key }) => key));
}

function namesIn(value: ExpressionNode, writer: SqlWriter): ReadonlySet<string> {
  const chunks = writer.capture(() => writer.expression(value));
  const text = chunks.map((chunk) => (typeof chunk === "string" ? chunk : "?")).join("");
  const names = new Set<string>();
  for (const { kind, start, end } of tokenize(text, lexical)) {
    if (kind === "word") names.add(text.slice(start, end).toLowerCase());
    if (kind === "name")
      names.add(
        text
          .slice(start + 1, end - 1)
          .replaceAll("``", "`")
          .toLowerCase(),
      );
  }
  return names;
}

function update(node: NodeOf<"update">, writer: SqlWriter): void {
  const { table, set } = node;
  changing(table, writer, () => {
    if (set === null || set.size === 0) {
      standardRenderers.update(node, writer);
      return;
    }
    const all = withUpdateDefaults(table, set);
    let inOrder = all;
    writer.within([table], false, () => (inOrder = ordered(table, all, writer)));
    standardRenderers.update({ ...node, set: inOrder }, writer);
  });
}

/** Where MySQL's writes are written in its own way. */
export const mysqlWrites: RendererOverrides = {
  select,
  update,
  table: (node, writer) => {
    if (isChanged(node, writer)) copyOf(node, node.name, writer);
    else standardRenderers.table(node, writer);
  },
  alias: (node, writer) => {
    if (isChanged(node.of, writer)) copyOf(node.of, node.name, writer);
    else standardRenderers.alias(node, writer);
  },
  delete: (node, writer) => changing(node.table, writer, () => standardRenderers.delete(node, writer)),
  // A query as source is read before anything is inserted.
  insert: (node, writer) => {
    if (Array.isArray(node.source)) changing(node.table, writer, () => standardRenderers.insert(node, writer));
    else standardRenderers.insert(node, writer);
  },
};

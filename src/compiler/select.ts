import type { ExpressionNode, OrderNode } from "../ast/expression.js";
import type { FromNode, NamedFromNode } from "../ast/from.js";
import type { NodeOf } from "../ast/node.js";
import type { LockClause, SelectItem, SelectNode } from "../ast/statement.js";
import { collectTables } from "../ast/walk.js";
import { UsageError } from "../errors/index.js";
import type { Clauses, Renderers } from "./dialect.js";
import { namedIn } from "./from.js";
import type { SqlWriter } from "./writer.js";

function select(node: SelectNode, writer: SqlWriter): void {
  writer.query(() => clauses(node, writer));
}

/** `SELECT …`, clause by clause in the order of the grammar. */
function clauses(node: SelectNode, writer: SqlWriter): void {
  const from = node.from ?? inferredFrom(node, writer);
  writer.within(from === null ? [] : namedIn(from), false, () => {
    writer.write(node.distinct ? "SELECT DISTINCT " : "SELECT ");
    writer.list(node.items, (item) => selectItem(item, writer));
    if (from !== null) {
      writer.write(" FROM ");
      writer.node(from);
    }
    conditions(" WHERE ", node.where, writer);
    if (node.groupBy.length > 0) {
      writer.write(" GROUP BY ");
      writer.list(node.groupBy, (term) => writer.expression(term));
    }
    conditions(" HAVING ", node.having, writer);
    if (node.orderBy.length > 0) {
      writer.write(" ORDER BY ");
      writer.list(node.orderBy, (term) => orderTerm(term, node.items, writer));
    }
    if (node.limit !== null || node.offset !== null) writer.dialect.clauses.limit(node.limit, node.offset, writer);
    if (node.lock !== null) writer.dialect.clauses.lock(node.lock, writer);
  });
}

/** FROM as the selection tells it: the one table that its columns belong to and that no query around has. */
function inferredFrom(node: SelectNode, writer: SqlWriter): FromNode | null {
  const found = new Set<NamedFromNode>();
  for (const { expression } of node.items) collectTables(expression, found);
  if (found.size === 0) for (const condition of node.where) collectTables(condition, found);
  const own = [...found].filter((table) => !writer.isInScope(table));
  const [only, second] = own.length > 0 ? own : found;
  if (second !== undefined) {
    const names = own.map(({ name }) => `"${name}"`).join(", ");
    throw new UsageError(
      `The columns come from several tables (${names}): say how they go together with .from() and .join().`,
    );
  }
  return only ?? null;
}

export function selectItem({ key, expression }: SelectItem, writer: SqlWriter): void {
  writer.expression(expression);
  if (expression.kind === "column" && expression.name === key) return;
  writer.write(" AS ");
  writer.identifier(key);
}

export function conditions(word: string, members: readonly ExpressionNode[], writer: SqlWriter): void {
  const [only, second] = members;
  if (only === undefined) return;
  writer.write(word);
  writer.predicate(second === undefined ? only : { kind: "junction", operator: "and", members, type: null });
}

/** A label of the selection is ordered by the name that it has there; any other expression by itself. */
function orderTerm(term: OrderNode, items: readonly SelectItem[], writer: SqlWriter): void {
  const { operand } = term;
  const selected = operand.kind === "label" ? items.find(({ expression }) => expression === operand) : undefined;
  if (selected === undefined) writer.node(term);
  else writer.node({ ...term, operand: { kind: "identifier", parts: [selected.key], type: operand.type } });
}

/** `OFFSET … ROWS FETCH FIRST … ROWS ONLY`, the standard's words. */
export function standardLimit(limit: ExpressionNode | null, offset: ExpressionNode | null, writer: SqlWriter): void {
  if (offset !== null) {
    writer.write(" OFFSET ");
    writer.expression(offset);
    writer.write(" ROWS");
  }
  if (limit !== null) {
    writer.write(" FETCH FIRST ");
    writer.expression(limit);
    writer.write(" ROWS ONLY");
  }
}

/** `LIMIT … OFFSET …`, as most databases write it. @param unlimited what stands for no limit where an OFFSET asks for one; `null` where none does. */
export function limitOffset(unlimited: string | null): Clauses["limit"] {
  return (limit, offset, writer) => {
    if (limit !== null) {
      writer.write(" LIMIT ");
      writer.expression(limit);
    } else if (unlimited !== null) writer.write(` LIMIT ${unlimited}`);
    if (offset === null) return;
    writer.write(" OFFSET ");
    writer.expression(offset);
  };
}

export function standardLock(lock: LockClause, writer: SqlWriter): void {
  if (!writer.dialect.features.rowLocking) {
    writer.unsupported(
      "row locks",
      "Leave out forUpdate(): run the read in a write transaction, which excludes other writers.",
    );
  }
  writer.write(lock.strength === "update" ? " FOR UPDATE" : " FOR SHARE");
  if (lock.of.length > 0) {
    writer.write(" OF ");
    writer.list(lock.of, (table) => writer.identifier(table.kind === "join" ? table.right.name : table.name));
  }
  if (lock.wait === "nowait") writer.write(" NOWAIT");
  if (lock.wait === "skipLocked") writer.write(" SKIP LOCKED");
}

function raw(node: NodeOf<"raw">, writer: SqlWriter): void {
  const { body } = node;
  if (typeof body === "string") throw new UsageError("Raw text stands alone; inside a statement write sql`…`.");
  writer.query(() => writer.raw(body));
}

export const selectRenderers: Pick<Renderers, "select" | "raw"> = { select, raw };

import type { ExpressionNode } from "../ast/expression.js";
import type { FromNode, NamedFromNode } from "../ast/from.js";
import { collectTables } from "../ast/walk.js";
import type { LockClause, SelectItem, SelectNode } from "../ast/statement.js";
import { UsageError } from "../errors/index.js";
import { condition, fromClause } from "./coerce.js";
import type { FromClause } from "./from.js";

const EMPTY: readonly never[] = [];

/** A SELECT of the items and nothing else. */
export function selectNode(
  items: readonly SelectItem[],
  shape: SelectNode["shape"],
  from: FromNode | null,
): SelectNode {
  return {
    kind: "select",
    items,
    shape,
    distinct: false,
    from,
    where: EMPTY,
    groupBy: EMPTY,
    having: EMPTY,
    orderBy: EMPTY,
    limit: null,
    offset: null,
    lock: null,
  };
}

/** A SELECT of all columns of one table. */
export function wholeSelect(from: NamedFromNode): SelectNode {
  return selectNode(itemsOfTable(from), null, from);
}

export function itemsOfTable(from: NamedFromNode): readonly SelectItem[] {
  return from.columns.map((column) => ({ key: column.key, expression: column }));
}

/** Options of row locks. `skipLocked` leaves out rows that are locked already; `nowait` fails at once. */
export interface LockOptions {
  readonly skipLocked?: boolean;
  readonly nowait?: boolean;
  /** The tables whose rows are locked; all of FROM when left out. */
  readonly of?: readonly FromClause[];
}

export function lockClause(strength: LockClause["strength"], options: LockOptions): LockClause {
  if (options.skipLocked === true && options.nowait === true) {
    throw new UsageError(
      "skipLocked and nowait exclude each other: rows are either left out or waited for not at all.",
    );
  }
  const wait = options.skipLocked === true ? "skipLocked" : options.nowait === true ? "nowait" : "wait";
  return { strength, wait, of: (options.of ?? []).map((table) => fromClause(table, "a lock's `of`")) };
}

export function conditionsOf(conditions: readonly unknown[], where: string): readonly ExpressionNode[] {
  return required(
    conditions.map((each) => condition(each, where)),
    where,
  );
}

export function required<T>(given: readonly T[], where: string): readonly T[] {
  if (given.length === 0) throw new UsageError(`${where} needs at least one argument.`);
  return given;
}

/** The table that a join begins with, when `.from()` was left out: the one other table of the selected columns. */
export function inferFrom(items: readonly SelectItem[], joined: NamedFromNode, where: string): FromNode {
  const candidates = new Set<NamedFromNode>();
  for (const { expression: node } of items) collectTables(node, candidates);
  candidates.delete(joined);
  const [first, ...others] = candidates;
  if (first === undefined || others.length > 0) {
    throw new UsageError(`${where} cannot tell which table comes first; say it with .from(table) before the join.`);
  }
  return first;
}

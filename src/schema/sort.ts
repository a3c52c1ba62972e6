import type { TableNode } from "../ast/from.js";
import { NODE } from "../ast/node.js";
import type { Table } from "./table.js";

export interface SortedTables {
  /** Each table after those that it refers to, as far as there is such an order; otherwise in the order of declaration. */
  readonly tables: readonly Table[];
  /** The tables of cycles, whose foreign keys no order satisfies. */
  readonly cyclic: ReadonlySet<Table>;
}

/** Depth-first topological sort by foreign keys; stable in the order of declaration. References to itself do not count. */
export function sortTables(tables: readonly Table[]): SortedTables {
  const byNode = new Map<TableNode, Table>(tables.map((table) => [table[NODE], table]));
  const sorted: Table[] = [];
  const done = new Set<Table>();
  const open: Table[] = [];
  const cyclic = new Set<Table>();

  const visit = (table: Table): void => {
    if (done.has(table)) return;
    const at = open.indexOf(table);
    if (at !== -1) {
      for (const member of open.slice(at)) cyclic.add(member);
      return;
    }
    open.push(table);
    for (const referred of referredTables(table, byNode)) visit(referred);
    open.pop();
    done.add(table);
    sorted.push(table);
  };

  for (const table of tables) visit(table);
  return { tables: sorted, cyclic };
}

function referredTables(table: Table, byNode: ReadonlyMap<TableNode, Table>): readonly Table[] {
  const referred = new Set<Table>();
  for (const key of table[NODE].foreignKeys) {
    const from = key.references()[0]?.from;
    const target = from?.kind === "table" ? byNode.get(from) : undefined;
    if (target !== undefined && target !== table) referred.add(target);
  }
  return [...referred];
}

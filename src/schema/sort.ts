import type { TableNode } from "../ast/from.js";
import { NODE } from "../ast/node.js";
import type { Table } from "./table.js";

/**
 * The tables, each after those that it refers to, as far as there is such an order; otherwise in the order of declaration.
 * Depth-first topological sort by foreign keys. References to itself do not count.
 */
export function sortTables(tables: readonly Table[]): readonly Table[] {
  const byNode = new Map<TableNode, Table>(tables.map((table) => [table[NODE], table]));
  const sorted: Table[] = [];
  const seen = new Set<Table>();

  const visit = (table: Table): void => {
    if (seen.has(table)) return;
    seen.add(table);
    for (const referred of referredTables(table, byNode)) visit(referred);
    sorted.push(table);
  };

  for (const table of tables) visit(table);
  return sorted;
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

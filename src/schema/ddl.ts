import type { DdlNode } from "../ast/ddl.js";
import { NODE } from "../ast/node.js";
import type { KEY, NoRow, NotOneColumn, PARAMETERS, Query, ROW, SCALAR, TUPLE, VALUES } from "../sql/query.js";
import { sortTables } from "./sort.js";
import type { Table } from "./table.js";

/** One statement of DDL, as `execute()` runs it. */
export class DdlElement implements Query<NoRow, NoRow, NotOneColumn, never, never, never> {
  readonly [NODE]: DdlNode;
  declare readonly [ROW]: NoRow;
  declare readonly [TUPLE]: NoRow;
  declare readonly [SCALAR]: NotOneColumn;
  declare readonly [PARAMETERS]: never;
  declare readonly [VALUES]: never;
  declare readonly [KEY]: never;

  constructor(node: DdlNode) {
    this[NODE] = node;
  }
}

export interface CreateOptions {
  /** Does nothing where it exists; default `false`. */
  readonly ifNotExists?: boolean;
}

export interface DropOptions {
  /** Does nothing where it does not exist; default `false`. */
  readonly ifExists?: boolean;
}

/** CREATE TABLE, without its indexes. A reference to a table that is not there yet is an error on most servers: `createAll()` sees to the order. */
export function createTable(table: Table, options: CreateOptions = {}): DdlElement {
  const { constraints } = table;
  return new DdlElement({
    kind: "createTable",
    table: table[NODE],
    constraints,
    ifNotExists: options.ifNotExists ?? false,
  });
}

/** DROP TABLE. While others refer to the table it is an error on most servers: `dropAll()` sees to the order. */
export function dropTable(table: Table, options: DropOptions = {}): DdlElement {
  const { constraints } = table;
  return new DdlElement({ kind: "dropTable", table: table[NODE], constraints, ifExists: options.ifExists ?? false });
}

/** CREATE INDEX for each index of the table. */
export function createIndexes(table: Table, options: CreateOptions = {}): readonly DdlElement[] {
  const ifNotExists = options.ifNotExists ?? false;
  return table.indexes.map((index) => new DdlElement({ kind: "createIndex", index, ifNotExists }));
}

/** What creates all of the tables that are missing, in order. */
export function createElements(tables: readonly Table[]): readonly DdlElement[] {
  const options = { ifNotExists: true };
  return sortTables(tables).flatMap((table) => [createTable(table, options), ...createIndexes(table, options)]);
}

/** What drops all of the tables that exist, in order. */
export function dropElements(tables: readonly Table[]): readonly DdlElement[] {
  return sortTables(tables)
    .toReversed()
    .map((table) => dropTable(table, { ifExists: true }));
}

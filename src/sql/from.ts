import type { AliasNode, ColumnNode, CteNode, NamedFromNode, SubqueryNode, TableNode } from "../ast/from.js";
import { NODE } from "../ast/node.js";
import type { QueryNode, SelectItem } from "../ast/statement.js";
import { absentTables } from "../ast/walk.js";
import { UsageError } from "../errors/index.js";
import { Column } from "./column.js";
import type { TABLES } from "./operand.js";
import type { PARAMETERS, ROW } from "./query.js";

/** The columns of a row type, as expressions that belong to `Name`. */
export type ColumnsOf<Name extends string, Row, Parameters> = {
  readonly [Key in keyof Row]: Column<Row[Key], Name, Key & string, Parameters>;
};

/** Something that has columns and stands in FROM: a table, an alias, a subquery, a CTE, with the parameters inside it. */
export class FromClause<
  out Name extends string = string,
  out Columns = unknown,
  out Row = unknown,
  out Parameters = unknown,
> {
  readonly [NODE]: NamedFromNode;
  /** The columns by key. An object without prototype: a name from outside finds a column or `undefined`, nothing else. */
  readonly c: Columns;
  declare readonly [TABLES]: Name;
  declare readonly [ROW]: Row;
  declare readonly [PARAMETERS]: Parameters;

  constructor(node: NamedFromNode) {
    this[NODE] = node;
    this.c = columnsByKey(node.columns) as Columns;
  }
}

function columnsByKey(columns: readonly ColumnNode[]): Record<string, Column> {
  const byKey = Object.create(null) as Record<string, Column>;
  for (const column of columns) byKey[column.key] = new Column(column);
  return byKey;
}

/** A table under another name, as a self-join needs it. */
export function aliasOf(table: TableNode, name: string): AliasNode {
  requireName(name, ".as()");
  const columns: ColumnNode[] = [];
  const twins = new Map<ColumnNode, ColumnNode>();
  const alias: AliasNode = {
    kind: "alias",
    name,
    of: table,
    columns,
    get foreignKeys() {
      return table.foreignKeys.map((key) => ({
        columns: key.columns.map((column) => twins.get(column) as ColumnNode),
        references: key.references,
      }));
    },
  };
  for (const column of table.columns) {
    const twin: ColumnNode = { ...column, from: alias };
    twins.set(column, twin);
    columns.push(twin);
  }
  return alias;
}

/** A query as something that stands in FROM, with a column for each of its keys. */
export function derived(kind: "subquery" | "cte", name: string, query: QueryNode): SubqueryNode | CteNode {
  requireName(name, kind === "cte" ? ".cte()" : ".subquery()");
  const columns: ColumnNode[] = [];
  const node: SubqueryNode | CteNode = { kind, name, query, columns, foreignKeys: [] };
  const absent = absentTables(query.kind === "select" ? query.from : null);
  for (const { key, expression } of itemsOf(query)) {
    columns.push({
      kind: "column",
      name: key,
      key,
      type: expression.type,
      nullable: expression.kind !== "column" || expression.nullable || absent.has(expression.from),
      primaryKey: false,
      from: node,
      defaults: null,
    });
  }
  return node;
}

function itemsOf(query: QueryNode): readonly Pick<SelectItem, "key" | "expression">[] {
  if (query.kind === "raw") {
    if (query.columns === null) {
      throw new UsageError("A raw statement is selectable once its columns are declared: .columns({ id: integer() }).");
    }
    return query.columns.map(({ key, type }) => ({ key, expression: { kind: "constant", value: null, type } }));
  }
  if (query.shape !== null) {
    throw new UsageError(
      "A selection with nested tables has no flat columns; select the columns of a subquery one by one.",
    );
  }
  return query.items;
}

function requireName(name: unknown, where: string): void {
  if (typeof name !== "string" || name === "") throw new UsageError(`${where} takes a name that is not empty.`);
}

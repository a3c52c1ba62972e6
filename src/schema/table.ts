import type { ConstraintNode, IndexDefinition } from "../ast/ddl.js";
import type { TableNode } from "../ast/from.js";
import { NODE } from "../ast/node.js";
import { Delete, deleteNode } from "../sql/delete.js";
import { aliasOf } from "../sql/from.js";
import { Insert, insertNode } from "../sql/insert.js";
import type { ROW } from "../sql/query.js";
import { Selectable } from "../sql/select.js";
import { Update, updateNode } from "../sql/update.js";
import type { Definitions, TableColumns, TableInsert, TableKey, TableRow, TableUpdate } from "./infer.js";

/** A table of a {@link MetaData}: its columns under `c`, and the statements that begin with it. */
export class Table<Name extends string = string, D extends Definitions = Definitions> extends Selectable<
  Name,
  TableColumns<Name, D>,
  TableRow<D>
> {
  declare readonly [NODE]: TableNode;
  declare readonly definitions: D;
  /** The primary key, unique, check and foreign key constraints, in the order of the DDL. */
  readonly constraints: readonly ConstraintNode[];
  readonly indexes: readonly IndexDefinition[];

  /** Tables are made by `metadata.table(…)`. */
  constructor(node: TableNode, constraints: readonly ConstraintNode[], indexes: readonly IndexDefinition[]) {
    super(node);
    this.constraints = constraints;
    this.indexes = indexes;
  }

  /** The name in SQL. */
  get name(): string {
    return this[NODE].name;
  }

  get schema(): string | null {
    return this[NODE].schema;
  }

  /** INSERT: the row comes with the call, or with `.values(…)`. */
  insert(): Insert<TableInsert<D>, TableKey<D>, never, never, CallRow<TableInsert<D>>> {
    return new Insert(insertNode(this[NODE]));
  }

  /** UPDATE: the new values come with the call, or with `.set(…)`. Needs `.where(…)` or `.all()`. */
  update(): Update<TableUpdate<D>> {
    return new Update(updateNode(this[NODE]));
  }

  /** DELETE. Needs `.where(…)` or `.all()`. */
  delete(): Delete {
    return new Delete(deleteNode(this[NODE]));
  }

  /** The table under another name, as a self-join needs it. */
  as<const Alias extends string>(name: Alias): TableAlias<Alias, D> {
    return new TableAlias(aliasOf(this[NODE], name));
  }
}

/** A table under another name. */
export class TableAlias<Name extends string, D> extends Selectable<Name, TableColumns<Name, D>, TableRow<D>> {}

/** The row of a call; where every column has a default or takes NULL it may be left out. */
type CallRow<Row> = Row extends object ? ({} extends Row ? Row | null : Row) : never;

/** The row of a table, or of a statement, as it is read. */
export type RowOf<T extends { readonly [ROW]: unknown }> = T[typeof ROW];

/** A row as `insert()` takes it. */
export type InsertOf<T extends { readonly definitions: unknown }> = TableInsert<T["definitions"]>;

/** The values that `update()` may set. */
export type UpdateOf<T extends { readonly definitions: unknown }> = TableUpdate<T["definitions"]>;

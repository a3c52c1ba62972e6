import type { SqlType } from "../types/type.js";
import type { ExpressionNode } from "./expression.js";
import type { QueryNode } from "./statement.js";

/** A column of something that stands in FROM. Identity counts: the column of an alias is another node than its table's. */
export interface ColumnNode {
  readonly kind: "column";
  /** The name in SQL. */
  readonly name: string;
  /** The name in code and in rows. */
  readonly key: string;
  readonly type: SqlType | null;
  readonly nullable: boolean;
  readonly primaryKey: boolean;
  /** Where the column belongs; set once, when its owner is complete. */
  readonly from: NamedFromNode;
  /** How a value comes to be that a write leaves out; `null` for columns of anything but a table. */
  readonly defaults: ColumnDefaults | null;
}

export interface ColumnDefaults {
  /** Ours, for each row: a value, a function's result, or SQL in its place. */
  readonly onInsert: DefaultSource | null;
  readonly onUpdate: DefaultSource | null;
  /** The server's own DEFAULT, which is what an absent column gets. */
  readonly server: ExpressionNode | null;
  /** True where the server counts up: an integer primary key that is no foreign key. */
  readonly generated: boolean;
}

export type DefaultSource =
  | { readonly kind: "value"; readonly value: unknown }
  | { readonly kind: "function"; readonly make: () => unknown }
  | { readonly kind: "sql"; readonly expression: ExpressionNode };

export interface TableNode {
  readonly kind: "table";
  readonly name: string;
  readonly schema: string | null;
  readonly columns: readonly ColumnNode[];
  readonly foreignKeys: readonly ForeignKeyReference[];
}

/** A foreign key as a join needs it; the target is found when asked for, since tables may refer to later ones. */
export interface ForeignKeyReference {
  readonly columns: readonly ColumnNode[];
  readonly references: () => readonly ColumnNode[];
}

export interface AliasNode {
  readonly kind: "alias";
  readonly name: string;
  readonly of: TableNode;
  readonly columns: readonly ColumnNode[];
  readonly foreignKeys: readonly ForeignKeyReference[];
}

/** `(query) AS name`. */
export interface SubqueryNode {
  readonly kind: "subquery";
  readonly name: string;
  readonly query: QueryNode;
  readonly columns: readonly ColumnNode[];
  readonly foreignKeys: readonly ForeignKeyReference[];
}

/** A common table expression: named once in the statement's WITH, wherever it is used. */
export interface CteNode {
  readonly kind: "cte";
  readonly name: string;
  readonly query: QueryNode;
  readonly columns: readonly ColumnNode[];
  readonly foreignKeys: readonly ForeignKeyReference[];
}

export type JoinType = "inner" | "left" | "right" | "full" | "cross";

export interface JoinNode {
  readonly kind: "join";
  readonly type: JoinType;
  readonly left: FromNode;
  readonly right: NamedFromNode;
  /** `null` for a cross join, and where it is to be inferred from the foreign keys. */
  readonly on: ExpressionNode | null;
}

/** What columns belong to. */
export type NamedFromNode = TableNode | AliasNode | SubqueryNode | CteNode;

export type FromNode = NamedFromNode | JoinNode;

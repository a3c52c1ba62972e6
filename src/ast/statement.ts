import type { SqlType } from "../types/type.js";
import type { ExpressionNode, FragmentNode, OrderNode } from "./expression.js";
import type { FromNode, TableNode } from "./from.js";

/** One column of a result. `key` is its name in the row. */
export interface SelectItem {
  readonly key: string;
  readonly expression: ExpressionNode;
}

/** How the positions of a result make a row: fields in selection order, tables nested. */
export type SelectShape = readonly ShapeField[];

export type ShapeField =
  | { readonly key: string; readonly index: number }
  | {
      readonly key: string;
      readonly fields: SelectShape;
      /** The nested table, which an outer join may have made absent. */
      readonly from: FromNode;
      /** The position of a column that is NULL only when the table is absent; `null` where it has none. */
      readonly presence: number | null;
    };

export interface SelectNode {
  readonly kind: "select";
  readonly items: readonly SelectItem[];
  /** `null` where the row is flat, one field an item. */
  readonly shape: SelectShape | null;
  readonly distinct: boolean;
  /** `null` where FROM is to be inferred from the columns. */
  readonly from: FromNode | null;
  readonly where: readonly ExpressionNode[];
  readonly groupBy: readonly ExpressionNode[];
  readonly having: readonly ExpressionNode[];
  readonly orderBy: readonly OrderNode[];
  readonly limit: ExpressionNode | null;
  readonly offset: ExpressionNode | null;
  readonly lock: LockClause | null;
}

export interface LockClause {
  readonly strength: "update" | "share";
  readonly wait: "wait" | "nowait" | "skipLocked";
  readonly of: readonly FromNode[];
}

/** The written columns of one row, by column key. */
export type Assignments = ReadonlyMap<string, ExpressionNode>;

export interface InsertNode {
  readonly kind: "insert";
  readonly table: TableNode;
  /** What is inserted: rows of the builder, a query, or `null` where the call gives the row. */
  readonly source: readonly Assignments[] | InsertFromQuery | null;
  readonly returning: Returning | null;
}

export interface InsertFromQuery {
  readonly columns: readonly string[];
  readonly query: QueryNode;
}

export interface UpdateNode {
  readonly kind: "update";
  readonly table: TableNode;
  /** `null` where the call gives the SET values. */
  readonly set: Assignments | null;
  readonly where: readonly ExpressionNode[];
  /** Said by `.all()`: no WHERE is meant. */
  readonly all: boolean;
  readonly returning: Returning | null;
}

export interface DeleteNode {
  readonly kind: "delete";
  readonly table: TableNode;
  readonly where: readonly ExpressionNode[];
  readonly all: boolean;
  readonly returning: Returning | null;
}

export interface Returning {
  readonly items: readonly SelectItem[];
  readonly shape: SelectShape | null;
}

/** Raw SQL: a text with `:name` binds, or a tagged template. */
export interface RawNode {
  readonly kind: "raw";
  readonly body: string | FragmentNode;
  /** Declared by `.columns({ … })`; `null` where the driver names the columns. */
  readonly columns: readonly { readonly key: string; readonly type: SqlType }[] | null;
}

/** What can stand between parentheses as a query. */
export type QueryNode = SelectNode | RawNode;

export type StatementNode = SelectNode | InsertNode | UpdateNode | DeleteNode | RawNode;

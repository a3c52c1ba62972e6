import type { ExpressionNode, OrderNode } from "./expression.js";
import type { ColumnNode, TableNode } from "./from.js";

export interface PrimaryKeyConstraint {
  readonly kind: "primaryKey";
  readonly name: string | null;
  readonly columns: readonly ColumnNode[];
}

export interface UniqueConstraint {
  readonly kind: "unique";
  readonly name: string | null;
  readonly columns: readonly ColumnNode[];
}

export interface CheckConstraint {
  readonly kind: "check";
  readonly name: string | null;
  readonly condition: ExpressionNode;
}

export interface ForeignKeyConstraint {
  readonly kind: "foreignKey";
  readonly name: string | null;
  readonly columns: readonly ColumnNode[];
  /** Found when asked for: the target may be declared later. */
  readonly references: () => readonly ColumnNode[];
  readonly onDelete: ReferentialAction | null;
  readonly onUpdate: ReferentialAction | null;
  readonly deferrable: Deferral | null;
}

/** What becomes of a row whose referenced row goes away or changes its key. */
export const REFERENTIAL_ACTIONS = ["cascade", "set null", "set default", "restrict", "no action"] as const;

export type ReferentialAction = (typeof REFERENTIAL_ACTIONS)[number];

/** When a reference is checked: at the statement's end, or at the transaction's. */
export const DEFERRALS = ["immediate", "deferred"] as const;

export type Deferral = (typeof DEFERRALS)[number];

export type ConstraintNode = PrimaryKeyConstraint | UniqueConstraint | CheckConstraint | ForeignKeyConstraint;

export interface IndexDefinition {
  readonly name: string;
  readonly table: TableNode;
  readonly unique: boolean;
  readonly terms: readonly (ExpressionNode | OrderNode)[];
  /** The predicate of a partial index. */
  readonly where: ExpressionNode | null;
}

export interface CreateTableNode {
  readonly kind: "createTable";
  readonly table: TableNode;
  readonly constraints: readonly ConstraintNode[];
  readonly ifNotExists: boolean;
}

export interface DropTableNode {
  readonly kind: "dropTable";
  readonly table: TableNode;
  /** Those of the table: what refers to another table may have to go before that. */
  readonly constraints: readonly ConstraintNode[];
  readonly ifExists: boolean;
}

export interface CreateIndexNode {
  readonly kind: "createIndex";
  readonly index: IndexDefinition;
  readonly ifNotExists: boolean;
}

export interface DropIndexNode {
  readonly kind: "dropIndex";
  readonly index: IndexDefinition;
  readonly ifExists: boolean;
}

/** A reference that is made when both of its tables are there. */
export interface AddConstraintNode {
  readonly kind: "addConstraint";
  readonly table: TableNode;
  readonly constraint: ForeignKeyConstraint;
}

export interface DropConstraintNode {
  readonly kind: "dropConstraint";
  readonly table: TableNode;
  readonly name: string;
}

export type DdlNode =
  CreateTableNode | DropTableNode | CreateIndexNode | DropIndexNode | AddConstraintNode | DropConstraintNode;

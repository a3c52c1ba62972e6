import { type Deferral, DEFERRALS, REFERENTIAL_ACTIONS, type ReferentialAction } from "../ast/ddl.js";
import type { ExpressionNode, OrderNode } from "../ast/expression.js";
import type { ColumnNode } from "../ast/from.js";
import { hasNode, NODE } from "../ast/node.js";
import { UsageError } from "../errors/index.js";
import { condition, expression, order, undefinedError } from "../sql/coerce.js";
import type { Column } from "../sql/column.js";
import type { Operand } from "../sql/operand.js";
import { OrderElement } from "../sql/order.js";
import type { ReferenceOptions } from "./definition.js";

/* What stands among a table's constraints: `(c) => [primaryKey(c.a, c.b), unique(c.x), index("by_y", c.y)]`. */

/** A constraint or index being declared; its table gives it the rest. */
export class TableElement {
  readonly declared: DeclaredElement;

  constructor(declared: DeclaredElement) {
    this.declared = declared;
  }

  /** The constraint's name, instead of what the naming convention or the server makes. */
  named(name: string): TableElement {
    if (typeof name !== "string" || name === "") throw new UsageError(".named() takes a name that is not empty.");
    return new TableElement({ ...this.declared, name });
  }
}

export type DeclaredElement =
  | { readonly kind: "primaryKey" | "unique"; readonly name: string | null; readonly columns: readonly ColumnNode[] }
  | { readonly kind: "check"; readonly name: string | null; readonly condition: ExpressionNode }
  | DeclaredForeignKey
  | DeclaredIndex;

export interface DeclaredForeignKey {
  readonly kind: "foreignKey";
  readonly name: string | null;
  readonly columns: readonly ColumnNode[];
  readonly references: () => readonly ColumnNode[];
  readonly onDelete: ReferentialAction | null;
  readonly onUpdate: ReferentialAction | null;
  readonly deferrable: Deferral | null;
}

export interface DeclaredIndex {
  readonly kind: "index";
  readonly name: string | null;
  readonly unique: boolean;
  readonly terms: readonly (ExpressionNode | OrderNode)[];
  readonly where: ExpressionNode | null;
}

/** The primary key over several columns, in this order. */
export function primaryKey(...columns: readonly Column[]): TableElement {
  return new TableElement({ kind: "primaryKey", name: null, columns: nodesOf(columns, "primaryKey()") });
}

/** No two rows agree in all of these columns; NULLs are not the same. */
export function unique(...columns: readonly Column[]): TableElement {
  return new TableElement({ kind: "unique", name: null, columns: nodesOf(columns, "unique()") });
}

/** A condition that no row may make false. Its values are written into the DDL as literals. */
export function check(rule: Operand<boolean | null, never>): TableElement {
  return new TableElement({ kind: "check", name: null, condition: condition(rule, "check()") });
}

/** A foreign key over several columns: `foreignKey([c.a, c.b], [other.c.x, other.c.y], { onDelete: "cascade" })`. */
export function foreignKey(
  columns: readonly Column[],
  references: readonly Column[] | (() => readonly Column[]),
  options: ReferenceOptions = {},
): TableElement {
  const own = nodesOf(columns, "foreignKey()");
  const target = (): readonly ColumnNode[] => {
    const nodes = nodesOf(typeof references === "function" ? references() : references, "the target of foreignKey()");
    if (nodes.length !== own.length) {
      throw new UsageError(`foreignKey() has ${own.length} columns, but refers to ${nodes.length}.`);
    }
    return nodes;
  };
  return new TableElement({ kind: "foreignKey", name: null, columns: own, references: target, ...actionsOf(options) });
}

/** An index by name over columns or expressions: `index("by_date", c.createdAt.desc(), { unique: true })`. */
export function index(name: string, ...terms: readonly (Operand | OrderElement | IndexOptions)[]): TableElement {
  if (typeof name !== "string" || name === "") throw new UsageError("index() takes a name first.");
  const last = terms.at(-1);
  const options = isOptions(last) ? last : {};
  for (const [key, value] of Object.entries(options))
    if (value === undefined) throw undefinedError(`${key} of index("${name}")`);
  const nodes = terms.filter((term) => term !== options).map(termOf);
  if (nodes.length === 0) throw new UsageError(`index("${name}") needs at least one column.`);
  return new TableElement({
    kind: "index",
    name,
    unique: options.unique ?? false,
    terms: nodes,
    where: options.where === undefined ? null : condition(options.where, "an index's where"),
  });
}

export interface IndexOptions {
  /** No two rows agree in all terms. */
  readonly unique?: boolean;
  /** Only rows for which this is true are in the index, where the server has partial indexes. */
  readonly where?: Operand<boolean | null, never>;
}

/** Everything else is a term, which its own check refuses where it is none. */
function isOptions(last: unknown): last is IndexOptions {
  return typeof last === "object" && last !== null && !hasNode(last);
}

function termOf(term: unknown): ExpressionNode | OrderNode {
  return term instanceof OrderElement ? order(term, "index()") : expression(term, "index()");
}

function nodesOf(columns: readonly Column[], where: string): readonly ColumnNode[] {
  const nodes = columns.map((column) => column?.[NODE]);
  if (nodes.length === 0 || nodes.some((node) => node?.kind !== "column")) {
    throw new UsageError(`${where} takes columns, such as c.id.`);
  }
  return nodes;
}

/** What a reference says beside its target, checked. */
export function actionsOf(options: ReferenceOptions): Pick<DeclaredForeignKey, "onDelete" | "onUpdate" | "deferrable"> {
  return {
    onDelete: oneOf(REFERENTIAL_ACTIONS, options.onDelete, "onDelete"),
    onUpdate: oneOf(REFERENTIAL_ACTIONS, options.onUpdate, "onUpdate"),
    deferrable: oneOf(DEFERRALS, options.deferrable, "deferrable"),
  };
}

/** These words become SQL as they are. */
function oneOf<Word extends string>(words: readonly Word[], given: Word | undefined, where: string): Word | null {
  if (given === undefined) return null;
  if (!words.includes(given)) throw new UsageError(`${where} is one of: ${words.join(", ")}.`);
  return given;
}

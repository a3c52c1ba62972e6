import { createHash } from "node:crypto";
import type { ConstraintNode, CreateTableNode, DdlNode, DropTableNode, ForeignKeyConstraint } from "../ast/ddl.js";
import type { TableNode } from "../ast/from.js";
import { type HasNode, NODE } from "../ast/node.js";
import type { Features } from "../compiler/features.js";
import { DuplicateObjectError, QueryError } from "../errors/index.js";

/** One statement of a schema, and which of its errors says that it was not needed. */
export interface DdlStep extends HasNode<DdlNode> {
  readonly tolerates: ((error: unknown) => boolean) | null;
}

/**
 * The statements by which a database carries out DDL.
 *
 * Where a table cannot refer to one that is not there yet, references that go in a circle are added behind all tables, and dropped before
 * them. Nothing tells whether such a reference, or an index, exists already: that is found by trying.
 */
export function planDdl(elements: readonly HasNode<DdlNode>[], features: Features): readonly DdlStep[] {
  const nodes = elements.map((element) => element[NODE]);
  const ordered = features.forwardReferences ? nodes : withoutCircles(nodes);
  return ordered.map((node) => stepOf(node, features));
}

function stepOf(node: DdlNode, { indexIfNotExists }: Features): DdlStep {
  if (node.kind === "addConstraint") return { [NODE]: node, tolerates: isDuplicate };
  // What still keeps its table from being dropped shows there.
  if (node.kind === "dropConstraint") return { [NODE]: node, tolerates: (error) => error instanceof QueryError };
  if (node.kind === "createIndex" && node.ifNotExists && !indexIfNotExists) {
    return { [NODE]: { ...node, ifNotExists: false }, tolerates: isDuplicate };
  }
  return { [NODE]: node, tolerates: null };
}

function isDuplicate(error: unknown): boolean {
  return error instanceof DuplicateObjectError;
}

function withoutCircles(nodes: readonly DdlNode[]): readonly DdlNode[] {
  const created = nodes.filter((node): node is CreateTableNode => node.kind === "createTable");
  const dropped = nodes.filter((node): node is DropTableNode => node.kind === "dropTable");
  const late = new Set(created.flatMap((node, index) => forward(node, created.slice(index + 1))));
  return [
    ...dropped.flatMap((node, index) =>
      dropped.slice(index + 1).flatMap((later) => referencesBetween(later, node.table).map(dropStep(later.table))),
    ),
    ...nodes.map((node) => (node.kind === "createTable" ? without(node, late) : node)),
    ...created.flatMap(({ table, constraints }) =>
      constraints.filter(isIn(late)).map((key): DdlNode => ({
        kind: "addConstraint",
        table,
        constraint: { ...key, name: nameOf(table, key) },
      })),
    ),
  ];
}

/** The references of a table to those that are created after it. */
function forward({ table, constraints }: CreateTableNode, later: readonly CreateTableNode[]): ForeignKeyConstraint[] {
  return constraints
    .filter(isForeignKey)
    .filter((key) => later.some((node) => node.table !== table && leadsTo(key, node.table)));
}

function referencesBetween({ table, constraints }: DropTableNode, to: TableNode): readonly ForeignKeyConstraint[] {
  return table === to ? [] : constraints.filter(isForeignKey).filter((key) => leadsTo(key, to));
}

function dropStep(table: TableNode): (key: ForeignKeyConstraint) => DdlNode {
  return (key) => ({ kind: "dropConstraint", table, name: nameOf(table, key) });
}

function without(node: CreateTableNode, late: ReadonlySet<ForeignKeyConstraint>): CreateTableNode {
  return { ...node, constraints: node.constraints.filter((each) => !isIn(late)(each)) };
}

function isIn(keys: ReadonlySet<ForeignKeyConstraint>): (each: ConstraintNode) => each is ForeignKeyConstraint {
  return (each): each is ForeignKeyConstraint => isForeignKey(each) && keys.has(each);
}

function isForeignKey(constraint: ConstraintNode): constraint is ForeignKeyConstraint {
  return constraint.kind === "foreignKey";
}

function leadsTo(key: ForeignKeyConstraint, table: TableNode): boolean {
  return key.references()[0]?.from === table;
}

/** Some servers take 63 bytes, and cut what is longer. */
const NAME_CHARACTERS = 40;
const HASH_DIGITS = 12;

/** The same at each call, so that a reference that exists is known again, and another one for each reference. */
function nameOf({ schema, name: table }: TableNode, key: ForeignKeyConstraint): string {
  if (key.name !== null) return key.name;
  const columns = key.columns.map(({ name }) => name);
  const hash = createHash("sha256")
    .update(JSON.stringify([schema, table, columns]))
    .digest("hex");
  const readable = `fk_${table}_${columns.join("_")}`.replaceAll(/[^\w]/g, "_").slice(0, NAME_CHARACTERS);
  return `${readable}_${hash.slice(0, HASH_DIGITS)}`;
}

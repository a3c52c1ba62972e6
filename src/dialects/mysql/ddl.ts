import type { ConstraintNode, ForeignKeyConstraint, IndexDefinition } from "../../ast/ddl.js";
import type { ExpressionNode, OrderNode } from "../../ast/expression.js";
import type { NodeOf } from "../../ast/node.js";
import type { DdlRules, RendererOverrides } from "../../compiler/dialect.js";
import { checkMembers, ddlRenderers, defaultInParentheses } from "../../compiler/ddl.js";
import type { SqlWriter } from "../../compiler/writer.js";
import { COLLATIONS, type Flavour } from "./server.js";

export const ddl: DdlRules = {
  inlines: () => false,
  columnSuffix: (column, _constraints, writer) => {
    if (column.defaults?.generated === true) writer.write(" AUTO_INCREMENT");
    checkMembers(column, writer);
  },
  isExpressionDefault: ({ type }) => LARGE.has(type?.kind),
  defaultExpression: defaultInParentheses,
};

/** Kinds that are kept beside their row: no key without a length, no default that is a mere literal. */
const LARGE: ReadonlySet<string | undefined> = new Set(["text", "json", "binary"]);

/** The bytes of one column in an index, four a character. */
const MAX_KEY_CHARACTERS = 768;

function refuseLarge(term: ExpressionNode | OrderNode, what: string, writer: SqlWriter): void {
  const column = term.kind === "order" ? term.operand : term;
  if (column.kind !== "column") return;
  const length = column.type?.kind === "string" ? (column.type.parameters.length ?? 0) : 0;
  if (!LARGE.has(column.type?.kind) && length <= MAX_KEY_CHARACTERS) return;
  writer.unsupported(
    `${what} over all of "${column.key}" of "${column.from.name}"`,
    `Declare it as string(${MAX_KEY_CHARACTERS}) or shorter, or index a hash of it.`,
  );
}

const KEYS = { primaryKey: "primary key", unique: "unique key", foreignKey: "foreign key" } as const;

function requirePossible(constraint: ConstraintNode, writer: SqlWriter): void {
  if (constraint.kind === "check") return;
  for (const column of constraint.columns) refuseLarge(column, KEYS[constraint.kind], writer);
  if (constraint.kind === "foreignKey") requireImmediate(constraint, writer);
}

function requireImmediate({ onDelete, onUpdate, deferrable }: ForeignKeyConstraint, writer: SqlWriter): void {
  if (deferrable !== null) {
    writer.unsupported("constraints that are checked at the end of the transaction", "Leave out `deferrable`.");
  }
  if (onDelete === "set default" || onUpdate === "set default") {
    writer.unsupported("SET DEFAULT in a reference", "Use set null, or change the rows in the transaction.");
  }
}

function createTable(node: NodeOf<"createTable">, flavour: Flavour, writer: SqlWriter): void {
  for (const constraint of node.constraints) requirePossible(constraint, writer);
  ddlRenderers.createTable(node, writer);
  writer.write(` ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE ${COLLATIONS[flavour]}`);
}

function createIndex({ index, ifNotExists }: NodeOf<"createIndex">, flavour: Flavour, writer: SqlWriter): void {
  if (index.where !== null) writer.unsupported("partial indexes", "Leave out `where`: the index has all rows.");
  writer.write(index.unique ? "CREATE UNIQUE INDEX " : "CREATE INDEX ");
  if (ifNotExists) {
    if (flavour === "mysql") writer.unsupported("CREATE INDEX IF NOT EXISTS", "createAll() creates what is missing.");
    writer.write("IF NOT EXISTS ");
  }
  indexOn(index, writer);
  writer.write(" (");
  writer.within([index.table], true, () => writer.list(index.terms, (term) => indexTerm(term, flavour, writer)));
  writer.write(")");
}

function indexOn({ name, table }: IndexDefinition, writer: SqlWriter): void {
  writer.identifier(name);
  writer.write(" ON ");
  writer.node(table);
}

function indexTerm(term: ExpressionNode | OrderNode, flavour: Flavour, writer: SqlWriter): void {
  const isOrder = term.kind === "order";
  if (isOrder && term.nulls !== null) {
    writer.unsupported(`NULLS ${term.nulls.toUpperCase()} in an index`, "Order the index by .asc() or .desc().");
  }
  refuseLarge(term, "an index", writer);
  const operand = isOrder ? term.operand : term;
  if (operand.kind === "column") writer.expression(operand);
  else {
    if (flavour === "mariadb") writer.unsupported("indexes over expressions", "Index a column that holds the value.");
    writer.write("(");
    writer.expression(operand);
    writer.write(")");
  }
  if (isOrder && term.direction === "desc") writer.write(" DESC");
}

function dropIndex({ index, ifExists }: NodeOf<"dropIndex">, flavour: Flavour, writer: SqlWriter): void {
  writer.write("DROP INDEX ");
  if (ifExists) {
    if (flavour === "mysql") writer.unsupported("DROP INDEX IF EXISTS", "Leave out ifExists.");
    writer.write("IF EXISTS ");
  }
  indexOn(index, writer);
}

/** Where DDL is written in the servers' own way. */
export function ddlOf(flavour: Flavour): RendererOverrides {
  return {
    createTable: (node, writer) => createTable(node, flavour, writer),
    createIndex: (node, writer) => createIndex(node, flavour, writer),
    dropIndex: (node, writer) => dropIndex(node, flavour, writer),
  };
}

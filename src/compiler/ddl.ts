import type { ConstraintNode, DdlNode, ForeignKeyConstraint, IndexDefinition } from "../ast/ddl.js";
import type { ExpressionNode } from "../ast/expression.js";
import type { ColumnNode, TableNode } from "../ast/from.js";
import type { NodeOf } from "../ast/node.js";
import type { DdlRules, Renderers } from "./dialect.js";
import type { SqlWriter } from "./writer.js";

type DdlKind = DdlNode["kind"];

function createTable(node: NodeOf<"createTable">, writer: SqlWriter): void {
  const { table } = node;
  writer.write(node.ifNotExists ? "CREATE TABLE IF NOT EXISTS " : "CREATE TABLE ");
  writer.node(table);
  writer.write(" (");
  const parts: (() => void)[] = table.columns.map((column) => () => columnDefinition(column, node.constraints, writer));
  for (const constraint of node.constraints) {
    if (!writer.dialect.ddl.inlines(constraint)) parts.push(() => constraintDefinition(constraint, writer));
  }
  writer.within([table], true, () => writer.list(parts, (part) => part()));
  writer.write(")");
}

function columnDefinition(column: ColumnNode, constraints: readonly ConstraintNode[], writer: SqlWriter): void {
  writer.identifier(column.name);
  writer.write(` ${writer.dialect.ddl.columnType?.(column, constraints) ?? typeName(column, writer)}`);
  if (!column.nullable) writer.write(" NOT NULL");
  columnDefault(column, writer);
  writer.dialect.ddl.columnSuffix(column, constraints, writer);
}

function columnDefault(column: ColumnNode, writer: SqlWriter): void {
  const { type, defaults } = column;
  const { ddl } = writer.dialect;
  const literal: ExpressionNode | null =
    defaults?.onInsert?.kind === "value"
      ? { kind: "value", value: defaults.onInsert.value, type, role: "write", inline: true }
      : null;
  const value = defaults?.server ?? literal;
  if (value === null) return;
  writer.write(" DEFAULT ");
  if (value === literal && ddl.isExpressionDefault?.(column) !== true) writer.expression(value);
  else ddl.defaultExpression(value, writer);
}

/** A check that keeps a column of an enumeration to its members, where the database has texts for it and no type. */
export function checkMembers({ name, type }: ColumnNode, writer: SqlWriter): void {
  const members = type?.kind === "enumeration" ? type.parameters.members : undefined;
  if (members === undefined) return;
  writer.write(" CHECK (");
  writer.identifier(name);
  writer.write(` IN (${members.map((member) => writer.dialect.quoteLiteral(member)).join(", ")}))`);
}

/** A default in parentheses, which databases ask for around what is no literal. */
export const defaultInParentheses: DdlRules["defaultExpression"] = (expression, writer) => {
  writer.write("(");
  writer.expression(expression);
  writer.write(")");
};

/** @throws {UnsupportedError} that names table and column, where the dialect lacks the type. */
function typeName(column: ColumnNode, writer: SqlWriter): string {
  const where = `the column "${column.key}" of "${column.from.name}"`;
  const rule = column.type === null ? undefined : writer.dialect.types.get(column.type.kind);
  if (column.type === null || rule === undefined) {
    return writer.unsupported(
      `type ${column.type?.kind ?? "of unknown kind"} (${where})`,
      "Declare another column type.",
    );
  }
  return rule.ddl(column.type, where);
}

const CONSTRAINT_WORDS = { primaryKey: "PRIMARY KEY", unique: "UNIQUE" } as const;

function constraintDefinition(constraint: ConstraintNode, writer: SqlWriter): void {
  if (constraint.name !== null) {
    writer.write("CONSTRAINT ");
    writer.identifier(constraint.name);
    writer.write(" ");
  }
  switch (constraint.kind) {
    case "primaryKey":
    case "unique":
      writer.write(`${CONSTRAINT_WORDS[constraint.kind]} `);
      columnNames(constraint.columns, writer);
      return;
    case "check":
      writer.write("CHECK (");
      writer.predicate(constraint.condition);
      writer.write(")");
      return;
    case "foreignKey":
      writer.write("FOREIGN KEY ");
      columnNames(constraint.columns, writer);
      referenced(constraint, writer);
  }
}

function referenced(constraint: ForeignKeyConstraint, writer: SqlWriter): void {
  const targets = constraint.references();
  writer.write(" REFERENCES ");
  const { from } = targets[0] as ColumnNode;
  if (writer.dialect.features.schemasInReferences) writer.node(from);
  else writer.identifier(from.name);
  writer.write(" ");
  columnNames(targets, writer);
  if (constraint.onDelete !== null) writer.write(` ON DELETE ${constraint.onDelete.toUpperCase()}`);
  if (constraint.onUpdate !== null) writer.write(` ON UPDATE ${constraint.onUpdate.toUpperCase()}`);
  if (constraint.deferrable !== null) writer.write(` DEFERRABLE INITIALLY ${constraint.deferrable.toUpperCase()}`);
}

function columnNames(columns: readonly ColumnNode[], writer: SqlWriter): void {
  writer.write("(");
  writer.list(columns, (column) => writer.identifier(column.name));
  writer.write(")");
}

function dropTable(node: NodeOf<"dropTable">, writer: SqlWriter): void {
  writer.write(node.ifExists ? "DROP TABLE IF EXISTS " : "DROP TABLE ");
  writer.node(node.table);
}

function createIndex({ index, ifNotExists }: NodeOf<"createIndex">, writer: SqlWriter): void {
  writer.write(index.unique ? "CREATE UNIQUE INDEX " : "CREATE INDEX ");
  if (ifNotExists) writer.write("IF NOT EXISTS ");
  if (writer.dialect.features.schemasInReferences) {
    writer.identifier(index.name);
    writer.write(" ON ");
    writer.node(index.table);
  } else {
    indexName(index, writer);
    writer.write(" ON ");
    writer.identifier(index.table.name);
  }
  writer.write(" (");
  writer.within([index.table], true, () => {
    writer.list(index.terms, (term) => indexTerm(term, writer));
    writer.write(")");
    if (index.where === null) return;
    writer.write(" WHERE ");
    writer.predicate(index.where);
  });
}

function indexTerm(term: IndexDefinition["terms"][number], writer: SqlWriter): void {
  const { nullsOrdering, nullsOrderingInIndexes } = writer.dialect.features;
  if (term.kind === "order" && term.nulls !== null && !(nullsOrdering && nullsOrderingInIndexes)) {
    writer.unsupported(`NULLS ${term.nulls.toUpperCase()} in an index`, "Order the index by .asc() or .desc().");
  }
  writer.expression(term);
}

function dropIndex({ index, ifExists }: NodeOf<"dropIndex">, writer: SqlWriter): void {
  writer.write(ifExists ? "DROP INDEX IF EXISTS " : "DROP INDEX ");
  indexName(index, writer);
}

/** An index lives in the schema of its table. */
function indexName({ name, table }: IndexDefinition, writer: SqlWriter): void {
  if (table.schema !== null) {
    writer.identifier(table.schema);
    writer.write(".");
  }
  writer.identifier(name);
}

/** Standard DDL. Names of indexes, and how a column counts up, are the dialects' own. */
export const ddlRenderers: Pick<Renderers, DdlKind> = {
  createTable,
  dropTable,
  createIndex,
  dropIndex,
  addConstraint: ({ table, constraint }, writer) => {
    alterTable(table, " ADD ", writer);
    constraintDefinition(constraint, writer);
  },
  dropConstraint: ({ table, name }, writer) => {
    alterTable(table, " DROP CONSTRAINT ", writer);
    writer.identifier(name);
  },
};

function alterTable(table: TableNode, action: string, writer: SqlWriter): void {
  writer.write("ALTER TABLE ");
  writer.node(table);
  writer.write(action);
}

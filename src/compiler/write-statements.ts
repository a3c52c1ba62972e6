import type { ExpressionNode, ParameterNode } from "../ast/expression.js";
import type { ColumnNode, DefaultSource, TableNode } from "../ast/from.js";
import type { Assignments, DeleteNode, InsertFromQuery, InsertNode, Returning, UpdateNode } from "../ast/statement.js";
import { UsageError } from "../errors/index.js";
import { withoutNull } from "./codecs.js";
import type { Encoder } from "./compiled.js";
import type { Renderers } from "./dialect.js";
import { conditions, selectItem } from "./select.js";
import type { SqlWriter } from "./writer.js";

/* INSERT, UPDATE, DELETE. The compiler has put the call's columns into the node before: a source or a SET is never missing here. */

function insert(node: InsertNode, writer: SqlWriter): void {
  const { table, source } = node;
  if (source === null)
    throw new UsageError(`The insert into "${table.name}" has no row: give it with the call or .values(…).`);
  writer.write("INSERT INTO ");
  writer.node(table);
  if (Array.isArray(source))
    writer.within([], false, () => insertedRows(table, source as readonly Assignments[], writer));
  else insertedQuery(table, source as InsertFromQuery, writer);
  writer.within([table], true, () =>
    returning(node.returning, writer.dialect.features.insertReturning, "INSERT", writer),
  );
}

function insertedRows(table: TableNode, rows: readonly Assignments[], writer: SqlWriter): void {
  const filled = rows.map((row) => withDefaults(table, row));
  const columns = table.columns.filter(({ key }) => filled.some((row) => row.has(key)));
  const first = table.columns[0] as ColumnNode;
  if (columns.length === 0 && rows.length === 1) {
    writer.write(writer.dialect.clauses.emptyRow);
    return;
  }
  const named = columns.length === 0 ? [first] : columns;
  columnList(named, writer);
  writer.write(" VALUES ");
  writer.list(filled, (row) => {
    writer.write("(");
    writer.list(named, (column) => insertedValue(column, row.get(column.key), writer));
    writer.write(")");
  });
}

function columnList(columns: readonly ColumnNode[], writer: SqlWriter): void {
  writer.write(" (");
  writer.list(columns, ({ name }) => writer.identifier(name));
  writer.write(")");
}

function insertedValue(column: ColumnNode, value: ExpressionNode | undefined, writer: SqlWriter): void {
  if (value !== undefined) writtenValue(column, value, writer);
  else if (writer.dialect.features.defaultKeywordInValues) writer.write("DEFAULT");
  else writer.expression(column.defaults?.server ?? { kind: "constant", value: null, type: column.type });
}

/** A value on its way into a column, whose name an error will say. Its placeholder has no type: the column gives it one. */
function writtenValue(column: ColumnNode, value: ExpressionNode, writer: SqlWriter): void {
  const where = `the column "${column.key}"`;
  switch (value.kind) {
    case "value": {
      const wire = writer.codecs.encoder(value.type, "write", where).encode(value.value);
      writer.bind({ source: "value", value: wire, type: null });
      break;
    }
    case "parameter":
      writer.bind({
        source: "parameter",
        name: value.name,
        codec: encoderOf(column, value, where, writer),
        list: false,
      });
      break;
    case "generatedValue":
      writer.bind({
        source: "default",
        make: value.make,
        codec: { ...writer.codecs.encoder(value.type, "write", where), type: null },
      });
      break;
    default:
      if (column.defaults?.generated === true && value.kind === "constant") throw nullKey(where);
      writer.expression(assigned(column, value, writer));
      return;
  }
  writer.noteWritten(column.key);
}

function assigned({ type }: ColumnNode, value: ExpressionNode, writer: SqlWriter): ExpressionNode {
  const convert = type === null ? undefined : writer.dialect.types.get(type.kind)?.assigned;
  return type === null || convert === undefined ? value : convert(type, value);
}

/** NULL in a generated key would be counted up by some servers and refused by others. */
function encoderOf(column: ColumnNode, value: ParameterNode, where: string, writer: SqlWriter): Encoder {
  const codec = { ...writer.codecs.encoder(value.type, "write", where), type: null };
  return column.defaults?.generated === true ? withoutNull(codec, () => nullKey(where)) : codec;
}

function nullKey(where: string): UsageError {
  return new UsageError(
    `${where} is the generated primary key and takes no NULL; leave it out, and the server gives the next one.`,
  );
}

/** The row with our own defaults for what it leaves out. */
function withDefaults(table: TableNode, row: Assignments): Assignments {
  let filled: Map<string, ExpressionNode> | null = null;
  for (const column of table.columns) {
    const source = column.defaults?.onInsert ?? null;
    if (source === null || row.has(column.key)) continue;
    filled ??= new Map(row);
    filled.set(column.key, defaultExpression(column, source));
  }
  return filled ?? row;
}

function defaultExpression(column: ColumnNode, source: DefaultSource): ExpressionNode {
  switch (source.kind) {
    case "value":
      return { kind: "value", value: source.value, type: column.type, role: "write", inline: false };
    case "function":
      return { kind: "generatedValue", make: source.make, type: column.type };
    case "sql":
      return source.expression;
  }
}

/** Columns that the query does not give get our defaults too, appended to what it selects. */
function insertedQuery(table: TableNode, { columns, query }: InsertFromQuery, writer: SqlWriter): void {
  const given = columns.map((key) => table.columns.find((column) => column.key === key) as ColumnNode);
  const missing = table.columns.filter((column) => column.defaults?.onInsert != null && !given.includes(column));
  columnList([...given, ...missing], writer);
  writer.write(" ");
  if (missing.length === 0) {
    writer.derivedQuery(query);
    return;
  }
  if (query.kind !== "select") {
    const names = missing.map(({ key }) => key).join(", ");
    throw new UsageError(`The raw query of .fromSelect() must give the columns that have a default of ours: ${names}.`);
  }
  const added = missing.map((column) => ({
    key: column.key,
    expression: defaultExpression(column, sourceOfEachRow(column)),
  }));
  writer.derivedQuery({ ...query, items: [...query.items, ...added] });
}

/** A function's default is made for each row; here the server makes the rows. */
function sourceOfEachRow(column: ColumnNode): DefaultSource {
  const source = column.defaults?.onInsert as DefaultSource;
  if (source.kind !== "function") return source;
  throw new UsageError(
    `The column "${column.key}" has a function as default, which cannot make a value for each row of a query; select one in .fromSelect().`,
  );
}

function update(node: UpdateNode, writer: SqlWriter): void {
  const { table } = node;
  const set = withUpdateDefaults(table, node.set ?? new Map());
  if (node.set === null || node.set.size === 0) {
    throw new UsageError(
      `The update of "${table.name}" sets nothing: give at least one column with the call or .set(…).`,
    );
  }
  requireCondition(node, "update");
  writer.within([table], false, () => {
    writer.write("UPDATE ");
    writer.node(table);
    writer.write(" SET ");
    writer.list(set, ([key, value]) => {
      const column = table.columns.find((each) => each.key === key) as ColumnNode;
      writer.identifier(column.name);
      writer.write(" = ");
      writtenValue(column, value, writer);
    });
    conditions(" WHERE ", node.where, writer);
  });
  writer.within([table], true, () =>
    returning(node.returning, writer.dialect.features.updateReturning, "UPDATE", writer),
  );
}

/** The new values with our own for what they leave out; a second time it adds nothing. */
export function withUpdateDefaults(table: TableNode, set: Assignments): Assignments {
  const filled = new Map(set);
  for (const column of table.columns) {
    const source = column.defaults?.onUpdate ?? null;
    if (source !== null && !set.has(column.key)) filled.set(column.key, defaultExpression(column, source));
  }
  return filled;
}

function deleteFrom(node: DeleteNode, writer: SqlWriter): void {
  requireCondition(node, "delete");
  writer.within([node.table], false, () => {
    writer.write("DELETE FROM ");
    writer.node(node.table);
    conditions(" WHERE ", node.where, writer);
  });
  writer.within([node.table], true, () => {
    returning(node.returning, writer.dialect.features.deleteReturning, "DELETE", writer);
  });
}

function requireCondition(node: UpdateNode | DeleteNode, word: string): void {
  if (node.where.length > 0 || node.all) return;
  throw new UsageError(
    `The ${word} of "${node.table.name}" has no .where(): it would touch every row. Say .all() if that is meant.`,
  );
}

function returning(clause: Returning | null, supported: boolean, statement: string, writer: SqlWriter): void {
  if (clause === null) return;
  if (!supported) writer.unsupported(`RETURNING in ${statement}`, "Select the rows afterwards, in one transaction.");
  writer.write(" RETURNING ");
  writer.list(clause.items, (item) => selectItem(item, writer));
}

/** With its WITH before it, or inside. */
function placed(withBefore: boolean, writer: SqlWriter, write: () => void): void {
  if (withBefore) write();
  else writer.withInside(write);
}

export const writeRenderers: Pick<Renderers, "insert" | "update" | "delete"> = {
  insert: (node, writer) => placed(writer.dialect.features.withBeforeInsert, writer, () => insert(node, writer)),
  update: (node, writer) => placed(writer.dialect.features.withBeforeUpdate, writer, () => update(node, writer)),
  delete: (node, writer) => placed(writer.dialect.features.withBeforeUpdate, writer, () => deleteFrom(node, writer)),
};

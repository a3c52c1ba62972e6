import type { ColumnNode } from "../ast/from.js";
import type { Assignments, InsertNode, Returning } from "../ast/statement.js";
import { codecsOf } from "./codecs.js";
import type { InsertedKeyPart } from "./compiled.js";
import type { Dialect } from "./dialect.js";

export interface InsertedKey {
  /** What the statement must return so that the key is known; `null` where it is known without. */
  readonly returning: Returning | null;
  /** True where a part of it is read from the parameters. */
  readonly isBound: boolean;
  /** `indexOf` tells where a written column's parameter stands. */
  readonly parts: (indexOf: (key: string) => number) => readonly InsertedKeyPart[] | null;
}

const UNKNOWN: InsertedKey = { returning: null, isBound: false, parts: () => null };

/**
 * How the primary key of the one inserted row is known: from the values sent, from the driver's last insert id, or, where SQL makes it,
 * by RETURNING. More rows than one, or a table without a primary key, have none.
 */
export function insertedKeyOf(node: InsertNode, dialect: Dialect): InsertedKey {
  const [row, second] = Array.isArray(node.source) ? (node.source as readonly Assignments[]) : [];
  const columns = keyColumns(node);
  if (row === undefined || second !== undefined || columns.length === 0) return UNKNOWN;
  const sources = columns.map((column) => sourceOf(column, row, dialect));
  if (sources.includes("returning")) return returnedKeyOf(node, dialect);
  return {
    returning: null,
    isBound: sources.includes("bind"),
    parts: (indexOf) => partsOf(columns, sources, indexOf, dialect),
  };
}

/** The key by RETURNING, where the database has it and the statement does not return something else. */
export function returnedKeyOf(node: InsertNode, dialect: Dialect): InsertedKey {
  if (node.returning !== null || !dialect.features.insertReturning) return UNKNOWN;
  const columns = keyColumns(node);
  const items = columns.map((column) => ({ key: column.key, expression: column }));
  const sources = columns.map(() => "returning" as const);
  return {
    returning: { items, shape: null },
    isBound: false,
    parts: (indexOf) => partsOf(columns, sources, indexOf, dialect),
  };
}

function keyColumns({ table }: InsertNode): readonly ColumnNode[] {
  return table.columns.filter(({ primaryKey }) => primaryKey);
}

type Source = InsertedKeyPart["source"];

function sourceOf(column: ColumnNode, row: Assignments, dialect: Dialect): Source {
  const given = row.get(column.key);
  if (given !== undefined) return given.kind === "value" || given.kind === "parameter" ? "bind" : "returning";
  if (column.defaults?.onInsert != null) return column.defaults.onInsert.kind === "sql" ? "returning" : "bind";
  return column.defaults?.generated === true && dialect.features.lastInsertId ? "lastInsertId" : "returning";
}

function partsOf(
  columns: readonly ColumnNode[],
  sources: readonly Source[],
  indexOf: (key: string) => number,
  dialect: Dialect,
): readonly InsertedKeyPart[] {
  return columns.map((column, position): InsertedKeyPart => {
    const decode = codecsOf(dialect).decoder(column.type);
    const source = sources[position] as Source;
    if (source === "lastInsertId") return { key: column.key, decode, source };
    if (source === "returning") return { key: column.key, decode, source, index: position };
    return { key: column.key, decode, source, index: indexOf(column.key) };
  });
}

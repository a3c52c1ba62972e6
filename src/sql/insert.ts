import { NODE } from "../ast/node.js";
import type { TableNode } from "../ast/from.js";
import type { InsertNode } from "../ast/statement.js";
import { UsageError } from "../errors/index.js";
import { assignments, columnOf, type OnlyColumns, type ParametersIn, type WithExpressions } from "./assignments.js";
import { describe, isQuery } from "./coerce.js";
import type { FromClause } from "./from.js";
import type { Item, ParametersOf } from "./operand.js";
import type { KEY, PARAMETERS, Query, ROW, SCALAR, TUPLE, VALUES } from "./query.js";
import { returningOf, type ReturnedRow, type ReturnedScalar, type ReturnedTuple } from "./returning.js";
import type { DistinctKeys, NamedSelection, Whole } from "./rows.js";

/**
 * An INSERT statement. The row comes with the call (`execute(notes.insert(), { text })`), with `.values(…)`, or from a query.
 *
 * A column that a row leaves out gets its default; `null` is NULL.
 */
export class Insert<Values, Key, Returned = never, Parameters = never, CallValues = Values> implements Query<
  ReturnedRow<Returned>,
  ReturnedTuple<Returned>,
  ReturnedScalar<Returned>,
  Parameters,
  CallValues,
  Key
> {
  readonly [NODE]: InsertNode;
  declare readonly [ROW]: ReturnedRow<Returned>;
  declare readonly [TUPLE]: ReturnedTuple<Returned>;
  declare readonly [SCALAR]: ReturnedScalar<Returned>;
  declare readonly [PARAMETERS]: Parameters;
  declare readonly [VALUES]: CallValues;
  declare readonly [KEY]: Key;
  /** Phantom: the columns that may be written. */
  declare readonly written: Values;

  constructor(node: InsertNode) {
    this[NODE] = node;
  }

  /**
   * The row, or the rows, as plain values, expressions or parameters. Rows may name different columns.
   * @throws {UsageError} for an unknown column, `undefined`, an empty list, or values given before.
   */
  values<const Given extends WithExpressions<Values> | readonly WithExpressions<Values>[]>(
    given: Given & OnlyColumns<Given, Values>,
  ): Insert<Values, Key, Returned, Parameters | ParametersIn<Given, Values>, never> {
    this.#requireNoSource(".values()");
    const table = this[NODE].table;
    const rows: readonly unknown[] = Array.isArray(given) ? given : [given];
    if (rows.length === 0)
      throw new UsageError(".values([]) has no row; executeMany(insert, rows) takes an empty list.");
    return this.#with({ source: rows.map((row) => assignments(table, row, ".values()")) });
  }

  /**
   * One row for each row of the query; its columns, in order, go into the named ones.
   * @throws {UsageError} for an unknown column, or a query of another number of columns.
   */
  fromSelect<P>(
    columns: readonly (keyof Values & string)[],
    query: Query<unknown, unknown, unknown, P, never>,
  ): Insert<Values, Key, Returned, Parameters | P, never> {
    this.#requireNoSource(".fromSelect()");
    const node = query?.[NODE];
    if (node === undefined || !isQuery(node)) {
      throw new UsageError(`.fromSelect() takes a query, but got ${describe(query)}.`);
    }
    for (const key of columns) columnOf(this[NODE].table, key, ".fromSelect()");
    const width = node.kind === "select" ? node.items.length : (node.columns?.length ?? columns.length);
    if (width !== columns.length) {
      throw new UsageError(`.fromSelect() names ${columns.length} columns, but the query gives ${width}.`);
    }
    return this.#with({ source: { columns, query: node } });
  }

  /** The inserted rows as a result: columns, expressions, names, or the table for all of it. */
  returning<const Items extends readonly Item[]>(
    ...items: Items & DistinctKeys<Items>
  ): Insert<Values, Key, Items, Parameters | ParametersOf<Items>, CallValues>;
  returning<Row>(table: FromClause<string, unknown, Row>): Insert<Values, Key, Whole<Row>, Parameters, CallValues>;
  returning<const S extends NamedSelection>(
    selection: S,
  ): Insert<Values, Key, S, Parameters | S[keyof S][typeof PARAMETERS], CallValues>;
  returning(...given: readonly unknown[]): never {
    return this.#with({ returning: returningOf(given) });
  }

  #requireNoSource(where: string): void {
    if (this[NODE].source !== null) throw new UsageError(`${where} was called on an insert that has its rows already.`);
  }

  /** The next statement. Where types and run time meet: the signatures above say what it is. */
  #with(change: Partial<InsertNode>): never {
    return new Insert({ ...this[NODE], ...change }) as never;
  }
}

export function insertNode(table: TableNode): InsertNode {
  return { kind: "insert", table, source: null, returning: null };
}

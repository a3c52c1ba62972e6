import type { JoinType } from "../ast/from.js";
import { type HasNode, NODE } from "../ast/node.js";
import type { SelectNode } from "../ast/statement.js";
import { UsageError } from "../errors/index.js";
import { condition, count, expression, fromClause, order, subqueryOf } from "./coerce.js";
import { ColumnElement } from "./element.js";
import { derived, FromClause, type ColumnsOf } from "./from.js";
import type { Operand, ParameterReference, ParametersOf, TABLES } from "./operand.js";
import type { OrderElement } from "./order.js";
import type { Bind, KEY, OneColumn, PARAMETERS, Query, ROW, SCALAR, TUPLE, VALUES } from "./query.js";
import type { RowOfSelection, ScalarOfSelection, TablesOfSelection, TupleOfSelection, Whole } from "./rows.js";
import { conditionsOf, inferFrom, lockClause, required, wholeSelect, type LockOptions } from "./select-parts.js";

/**
 * A SELECT statement. Every method gives a new statement; the order of calls does not matter, and repeated `.where()` is AND.
 *
 * `S` is what was selected, `Tables` what it is selected from, `Absent` those that an outer join may leave out, `Parameters` the names that the
 * call must bind, `Rows` is "one" while the statement cannot lose an aggregate's single row.
 */
export class Select<
  S,
  Tables extends string = never,
  Absent extends string = never,
  Parameters = never,
  Rows extends "one" | "many" = "many",
> implements Query<
  RowOfSelection<S, Absent>,
  TupleOfSelection<S, Absent>,
  ScalarOfSelection<S, Absent, Rows>,
  Parameters,
  never,
  never
> {
  readonly [NODE]: SelectNode;
  declare readonly [ROW]: RowOfSelection<S, Absent>;
  declare readonly [TUPLE]: TupleOfSelection<S, Absent>;
  declare readonly [SCALAR]: ScalarOfSelection<S, Absent, Rows>;
  declare readonly [PARAMETERS]: Parameters;
  declare readonly [VALUES]: never;
  declare readonly [KEY]: never;
  declare readonly tables: Tables;

  constructor(node: SelectNode) {
    this[NODE] = node;
  }

  /** What is selected from. Left out, it is the one table that the selected columns come from. */
  from<F extends FromClause>(
    table: F,
  ): Select<S, Tables | F[typeof TABLES], Absent, Parameters | F[typeof PARAMETERS], Rows> {
    const node = this[NODE];
    if (node.from !== null)
      throw new UsageError(".from() was called twice; join the second table, or use .crossJoin().");
    return this.#with({ from: fromClause(table, ".from()") });
  }

  /** Keeps the rows that have a partner. Without `on`, the one foreign key between the tables is the condition. */
  join<F extends FromClause, P = never>(
    table: F,
    on?: Operand<boolean | null, P>,
  ): Select<S, Tables | F[typeof TABLES], Absent, Parameters | P | F[typeof PARAMETERS], Rows>;
  join(table: unknown, ...on: readonly unknown[]): never {
    return this.#join("inner", table, on, ".join()");
  }

  /** Keeps all rows so far; where the joined table has no partner, its columns are NULL. */
  leftJoin<F extends FromClause, P = never>(
    table: F,
    on?: Operand<boolean | null, P>,
  ): Select<S, Tables | F[typeof TABLES], Absent | F[typeof TABLES], Parameters | P | F[typeof PARAMETERS], Rows>;
  leftJoin(table: unknown, ...on: readonly unknown[]): never {
    return this.#join("left", table, on, ".leftJoin()");
  }

  /** Keeps all rows of the joined table; where it has no partner, the columns so far are NULL. */
  rightJoin<F extends FromClause, P = never>(
    table: F,
    on?: Operand<boolean | null, P>,
  ): Select<
    S,
    Tables | F[typeof TABLES],
    Absent | Exclude<Tables | TablesOfSelection<S>, F[typeof TABLES]>,
    Parameters | P | F[typeof PARAMETERS],
    Rows
  >;
  rightJoin(table: unknown, ...on: readonly unknown[]): never {
    return this.#join("right", table, on, ".rightJoin()");
  }

  /** Keeps all rows of both sides. */
  fullJoin<F extends FromClause, P = never>(
    table: F,
    on?: Operand<boolean | null, P>,
  ): Select<
    S,
    Tables | F[typeof TABLES],
    Absent | Tables | TablesOfSelection<S> | F[typeof TABLES],
    Parameters | P | F[typeof PARAMETERS],
    Rows
  >;
  fullJoin(table: unknown, ...on: readonly unknown[]): never {
    return this.#join("full", table, on, ".fullJoin()");
  }

  /** Every row with every row. */
  crossJoin<F extends FromClause>(
    table: F,
  ): Select<S, Tables | F[typeof TABLES], Absent, Parameters | F[typeof PARAMETERS], Rows> {
    return this.#join("cross", table, [], ".crossJoin()");
  }

  /** Keeps the rows for which the condition is true; repeated calls, and several conditions, are AND. */
  where<const C extends readonly Operand<boolean | null>[]>(
    ...conditions: C
  ): Select<S, Tables, Absent, Parameters | ParametersOf<C>, Rows> {
    return this.#with({ where: [...this[NODE].where, ...conditionsOf(conditions, ".where()")] });
  }

  /** One row for each distinct combination of the terms. */
  groupBy<const T extends readonly Operand[]>(...terms: T): Select<S, Tables, Absent, Parameters | ParametersOf<T>> {
    const added = terms.map((term) => expression(term, ".groupBy()"));
    return this.#with({ groupBy: [...this[NODE].groupBy, ...required(added, ".groupBy()")] });
  }

  /** Keeps the groups for which the condition is true; repeated calls are AND. */
  having<const C extends readonly Operand<boolean | null>[]>(
    ...conditions: C
  ): Select<S, Tables, Absent, Parameters | ParametersOf<C>> {
    return this.#with({ having: [...this[NODE].having, ...conditionsOf(conditions, ".having()")] });
  }

  /** The order of the rows; repeated calls add terms. */
  orderBy<const T extends readonly (OrderElement | Operand)[]>(
    ...terms: T
  ): Select<S, Tables, Absent, Parameters | ParametersOf<T>, Rows> {
    const added = terms.map((term) => order(term, ".orderBy()"));
    return this.#with({ orderBy: [...this[NODE].orderBy, ...required(added, ".orderBy()")] });
  }

  /** At most so many rows. */
  limit(limit: number): Select<S, Tables, Absent, Parameters>;
  limit<Name extends string>(
    limit: ParameterReference<Name>,
  ): Select<S, Tables, Absent, Parameters | Bind<Name, number>>;
  limit(limit: unknown): never {
    return this.#with({ limit: count(limit, ".limit()") });
  }

  /** Leaves out the first rows. */
  offset(offset: number): Select<S, Tables, Absent, Parameters>;
  offset<Name extends string>(
    offset: ParameterReference<Name>,
  ): Select<S, Tables, Absent, Parameters | Bind<Name, number>>;
  offset(offset: unknown): never {
    return this.#with({ offset: count(offset, ".offset()") });
  }

  /** Each different row once. */
  distinct(): Select<S, Tables, Absent, Parameters, Rows> {
    return this.#with({ distinct: true });
  }

  /**
   * Locks the rows against other writers until the transaction ends.
   * @throws {UnsupportedError} when compiled for a database without row locks (SQLite, whose write transactions exclude each other anyway).
   */
  forUpdate(options: LockOptions = {}): Select<S, Tables, Absent, Parameters, Rows> {
    return this.#with({ lock: lockClause("update", options) });
  }

  /** Locks the rows against change, not against other readers' locks. */
  forShare(options: LockOptions = {}): Select<S, Tables, Absent, Parameters, Rows> {
    return this.#with({ lock: lockClause("share", options) });
  }

  /** The query as something to select from: `(SELECT …) AS name`, with its columns under `c`. */
  subquery<const Name extends string>(name: Name): Subquery<Name, RowOfSelection<S, Absent>, Parameters> {
    return new Subquery(derived("subquery", name, this[NODE]));
  }

  /** The query as a common table expression: `WITH name AS (SELECT …)`, written once however often it is used. */
  cte<const Name extends string>(name: Name): Subquery<Name, RowOfSelection<S, Absent>, Parameters> {
    return new Subquery(derived("cte", name, this[NODE]));
  }

  /** The query of one column as a value: NULL without a row, a server's error with several. */
  scalarSubquery(
    this: Query<unknown, unknown, OneColumn<unknown>, Parameters, never> & HasNode<SelectNode>,
  ): ColumnElement<ScalarValue<ScalarOfSelection<S, Absent, Rows>>, never, Parameters> {
    const subquery = subqueryOf(this[NODE]);
    if (this[NODE].items.length !== 1) throw new UsageError(".scalarSubquery() needs a query of exactly one column.");
    return new ColumnElement(subquery);
  }

  /** `on` holds the condition where one was given; a given `undefined` is no condition left out. */
  #join(type: JoinType, table: unknown, on: readonly unknown[], where: string): never {
    const node = this[NODE];
    const right = fromClause(table, where);
    const left = node.from ?? inferFrom(node.items, right, where);
    const given = on.length === 0 ? null : condition(on[0], `the condition of ${where}`);
    return this.#with({ from: { kind: "join", type, left, right, on: given } });
  }

  /** The next statement. Where types and run time meet: the signatures above say what it is. */
  #with(change: Partial<SelectNode>): never {
    return new Select({ ...this[NODE], ...change }) as never;
  }
}

type ScalarValue<Scalar> = Scalar extends OneColumn<infer Value> ? Value : never;

/** Something to select from that can select all its own columns. */
export class Selectable<out Name extends string, out Columns, Row, Parameters = never> extends FromClause<
  Name,
  Columns,
  Row,
  Parameters
> {
  /** Selects all columns. */
  select(): Select<Whole<Row, Name>, Name, never, Parameters> {
    return new Select(wholeSelect(this[NODE]));
  }
}

/** A subquery or common table expression with its columns under `c`. */
export class Subquery<out Name extends string, Row, Parameters> extends Selectable<
  Name,
  ColumnsOf<Name, Row, Parameters>,
  Row,
  Parameters
> {}

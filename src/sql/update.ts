import { NODE } from "../ast/node.js";
import type { TableNode } from "../ast/from.js";
import type { UpdateNode } from "../ast/statement.js";
import { UsageError } from "../errors/index.js";
import { assignments, type OnlyColumns, type ParametersIn, type WithExpressions } from "./assignments.js";
import type { FromClause } from "./from.js";
import type { Item, Operand, ParametersOf } from "./operand.js";
import type { KEY, PARAMETERS, Query, ROW, SCALAR, TUPLE, VALUES } from "./query.js";
import { returningOf, type ReturnedRow, type ReturnedScalar, type ReturnedTuple } from "./returning.js";
import type { DistinctKeys, NamedSelection, Whole } from "./rows.js";
import { conditionsOf } from "./select-parts.js";

/**
 * An UPDATE statement. The SET values come with the call (`execute(notes.update().where(…), { text })`) or with `.set(…)`.
 *
 * Without `.where()` it needs `.all()`: a forgotten condition must not change every row.
 */
export class Update<Values, Returned = never, Parameters = never, CallValues = Values> implements Query<
  ReturnedRow<Returned>,
  ReturnedTuple<Returned>,
  ReturnedScalar<Returned>,
  Parameters,
  CallValues,
  never
> {
  readonly [NODE]: UpdateNode;
  declare readonly [ROW]: ReturnedRow<Returned>;
  declare readonly [TUPLE]: ReturnedTuple<Returned>;
  declare readonly [SCALAR]: ReturnedScalar<Returned>;
  declare readonly [PARAMETERS]: Parameters;
  declare readonly [VALUES]: CallValues;
  declare readonly [KEY]: never;
  /** Phantom: the columns that may be written. */
  declare readonly written: Values;

  constructor(node: UpdateNode) {
    this[NODE] = node;
  }

  /**
   * The new values: plain ones, expressions over the old row, or parameters.
   * @throws {UsageError} for an unknown column, `undefined`, no column at all, or values given before.
   */
  set<const Given extends WithExpressions<Values>>(
    given: Given & OnlyColumns<Given, Values>,
  ): Update<Values, Returned, Parameters | ParametersIn<Given, Values>, never> {
    const node = this[NODE];
    if (node.set !== null) throw new UsageError(".set() was called twice; give all columns in one call.");
    const set = assignments(node.table, given, ".set()");
    if (set.size === 0) throw new UsageError(".set({}) changes nothing; name at least one column.");
    return this.#with({ set });
  }

  /** Only the rows for which the condition is true; repeated calls, and several conditions, are AND. */
  where<const C extends readonly Operand<boolean | null>[]>(
    ...conditions: C
  ): Update<Values, Returned, Parameters | ParametersOf<C>, CallValues> {
    const node = this[NODE];
    return this.#with({ where: [...node.where, ...conditionsOf(conditions, ".where()")] });
  }

  /** Every row of the table, on purpose. */
  all(): Update<Values, Returned, Parameters, CallValues> {
    return this.#with({ all: true });
  }

  /** The changed rows as a result, with their new values. */
  returning<const Items extends readonly Item[]>(
    ...items: Items & DistinctKeys<Items>
  ): Update<Values, Items, Parameters | ParametersOf<Items>, CallValues>;
  returning<Row>(table: FromClause<string, unknown, Row>): Update<Values, Whole<Row>, Parameters, CallValues>;
  returning<const S extends NamedSelection>(
    selection: S,
  ): Update<Values, S, Parameters | S[keyof S][typeof PARAMETERS], CallValues>;
  returning(...given: readonly unknown[]): never {
    return this.#with({ returning: returningOf(given) });
  }

  /** The next statement. Where types and run time meet: the signatures above say what it is. */
  #with(change: Partial<UpdateNode>): never {
    return new Update({ ...this[NODE], ...change }) as never;
  }
}

export function updateNode(table: TableNode): UpdateNode {
  return { kind: "update", table, set: null, where: [], all: false, returning: null };
}

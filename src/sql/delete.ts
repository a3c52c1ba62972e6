import { NODE } from "../ast/node.js";
import type { TableNode } from "../ast/from.js";
import type { DeleteNode } from "../ast/statement.js";
import type { FromClause } from "./from.js";
import type { Item, Operand, ParametersOf } from "./operand.js";
import type { KEY, PARAMETERS, Query, ROW, SCALAR, TUPLE, VALUES } from "./query.js";
import { returningOf, type ReturnedRow, type ReturnedScalar, type ReturnedTuple } from "./returning.js";
import type { DistinctKeys, NamedSelection, Whole } from "./rows.js";
import { conditionsOf } from "./select-parts.js";

/** A DELETE statement. Without `.where()` it needs `.all()`: a forgotten condition must not empty the table. */
export class Delete<Returned = never, Parameters = never> implements Query<
  ReturnedRow<Returned>,
  ReturnedTuple<Returned>,
  ReturnedScalar<Returned>,
  Parameters,
  never,
  never
> {
  readonly [NODE]: DeleteNode;
  declare readonly [ROW]: ReturnedRow<Returned>;
  declare readonly [TUPLE]: ReturnedTuple<Returned>;
  declare readonly [SCALAR]: ReturnedScalar<Returned>;
  declare readonly [PARAMETERS]: Parameters;
  declare readonly [VALUES]: never;
  declare readonly [KEY]: never;

  constructor(node: DeleteNode) {
    this[NODE] = node;
  }

  /** Only the rows for which the condition is true; repeated calls, and several conditions, are AND. */
  where<const C extends readonly Operand<boolean | null>[]>(
    ...conditions: C
  ): Delete<Returned, Parameters | ParametersOf<C>> {
    const node = this[NODE];
    return this.#with({ where: [...node.where, ...conditionsOf(conditions, ".where()")] });
  }

  /** Every row of the table, on purpose. */
  all(): Delete<Returned, Parameters> {
    return this.#with({ all: true });
  }

  /** The deleted rows as a result. */
  returning<const Items extends readonly Item[]>(
    ...items: Items & DistinctKeys<Items>
  ): Delete<Items, Parameters | ParametersOf<Items>>;
  returning<Row>(table: FromClause<string, unknown, Row>): Delete<Whole<Row>, Parameters>;
  returning<const S extends NamedSelection>(selection: S): Delete<S, Parameters | S[keyof S][typeof PARAMETERS]>;
  returning(...given: readonly unknown[]): never {
    return this.#with({ returning: returningOf(given) });
  }

  /** The next statement. Where types and run time meet: the signatures above say what it is. */
  #with(change: Partial<DeleteNode>): never {
    return new Delete({ ...this[NODE], ...change }) as never;
  }
}

export function deleteNode(table: TableNode): DeleteNode {
  return { kind: "delete", table, where: [], all: false, returning: null };
}

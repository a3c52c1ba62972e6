import { NODE } from "../ast/node.js";
import type { Returning } from "../ast/statement.js";
import type { SelectNode } from "../ast/statement.js";
import type { NoRow, NotOneColumn } from "./query.js";
import type { RowOfSelection, ScalarOfSelection, TupleOfSelection } from "./rows.js";
import { select } from "./selection.js";

/* RETURNING takes what `select()` takes, and gives the same rows. Without it a statement gives none. */

export type ReturnedRow<S> = [S] extends [never] ? NoRow : RowOfSelection<S, never>;
export type ReturnedTuple<S> = [S] extends [never] ? NoRow : TupleOfSelection<S, never>;
export type ReturnedScalar<S> = [S] extends [never] ? NotOneColumn : ScalarOfSelection<S, never, "many">;

export function returningOf(given: readonly unknown[]): Returning {
  const node: SelectNode = (select as (...items: readonly unknown[]) => { readonly [NODE]: SelectNode })(...given)[
    NODE
  ];
  return { items: node.items, shape: node.shape };
}

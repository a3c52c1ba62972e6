import { NODE } from "../ast/node.js";
import type { ColumnNode } from "../ast/from.js";
import { ColumnElement } from "./element.js";
import type { Item, NAME } from "./operand.js";

/** A column of a table, alias, subquery or CTE, as an expression. Found under the owner's `c`. */
export class Column<
  out Value = unknown,
  out Tables extends string = string,
  out Key extends string = string,
  out Parameters = never,
>
  extends ColumnElement<Value, Tables, Parameters>
  implements Item<Value, Tables, Key, Parameters>
{
  declare readonly [NODE]: ColumnNode;
  declare readonly [NAME]: Key;

  constructor(node: ColumnNode) {
    super(node);
  }

  /** The name in code and rows. */
  get key(): Key {
    return this[NODE].key as Key;
  }

  /** The name in SQL. */
  get name(): string {
    return this[NODE].name;
  }
}

import { Shape, type Field } from "./fields.js";
import type { MysqlStatement } from "./handle.js";

/** A prepared statement with the shape of its rows. */
export class Prepared {
  readonly native: MysqlStatement;
  #fields: readonly Field[] | null = null;
  #shape: Shape | null = null;

  constructor(native: MysqlStatement) {
    this.native = native;
  }

  /** The columns may change from one run to the next; a package gives the same array where they have not. */
  shapeOf(fields: readonly Field[]): Shape {
    if (this.#shape === null || fields !== this.#fields) {
      this.#shape = new Shape(fields);
      this.#fields = fields;
    }
    return this.#shape;
  }
}

import { NODE } from "../ast/node.js";
import type { ParameterNode } from "../ast/expression.js";
import { UsageError } from "../errors/index.js";
import type { ParameterReference } from "./operand.js";

/** A value that the call gives by name, so that one statement object serves many values. Made by {@link param}. */
export class Parameter<out Name extends string> implements ParameterReference<Name> {
  readonly [NODE]: ParameterNode;
  readonly parameter: Name;

  constructor(name: Name) {
    this.parameter = name;
    this[NODE] = { kind: "parameter", name, type: null, role: "compare", list: false, takesNull: true };
  }
}

/**
 * Names a value that the call binds: its type comes from the column beside it, and the call must give it.
 *
 * The same name may stand in several places. In `.in(param("ids"))` the call gives an array.
 *
 * @throws {UsageError} for an empty name.
 * @example
 * ```ts
 * const byId = notes.select().where(notes.c.id.eq(param("id")));
 * await database.fetchOne(byId, { id: 1 });
 * ```
 */
export function param<const Name extends string>(name: Name): Parameter<Name> {
  if (typeof name !== "string" || name === "") throw new UsageError("param() takes a name that is not empty.");
  return new Parameter(name);
}

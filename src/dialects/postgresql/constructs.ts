import { type NewColumn } from "../../schema/factories.js";
import { ColumnDefinition, define } from "../../schema/definition.js";
import { typeOf } from "../../sql/coerce.js";
import type { TypeSource } from "../../types/type.js";
import { ArrayType } from "./array-type.js";
import { intervalType } from "./interval-type.js";

/**
 * An array of a column type: `array(text())` holds `(string | null)[]`, `array(text().notNull())` only `string[]`, `array(array(integer()))` a
 * matrix, whose rows are of one length.
 *
 * @example
 * ```ts
 * const posts = metadata.table("posts", { id: integer().primaryKey(), tags: array(text().notNull()).notNull() });
 * ```
 */
export function array<Element>(element: TypeSource<Element>): NewColumn<Element[]> {
  const type = typeOf(element, "array()");
  const takesNull = !(element instanceof ColumnDefinition) || element.facts.nullable;
  return define(new ArrayType<Element>(type, takesNull && type.kind !== "array"), false);
}

/** A span of time as ISO 8601 text: `'P1DT12H'`. Months, days and seconds are kept apart. */
export function interval(): NewColumn<string> {
  return define(intervalType, false);
}

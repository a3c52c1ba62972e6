import type { SelectItem, SelectShape, ShapeField } from "../ast/statement.js";
import { UsageError } from "../errors/index.js";
import type { SqlType } from "../types/type.js";
import type { Codecs } from "./codecs.js";
import type { CompiledResult, ResultField } from "./compiled.js";

/** How rows of these items are read. `canBeAbsent` tells which nested tables an outer join may leave out. */
export function resultOf(
  items: readonly Pick<SelectItem, "key" | "expression">[],
  shape: SelectShape | null,
  canBeAbsent: (field: Extract<ShapeField, { readonly fields: SelectShape }>) => boolean,
  codecs: Codecs,
): CompiledResult {
  return {
    decoders: items.map(({ expression }) => codecs.decoder(expression.type)),
    fields:
      shape === null
        ? items.map(({ key }, index) => ({ key, index }))
        : shape.map((field) => fieldOf(field, canBeAbsent)),
  };
}

function fieldOf(field: ShapeField, canBeAbsent: Parameters<typeof resultOf>[2]): ResultField {
  if ("index" in field) return field;
  const fields = field.fields.map((inner) => fieldOf(inner, canBeAbsent));
  if (!canBeAbsent(field)) return { key: field.key, fields, presence: null };
  if (field.presence === null) {
    throw new UsageError(
      `The joined table under "${field.key}" may be absent, but it has neither a primary key nor a NOT NULL column to tell by. ` +
        "Select its columns one by one.",
    );
  }
  return { key: field.key, fields, presence: field.presence };
}

/** What the driver is asked for: `bigint` wherever a column may need it, or nothing is known of it. */
export function integersOf(types: readonly (SqlType | null)[]): "number" | "bigint" {
  return types.some((type) => type === null || type.needsBigInt) ? "bigint" : "number";
}

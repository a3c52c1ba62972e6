import type { Column } from "../sql/column.js";
import type { VALUE } from "../types/type.js";
import type { ColumnDefinition, Use } from "./definition.js";

/*
 * Row, insert and update types of a table, each one mapped type over its definitions.
 */

/** The definitions of a table's columns, by key. */
export type Definitions = Readonly<Record<string, ColumnDefinition>>;

type ValueOf<D> = D extends ColumnDefinition<infer Value> ? Value : never;

/** A row as it is read. It is behind a condition, so that editors show the row itself rather than this name. */
export type TableRow<D> = D extends unknown ? { -readonly [Key in keyof D]: ValueOf<D[Key]> } : never;

type RequiredKey<D> = {
  [Key in keyof D]: D[Key] extends ColumnDefinition<infer Value, infer Use>
    ? Use extends "optional"
      ? never
      : null extends Value
        ? never
        : Key
    : never;
}[keyof D];

/** A row as it is inserted: what has a default or takes NULL may be left out. */
export type TableInsert<D> = { -readonly [Key in RequiredKey<D>]: ValueOf<D[Key]> } & {
  -readonly [Key in Exclude<keyof D, RequiredKey<D>>]?: ValueOf<D[Key]>;
};

/** The columns that an update may set. */
export type TableUpdate<D> = { -readonly [Key in keyof D]?: ValueOf<D[Key]> };

type KeyName<D> = {
  [Key in keyof D]: D[Key] extends ColumnDefinition<unknown, Use, infer Part>
    ? Part extends "key"
      ? Key
      : never
    : never;
}[keyof D];

/** The primary key as an object; of a key declared among the constraints the columns are not known here. */
export type TableKey<D> = [KeyName<D>] extends [never]
  ? Record<string, unknown>
  : { -readonly [Key in KeyName<D>]: ValueOf<D[Key]> };

/** The columns as expressions, under `c`. */
export type TableColumns<Name extends string, D> = {
  readonly [Key in keyof D]: Column<(D[Key] & ColumnDefinition)[typeof VALUE], Name, Key & string>;
};

import type { VALUE } from "../types/type.js";
import type { FromClause } from "./from.js";
import type { AGGREGATE, Item, NAME, Operand, TABLES, TablesIn } from "./operand.js";
import type { NotOneColumn, OneColumn } from "./query.js";

/*
 * Row types, computed once at the call from what a select statement accumulated. Nothing here enumerates tables or reads strings.
 */

/** A selection that is all columns of one table or subquery. */
export interface Whole<out Row, out Name = never> {
  readonly whole: Row;
  readonly name: Name;
}

/** A selection by name: expressions stay flat, tables nest. */
export type NamedSelection = { readonly [Key in string]: Operand | FromClause };

/** What `select()` accumulates: a list of items, names, or a whole table. */
export type Selection = readonly Item[] | NamedSelection | Whole<unknown>;

/** The value of one expression where the tables in `Absent` may be missing from an outer join. */
type ValueOf<E, Absent> = E extends { readonly [VALUE]: infer Value }
  ? E extends { readonly [TABLES]: infer Tables }
    ? [Tables & Absent] extends [never]
      ? Value
      : Value | null
    : Value
  : never;

type FlatRow<Items extends readonly Item[], Absent> = {
  [E in Items[number] as E[typeof NAME] & string]: ValueOf<E, Absent>;
};

type NamedRow<S, Absent> = {
  -readonly [Key in keyof S]: S[Key] extends FromClause<infer Name, unknown, infer Row>
    ? Name extends Absent
      ? Row | null
      : Row
    : ValueOf<S[Key], Absent>;
};

/** The row as an object. */
export type RowOfSelection<S, Absent> =
  S extends Whole<infer Row, infer Name>
    ? WholeRow<Row, Name & Absent>
    : S extends readonly Item[]
      ? FlatRow<S, Absent>
      : NamedRow<S, Absent>;

/** A flat row cannot be absent: all of its columns are NULL where its table is. */
type WholeRow<Row, Lost> = [Lost] extends [never] ? Row : { [Key in keyof Row]: Row[Key] | null };

/** The row by position. */
export type TupleOfSelection<S, Absent> = S extends readonly Item[]
  ? { -readonly [Index in keyof S]: ValueOf<S[Index], Absent> }
  : S extends Whole<infer Row, infer Name>
    ? WholeRow<Row, Name & Absent>[keyof Row][]
    : unknown[];

/**
 * The value of a one-column row. Without a row it is `null`, but an aggregate over all rows always gives one;
 * grouping, HAVING, LIMIT and OFFSET may leave none.
 */
export type ScalarOfSelection<S, Absent, Rows> = S extends readonly [infer E]
  ? OneColumn<
      E extends { readonly [AGGREGATE]: true } ? ValueOf<E, Absent> | NoRowsOf<Rows> : ValueOf<E, Absent> | null
    >
  : S extends readonly Item[] | Whole<unknown>
    ? NotOneColumn
    : { [Key in keyof S]: keyof S extends Key ? OneColumn<ValueOf<S[Key], Absent> | null> : NotOneColumn }[keyof S];

type NoRowsOf<Rows> = Rows extends "one" ? never : null;

/** The key that two items of a flat selection share, or `never`. */
type DuplicateKey<Items extends readonly unknown[], Seen = never> = Items extends readonly [
  infer First extends Item,
  ...infer Rest,
]
  ? First[typeof NAME] extends Seen
    ? First[typeof NAME]
    : DuplicateKey<Rest, Seen | First[typeof NAME]>
  : never;

/** Refuses two items of one key, where the argument list would otherwise be the same as it is. */
export type DistinctKeys<Items extends readonly unknown[]> = [DuplicateKey<Items>] extends [never]
  ? unknown
  : TwoColumnsOfOneKey<DuplicateKey<Items>>;

/** What a flat selection with two columns of one key is asked to be: the message is in the property's name. */
interface TwoColumnsOfOneKey<Key> {
  readonly 'two columns have one key; name one with .as("…")': Key;
}

/** The tables of a flat or named selection. */
export type TablesOfSelection<S> =
  S extends Whole<unknown> ? never : S extends readonly unknown[] ? TablesIn<S[number]> : TablesIn<S[keyof S]>;

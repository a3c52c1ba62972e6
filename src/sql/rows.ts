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

/** The value of one expression where the tables in `Absent` may be missing from an outer join. */
type ValueOf<E, Absent> = E extends Operand
  ? [E[typeof TABLES] & Absent] extends [never]
    ? E[typeof VALUE]
    : E[typeof VALUE] | null
  : never;

/** One value of a row by name: a table nests. */
type NamedValue<Selected, Absent> =
  Selected extends FromClause<infer Name, unknown, infer Row>
    ? Name extends Absent
      ? Row | null
      : Row
    : ValueOf<Selected, Absent>;

/** The row as an object. Its shapes have no names of their own, so that editors show the row itself. */
export type RowOfSelection<S, Absent> = S extends readonly Item[]
  ? { [E in S[number] as E[typeof NAME] & string]: ValueOf<E, Absent> }
  : S extends Whole<infer Row, infer Name>
    ? WholeRow<Row, Name & Absent>
    : S extends NamedSelection
      ? { -readonly [Key in keyof S]: NamedValue<S[Key], Absent> }
      : never;

/** A flat row cannot be absent: all of its columns are NULL where its table is. */
type WholeRow<Row, Lost> = [Lost] extends [never] ? Row : { [Key in keyof Row]: Row[Key] | null };

/** The row by position. */
export type TupleOfSelection<S, Absent> = S extends readonly Item[]
  ? { -readonly [Index in keyof S]: ValueOf<S[Index], Absent> }
  : S extends Whole<infer Row, infer Name>
    ? WholeRow<Row, Name & Absent>[keyof Row][]
    : [Only<S>] extends [never]
      ? unknown[]
      : [ValueOf<Only<S>, Absent>];

/** The expression of a named selection that is only one, else `never`. */
type Only<S> = { [Key in keyof S]: keyof S extends Key ? Extract<S[Key], Operand> : never }[keyof S];

/**
 * The value of a one-column row. Without a row it is `null`, but an aggregate over all rows always gives one;
 * grouping, HAVING, LIMIT and OFFSET may leave none.
 */
export type ScalarOfSelection<S, Absent, Rows> = S extends readonly Item[]
  ? S extends readonly [infer E extends Item]
    ? ScalarOf<E, Absent, Rows>
    : NotOneColumn
  : S extends Whole<infer Row, unknown>
    ? ScalarOfWhole<Row>
    : [Only<S>] extends [never]
      ? NotOneColumn
      : ScalarOf<Only<S>, Absent, Rows>;

type ScalarOfWhole<Row> = string extends keyof Row
  ? OneColumn<unknown> | NotOneColumn
  : { [Key in keyof Row]: keyof Row extends Key ? OneColumn<Row[Key] | null> : NotOneColumn }[keyof Row];

type ScalarOf<E, Absent, Rows> = OneColumn<
  ValueOf<E, Absent> | ([E, Rows] extends [{ readonly [AGGREGATE]: true }, "one"] ? never : null)
>;

type NamesOf<Items extends readonly unknown[]> = {
  [Index in keyof Items]: Items[Index] extends { readonly [NAME]: infer Name } ? Name : never;
};

/** The name that stands twice, or `never`. */
type Repeated<Names extends readonly unknown[], Seen> = Names extends readonly [infer Name, ...infer Rest]
  ? Name extends Seen
    ? Name
    : Repeated<Rest, Seen | Name>
  : never;

/** The key that two items of a flat selection share, or `never`. */
type DuplicateKey<Items extends readonly unknown[]> = Repeated<NamesOf<Items>, never>;

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
  S extends Whole<unknown, unknown> ? never : S extends readonly unknown[] ? TablesIn<S[number]> : TablesIn<S[keyof S]>;

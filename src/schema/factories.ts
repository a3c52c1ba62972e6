import { UsageError } from "../errors/index.js";
import { binaryType } from "../types/binary.js";
import { booleanType } from "../types/boolean.js";
import { dateType } from "../types/date.js";
import { dateTimeType, type TextClass } from "../types/date-time.js";
import { decoratedType, type TypeHooks } from "../types/decorated.js";
import { enumerationType } from "../types/enumeration.js";
import { doubleType, floatType } from "../types/float.js";
import { bigIntegerType, integerType, smallIntegerType } from "../types/integer.js";
import { jsonNull, jsonType } from "../types/json.js";
import { numericType } from "../types/numeric.js";
import { stringType, type StringOptions, textType } from "../types/text.js";
import { timeType } from "../types/time.js";
import type { SqlType, TypeSource } from "../types/type.js";
import { uuidType } from "../types/uuid.js";
import { type ColumnDefinition, define } from "./definition.js";

/* The column factories. Each value declares a column and names its type: `cast(x, integer())`. */

/** A column of any type as it begins: nullable, without default. */
export type NewColumn<Value> = ColumnDefinition<Value | null, "required", "plain", false>;
/** A column of a type that a server counts up as a primary key. */
export type NewCountingColumn<Value> = ColumnDefinition<Value | null, "required", "plain", true>;

function column<Value>(type: SqlType<Value>): NewColumn<Value> {
  return define(type, false);
}

function counting<Value>(type: SqlType<Value>): NewCountingColumn<Value> {
  return define(type, true);
}

/** A whole number of 32 bits, from -2147483648 to 2147483647. */
export function integer(): NewCountingColumn<number> {
  return counting(integerType);
}

/** A whole number of 16 bits, from -32768 to 32767. */
export function smallInteger(): NewColumn<number> {
  return column(smallIntegerType);
}

/** A whole number of 64 bits, as `bigint`; with `{ as: "number" }` as a number, and an error past 2^53. */
export function bigInteger(options?: { readonly as?: "bigint" }): NewCountingColumn<bigint>;
export function bigInteger(options: { readonly as: "number" }): NewCountingColumn<number>;
export function bigInteger(options?: {
  readonly as?: "bigint" | "number";
}): NewCountingColumn<bigint> | NewCountingColumn<number> {
  return options?.as === "number" ? counting(bigIntegerType({ as: "number" })) : counting(bigIntegerType());
}

/** An exact decimal, as a string: `numeric(10, 2)` holds `'12345678.90'`. On SQLite more than 15 digits are kept as text, for equality only. */
export function numeric(precision: number, scale: number = 0): NewColumn<string> {
  return column(numericType(precision, scale));
}

/** A floating-point number of 32 bits where the server has them; rounded to such a number when written. */
export function float(): NewColumn<number> {
  return column(floatType);
}

/** A floating-point number of 64 bits. NaN and the infinities are refused: not every database stores them. */
export function double(): NewColumn<number> {
  return column(doubleType);
}

/**
 * Text of at most so many characters; more are refused before they are sent. MySQL and MariaDB want the length: without one `createAll()` is an
 * `UnsupportedError` there.
 *
 * @param options `collation`: the order of text in this column, by the server's own name for it.
 */
export function string(length?: number, options?: StringOptions): NewColumn<string> {
  return column(stringType(length, options));
}

/** Text of any length. */
export function text(): NewColumn<string> {
  return column(textType);
}

/** True or false. */
export function boolean(): NewColumn<boolean> {
  return column(booleanType);
}

/** A day: `'YYYY-MM-DD'`, from year 1 to 9999. */
export function date(): NewColumn<string> {
  return column(dateType);
}

/** A time of day: `'HH:MM:SS'`, with up to six digits of a second's fraction. */
export function time(): NewColumn<string> {
  return column(timeType);
}

export interface DateTimeColumnOptions {
  /** A moment on every clock (`timestamptz` on PostgreSQL); elsewhere the same UTC date and time. */
  readonly timezone?: boolean;
}

/**
 * A date and time in UTC, as `Date` with milliseconds; with `{ as: "string" }` as text with microseconds; with `{ as: Temporal.Instant }` as any
 * class that has `static from(text)` and `toString()`. Never local time.
 */
export function dateTime(options?: DateTimeColumnOptions): NewColumn<Date>;
export function dateTime(options: DateTimeColumnOptions & { readonly as: "string" }): NewColumn<string>;
export function dateTime<Value extends { toString(): string }>(
  options: DateTimeColumnOptions & { readonly as: TextClass<Value> },
): NewColumn<Value>;
export function dateTime(
  options: DateTimeColumnOptions & { readonly as?: "string" | TextClass } = {},
): NewColumn<never> {
  return column(dateTimeType(options as DateTimeColumnOptions) as SqlType as SqlType<never>);
}

/** A JSON document (`jsonb` on PostgreSQL), encoded once and decoded once. `null` is SQL NULL; `json.null` is JSON's own. */
export interface JsonFactory {
  <Value = unknown>(): NewColumn<Value>;
  /** JSON's null, which is stored as a document and read as `null`. */
  readonly null: typeof jsonNull;
}

export const json: JsonFactory = Object.assign(<Value>(): NewColumn<Value> => column(jsonType<Value>()), {
  null: jsonNull,
} as const);

/** A UUID in lower case: PostgreSQL's own type, elsewhere 36 characters, so that the order is the same. */
export function uuid(): NewColumn<string> {
  return column(uuidType);
}

/** Bytes, as `Uint8Array`. */
export function binary(): NewColumn<Uint8Array> {
  return column(binaryType);
}

/** One of the given texts, kept as text with a check: its order is that of text, not of the members. */
export function enumeration<const Members extends readonly [string, ...string[]]>(
  ...members: Members
): NewColumn<Members[number]> {
  return column(enumerationType(members) as SqlType<Members[number]>);
}

/**
 * A type of your own over another: values pass through `toDriver` on the way to the base type, and through `fromDriver` on the way back.
 * NULL never reaches either.
 *
 * @example
 * ```ts
 * const money = typeDecorator(bigInteger(), {
 *   toDriver: (value: Money) => value.cents,
 *   fromDriver: (cents) => new Money(cents),
 * });
 * const prices = metadata.table("prices", { id: integer().primaryKey(), amount: money().notNull() });
 * ```
 */
export function typeDecorator<Base, Value>(
  base: TypeSource<Base | null>,
  hooks: TypeHooks<Exclude<Base, null>, Value>,
): () => NewColumn<Value> {
  if (base?.type === undefined) throw new UsageError("typeDecorator() takes a column type first, such as string(50).");
  const type = decoratedType(base.type as SqlType<Exclude<Base, null>>, hooks);
  return () => column(type);
}

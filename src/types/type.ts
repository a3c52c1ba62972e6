import type { WireValue } from "../util/wire.js";

/**
 * A portable column type: how a JavaScript value becomes what a driver carries, and back. It holds no SQL text.
 *
 * A dialect names the type in DDL and may replace its two conversions, by `kind`. NULL never reaches a codec: it is handled once, around it.
 */
export interface SqlType<out Value = unknown> {
  /** The key under which dialects find the type: `"integer"`, `"dateTime"` … A decorated type keeps its base's kind. */
  readonly kind: string;
  /** What SQL text depends on: length, precision, scale, time zone, members. */
  readonly parameters: TypeParameters;
  /** True where a whole number may pass 2^53, so that the driver must deliver integers as `bigint`. */
  readonly needsBigInt: boolean;
  /**
   * Turns a value into what is sent; `role` is "write" for a value to be stored (where a length counts), "compare" elsewhere.
   * @throws {InvalidValueError} when the value is of the wrong kind or out of range; its message never holds the value.
   */
  toDriver(value: unknown, role: BindRole): WireValue;
  /** Turns what a driver delivered (never NULL) into the JavaScript value. */
  fromDriver(wire: NonNullWire): Value;
  /** Phantom: carries the value's type, has no run-time existence. */
  readonly [VALUE]?: Value;
}

export declare const VALUE: unique symbol;

/** Whether a bound value is stored in a column or only compared with one. */
export type BindRole = "write" | "compare";

export type NonNullWire = Exclude<WireValue, null>;

/** The arguments of a type that its SQL name may show. */
export interface TypeParameters {
  readonly length?: number;
  /** All digits of a decimal; of a date and time the digits behind the second, 3 or 6. */
  readonly precision?: number;
  readonly scale?: number;
  readonly timezone?: boolean;
  readonly members?: readonly string[];
  readonly name?: string;
  readonly collation?: string;
  /** What an array holds. */
  readonly element?: SqlType;
}

/** Anything that names a type: a factory's value (`integer()`) and a type itself. */
export interface TypeSource<out Value = unknown> {
  readonly type: SqlType<Value>;
}

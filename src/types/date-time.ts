import { types } from "node:util";

import { UsageError } from "../errors/index.js";
import {
  formatInstant,
  hasZone,
  MAX_INSTANT_MS,
  microsecondsOf,
  MIN_INSTANT_MS,
  parseInstant,
  threeDigits,
} from "./calendar.js";
import { classNameOf, invalidValue, kindOf, textFlaw, typeMismatch } from "./refuse.js";
import type { NonNullWire, SqlType, TypeParameters } from "./type.js";

const DELIVERED = "a date and time of the years 0001 to 9999 as 'YYYY-MM-DD HH:MM:SS.ffffff'";

const getTime = (date: Date): number => Date.prototype.getTime.call(date);

/** Instants as `Date`. What others stored below its milliseconds is cut off when it is read. */
class DateTimeType implements SqlType<Date> {
  readonly kind = "dateTime";
  readonly parameters: TypeParameters;
  readonly needsBigInt = false;

  constructor(timezone: boolean) {
    this.parameters = { timezone, precision: 3 };
  }

  toDriver(value: unknown): string {
    const instant = types.isDate(value) ? getTime(value) : NaN;
    if (instant >= MIN_INSTANT_MS && instant <= MAX_INSTANT_MS) return formatInstant(instant, " ");
    const flaw = Number.isNaN(instant) ? "an invalid one" : "one out of this range";
    throw invalidValue("a Date of the years 0001 to 9999", types.isDate(value) ? flaw : kindOf(value));
  }

  fromDriver(wire: NonNullWire): Date {
    const instant = typeof wire === "string" ? parseInstant(wire) : NaN;
    if (instant !== instant) throw typeMismatch(DELIVERED, textFlaw(wire));
    return new Date(instant);
  }
}

/**
 * Dates and times as text with six digits, for what a `Date` cannot hold: `YYYY-MM-DDTHH:MM:SS.ffffffZ` with a time zone, in UTC;
 * `YYYY-MM-DD HH:MM:SS.ffffff` without. Written text must name its zone, or must not, alike.
 */
class DateTimeAsStringType implements SqlType<string> {
  readonly kind = "dateTime";
  readonly parameters: TypeParameters;
  readonly needsBigInt = false;
  readonly #timezone: boolean;

  constructor(timezone: boolean) {
    this.parameters = { timezone, precision: 6 };
    this.#timezone = timezone;
  }

  toDriver(value: unknown): string {
    const instant = typeof value === "string" ? parseInstant(value) : NaN;
    if (instant !== instant) throw invalidValue(this.#expected(), textFlaw(value));
    const text = value as string;
    if (hasZone(text) !== this.#timezone) {
      throw invalidValue(this.#expected(), this.#timezone ? "one without a zone" : "one with a zone");
    }
    const micros = microsecondsOf(text);
    if (micros !== micros)
      throw invalidValue(this.#expected(), "one with digits below the microsecond (round it to microseconds first)");
    return formatInstant(instant, " ") + threeDigits(micros);
  }

  fromDriver(wire: NonNullWire): string {
    const instant = typeof wire === "string" ? parseInstant(wire) : NaN;
    const micros = instant === instant ? microsecondsOf(wire as string) : NaN;
    if (micros !== micros) throw typeMismatch(DELIVERED, textFlaw(wire));
    if (this.#timezone) return `${formatInstant(instant, "T")}${threeDigits(micros)}Z`;
    return formatInstant(instant, " ") + threeDigits(micros);
  }

  #expected(): string {
    const form = this.#timezone
      ? "'YYYY-MM-DDTHH:MM:SS.ffffff' and 'Z' or an offset such as '+01:00'"
      : "'YYYY-MM-DD HH:MM:SS.ffffff' without a zone";
    return `a date and time of the years 0001 to 9999 as ${form}`;
  }
}

/** A class whose instances are made from ISO 8601 text by `from` and give it back by `toString()`, such as `Temporal.Instant`. */
export interface TextClass<out Value extends { toString(): string } = { toString(): string }> {
  from(text: string): Value;
  readonly prototype: Value;
}

class DateTimeAsClassType<Value extends { toString(): string }> implements SqlType<Value> {
  readonly kind = "dateTime";
  readonly parameters: TypeParameters;
  readonly needsBigInt = false;
  readonly #text: DateTimeAsStringType;
  readonly #class: TextClass<Value>;

  constructor(timezone: boolean, textClass: TextClass<Value>) {
    this.#text = new DateTimeAsStringType(timezone);
    this.parameters = this.#text.parameters;
    this.#class = textClass;
  }

  toDriver(value: unknown): string {
    if (!isInstance(value, this.#class)) {
      throw invalidValue(`an instance of ${classNameOf(this.#class)}`, kindOf(value));
    }
    return this.#text.toDriver(value.toString());
  }

  fromDriver(wire: NonNullWire): Value {
    return this.#class.from(this.#text.fromDriver(wire));
  }
}

function isInstance<Value extends { toString(): string }>(value: unknown, textClass: TextClass<Value>): value is Value {
  try {
    return value instanceof (textClass as unknown as new () => Value);
  } catch {
    // A revoked Proxy has no prototype to look at.
    return false;
  }
}

export interface DateTimeOptions {
  /** True for an instant (PostgreSQL's `timestamptz`), false for what a calendar and a clock show. */
  readonly timezone?: boolean;
}

/**
 * A date and time, `Date` in JavaScript and UTC in the database, to the millisecond.
 *
 * `{ as: "string" }` and `{ as: Temporal.Instant }` (with `timezone: true`) or `{ as: Temporal.PlainDateTime }` keep microseconds.
 */
export function dateTimeType(options?: DateTimeOptions): SqlType<Date>;
export function dateTimeType(options: DateTimeOptions & { readonly as: "string" }): SqlType<string>;
export function dateTimeType<Value extends { toString(): string }>(
  options: DateTimeOptions & { readonly as: TextClass<Value> },
): SqlType<Value>;
export function dateTimeType(options: DateTimeOptions & { readonly as?: "string" | TextClass } = {}): SqlType {
  const { timezone = false, as } = options;
  if (as === undefined) return new DateTimeType(timezone);
  if (as === "string") return new DateTimeAsStringType(timezone);
  if (typeof as === "function" && typeof (as as TextClass).from === "function") {
    return new DateTimeAsClassType(timezone, as);
  }
  throw new UsageError(
    'dateTime({ as }) takes "string" or a class with a static from(text), such as Temporal.Instant.',
  );
}

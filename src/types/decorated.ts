import { types } from "node:util";

import { UsageError } from "../errors/index.js";
import type { WireValue } from "../util/wire.js";
import type { BindRole, NonNullWire, SqlType, TypeParameters } from "./type.js";

/** The user's half of a decorated type. Neither function sees NULL; what they throw goes to the caller as it is. */
export interface TypeHooks<Base, Value> {
  /** Turns the user's value into the base type's; `null` stores NULL. */
  readonly toDriver: (value: Value) => Base | null;
  /** Turns the base type's value into the user's. */
  readonly fromDriver: (value: Base) => Value;
}

/** A base type with the user's conversion around it: theirs comes first when a value goes out, and last when it comes in. */
class DecoratedType<Base, Value> implements SqlType<Value> {
  readonly kind: string;
  readonly parameters: TypeParameters;
  readonly needsBigInt: boolean;
  readonly base: SqlType<Base>;
  readonly hooks: TypeHooks<Base, Value>;

  constructor(base: SqlType<Base>, hooks: TypeHooks<Base, Value>) {
    this.kind = base.kind;
    this.parameters = base.parameters;
    this.needsBigInt = base.needsBigInt;
    this.base = base;
    this.hooks = hooks;
  }

  toDriver(value: unknown, role: BindRole): WireValue {
    // What the user's function takes is theirs to check: its declared type holds for typed callers only.
    const converted = synchronous(this.hooks.toDriver(value as Value), "toDriver");
    return converted === null ? null : this.base.toDriver(converted, role);
  }

  fromDriver(wire: NonNullWire): Value {
    return synchronous(this.hooks.fromDriver(this.base.fromDriver(wire)), "fromDriver");
  }
}

function synchronous<Result>(result: Result, hook: string): Result {
  if (!types.isPromise(result)) return result;
  // Its rejection, if it comes, has no one else to hear of it.
  result.catch(() => {});
  throw new UsageError(
    `The ${hook} function of a decorated type returned a promise: make it return the value at once.`,
  );
}

/** A type of the user's own, stored as `base` is. */
export function decoratedType<Base, Value>(base: SqlType<Base>, hooks: TypeHooks<Base, Value>): SqlType<Value> {
  const { toDriver, fromDriver } = hooks;
  if (typeof toDriver !== "function" || typeof fromDriver !== "function") {
    throw new UsageError("typeDecorator(base, { toDriver, fromDriver }) takes both functions.");
  }
  return new DecoratedType(base, { toDriver, fromDriver });
}

export function isDecorated(type: SqlType): boolean {
  return type instanceof DecoratedType;
}

/** The type with another one in the place of the undecorated type at its core: how a dialect's own conversions come under the user's. */
export function adaptType(type: SqlType, adapt: (core: SqlType) => SqlType): SqlType {
  if (!(type instanceof DecoratedType)) return adapt(type);
  return new DecoratedType(adaptType(type.base as SqlType, adapt), type.hooks);
}

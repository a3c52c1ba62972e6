import type { Entry } from "./origin.js";
import { UsageError } from "../errors/index.js";

/** A function of the user's, with its `this`. */
export type Method<This, Args extends unknown[], Result> = (this: This, ...args: Args) => Promise<Result>;

/** `@database.transactional()`: works as a standard decorator and under `experimentalDecorators`. */
export interface TransactionalDecorator {
  <This, Args extends unknown[], Result>(
    method: Method<This, Args, Result>,
    context: ClassMethodDecoratorContext<This, Method<This, Args, Result>>,
  ): Method<This, Args, Result>;
  <Args extends unknown[], Result>(
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<(...args: Args) => Promise<Result>>,
  ): void;
}

/** Runs a callback in a transaction, which began where `entry` was called. */
export type Run = <Result>(callback: () => Promise<Result>, entry: Entry) => Promise<Result>;

/** The function, each call of which is a transaction; it keeps `this`, its arguments and its name. */
export function wrap<This, Args extends unknown[], Result>(
  run: Run,
  method: Method<This, Args, Result>,
): Method<This, Args, Result> {
  const wrapped = function (this: This, ...args: Args): Promise<Result> {
    return run(() => method.apply(this, args), wrapped);
  };
  Object.defineProperty(wrapped, "name", { value: method.name, configurable: true });
  return wrapped;
}

/** The decorator that wraps with `run`. */
export function decorator(run: Run): TransactionalDecorator {
  function decorate(
    first: unknown,
    _: unknown,
    descriptor?: TypedPropertyDescriptor<Method<unknown, unknown[], unknown>>,
  ): unknown {
    // Under experimentalDecorators the method is in the descriptor, and is replaced there.
    const method = descriptor === undefined ? first : descriptor.value;
    if (typeof method !== "function") throw new UsageError("@database.transactional() stands before a method.");
    const wrapped = wrap(run, method as Method<unknown, unknown[], unknown>);
    if (descriptor === undefined) return wrapped;
    descriptor.value = wrapped;
    return undefined;
  }
  return decorate as TransactionalDecorator;
}

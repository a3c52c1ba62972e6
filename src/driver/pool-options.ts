import { ConfigurationError } from "../errors/index.js";
import type { DriverConnection, DriverTraits } from "./driver.js";

export interface PoolOptions {
  /**
   * Opens one connection, ready for use, in finite time. The signal is aborted when the pool closes.
   *
   * It may reject: the pool decides who hears of it and when to try again.
   */
  readonly open: (signal: AbortSignal) => Promise<DriverConnection>;
  readonly traits: DriverTraits;
  /** How many connections the pool keeps open without being asked; default 0. */
  readonly minSize?: number | undefined;
  /** How many connections there may be; default 10, and always 1 where every connection is a database of its own. */
  readonly maxSize?: number | undefined;
  /** How long a caller without a deadline of its own waits for a connection; default 10 000 ms. */
  readonly acquireTimeoutMs?: number | undefined;
  /** After how long without use a connection is closed; default 5 minutes, `Infinity` for never. */
  readonly idleTimeoutMs?: number | undefined;
  /** After how long a connection is replaced, less up to a tenth at random; default 30 minutes, `Infinity` for never. */
  readonly maxLifetimeMs?: number | undefined;
}

export type PoolSettings = { readonly [Name in keyof PoolOptions]-?: Exclude<PoolOptions[Name], undefined> };

/** The options with their defaults. @throws {ConfigurationError} when one is out of its range. */
export function poolSettings(options: PoolOptions): PoolSettings {
  const isSingle = options.traits.singleConnection;
  const maxSize = isSingle ? 1 : count("maxSize", options.maxSize ?? 10, 1);
  const minSize = count("minSize", options.minSize ?? 0, 0);
  if (minSize > maxSize && !isSingle) {
    throw new ConfigurationError(`minSize is ${minSize} and maxSize ${maxSize}: minSize is at most maxSize.`);
  }
  return {
    open: options.open,
    traits: options.traits,
    minSize: Math.min(minSize, maxSize),
    maxSize,
    acquireTimeoutMs: duration("acquireTimeoutMs", options.acquireTimeoutMs ?? 10_000),
    idleTimeoutMs: isSingle ? Infinity : duration("idleTimeoutMs", options.idleTimeoutMs ?? 5 * 60_000),
    maxLifetimeMs: isSingle ? Infinity : duration("maxLifetimeMs", options.maxLifetimeMs ?? 30 * 60_000),
  };
}

function count(name: string, value: number, least: number): number {
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new ConfigurationError(`${name} must be a whole number, at least ${least}.`);
}

function duration(name: string, value: number): number {
  if (typeof value === "number" && value > 0) return value;
  throw new ConfigurationError(`${name} must be a number of milliseconds above 0, or Infinity for no limit.`);
}

import { AsyncLocalStorage } from "node:async_hooks";
import type { Venue } from "./venue.js";

/** Marks the part of a context that `detached()` put outside the transaction around it. */
export const DETACHED: unique symbol = Symbol("detached");

/** One step of a context: what the calls of one database join, and the step around it. Steps of several databases mix freely. */
export interface Scope {
  readonly database: object;
  readonly venue: Venue | typeof DETACHED;
  readonly outer: Scope | null;
}

/** Made at the first need: before it, no call of the process pays for the tracking of its context. */
let storage: AsyncLocalStorage<Scope | null> | null = null;

/** The innermost step of the running code's context. */
export function currentScope(): Scope | null {
  return storage === null ? null : (storage.getStore() ?? null);
}

/** Runs `fn` in exactly this context. */
export function runInScope<Result>(scope: Scope | null, fn: () => Result): Result {
  if (storage === null) {
    if (scope === null) return fn();
    storage = new AsyncLocalStorage();
  }
  return storage.run(scope, () => begun(fn()));
}

/**
 * Begins what a callback gives that begins only when it is awaited, as some query objects do: awaited by the caller, it would run outside
 * of the context.
 */
function begun<Result>(result: Result): Result {
  if (typeof result !== "object" || result === null || result instanceof Promise || !("then" in result)) return result;
  const { then } = result;
  if (typeof then !== "function") return result;
  // To whoever awaits it the promise is what the thenable was.
  return new Promise((resolve, reject) => void then.call(result, resolve, reject)) as Result;
}

/** Runs `fn` in the current context with one more step. */
export function runWith<Result>(database: object, venue: Venue | typeof DETACHED, fn: () => Result): Result {
  return runInScope({ database, venue, outer: currentScope() }, fn);
}

/**
 * Where a call of `database` is to run: the innermost step of that database, `home` where there is none.
 *
 * A detached step leads out of what is around it, except where there is but one connection: there the call joins the innermost step that is
 * still open, as nothing else can be reached.
 */
export function venueOf(database: object, home: Venue): Venue {
  let joined: Venue | null = null;
  let isDetached = false;
  for (let scope = currentScope(); scope !== null; scope = scope.outer) {
    const { venue } = scope;
    if (scope.database !== database) continue;
    if (venue === DETACHED) isDetached = true;
    else if (!isDetached) return venue;
    else {
      if (venue.isOpen) joined ??= venue;
      if (venue.isOnlyConnection) return joined ?? venue;
    }
  }
  return home.isOnlyConnection ? (joined ?? home) : home;
}

/** The venues around the running code, of every database, innermost first, detached or not. */
export function* venuesAround(): Generator<Venue> {
  for (let scope = currentScope(); scope !== null; scope = scope.outer) {
    if (scope.venue !== DETACHED) yield scope.venue;
  }
}

import { DatabaseError, defineKind } from "./base.js";
import type { CodeWithin } from "./codes.js";

/** Thrown when the pool could not give a connection: its subclasses say why. */
export class PoolError extends DatabaseError {
  declare readonly code: CodeWithin<"POOL">;

  static {
    defineKind(this, "POOL");
  }
}

/**
 * Thrown when no connection became free in time: the message says who holds them; end those sooner or raise
 * `maxSize`.
 */
export class PoolTimeoutError extends PoolError {
  declare readonly code: "POOL_TIMEOUT";

  static {
    defineKind(this, "POOL_TIMEOUT");
  }
}

/**
 * Thrown when every connection is held by a call that itself waits for one: use one connection for nested work, or
 * raise `maxSize`.
 */
export class PoolDeadlockError extends PoolError {
  declare readonly code: "POOL_DEADLOCK";

  static {
    defineKind(this, "POOL_DEADLOCK");
  }
}

/** Thrown by a call after, or cut short by, `disconnect()`: call `connect()` first. */
export class PoolClosedError extends PoolError {
  declare readonly code: "POOL_CLOSED";

  static {
    defineKind(this, "POOL_CLOSED");
  }
}

/** Thrown when too many calls already wait for a connection: shed load, or try again later. */
export class PoolQueueFullError extends PoolError {
  declare readonly code: "POOL_QUEUE_FULL";

  static {
    defineKind(this, "POOL_QUEUE_FULL");
  }
}

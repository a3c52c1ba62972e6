import type { DriverConnection } from "./driver.js";

/** A connection's place in the pool, from when it was opened until it is closed. */
export class Slot<User> {
  readonly connection: DriverConnection;
  /** When it is due to be replaced, by `performance.now()`. */
  readonly expiresAtMs: number;
  /** Who uses it; `null` while it is idle. */
  user: User | null = null;
  /** True where it is closed rather than kept when it comes back. */
  isRetired = false;
  /** When a sweep first found it idle; `null` since it was last used. */
  idleSinceMs: number | null = null;

  constructor(connection: DriverConnection, expiresAtMs: number) {
    this.connection = connection;
    this.expiresAtMs = expiresAtMs;
  }
}

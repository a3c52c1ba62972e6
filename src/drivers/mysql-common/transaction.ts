import type { DriverConnection } from "../../driver/driver.js";

const IN_TRANSACTION = 0x0001;
const AUTOCOMMIT = 0x0002;

/** What is known of the session's transaction, by the flags that the server ends its answers with. An error has none. */
export class TransactionState {
  /** `null` where nobody knows. */
  #flags: number | null;

  constructor(flags: number) {
    this.#flags = flags;
  }

  get status(): DriverConnection["transactionStatus"] {
    if (this.#flags === null) return "unknown";
    return (this.#flags & IN_TRANSACTION) === 0 ? "idle" : "open";
  }

  /** True where an error may have ended a transaction, or have left one open. */
  get mayEndWithError(): boolean {
    return this.#flags === null || (this.#flags & (IN_TRANSACTION | AUTOCOMMIT)) !== AUTOCOMMIT;
  }

  /** @param flags those of an answer; `null` for a result with rows of a package that does not show them. */
  note(flags: number | null): void {
    if (flags !== null) this.#flags = flags;
    // Without autocommit, a read begins a transaction.
    else if (this.#flags !== null && (this.#flags & AUTOCOMMIT) === 0) this.#flags = null;
  }

  forget(): void {
    this.#flags = null;
  }
}

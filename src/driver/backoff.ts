const FIRST_DELAY_MS = 25;
const LONGEST_DELAY_MS = 1_000;

/** How long to wait before the next attempt to connect: twice as long after each failure, with jitter, at most a second. */
export class Backoff {
  #failures = 0;

  succeeded(): void {
    this.#failures = 0;
  }

  /** Counts a failure and gives the delay after it, in milliseconds. */
  failed(): number {
    const delayMs = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** this.#failures);
    this.#failures += 1;
    // Processes that lost their server together do not come back together.
    return delayMs * (0.5 + Math.random() / 2);
  }
}

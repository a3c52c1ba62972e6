import { addSuppressed, CommitError } from "../errors/index.js";
import { runInScope, type Scope } from "./context.js";

/** What is to run once the outcome of the outermost transaction is known. */
export type Hook = () => unknown;

/** How a transaction ended, as far as hooks are concerned. */
export type Ending = "committed" | "rolledBack";

/** The hooks of one transaction level, in the order in which they were given. */
export class Hooks {
  #entries: { readonly on: Ending | "always"; readonly hook: Hook }[] = [];

  add(on: Ending, hook: Hook): void {
    this.#entries.push({ on, hook });
  }

  /** Takes over the hooks of a nested level that has ended: after a rollback nothing can still commit it. */
  absorb(nested: Hooks, ending: Ending): void {
    for (const { on, hook } of nested.#entries) {
      if (ending === "committed" || on === "always") this.#entries.push({ on, hook });
      else if (on === "rolledBack") this.#entries.push({ on: "always", hook });
    }
  }

  /**
   * Runs the hooks of this ending, one after the other, in the context in which the transaction began. All run, whatever the others do.
   *
   * @throws {CommitError} with the first failure as cause and the others suppressed; `outcome` says how the transaction ended.
   */
  async run(ending: Ending, scope: Scope | null): Promise<void> {
    const entries = this.#entries;
    if (entries.length === 0) return;
    this.#entries = [];
    const failures: unknown[] = [];
    for (const { on, hook } of entries) {
      if (on !== ending && on !== "always") continue;
      try {
        await runInScope(scope, hook);
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw hookError(ending, failures);
  }
}

function hookError(ending: Ending, [first, ...others]: readonly unknown[]): CommitError {
  const isCommitted = ending === "committed";
  const error = new CommitError(
    `The transaction was ${isCommitted ? "committed" : "rolled back"}, but a hook that ran after it failed, with the error in cause: ` +
      "do not run the transaction again for it.",
    { cause: first, outcome: isCommitted ? "committed" : "rolled-back" },
  );
  for (const other of others) addSuppressed(error, other);
  return error;
}

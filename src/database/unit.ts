import type { Limits } from "./limits.js";
import type { Origin } from "./origin.js";
import type { TransactionLevel } from "./transaction-level.js";
import type { Venue } from "./venue.js";

/**
 * Runs work of ours as one unit: in a transaction, or in a savepoint of the one that is open. Nothing of it is ambient.
 *
 * @throws what the work throws, after the rollback; or why it could not be committed.
 */
export async function inTransaction<Result>(
  venue: Venue,
  request: { readonly origin: Origin; readonly limits: Limits },
  work: (level: TransactionLevel) => Promise<Result>,
): Promise<Result> {
  const level = await venue.open({
    ...request,
    characteristics: null,
    isExplicit: false,
    purpose: "statement",
    isForced: false,
  });
  let result: Result;
  try {
    result = await work(level);
  } catch (error) {
    // A guest's failure is nobody else's.
    if (!level.isOutermost) level.outer?.note(error, false);
    await level.settle("rollback", { error });
    throw error;
  }
  await level.settle("commit", null);
  return result;
}

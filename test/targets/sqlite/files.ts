import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Feature } from "../../suite/target.js";

/** What every driver of SQLite has in common. */
export const sqliteFeatures: ReadonlySet<Feature> = new Set([
  "insertReturning",
  "updateReturning",
  "deleteReturning",
  "rightJoin",
  "fullJoin",
  "noRowLocks",
  "transactionalDdl",
  "deferredConstraints",
  "survivingTransactions",
  "textForWideDecimals",
  "violatedNames",
  "keysFollowGivenOnes",
]);

let folder: string | null = null;
let files = 0;

/** The URL of a file that does not exist yet, in a folder that goes with the process. */
export function freshFile(driver: string): Promise<string> {
  if (folder === null) {
    const made = mkdtempSync(join(tmpdir(), "databases-sqlite-"));
    process.once("exit", () => rmSync(made, { recursive: true, force: true }));
    folder = made;
  }
  files += 1;
  return Promise.resolve(`sqlite+${driver}:///${join(folder, `${files}.db`)}`);
}

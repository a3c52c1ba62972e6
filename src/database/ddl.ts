import type { DdlNode } from "../ast/ddl.js";
import type { HasNode } from "../ast/node.js";
import { run } from "./execute.js";
import { limitsOf } from "./limits.js";
import type { Origin } from "./origin.js";
import { summary } from "./results.js";
import { compileQuery } from "./statement.js";
import { inTransaction } from "./unit.js";
import type { Venue } from "./venue.js";

/** Runs DDL in order: in one transaction where the server can undo it, on one connection where it cannot. */
export async function runDdl(place: Venue, elements: readonly HasNode<DdlNode>[], origin: Origin): Promise<void> {
  const venue = await place.ready();
  const { compiler } = venue;
  if (compiler === null || elements.length === 0) return;
  // What cannot be said on this database is refused before anything is sent.
  for (const element of elements) compileQuery(compiler, element, null);
  const limits = limitsOf(null, venue.acquireTimeoutMs);
  if (compiler.dialect.features.transactionalDdl) {
    await inTransaction(venue, { origin, limits }, (level) => runOn(level, elements));
    return;
  }
  const pin = await venue.pin(origin, limits);
  try {
    await runOn(pin.venue, elements);
  } finally {
    await pin.unpin();
  }
}

async function runOn(venue: Venue, elements: readonly HasNode<DdlNode>[]): Promise<void> {
  for (const element of elements) await run(venue, element, null, null, summary);
}

import type { DdlNode } from "../ast/ddl.js";
import type { HasNode } from "../ast/node.js";
import { planDdl, type DdlStep } from "./ddl-plan.js";
import { run } from "./execute.js";
import { limitsOf, type Limits } from "./limits.js";
import type { Origin } from "./origin.js";
import { summary } from "./results.js";
import { compileQuery } from "./statement.js";
import { inTransaction } from "./unit.js";
import type { Venue } from "./venue.js";

/** Runs DDL in order: in one transaction where the server can undo it, on one connection where it cannot. */
export async function runDdl(place: Venue, given: readonly HasNode<DdlNode>[], origin: Origin): Promise<void> {
  const venue = await place.ready();
  const { compiler } = venue;
  if (compiler === null || given.length === 0) return;
  const steps = planDdl(given, compiler.dialect.features);
  // What cannot be said on this database is refused before anything is sent.
  for (const step of steps) compileQuery(compiler, step, null);
  const limits = limitsOf(null, venue.acquireTimeoutMs);
  if (compiler.dialect.features.transactionalDdl) {
    await inTransaction(venue, { origin, limits }, (level) => runOn(level, steps, origin, limits));
    return;
  }
  const pin = await venue.pin(origin, limits);
  try {
    await runOn(pin.venue, steps, origin, limits);
  } finally {
    await pin.unpin();
  }
}

async function runOn(venue: Venue, steps: readonly DdlStep[], origin: Origin, limits: Limits): Promise<void> {
  for (const step of steps) {
    if (step.tolerates === null) await run(venue, step, null, null, summary);
    else await tryOn(venue, step, step.tolerates, { origin, limits });
  }
}

/** In a savepoint where there is a transaction, which its error must not end. */
async function tryOn(
  venue: Venue,
  step: DdlStep,
  tolerates: (error: unknown) => boolean,
  request: { readonly origin: Origin; readonly limits: Limits },
): Promise<void> {
  const { transactionalDdl } = venue.compiler?.dialect.features ?? {};
  try {
    if (transactionalDdl === true) await inTransaction(venue, request, (level) => runStep(level, step));
    else await runStep(venue, step);
  } catch (error) {
    if (!tolerates(error)) throw error;
  }
}

async function runStep(venue: Venue, step: DdlStep): Promise<void> {
  await run(venue, step, null, null, summary);
}

import { Lease } from "../driver/lease.js";
import { venuesAround } from "./context.js";
import type { Limits } from "./limits.js";
import type { Hold } from "./venue.js";

/** The leases that the running code holds already, innermost first, whichever database they are of: it gives none back while it waits. */
export function leasesAround(): Lease[] {
  const leases = new Set<Lease>();
  for (const { isOpen, lease } of venuesAround()) if (isOpen && lease instanceof Lease) leases.add(lease);
  return [...leases];
}

/** Waits until this connection alone may write, where writers take turns. */
export async function takeWriterTurn(hold: Hold, { waitUntilMs, signal }: Limits): Promise<void> {
  await hold.takeWriterTurn({ deadlineMs: waitUntilMs, signal, within: leasesAround() });
}

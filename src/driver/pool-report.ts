import type { Lease, LeaseHolder } from "./lease.js";

/** How a pool stands at this moment, for gauges. */
export interface PoolFigures {
  /** Open connections: those idle and those in use. */
  readonly size: number;
  readonly idle: number;
  readonly inUse: number;
  /** Callers that wait for a connection or for the writer's turn. */
  readonly waiting: number;
  readonly maxSize: number;
}

const MAX_LISTED = 5;

export function describeFigures({ size, idle, maxSize, waiting }: PoolFigures): string {
  return `${size} of at most ${maxSize} connections open, ${idle} idle, ${waiting} waiting`;
}

/** Who holds what and since when, longest first; a sentence. */
export function describeHolders(leases: readonly Lease[], turnHolder: Lease | null): string {
  if (leases.length === 0) return "No connection is in use.";
  const sorted = leases.toSorted((a, b) => (a.heldSinceMs ?? Infinity) - (b.heldSinceMs ?? Infinity));
  const listed = sorted.slice(0, MAX_LISTED).map((lease) => describeLease(lease, lease === turnHolder));
  const rest = sorted.length - listed.length;
  return `In use by ${listed.join("; ")}${rest > 0 ? `; and ${rest} more` : ""}.`;
}

function describeLease({ holder, heldSinceMs }: Lease, hasTurn: boolean): string {
  const heldMs = heldSinceMs === null ? 0 : performance.now() - heldSinceMs;
  return `${holder.what} for ${Math.round(heldMs)} ms${describePlace(holder)}${hasTurn ? " (has the writer's turn)" : ""}`;
}

/** The first place of the stack, as it stands there. */
function describePlace({ where }: LeaseHolder): string {
  const place = /\n\s+(at .+)/.exec(where?.stack ?? "");
  return place === null ? "" : ` ${place[1]}`;
}

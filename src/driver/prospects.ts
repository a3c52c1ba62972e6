import type { Lease } from "./lease.js";
import type { WaitKind } from "./waiter.js";

/** What of a pool will come free without anybody's giving up. */
export interface Prospects {
  readonly connection: boolean;
  readonly turn: boolean;
}

/**
 * Follows who waits for whom. A lease is given back in the end if all that waits within it is served; one such lease serves, one after the
 * other, all who wait for a connection; the writer's turn comes free if the lease that holds it is such a one.
 *
 * @param known what comes free whatever these leases do
 */
export function prospects(leases: readonly Lease[], turnHolder: Lease | null, known: Prospects): Prospects {
  let { connection, turn } = known;
  // Each round but the last turns one of the two to true.
  for (;;) {
    const ending = leases.filter((lease) => ends(lease, { connection, turn }));
    const now = { connection: connection || ending.length > 0, turn: turn || ending.some((it) => it === turnHolder) };
    if (now.connection === connection && now.turn === turn) return now;
    ({ connection, turn } = now);
  }
}

/** Whether a wait of this kind comes to its end. */
export function isServed(kind: WaitKind, { connection, turn }: Prospects): boolean {
  return (connection || kind === "turn") && (turn || kind === "read");
}

function ends({ waits }: Lease, hope: Prospects): boolean {
  if (waits === null) return true;
  const kinds: readonly WaitKind[] = ["read", "write", "turn"];
  return kinds.every((kind) => waits[kind] === 0 || isServed(kind, hope));
}

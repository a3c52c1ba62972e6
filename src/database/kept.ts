import { Connection } from "./connection.js";
import type { Prepare } from "./engine.js";
import { limitsOf, type LimitOptions } from "./limits.js";
import { Origin } from "./origin.js";
import { suppress } from "./outcome.js";
import { PinnedLevel, unpin } from "./pinned-level.js";
import type { Hold, Venue } from "./venue.js";

/** Keeps a connection of a venue. */
export async function keep(
  database: object,
  place: Venue,
  origin: Origin,
  options: LimitOptions | null,
): Promise<Connection> {
  const venue = await place.ready();
  return new Connection(database, await venue.pin(origin, limitsOf(options, venue.acquireTimeoutMs)), origin);
}

/** Runs a callback with a connection as the ambient one, and gives the connection back. */
export async function runOnKept<Result>(
  connection: Connection,
  callback: (connection: Connection) => Result | Promise<Result>,
): Promise<Result> {
  let result: Result;
  try {
    result = await connection.run(() => callback(connection));
  } catch (error) {
    try {
      await connection.release();
    } catch (later) {
      suppress(error, later, "DATABASES_RELEASE_FAILED", "A connection was not given back in order.");
    }
    throw error;
  }
  await connection.release();
  return result;
}

/** Lets the user prepare each new connection, which no pool has yet. */
export function preparing(
  database: object,
  onConnect: (connection: Connection) => unknown,
  acquireTimeoutMs: number,
): Prepare {
  return async (session) => {
    const origin = new Origin("onConnect()", onConnect);
    const hold: Hold = { connection: session, release: nothing, takeWriterTurn: nothing, giveBackWriterTurn: nothing };
    const level = new PinnedLevel(hold, origin, acquireTimeoutMs);
    await runOnKept(new Connection(database, { venue: level, session, unpin: () => unpin(level) }, origin), onConnect);
  };
}

function nothing(): void {
  // Nobody else wants the connection.
}

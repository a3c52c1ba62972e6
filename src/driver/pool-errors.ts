import {
  AbortError,
  ConnectionLostError,
  PoolClosedError,
  PoolDeadlockError,
  PoolTimeoutError,
} from "../errors/index.js";
import type { Lease } from "./lease.js";
import { describeFigures, describeHolders, type PoolFigures } from "./pool-report.js";
import type { Waiter } from "./waiter.js";
import type { WriterTurn } from "./writer-turn.js";

/** What the errors of waiting say of the pool. */
export interface PoolState {
  readonly figures: PoolFigures;
  readonly leases: readonly Lease[];
  readonly turn: WriterTurn | null;
  /** How many connections are being opened. */
  readonly opening: number;
  /** Why the last attempt to connect failed; `null` when it did not. */
  readonly connectError: unknown;
}

export function timeoutError(waiter: Waiter, state: PoolState): PoolTimeoutError {
  const waitedMs = Math.round(performance.now() - waiter.sinceMs);
  const turn = waiter.kind === "read" || state.turn?.holder === null ? null : state.turn;
  const wanted = turn === null ? "No connection became free" : `The writer's turn of ${turn.name} did not come`;
  const advice = turn === null ? "End those uses sooner, or raise maxSize." : "End the writing transaction sooner.";
  const failure = state.connectError === null ? "" : " The last attempt to connect failed: see the cause.";
  const opening = state.opening === 0 ? "" : " A connection is being opened: the server has not completed it yet.";
  return new PoolTimeoutError(
    `${wanted} within ${waitedMs} ms: ${describeFigures(state.figures)}. ${describeUses(state)} ${advice}${opening}${failure}`,
    { cause: state.connectError ?? undefined },
  );
}

export function deadlockError(waiter: Waiter, state: PoolState): PoolDeadlockError {
  const wanted = waiter.kind === "read" ? "a connection" : `the writer's turn${of(state.turn)} or a connection`;
  return new PoolDeadlockError(
    `This call waits for ${wanted} while whoever could free it waits as well, and would wait for ever: ` +
      `${describeFigures(state.figures)}. ${describeUses(state)} ` +
      "Do nested work on the connection that is held already, or raise maxSize.",
  );
}

/** The caller itself has what it would wait for. */
export function ownTurnError(turn: WriterTurn): PoolDeadlockError {
  return new PoolDeadlockError(
    `This call would write to ${turn.name} on a second connection while its own task is writing on the first, and would wait for itself. ` +
      "Run it on the connection or transaction that is open, or end that first; what must be written outside of a transaction goes into " +
      "its onCommit or onRollback hook.",
  );
}

export function closedError(): PoolClosedError {
  return new PoolClosedError("The connection pool is closed. Call connect() before the next query.");
}

export function lostError(): ConnectionLostError {
  return new ConnectionLostError(
    "The only connection to this database was closed, and the database was in it. Disconnect and connect to begin with an empty one.",
    { outcome: "not-executed" },
  );
}

export function abortError(signal: AbortSignal): AbortError {
  return new AbortError("The call was aborted before it had a connection; nothing was sent.", {
    cause: signal.reason as unknown,
    outcome: "not-executed",
  });
}

function of(turn: WriterTurn | null): string {
  return turn === null ? "" : ` of ${turn.name}`;
}

/** Who uses the pool's connections, and another pool's user that has the turn. */
function describeUses({ leases, turn }: PoolState): string {
  const holder = turn?.holder ?? null;
  const isForeign = holder !== null && !leases.includes(holder);
  return describeHolders(isForeign ? [holder, ...leases] : leases, holder);
}

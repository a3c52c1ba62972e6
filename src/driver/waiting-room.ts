import type { LeaseWaits } from "./lease.js";
import { Queue } from "./queue.js";
import type { Waiter, WaiterHost, WaitKind } from "./waiter.js";
import type { WriterTurn } from "./writer-turn.js";

/**
 * Those who wait for one pool: readers for a connection, writers for a connection and the turn, leases for the turn alone.
 *
 * Invariant: a waiter is here from {@link add} until it is settled, and a lease's `waits` counts those who are here within it.
 */
export class WaitingRoom implements Pick<WaiterHost, "left"> {
  readonly #readers = new Queue<Waiter>();
  readonly #writers = new Queue<Waiter>();
  /** Leases of this pool; they stand in the turn's queue, together with those of other pools. */
  readonly #pinned = new Set<Waiter>();
  readonly #turn: WriterTurn | null;

  constructor(turn: WriterTurn | null) {
    this.#turn = turn;
  }

  get reader(): Waiter | null {
    return this.#readers.first;
  }

  get writer(): Waiter | null {
    return this.#writers.first;
  }

  /** Whoever has waited longest for a connection. */
  get oldest(): Waiter | null {
    const { reader, writer } = this;
    if (reader === null || writer === null) return reader ?? writer;
    return reader.order < writer.order ? reader : writer;
  }

  get readers(): number {
    return this.#readers.size;
  }

  /** How many wait for a connection. */
  get forConnection(): number {
    return this.#readers.size + this.#writers.size;
  }

  get pinned(): Iterable<Waiter> {
    return this.#pinned;
  }

  get size(): number {
    return this.forConnection + this.#pinned.size;
  }

  add(waiter: Waiter): void {
    waiter.entry = this.#queue(waiter.kind).push(waiter);
    if (waiter.kind === "turn") this.#pinned.add(waiter);
    for (const lease of waiter.within) {
      const waits: LeaseWaits = (lease.waits ??= { read: 0, write: 0, turn: 0 });
      waits[waiter.kind] += 1;
    }
  }

  left(waiter: Waiter): void {
    if (waiter.entry !== null) this.#queue(waiter.kind).remove(waiter.entry);
    this.#pinned.delete(waiter);
    for (const { waits } of waiter.within) if (waits !== null) waits[waiter.kind] -= 1;
  }

  #queue(kind: WaitKind): Queue<Waiter> {
    if (kind === "read") return this.#readers;
    return kind === "turn" && this.#turn !== null ? this.#turn.pinned : this.#writers;
  }
}

import { basename } from "node:path";
import type { Lease } from "./lease.js";
import { Queue } from "./queue.js";
import type { Waiter } from "./waiter.js";

/** A pool, as the turn sees it. */
export interface TurnMember {
  /** The place in line of the write request that could be served now if the turn were free; `Infinity` where there is none. */
  readonly writerOrder: number;
  /** Serves that request and takes the turn for it; does nothing where its connection turned out to be dead. */
  grantWriter(): void;
  /** The turn has another holder, or none. */
  turnMoved(): void;
}

const turns = new Map<string, WriterTurn>();

/**
 * The right to write to a resource that takes one writer at a time, such as a database file. All pools of the process that use the
 * resource share it.
 *
 * Nobody holds the turn while waiting for a connection: a write request gets both at once, and a lease that asks for the turn has its
 * connection. So its holder lacks nothing of ours, and the turn always comes free. Among those that can be served the oldest goes first; one
 * that lacks a connection is passed over, because that connection may be held by somebody who waits for the turn.
 *
 * Invariant: outside of a method's run, where the turn is free nobody waits who could be served.
 */
export class WriterTurn {
  readonly #key: string;
  readonly #members: TurnMember[] = [];
  /** Leases that wait for the turn. */
  readonly pinned: Queue<Waiter> = new Queue<Waiter>();
  #holder: Lease | null = null;

  private constructor(key: string) {
    this.#key = key;
  }

  /** The turn of a resource, for a pool that uses it from now on. */
  static join(key: string, member: TurnMember): WriterTurn {
    const turn = turns.get(key) ?? new WriterTurn(key);
    turns.set(key, turn);
    turn.#members.push(member);
    return turn;
  }

  leave(member: TurnMember): void {
    this.#members.splice(this.#members.indexOf(member), 1);
    if (this.#members.length === 0) turns.delete(this.#key);
  }

  /** What the resource is called in an error: a file's name without its folder. */
  get name(): string {
    return basename(this.#key);
  }

  get holder(): Lease | null {
    return this.#holder;
  }

  /** Only where it is free. */
  take(lease: Lease): void {
    this.#holder = lease;
  }

  /** Frees the turn if the lease has it, and says whether it had; {@link settle} must follow when the lease's connection is where it belongs. */
  drop(lease: Lease): boolean {
    if (this.#holder !== lease) return false;
    this.#holder = null;
    return true;
  }

  /** Gives a free turn to the oldest who can be served. */
  settle(): void {
    while (this.#holder === null && this.#grantOldest());
    for (const member of this.#members) member.turnMoved();
  }

  #grantOldest(): boolean {
    const pinned = this.pinned.first;
    let order = pinned?.order ?? Infinity;
    let oldest: TurnMember | null = null;
    for (const member of this.#members) {
      if (member.writerOrder >= order) continue;
      order = member.writerOrder;
      oldest = member;
    }
    if (oldest !== null) oldest.grantWriter();
    else if (pinned?.pinned) this.#grantPinned(pinned, pinned.pinned);
    return order !== Infinity;
  }

  #grantPinned(waiter: Waiter, lease: Lease): void {
    this.#holder = lease;
    waiter.resolve(lease);
  }
}

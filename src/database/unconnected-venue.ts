import type { Compiler } from "../compiler/compile.js";
import type { Stand, Venue } from "./venue.js";
import type { Pin } from "./venue.js";
import type { TransactionLevel } from "./transaction-level.js";

/** Where calls arrive before the first connection is there: they go on to where it leads. */
export class UnconnectedVenue implements Venue {
  readonly isOpen = true;
  readonly isOnlyConnection = false;
  readonly isStandAlone = true;
  readonly isolates = false;
  readonly lease = null;
  readonly limits = null;
  readonly compiler: Compiler | null = null;
  readonly acquireTimeoutMs: number;
  readonly database: string;
  readonly ready: () => Promise<Venue>;

  constructor(database: string, acquireTimeoutMs: number, ready: () => Promise<Venue>) {
    this.database = database;
    this.acquireTimeoutMs = acquireTimeoutMs;
    this.ready = ready;
  }

  tryEnter(): null {
    return null;
  }

  async enter(...call: Parameters<Venue["enter"]>): Promise<Stand> {
    return (await this.ready()).enter(...call);
  }

  async open(...call: Parameters<Venue["open"]>): Promise<TransactionLevel> {
    return (await this.ready()).open(...call);
  }

  async pin(...call: Parameters<Venue["pin"]>): Promise<Pin> {
    return (await this.ready()).pin(...call);
  }
}

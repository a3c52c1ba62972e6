import { deadlineIn } from "../driver/deadline.js";
import type { PoolFigures } from "../driver/pool-report.js";
import { PoolClosedError } from "../errors/index.js";
import type { DatabaseURL } from "../url/index.js";
import { Engine, type Prepare } from "./engine.js";
import { limitsOf, settleWithin } from "./limits.js";
import type { Settings } from "./options.js";
import type { Origin } from "./origin.js";
import { warn } from "./outcome.js";
import { PinnedLevel } from "./pinned-level.js";
import { PooledVenue } from "./pooled-venue.js";
import { SoleVenue } from "./sole-venue.js";
import type { TransactionLevel } from "./transaction-level.js";
import { UnconnectedVenue } from "./unconnected-venue.js";
import { forcedRequest, type Venue } from "./venue.js";

/** What an opened database consists of. */
interface Opened {
  readonly engine: Engine;
  /** Where calls go that no transaction and no handle takes: the pool, or the one connection. */
  readonly venue: Venue;
  /** The one connection's level, where there is but one. */
  readonly root: PinnedLevel | null;
}

/** The transaction around everything, and where calls go in it. */
interface Forced {
  readonly floor: TransactionLevel;
  readonly venue: Venue;
}

/** The way of a database from its first call to its last: connected once, whoever asks, and disconnected once. */
export class Lifecycle {
  /** Where calls outside of any transaction run now. */
  home: Venue;
  readonly #url: DatabaseURL;
  readonly #settings: Settings;
  readonly #prepare: Prepare | null;
  readonly #origin: Origin;
  readonly #unconnected: Venue;
  #isDisconnected = false;
  #opening: Promise<Opened> | null = null;
  #opened: Opened | null = null;
  /** The last connecting or disconnecting. */
  #last: Promise<void> | null = null;
  /** The transaction around everything, under `forceRollback`: begun at the first call. */
  #forcing: Promise<Forced> | null = null;

  constructor(url: DatabaseURL, settings: Settings, prepare: Prepare | null, origin: Origin) {
    this.#url = url;
    this.#settings = settings;
    this.#prepare = prepare;
    this.#origin = origin;
    this.#unconnected = new UnconnectedVenue(url.toString(), settings.acquireTimeoutMs, () => this.#enter());
    this.home = this.#unconnected;
  }

  get isConnected(): boolean {
    return this.#opened !== null;
  }

  get figures(): PoolFigures {
    if (this.#opened === null) return { size: 0, idle: 0, inUse: 0, waiting: 0, maxSize: this.#settings.maxSize };
    const figures = this.#opened.engine.pool.figures();
    const { home } = this;
    if (!(home instanceof SoleVenue)) return figures;
    // The database itself keeps its one connection: it is in use while something runs on it.
    const { isBusy, waiting } = home;
    const inUse = isBusy ? 1 : 0;
    return { ...figures, inUse, idle: figures.size - inUse, waiting };
  }

  connect(): Promise<void> {
    return this.#inTurn(async () => {
      this.#isDisconnected = false;
      await this.#open();
    });
  }

  disconnect(timeoutMs: number): Promise<void> {
    this.#refuseCalls();
    return this.#inTurn(async () => {
      this.#refuseCalls();
      await this.#close(timeoutMs);
    });
  }

  #refuseCalls(): void {
    this.#isDisconnected = true;
    this.home = this.#unconnected;
  }

  /** One after the other, so that the last call decides. */
  async #inTurn(step: () => Promise<void>): Promise<void> {
    const before = this.#last;
    let settle = (): void => {};
    this.#last = new Promise<void>((resolve) => (settle = resolve));
    try {
      await before;
      await step();
    } finally {
      settle();
    }
  }

  async #enter(): Promise<Venue> {
    if (this.#isDisconnected) {
      throw new PoolClosedError("The database has been disconnected: call connect() before the next query.");
    }
    const opened = await this.#open();
    if (this.#settings.forceRollback) await this.#force(opened);
    // Whoever disconnects meanwhile gets there first.
    return this.home === this.#unconnected ? this.#enter() : this.home;
  }

  async #open(): Promise<Opened> {
    const opening = (this.#opening ??= this.#connectFirst());
    try {
      return await opening;
    } catch (error) {
      if (this.#opening === opening) this.#opening = null;
      throw error;
    }
  }

  async #connectFirst(): Promise<Opened> {
    const engine = await Engine.load(this.#url, this.#settings, this.#prepare);
    try {
      const { waitUntilMs } = limitsOf(null, engine.acquireTimeoutMs);
      const lease = await engine.pool.acquire({ write: false, holder: this.#origin, deadlineMs: waitUntilMs });
      const root = engine.traits.singleConnection
        ? new PinnedLevel(lease, this.#origin, engine.acquireTimeoutMs)
        : null;
      if (root === null) lease.release();
      // The others only after the first: what a server refuses is not tried many times at once.
      await engine.pool.warmUp();
      const venue = root === null ? new PooledVenue(engine) : new SoleVenue(root, false);
      this.#opened = { engine, venue, root };
      if (!this.#settings.forceRollback && !this.#isDisconnected) this.home = venue;
      return this.#opened;
    } catch (error) {
      await engine.pool.close(0);
      throw error;
    }
  }

  async #force(opened: Opened): Promise<void> {
    const forcing = (this.#forcing ??= this.#beginForced(opened));
    try {
      const { venue } = await forcing;
      if (!this.#isDisconnected) this.home = venue;
    } catch (error) {
      if (this.#forcing === forcing) this.#forcing = null;
      throw error;
    }
  }

  async #beginForced({ venue }: Opened): Promise<Forced> {
    const limits = limitsOf(null, this.#settings.acquireTimeoutMs);
    const floor = await venue.open(forcedRequest(this.#origin, limits));
    return { floor, venue: new SoleVenue(floor, true) };
  }

  async #close(timeoutMs: number): Promise<void> {
    const endMs = deadlineIn(timeoutMs);
    const opened = await this.#opening?.catch(() => null);
    const forced = await this.#forcing?.catch(() => null);
    this.#opening = null;
    this.#forcing = null;
    this.#opened = null;
    if (opened === undefined || opened === null) return;
    const ending = endLevels(opened.root, forced?.floor ?? null);
    await settleWithin(ending, { endMs, waitUntilMs: endMs, signal: null });
    await opened.engine.pool.close(Math.max(0, endMs - performance.now()));
  }
}

/** Ends what is held for the whole life of the database. What fails is undone by the connection's end. */
async function endLevels(root: PinnedLevel | null, floor: TransactionLevel | null): Promise<void> {
  try {
    await floor?.end("rollback", null);
    await root?.release();
  } catch (error) {
    warn(
      "DATABASES_DISCONNECT_FAILED",
      "The connection of a database was closed without having ended in order.",
      error,
    );
  }
}

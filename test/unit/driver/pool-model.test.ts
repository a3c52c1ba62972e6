import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { deadlineIn } from "../../../src/driver/deadline.js";
import type { Lease } from "../../../src/driver/lease.js";
import { Pool } from "../../../src/driver/pool.js";
import { type ScriptedConnection, ScriptedDriver } from "../../support/scripted-driver.js";
import { settled, within } from "../../support/within.js";

type Ending = "release" | "discard" | "dirty" | "dead";

interface AcquireStep {
  readonly do: "acquire";
  readonly pool: number;
  readonly write: boolean;
  /** Whether its deadline is near. */
  readonly soon: boolean;
  /** Which held lease it is asked for within, if any. */
  readonly around: number | null;
}

type Step =
  | AcquireStep
  | { readonly do: "end"; readonly which: number; readonly how: Ending }
  | { readonly do: "abort"; readonly which: number }
  | { readonly do: "takeTurn" | "giveTurn"; readonly which: number }
  | { readonly do: "connected" | "refused"; readonly which: number }
  | { readonly do: "pass time" };

const index = fc.nat(20);

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant("acquire"),
      pool: fc.nat(1),
      write: fc.boolean(),
      soon: fc.nat(9).map((n) => n === 0),
      around: fc.option(index),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("end"),
      which: index,
      how: fc.constantFrom<Ending>("release", "release", "release", "discard", "dirty", "dead"),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("abort"), which: index }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom("takeTurn", "giveTurn"), which: index }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant("connected"), which: index }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("refused"), which: index }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("pass time") }) },
) as fc.Arbitrary<Step>;

/** One call of `acquire`, and what became of it. */
class Ticket {
  readonly abort = new AbortController();
  readonly pool: number;
  readonly write: boolean;
  readonly done: Promise<void>;
  lease: Lease | null = null;
  state: "waiting" | "held" | "ended" = "waiting";
  hasTurn = false;
  turnWaits = 0;

  constructor(pools: readonly Pool[], { pool, write, soon }: AcquireStep, around: Lease | null) {
    this.pool = pool;
    this.write = write;
    const deadlineMs = soon ? deadlineIn(1) : Infinity;
    const within = around === null ? [] : [around];
    const request = { write, holder: { what: "model" }, deadlineMs, signal: this.abort.signal, within };
    this.done = (pools[pool] as Pool).acquire(request).then(
      (lease) => {
        this.lease = lease;
        this.state = "held";
        this.hasTurn = write;
      },
      () => {
        this.state = "ended";
      },
    );
  }

  end(how: Ending): void {
    const connection = this.lease?.connection as ScriptedConnection;
    this.state = "ended";
    this.hasTurn = false;
    if (how === "dirty") connection.transactionStatus = "open";
    if (how === "dead") connection.isOpen = false;
    if (how === "discard") this.lease?.discard();
    else this.lease?.release();
  }

  takeTurn(): void {
    this.turnWaits += 1;
    const settle = (hasTurn: boolean): void => {
      this.turnWaits -= 1;
      this.hasTurn ||= hasTurn;
    };
    Promise.resolve(this.lease?.takeWriterTurn({ deadlineMs: Infinity })).then(
      () => settle(true),
      () => settle(false),
    );
  }

  giveTurn(): void {
    this.hasTurn = false;
    this.lease?.giveBackWriterTurn();
  }
}

/** Two pools on one resource, driven by steps. */
class Model {
  readonly maxSizes: readonly number[];
  readonly drivers: readonly ScriptedDriver[];
  readonly pools: readonly Pool[];
  readonly tickets: Ticket[] = [];
  readonly hasTurn: boolean;
  #refusals = 0;

  constructor(maxSizes: readonly number[], writerKey: string | null) {
    this.maxSizes = maxSizes;
    this.hasTurn = writerKey !== null;
    const traitsGiven = { singleConnection: false, isReadOnly: false, writerKey };
    this.drivers = maxSizes.map(() => Object.assign(new ScriptedDriver(), { traitsGiven, holdsConnects: true }));
    this.pools = this.drivers.map(
      (driver, at) => new Pool({ open: () => driver.connect(), traits: traitsGiven, maxSize: maxSizes[at] }),
    );
  }

  in(state: Ticket["state"]): Ticket[] {
    return this.tickets.filter((ticket) => ticket.state === state);
  }

  run(next: Step): Promise<unknown> | void {
    const pick = <Value>(values: readonly Value[], which: number): Value | undefined => values[which % values.length];
    const attempts = this.drivers.flatMap((driver) => driver.attempts);
    switch (next.do) {
      case "acquire":
        this.tickets.push(
          new Ticket(
            this.pools,
            next,
            next.around === null ? null : (pick(this.in("held"), next.around)?.lease ?? null),
          ),
        );
        return;
      case "end":
        return pick(this.in("held"), next.which)?.end(next.how);
      case "abort":
        return pick(this.in("waiting"), next.which)?.abort.abort();
      case "takeTurn":
        return pick(this.in("held"), next.which)?.takeTurn();
      case "giveTurn":
        return pick(this.in("held"), next.which)?.giveTurn();
      case "connected":
        pick(attempts, next.which)?.succeed();
        return;
      case "refused":
        // Each makes the pool pause: a few are enough.
        if ((this.#refusals += 1) <= 2) pick(attempts, next.which)?.fail();
        return;
      case "pass time":
        return sleep(3);
    }
  }

  check(): void {
    const writers = this.hasTurn ? this.in("held").filter(({ hasTurn }) => hasTurn) : [];
    assert.ok(writers.length <= 1, "two have the turn");
    const isFree = writers.length === 0;
    for (const [at, pool] of this.pools.entries()) {
      const driver = this.drivers[at] as ScriptedDriver;
      const mine = (state: Ticket["state"]): Ticket[] => this.in(state).filter((ticket) => ticket.pool === at);
      const { size, idle, inUse, waiting } = pool.figures();
      assert.ok(size + driver.attempts.length <= (this.maxSizes[at] as number), "more than maxSize");
      const turnWaits = mine("held").reduce((sum, ticket) => sum + ticket.turnWaits, 0);
      assert.equal(inUse, mine("held").length, "in use");
      assert.equal(waiting, mine("waiting").length + turnWaits, "waiting");
      assert.ok(!isFree || !this.hasTurn || turnWaits === 0, "a lease waits for a free turn");
      const servable = mine("waiting").filter(({ write }) => isFree || !write);
      assert.ok(idle === 0 || servable.length === 0, "somebody waits beside an idle connection");
      const connections = mine("held").map(({ lease }) => lease?.connection);
      assert.equal(new Set(connections).size, connections.length, "a connection has two users");
    }
  }

  /** Among those that asked one pool for the same, nobody is served while an older one waits. */
  checkOrder(): void {
    for (const [at, ticket] of this.tickets.entries()) {
      if (ticket.state !== "held") continue;
      const older = this.tickets.slice(0, at).filter((it) => it.pool === ticket.pool && it.write === ticket.write);
      assert.ok(
        older.every(({ state }) => state !== "waiting"),
        "overtaken",
      );
    }
  }

  /** Ends all that is held until nobody waits. */
  async finish(): Promise<void> {
    for (const driver of this.drivers) driver.holdsConnects = false;
    for (const attempt of this.drivers.flatMap((driver) => [...driver.attempts])) attempt.succeed();
    for (let round = 0; this.in("waiting").length + this.in("held").length > 0; round += 1) {
      assert.ok(round < 3_000, "somebody waits for ever");
      for (const ticket of this.in("held")) ticket.end("release");
      await settled();
      if (this.in("held").length === 0) await sleep(1);
    }
    await within(Promise.all(this.tickets.map(({ done }) => done)));
  }

  /** Every place in the pools can still be had, and the turn too. */
  async checkPlaces(): Promise<void> {
    for (const [at, pool] of this.pools.entries()) {
      const request = (write: boolean) => ({ write, holder: { what: "model" } });
      const places = Array.from({ length: this.maxSizes[at] as number }, (_, place) =>
        pool.acquire(request(place === 0)),
      );
      for (const lease of await within(Promise.all(places))) lease.release();
    }
  }
}

let runs = 0;

describe("a pool, in every order of events", () => {
  for (const hasTurn of [false, true]) {
    test(`keeps its promises ${hasTurn ? "with" : "without"} a writer's turn`, async () => {
      const sizes = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 2, maxLength: 2 });
      await fc.assert(
        fc.asyncProperty(sizes, fc.array(step, { maxLength: 60 }), async (maxSizes, steps) => {
          // A run that failed must not hold the turn of the next one.
          const model = new Model(maxSizes, hasTurn ? `/data/model-${(runs += 1)}.db` : null);
          for (const next of steps) {
            await model.run(next);
            await settled();
            model.check();
            model.checkOrder();
          }
          await model.finish();
          await model.checkPlaces();
          await within(Promise.all(model.pools.map((pool) => pool.close(1_000))));
          assert.equal(model.drivers.flatMap((driver) => driver.open).length, 0);
        }),
        { numRuns: 200 },
      );
    });
  }
});

import type { TestContext } from "node:test";
import { inspect } from "node:util";
import type { Dialect } from "../../../src/compiler/dialect.js";
import { Database } from "../../../src/database/database.js";
import type { DatabaseOptions } from "../../../src/database/options.js";
import { registerDialect, registerDriver } from "../../../src/database/registry.js";
import { sqlite } from "../../../src/dialects/sqlite/index.js";
import type { ConnectRequest, Driver } from "../../../src/driver/driver.js";
import { connectionError, UndefinedDatabaseError, type ConnectionFailure } from "../../../src/errors/index.js";
import { ScriptedDriver, ScriptedError, type ScriptedConnection } from "../../support/scripted-driver.js";
import { within } from "./support.js";

/** How an attempt ends: open, in a native error, or not at all. */
export type Fate = "open" | "silent" | ConnectionFailure | "undefined database";

/** A driver that does with each host as the test says; of each attempt it notes the host, and of each request all. */
export class HostsDriver extends ScriptedDriver {
  readonly requests: ConnectRequest[] = [];
  readonly fates: Record<string, Fate | ((request: ConnectRequest) => Fate)> = {};
  /** The signals of those who were kept waiting. */
  readonly signals: (AbortSignal | null)[] = [];

  override connect(request?: unknown, signal: AbortSignal | null = null): Promise<ScriptedConnection> {
    const asked = request as ConnectRequest;
    this.requests.push(asked);
    const given = this.fates[asked.address.host] ?? "open";
    const fate = typeof given === "function" ? given(asked) : given;
    if (fate === "open") return super.connect(request, signal);
    if (fate === "silent") {
      this.signals.push(signal);
      this.holdsConnects = true;
      const pending = super.connect(request, signal);
      this.holdsConnects = false;
      return pending;
    }
    const facts = fate === "undefined database" ? { errno: 1049 } : { failure: fate };
    return Promise.reject(new ScriptedError(`native: ${fate}`, facts));
  }

  get hosts(): string[] {
    return this.requests.map(({ address }) => address.host);
  }
}

let registered = 0;

/** A database of the driver, on these hosts. */
export function openScripted(
  t: TestContext,
  hosts: string,
  options: DatabaseOptions = {},
  changes: Partial<Dialect> = {},
): { database: Database; driver: HostsDriver } {
  const scheme = `hosts${(registered += 1)}`;
  const driver = new HostsDriver();
  const dialect: Dialect = {
    ...sqlite,
    session: [],
    startup: { Zone: "UTC" },
    toError: ({ failure: kind }, cause, sql) =>
      kind === null
        ? new UndefinedDatabaseError("The database does not exist.", { cause, sql })
        : connectionError(kind, { cause, sql }),
    forVersion: () => dialect,
    ...changes,
  };
  registerDialect(scheme, () => Promise.resolve(dialect));
  registerDriver(scheme, {
    name: "hosts",
    packageName: null,
    urlOptions: [],
    load: () => Promise.resolve<Driver>(driver),
  });
  const database = new Database(`${scheme}://user:canary@${hosts}`, { acquireTimeoutMs: 500, ...options });
  t.after(() => within(database.disconnect({ timeoutMs: 100 })));
  return { database, driver };
}

export async function timed<Failure extends Error>(failing: Promise<Failure>): Promise<[Failure, tookMs: number]> {
  const startMs = performance.now();
  return [await failing, performance.now() - startMs];
}

/** Everything that a log could show of an error. */
export function shown(error: unknown): string {
  const { stack } = error as Error;
  return [inspect(error, { depth: null, showHidden: true }), JSON.stringify(error), String(error), stack].join("\n");
}

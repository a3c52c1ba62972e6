import { setTimeout as sleep } from "node:timers/promises";
import type { TestContext } from "node:test";
import type { Dialect } from "../../../src/compiler/dialect.js";
import { STANDARD_FEATURES, type Features } from "../../../src/compiler/features.js";
import type { Database } from "../../../src/database/database.js";
import type { DatabaseOptions } from "../../../src/database/options.js";
import { registerDialect, registerDriver } from "../../../src/database/registry.js";
import { sqlite } from "../../../src/dialects/sqlite/index.js";
import type {
  Driver,
  DriverConnection,
  DriverResult,
  DriverStatement,
  DriverStream,
} from "../../../src/driver/driver.js";
import { driver as real } from "../../../src/drivers/better-sqlite3.js";
import {
  NO_FACTS,
  ConnectionLostError,
  DeadlockError,
  QueryError,
  type NativeErrorFacts,
} from "../../../src/errors/index.js";
import { DatabaseURL } from "../../../src/url/index.js";
import type { WireValue } from "../../../src/util/wire.js";
import { openNotesAt, temporaryFolder } from "./support.js";
import { requestFor } from "../../support/request.js";

/** What happens to a statement: nothing special, an error in its place, or an error after it was done. */
export type Fate = null | { readonly instead: Error } | { readonly after: Error };

/** An error of the faulty driver. */
export class Fault extends Error {
  /** `"io"` loses nothing but the certainty of what was done. */
  readonly kind: "lost" | "io" | "deadlock" | "other";

  constructor(kind: Fault["kind"]) {
    super(`fault: ${kind}`);
    this.kind = kind;
  }
}

/** How a database behaves that a server cannot be made to. Everything is real but what `fate` decides. */
export class Faults {
  readonly log: string[] = [];
  readonly features: Partial<Features>;
  fate: (sql: string) => Fate = () => null;
  /** How long each answer takes; a driver without delay answers at once. */
  delayMs: number | null = null;
  /** Whether an error fails the transaction until it is rolled back. */
  readonly aborts: boolean;
  /** Gives each connection's version. */
  version: () => string = () => "1";
  /** Whether a statement is never answered. */
  isSilent: (sql: string) => boolean = () => false;
  connections = 0;
  /** Ends the newest connection, as a network does. */
  drop: () => void = () => {};

  constructor(features: Partial<Features> = {}) {
    this.features = features;
    this.aborts = features.statementErrorsKeepTransaction === false;
  }
}

let registered = 0;

/** A database with faults, over a real SQLite file with an empty table `notes`. */
export async function openFaulty(t: TestContext, faults: Faults, options: DatabaseOptions = {}): Promise<Database> {
  const scheme = `faulty${(registered += 1)}`;
  const url = new DatabaseURL(`sqlite:///${temporaryFolder(t)}/test.db`);
  registerDialect(scheme, () => Promise.resolve(dialectWith(faults.features)));
  registerDriver(scheme, {
    name: "faulty",
    packageName: null,
    urlOptions: [],
    load: () => Promise.resolve(faultyDriver(faults, url)),
  });
  const database = await openNotesAt(t, `${scheme}://host/test`, { acquireTimeoutMs: 1_000, ...options });
  faults.log.length = 0;
  return database;
}

function dialectWith(features: Partial<Features>): Dialect {
  return {
    ...sqlite,
    name: "faulty",
    features: { ...STANDARD_FEATURES, ...sqlite.features, ...features },
    session: [],
    forVersion: (version) => ({
      ...dialectWith(features),
      name: `faulty ${version}`,
      // One can tell from a text for which version it was compiled.
      placeholder: () => (Number(version) > 1 ? `?/*${version}*/` : "?"),
    }),
    toError: ({ message, connectionLost, ...facts }, cause, sql) => {
      if (connectionLost || message === "fault: io") return new ConnectionLostError(message, { cause, sql });
      if (message === "fault: deadlock") return new DeadlockError(message, { cause, sql });
      if (message.startsWith("fault")) return new QueryError(message, { cause, sql });
      return sqlite.toError({ message, connectionLost, ...facts }, cause, sql);
    },
  };
}

function faultyDriver(faults: Faults, url: DatabaseURL): Driver {
  return {
    name: "faulty",
    isInstalled: () => true,
    traits: () => ({ singleConnection: false, isReadOnly: false, writerKey: null }),
    connect: async (_, signal) => {
      faults.connections += 1;
      return new FaultyConnection(faults, await real.connect(requestFor(url), signal));
    },
    facts: (error): NativeErrorFacts | null => {
      if (!(error instanceof Fault)) return real.facts(error);
      return { ...NO_FACTS, message: error.message, connectionLost: error.kind === "lost" };
    },
  };
}

class FaultyConnection implements DriverConnection {
  readonly serverVersion: string;
  readonly #faults: Faults;
  readonly #real: DriverConnection;
  #isLost = false;
  #isFailed = false;

  constructor(faults: Faults, connection: DriverConnection) {
    this.#faults = faults;
    this.#real = connection;
    this.serverVersion = faults.version();
    faults.drop = () => this.#lose();
  }

  get raw(): unknown {
    return this.#real.raw;
  }

  get isOpen(): boolean {
    return !this.#isLost && this.#real.isOpen;
  }

  get transactionStatus(): DriverConnection["transactionStatus"] {
    return this.#isFailed && this.#real.transactionStatus === "open" ? "failed" : this.#real.transactionStatus;
  }

  execute(statement: DriverStatement): DriverResult | Promise<DriverResult> {
    if (this.#faults.isSilent(statement.sql)) return new Promise<DriverResult>(() => {});
    const { delayMs } = this.#faults;
    if (delayMs === null) return this.#run(statement);
    return sleep(delayMs).then(() => this.#run(statement));
  }

  #run(statement: DriverStatement): DriverResult {
    const { sql } = statement;
    this.#faults.log.push(Number(this.serverVersion) > 1 ? `${this.serverVersion}: ${sql}` : sql);
    const fate = this.#faults.fate(sql);
    try {
      if (fate !== null && "instead" in fate) throw fate.instead;
      if (sql.startsWith("ROLLBACK")) this.#isFailed = false;
      const result = this.#real.execute({ ...statement, reusable: false }) as DriverResult;
      if (fate !== null) throw fate.after;
      return result;
    } catch (error) {
      this.#isFailed = this.#faults.aborts;
      if (error instanceof Fault && error.kind === "lost") this.#lose();
      throw error;
    }
  }

  #lose(): void {
    this.#isLost = true;
    void this.#real.close();
  }

  executeMany(statement: DriverStatement, lists: readonly (readonly WireValue[])[]): number | Promise<number> {
    this.#faults.log.push(`${lists.length} × ${statement.sql}`);
    return this.#real.executeMany(statement, lists);
  }

  async stream(statement: DriverStatement, batchSize: number): Promise<DriverStream> {
    const source = await this.#real.stream(statement, batchSize);
    return { columns: source.columns, next: async () => source.next(), close: () => source.close() };
  }

  close(): Promise<void> {
    return this.#real.close();
  }
}

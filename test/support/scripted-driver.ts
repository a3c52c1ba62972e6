import { NO_FACTS, type NativeErrorFacts } from "../../src/errors/index.js";
import type {
  Driver,
  DriverConnection,
  DriverResult,
  DriverStatement,
  DriverStream,
  DriverTraits,
} from "../../src/driver/driver.js";
import type { WireValue } from "../../src/util/wire.js";

/** What a script answers to a statement: a result, whole or in part, an error to throw, or a promise of either. */
export type Answer = Partial<DriverResult> | Error | Promise<Partial<DriverResult> | Error> | null;

/** Decides what each statement of a connection answers; `null` is an empty result. */
export type Script = (sql: string, parameters: readonly WireValue[], connection: ScriptedConnection) => Answer;

/** An error of the scripted database: its facts are its own. */
export class ScriptedError extends Error {
  readonly facts: NativeErrorFacts;

  constructor(message: string, facts: Partial<NativeErrorFacts> = {}) {
    super(message);
    this.facts = { ...NO_FACTS, message, ...facts };
  }
}

/**
 * A driver without a database, for what no server does on demand: the test decides when a connection opens, and what each statement answers.
 * Everything that it is asked for stands in `log`, in order.
 */
export class ScriptedDriver implements Driver {
  readonly name = "scripted";
  readonly log: string[] = [];
  readonly connections: ScriptedConnection[] = [];
  /** Attempts to connect that wait for the test; there are some only while {@link holdsConnects} is true. */
  readonly attempts: ConnectAttempt[] = [];
  holdsConnects = false;
  script: Script = () => null;
  traitsGiven: DriverTraits = { singleConnection: false, isReadOnly: false, writerKey: null };

  isInstalled(): boolean {
    return true;
  }

  traits(): DriverTraits {
    return this.traitsGiven;
  }

  connect(_request?: unknown, signal: AbortSignal | null = null): Promise<ScriptedConnection> {
    this.log.push("connect");
    const attempt = new ConnectAttempt(this, signal);
    if (this.holdsConnects) this.attempts.push(attempt);
    else attempt.succeed();
    return attempt.promise;
  }

  facts(error: unknown): NativeErrorFacts | null {
    return error instanceof ScriptedError ? error.facts : null;
  }

  get open(): readonly ScriptedConnection[] {
    return this.connections.filter(({ isOpen }) => isOpen);
  }
}

export class ConnectAttempt {
  readonly promise: Promise<ScriptedConnection>;
  readonly signal: AbortSignal | null;
  readonly #driver: ScriptedDriver;
  #resolve!: (connection: ScriptedConnection) => void;
  #reject!: (error: Error) => void;

  constructor(driver: ScriptedDriver, signal: AbortSignal | null) {
    this.#driver = driver;
    this.signal = signal;
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  succeed(): ScriptedConnection {
    const connection = new ScriptedConnection(this.#driver, this.#driver.connections.length + 1);
    this.#driver.connections.push(connection);
    this.#end();
    this.#resolve(connection);
    return connection;
  }

  fail(error: Error = new ScriptedError("refused")): void {
    this.#end();
    this.#reject(error);
  }

  #end(): void {
    const { attempts } = this.#driver;
    if (attempts.includes(this)) attempts.splice(attempts.indexOf(this), 1);
  }
}

export class ScriptedConnection implements DriverConnection {
  readonly id: number;
  readonly serverVersion = "1.0.0";
  isOpen = true;
  transactionStatus: DriverConnection["transactionStatus"] = "idle";
  /** Kept pending by a test that wants a connection which does not end. */
  closing: Promise<void> = Promise.resolve();
  readonly #driver: ScriptedDriver;

  constructor(driver: ScriptedDriver, id: number) {
    this.#driver = driver;
    this.id = id;
  }

  get raw(): unknown {
    return this;
  }

  async execute({ sql, parameters }: DriverStatement): Promise<DriverResult> {
    this.#driver.log.push(`${this.id}: ${sql}`);
    const answer = await this.#driver.script(sql, parameters, this);
    if (answer instanceof Error) throw answer;
    return { columns: [], rows: [], rowCount: 0, lastInsertId: null, command: null, ...answer };
  }

  async executeMany(statement: DriverStatement, lists: readonly (readonly WireValue[])[]): Promise<number> {
    let rowCount = 0;
    for (const parameters of lists) rowCount += (await this.execute({ ...statement, parameters })).rowCount ?? 0;
    return rowCount;
  }

  async stream(statement: DriverStatement, batchSize: number): Promise<DriverStream> {
    const { columns, rows } = await this.execute(statement);
    let offset = 0;
    return {
      columns,
      next: () => rows.slice(offset, (offset += batchSize)),
      close: () => {
        offset = rows.length;
        this.#driver.log.push(`${this.id}: end of stream`);
      },
    };
  }

  close(): Promise<void> {
    if (this.isOpen) this.#driver.log.push(`${this.id}: close`);
    this.isOpen = false;
    return this.closing;
  }
}

import assert from "node:assert/strict";
import * as runner from "node:test";
import { Database, type MetaData } from "../../src/index.js";
import { within } from "../support/within.js";

/** In what databases differ, as far as a test must know it before it runs. */
export const FEATURES = {
  insertReturning: "INSERT … RETURNING",
  updateReturning: "UPDATE … RETURNING",
  deleteReturning: "DELETE … RETURNING",
  rightJoin: "RIGHT JOIN",
  fullJoin: "FULL JOIN",
  rowLocks: "FOR UPDATE",
  noRowLocks: "a lack of FOR UPDATE",
  transactionalDdl: "DDL that can be rolled back",
  deferredConstraints: "constraints that are checked at COMMIT",
  concurrentWriters: "transactions that write beside each other",
  wideDecimals: "order and arithmetic over decimals of more than 15 digits",
  textForWideDecimals: "text in the place of decimals of more than 15 digits",
  survivingTransactions: "transactions that go on after a statement has failed",
  violatedNames: "names of the table and the columns in a violation of a unique constraint",
  serverBooleans: "a boolean type that results show",
  serverJson: "a JSON type that results show",
  negativeZero: "a zero with a minus",
  passwords: "user names and passwords",
  keysFollowGivenOnes: "generated keys that go on from the largest one given",
  backslashEscapes: "backslashes that escape in a text",
} as const;

export type Feature = keyof typeof FEATURES;

/** One driver on one database, as the suites see it. */
export interface Target {
  /** The driver's name in URLs. */
  readonly name: string;
  /** What messages call the database. */
  readonly dialect: string;
  /** The driver's own placeholder for a position, counted from 1. */
  readonly placeholder: (position: number) => string;
  readonly features: ReadonlySet<Feature>;
  /** Tests that do not run here, as `topic: title`, each with its reason. */
  readonly exclusions: Readonly<Record<string, string>>;
  /** The URL of an empty database. Each suite asks for one of its own; it is removed when the process's tests are over. */
  readonly freshUrl: () => Promise<string>;
}

export type Options = NonNullable<ConstructorParameters<typeof Database>[1]>;

/** What a test is given. */
export interface Given {
  readonly url: string;
  /** The suite's database. */
  readonly database: Database;
  /** One more `Database` on the suite's URL; it is disconnected after the test. */
  readonly open: (options?: Options) => Database;
  /** Says that the test, which then returns, cannot run here, and why. */
  readonly skip: (reason: string) => void;
}

/** What is there before a test is. */
type Opened = Omit<Given, "skip">;

/** What a test asks for, so that it is left out where that is missing. */
export interface Needs {
  readonly features?: readonly Feature[];
  /** How many connections it uses at once. */
  readonly connections?: number;
}

type Body = (given: Given) => Promise<void>;
type Preparation = (given: Opened) => Promise<void>;

/** What a suite is declared with. */
export interface Suite {
  readonly target: Target;
  /** A name that no other suite uses. Its type stays, because tables are told apart by it. */
  readonly named: <Name extends string>(name: Name) => Name;
  /** Creates the tables before the first test. */
  readonly tables: (metadata: MetaData) => void;
  readonly before: (body: Preparation) => void;
  readonly beforeEach: (body: Preparation) => void;
  readonly test: (title: string, body: Body, needs?: Needs) => void;
}

/** Declares the tests of a suite for one target. */
export type Declare = (target: Target) => void;

const TEST_TIMEOUT_MS = 30_000;
const CLEANUP_TIMEOUT_MS = 5_000;
const DEFAULT_MAX_SIZE = 10;

/** Every database of the suites has at most so many connections: `TEST_MAX_SIZE`, or the default. */
export const maxSize = Number(process.env["TEST_MAX_SIZE"] ?? DEFAULT_MAX_SIZE);

/** A topic's tests, to be declared for one target after another. */
export function suite(topic: string, declare: (suite: Suite) => void): Declare {
  return (target) => {
    runner.describe(topic, () => declare(new DeclaredSuite(topic, target)));
  };
}

/** Declares the suites for a target, and a test that each exclusion still excludes something. */
export function runSuites(target: Target, suites: readonly Declare[]): void {
  runner.describe(target.name, () => {
    for (const declare of suites) declare(target);
    runner.test("each exclusion names a test and a reason", () => {
      for (const [test, reason] of Object.entries(target.exclusions)) {
        assert.ok(declared.has(test), `no test is called ${JSON.stringify(test)}`);
        assert.notEqual(reason, "");
      }
    });
  });
}

/** Every test of this process, as `topic: title`. */
const declared = new Set<string>();
let names = 0;

class DeclaredSuite implements Suite {
  readonly target: Target;
  readonly #topic: string;
  readonly #suffix = `_${(names += 1)}`;
  readonly #opened: Database[] = [];
  #url: string | null = null;
  #database: Database | null = null;

  constructor(topic: string, target: Target) {
    this.#topic = topic;
    this.target = target;
    runner.before(async () => {
      this.#url = await target.freshUrl();
      this.#database = await within(new Database(this.#url, { maxSize }).connect(), CLEANUP_TIMEOUT_MS);
    });
    runner.afterEach(() => this.#disconnect());
    runner.after(async () => {
      await within(this.#database?.disconnect(), CLEANUP_TIMEOUT_MS);
    });
  }

  readonly named = <Name extends string>(name: Name): Name => `${name}${this.#suffix}` as Name;

  readonly tables = (metadata: MetaData): void => {
    runner.before(() => metadata.createAll(this.#given.database));
  };

  readonly before = (body: Preparation): void => {
    runner.before(() => body(this.#given));
  };

  readonly beforeEach = (body: Preparation): void => {
    runner.beforeEach(() => body(this.#given));
  };

  readonly test = (title: string, body: Body, needs: Needs = {}): void => {
    const test = `${this.#topic}: ${title}`;
    assert.ok(!declared.has(`${this.target.name} ${test}`), `two tests are called ${test}`);
    declared.add(`${this.target.name} ${test}`).add(test);
    const skip = this.target.exclusions[test] ?? lackOf(this.target, needs) ?? false;
    runner.test(title, { timeout: TEST_TIMEOUT_MS, skip }, async (context) => {
      const given = { ...this.#given, skip: (reason: string) => context.skip(reason) };
      await body(given);
      const { inUse, waiting } = given.database.pool;
      assert.deepEqual({ inUse, waiting }, { inUse: 0, waiting: 0 }, "the test left connections in use");
    });
  };

  get #given(): Opened {
    if (this.#url === null || this.#database === null) throw new Error("There is no database before the tests begin.");
    return { url: this.#url, database: this.#database, open: (options) => this.#open(options) };
  }

  #open(options: Options = {}): Database {
    const size = Math.min(options.maxSize ?? DEFAULT_MAX_SIZE, maxSize);
    const minSize = Math.min(options.minSize ?? 0, size);
    const database = new Database(this.#given.url, { ...options, maxSize: size, minSize });
    this.#opened.push(database);
    return database;
  }

  async #disconnect(): Promise<void> {
    for (const database of this.#opened.splice(0)) await within(database.disconnect(), CLEANUP_TIMEOUT_MS);
  }
}

function lackOf(target: Target, { features = [], connections = 1 }: Needs): string | null {
  const missing: string[] = features
    .filter((feature) => !target.features.has(feature))
    .map((feature) => FEATURES[feature]);
  if (connections > maxSize) missing.push(`${connections} connections`);
  return missing.length === 0 ? null : `needs ${missing.join(", ")}`;
}

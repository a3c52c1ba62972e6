import { randomBytes } from "node:crypto";
import { StatementCache } from "../../driver/statement-cache.js";
import type { Layout } from "./layout.js";

const CACHED_STATEMENTS = 256;

/** Behind a pooler several processes share a server's connection, and must not take each other's statements for their own. */
const NAME_PREFIX = `d${randomBytes(6).toString("hex")}_`;

let names = 0;

/** Commands after which a statement may mean something else on its connection, or have no name there. What a new table hides, a plan still reads. */
const ENDS_PLANS = /^(CREATE|DROP|DISCARD|DEALLOCATE)\b/;

/** Commands after which, on every connection, parameters and results may have other types. */
const ENDS_ALL_PLANS = /^ALTER\b/;

/** How many of them this process has run. */
let alterations = 0;

/**
 * A text that comes again. It gets a name at its second use.
 *
 * `"naming"`: a Parse that gives the name is on its way; only its answer makes the statement usable by name, so others do without meanwhile.
 */
class Statement {
  state: "unnamed" | "naming" | "named" = "unnamed";
  name = "";
  layout: Layout | null = null;
  /** What had ended plans until it was named, counted. */
  generation = 0;
}

/** How one exchange refers to its statement. */
export interface StatementUse {
  /** `null` where the text is sent for this use alone. */
  readonly statement: Statement | null;
  /** Empty for the unnamed statement. */
  readonly name: string;
  /** Whether the text must be sent along. */
  readonly needsParse: boolean;
}

const NO_NAMES: readonly string[] = [];

const UNNAMED: StatementUse = { statement: null, name: "", needsParse: true };

/** The prepared statements of one connection. */
export class Statements {
  /** `null` where no statement may have a name. */
  readonly #cache: StatementCache<Statement> | null;
  #closing: string[] = [];
  /** How often plans have ended on this connection. */
  #endings = 0;

  constructor(mayName: boolean) {
    this.#cache = mayName ? new StatementCache(CACHED_STATEMENTS) : null;
  }

  get #generation(): number {
    return this.#endings + alterations;
  }

  use(sql: string, isReusable: boolean): StatementUse {
    if (!isReusable || this.#cache === null) return UNNAMED;
    const statement = this.#cache.get(sql);
    if (statement === null) {
      const evicted = this.#cache.add(sql, new Statement());
      if (evicted !== null) this.#close(evicted);
      return UNNAMED;
    }
    if (statement.generation !== this.#generation) this.#unname(statement);
    if (statement.state === "named") return { statement, name: statement.name, needsParse: false };
    if (statement.state === "naming") return UNNAMED;
    statement.state = "naming";
    statement.generation = this.#generation;
    statement.name = `${NAME_PREFIX}${(names += 1).toString(36)}`;
    return { statement, name: statement.name, needsParse: true };
  }

  /** The server did not take the text, or knows the name no more. */
  forget({ statement, name }: StatementUse): void {
    if (statement !== null && statement.name === name) this.#unname(statement);
  }

  /** Within a transaction a statement whose result has changed would fail all of it, so it is not left to the server to find out. */
  executed(command: string): void {
    if (ENDS_PLANS.test(command)) this.#endings += 1;
    else if (ENDS_ALL_PLANS.test(command)) alterations += 1;
  }

  /** The names that the server can let go. */
  takeClosing(): readonly string[] {
    if (this.#closing.length === 0) return NO_NAMES;
    const closing = this.#closing;
    this.#closing = [];
    return closing;
  }

  #unname(statement: Statement): void {
    this.#close(statement);
    statement.state = "unnamed";
    statement.name = "";
    statement.layout = null;
  }

  #close({ name }: Statement): void {
    if (name !== "") this.#closing.push(name);
  }
}

import type { CursorSyntax } from "../compiler/dialect.js";
import type { DriverResult, DriverStatement, DriverStream } from "../driver/driver.js";
import type { WireColumn, WireValue } from "../util/wire.js";
import type { Limits } from "./limits.js";
import { warn } from "./outcome.js";
import type { Session } from "./session.js";

type Rows = readonly (readonly WireValue[])[];

const NO_ROWS: Rows = [];

/**
 * What may stand after `DECLARE … CURSOR FOR`; any other text that gives rows is read as a stream. A comment has one way to end here, so
 * that many of them take no longer than their length.
 */
const DECLARABLE = /^(?:[\s(]|--[^\n]*\n|\/\*(?:[^*]|\*(?!\/))*\*\/)*(?:SELECT|VALUES|WITH|TABLE)\b/i;

export function isDeclarable(sql: string): boolean {
  return DECLARABLE.test(sql);
}

export interface CursorOptions {
  readonly batchSize: number;
  readonly limits: Limits;
  /** Whether an error of the rows leaves the transaction around it as it was. */
  readonly isIsolated: boolean;
}

/**
 * A result that the server keeps open under a name: between its pieces other statements may run on the connection.
 *
 * Each of its calls is a statement of its transaction: its user holds the gate of the level for it. The transaction's end closes it.
 */
export class Cursor implements DriverStream {
  columns: readonly WireColumn[] = [];
  readonly #session: Session;
  readonly #syntax: CursorSyntax;
  readonly #name: string;
  readonly #statement: DriverStatement;
  readonly #batchSize: number;
  readonly #limits: Limits;
  readonly #isIsolated: boolean;
  #isOpen = false;

  constructor(session: Session, syntax: CursorSyntax, statement: DriverStatement, options: CursorOptions) {
    this.#session = session;
    this.#syntax = syntax;
    this.#name = session.nextName("cursor");
    this.#statement = statement;
    this.#batchSize = options.batchSize;
    this.#limits = options.limits;
    this.#isIsolated = options.isIsolated;
  }

  async open(): Promise<void> {
    for (const sql of this.#syntax.prepare) await this.#session.command(sql, true, this.#limits);
    const sql = this.#syntax.declare(this.#name, this.#statement.sql);
    await this.#execute({ ...this.#statement, sql, reusable: false });
    this.#isOpen = true;
  }

  async next(): Promise<Rows> {
    if (!this.#isOpen) return NO_ROWS;
    const { integers } = this.#statement;
    const sql = this.#syntax.fetch(this.#name, this.#batchSize);
    const fetch: DriverStatement = { sql, parameters: [], reusable: false, integers, isCommand: false };
    const result = await (this.#isIsolated ? this.#executeInSavepoint(fetch) : this.#execute(fetch));
    this.columns = result.columns;
    if (result.rows.length < this.#batchSize) await this.close();
    return result.rows;
  }

  /** Where the transaction has failed or is over, the server has closed it, or will. */
  async close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    if (!this.#session.isUsable || this.#session.transactionStatus !== "open") return;
    await this.#session.command(this.#syntax.close(this.#name), false, this.#limits);
  }

  async #executeInSavepoint(statement: DriverStatement): Promise<DriverResult> {
    const { savepoint, rollbackToSavepoint, releaseSavepoint } = this.#session.compiler.dialect.transactions;
    const name = this.#session.nextName("sp");
    await this.#session.command(savepoint(name), false, this.#limits);
    let result: DriverResult;
    try {
      result = await this.#execute(statement);
    } catch (error) {
      await this.#undo([rollbackToSavepoint(name), releaseSavepoint(name)]);
      throw error;
    }
    await this.#session.command(releaseSavepoint(name), false, this.#limits);
    return result;
  }

  /** Never rejects: there is a first error. */
  async #undo(words: readonly string[]): Promise<void> {
    if (!this.#session.isUsable) return;
    try {
      for (const sql of words) await this.#session.command(sql, false, null);
    } catch (error) {
      this.#session.doubt();
      warn("DATABASES_ROLLBACK_FAILED", "The savepoint of an iteration could not be rolled back.", error);
    }
  }

  #execute(statement: DriverStatement): Promise<DriverResult> {
    return this.#session.within(Promise.resolve(this.#session.execute(statement)), this.#limits);
  }
}

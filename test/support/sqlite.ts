import type { HasNode } from "../../src/ast/node.js";
import type { StatementNode } from "../../src/ast/statement.js";
import { bindParameters, type CallValues, textOf } from "../../src/compiler/bind.js";
import { decodeRows, decodeUntypedRows, type Row } from "../../src/compiler/decode.js";
import { sqlite } from "../../src/dialects/sqlite/index.js";
import type { DriverConnection, DriverResult } from "../../src/driver/driver.js";
import { driver } from "../../src/drivers/better-sqlite3.js";
import type { MetaData } from "../../src/schema/metadata.js";
import { createElements } from "../../src/schema/ddl.js";
import { requestFor } from "./request.js";
import { compiledOf, type Runnable } from "./compile.js";

/** An in-memory SQLite on which statements run at once, without a pool: what compiles is tried on the real thing. */
export class Sqlite {
  readonly #connection: DriverConnection;

  private constructor(connection: DriverConnection) {
    this.#connection = connection;
  }

  static async open(): Promise<Sqlite> {
    return new Sqlite(await driver.connect(requestFor("sqlite://"), null));
  }

  /** Creates the tables of the metadata. */
  create(metadata: MetaData): void {
    for (const element of createElements([...metadata.tables.values()])) this.run(element);
  }

  /** Runs a statement and gives its rows. */
  run(statement: Runnable, values: CallValues | null = null): Row[] {
    const compiled = compiledOf(statement, values, sqlite.forVersion(this.#connection.serverVersion));
    const sql = textOf(compiled, values);
    const parameters = bindParameters(compiled, values);
    const { integers } = compiled;
    // The driver answers at once.
    const result = this.#connection.execute({
      sql,
      parameters,
      reusable: false,
      integers,
      isCommand: false,
    }) as DriverResult;
    if (compiled.result !== null) return decodeRows(compiled.result, result.rows);
    return decodeUntypedRows(result.columns, result.rows);
  }

  /** The one column of a query's rows. */
  column(query: HasNode<StatementNode>, values: CallValues | null = null): unknown[] {
    return this.run(query, values).map((row) => Object.values(row)[0]);
  }

  close(): Promise<void> {
    return this.#connection.close();
  }
}

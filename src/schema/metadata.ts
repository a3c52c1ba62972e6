import type { ColumnNode } from "../ast/from.js";
import { NODE } from "../ast/node.js";
import { ConfigurationError, UsageError } from "../errors/index.js";
import { type BuiltTable, TableBuilder } from "./build.js";
import type { TableElement } from "./constraints.js";
import { EXECUTE_DDL, type DdlExecutor } from "./ddl-port.js";
import { createElements, dropElements } from "./ddl.js";
import { ColumnDefinition } from "./definition.js";
import type { Definitions, TableColumns } from "./infer.js";
import type { Naming, NamingConvention } from "./naming.js";
import { sortTables } from "./sort.js";
import { Table } from "./table.js";

export interface MetaDataOptions {
  /** The schema of every table that names none; the server's default when left out. */
  readonly schema?: string;
  /** How column keys become SQL names: as they are, or `createdAt` as `created_at`. */
  readonly naming?: Naming;
  readonly namingConvention?: NamingConvention;
}

const NAMINGS: readonly unknown[] = ["as-is", "snake_case"] satisfies readonly Naming[];

/** A collection of tables that belong together: references by name are looked up in it, and DDL is made for all of it. */
export class MetaData {
  readonly #options: MetaDataOptions;
  readonly #tables = new Map<string, Table>();
  readonly #indexes = new Set<string>();

  /** @throws {ConfigurationError} for an unknown naming. */
  constructor(options: MetaDataOptions = {}) {
    if (!NAMINGS.includes(options.naming ?? "as-is")) {
      throw new ConfigurationError('MetaData\'s naming is "as-is" or "snake_case".');
    }
    this.#options = options;
  }

  /** The tables by name (`schema.name` where they have a schema), in the order of their declaration. */
  get tables(): ReadonlyMap<string, Table> {
    return this.#tables;
  }

  /** The tables so that each stands after those that it refers to; a table's reference to itself does not count. */
  get sortedTables(): readonly Table[] {
    return sortTables([...this.#tables.values()]);
  }

  /**
   * Declares a table.
   *
   * @param name its name in SQL.
   * @param columns a definition for each column key.
   * @param elements the constraints and indexes that are about several columns.
   * @throws {UsageError} for a name declared twice, no column, two primary keys, a constraint over another table's column.
   * @example
   * ```ts
   * const notes = metadata.table("notes", { id: integer().primaryKey(), text: string(100) }, (c) => [index("by_text", c.text)]);
   * ```
   */
  table<const Name extends string, const D extends Definitions>(
    name: Name,
    columns: D,
    elements?: (c: TableColumns<Name, D>) => readonly TableElement[],
  ): Table<Name, D> {
    if (typeof name !== "string" || name === "") throw new UsageError("A table needs a name that is not empty.");
    requireDefinitions(name, columns);
    const schema = this.#options.schema ?? null;
    const fullName = schema === null ? name : `${schema}.${name}`;
    if (this.#tables.has(fullName)) throw new UsageError(`The table "${fullName}" is declared twice in this MetaData.`);
    const table = tableOf<Name, D>(this.#build(name, columns, schema, elements as ElementsOf));
    this.#addIndexes(table);
    this.#tables.set(fullName, table as unknown as Table);
    return table;
  }

  /**
   * Creates the tables and indexes that do not exist yet, referred ones first; a table that exists stays as it is.
   *
   * All or nothing on PostgreSQL and SQLite; MySQL and MariaDB keep what was created before an error. References that go in a circle are added
   * to their tables afterwards, where a table cannot refer to one that is not there.
   *
   * @throws {UnsupportedError} for what the database cannot do, before anything is sent.
   */
  async createAll(database: DdlExecutor): Promise<void> {
    await database[EXECUTE_DDL](createElements([...this.#tables.values()]));
  }

  /** Drops the tables that exist, referring ones first. All or nothing on PostgreSQL and SQLite. */
  async dropAll(database: DdlExecutor): Promise<void> {
    await database[EXECUTE_DDL](dropElements([...this.#tables.values()]));
  }

  /** Most databases name an index for the schema, not for its table: the second of a name would be taken for one that exists. */
  #addIndexes({ name: table, indexes }: Pick<Table, "name" | "indexes">): void {
    const names = new Set(this.#indexes);
    for (const { name } of indexes) {
      if (names.has(name)) {
        throw new UsageError(`The index "${name}" of the table "${table}" has the name of another; give each its own.`);
      }
      names.add(name);
    }
    for (const name of names) this.#indexes.add(name);
  }

  #build(name: string, columns: Definitions, schema: string | null, elements: ElementsOf | undefined): BuiltTable {
    const builder = new TableBuilder(name, columns, {
      schema,
      naming: this.#options.naming ?? "as-is",
      convention: this.#options.namingConvention ?? {},
      lookUp: (reference) => this.#lookUp(reference),
    });
    return builder.build(columns, elements?.(builder.columns) ?? []);
  }

  #lookUp(reference: string): ColumnNode {
    const dot = reference.lastIndexOf(".");
    const name = reference.slice(0, dot);
    const table = this.#tables.get(name) ?? this.#tables.get(`${this.#options.schema ?? ""}.${name}`);
    const key = reference.slice(dot + 1);
    const columns = table?.[NODE].columns;
    const column = columns?.find((each) => each.key === key) ?? columns?.find((each) => each.name === key);
    if (dot === -1 || column === undefined) {
      throw new UsageError(
        `The reference "${reference}" leads nowhere: this MetaData has no such column. It is written "table.column", and the module ` +
          "that declares the table must be imported before.",
      );
    }
    return column;
  }
}

type ElementsOf = (columns: unknown) => readonly TableElement[];

/** The one place where the run-time table takes on the types of its definitions. */
function tableOf<Name extends string, D extends Definitions>(built: BuiltTable): Table<Name, D> {
  return new Table<Name, D>(built.node, built.constraints, built.indexes);
}

function requireDefinitions(name: string, columns: unknown): asserts columns is Definitions {
  const entries = typeof columns === "object" && columns !== null ? Object.entries(columns) : [];
  if (entries.length === 0) throw new UsageError(`The table "${name}" has no column.`);
  for (const [key, definition] of entries) {
    if (definition instanceof ColumnDefinition) continue;
    throw new UsageError(
      `The column "${key}" of the table "${name}" is no column definition, such as integer() or string(100).`,
    );
  }
}

import type { ConstraintNode, ForeignKeyConstraint, IndexDefinition } from "../ast/ddl.js";
import type { ColumnNode, ForeignKeyReference, TableNode } from "../ast/from.js";
import { NODE } from "../ast/node.js";
import { UsageError } from "../errors/index.js";
import { Column } from "../sql/column.js";
import { actionsOf, type DeclaredElement, type DeclaredIndex, TableElement } from "./constraints.js";
import { type ColumnDefinition, isGenerated, type Reference } from "./definition.js";
import type { Definitions } from "./infer.js";
import { fillTemplate, type NameParts, type Naming, type NamingConvention, snakeCase } from "./naming.js";

/** What the metadata gives to each of its tables. */
export interface TableSurroundings {
  readonly schema: string | null;
  readonly naming: Naming;
  readonly convention: NamingConvention;
  /** Finds the column that a reference by name means. */
  readonly lookUp: (reference: string) => ColumnNode;
}

export interface BuiltTable {
  readonly node: TableNode;
  readonly constraints: readonly ConstraintNode[];
  readonly indexes: readonly IndexDefinition[];
}

type DeclaredKey = Extract<DeclaredElement, { readonly columns: readonly ColumnNode[] }> & {
  readonly kind: "primaryKey";
};

/** Makes a table of its declarations: nodes, constraints, indexes, names. */
export class TableBuilder {
  readonly #surroundings: TableSurroundings;
  readonly #columns: ColumnNode[] = [];
  readonly #foreignKeys: ForeignKeyReference[] = [];
  readonly #constraints: ConstraintNode[] = [];
  readonly #indexes: IndexDefinition[] = [];
  readonly node: TableNode;

  constructor(name: string, definitions: Definitions, surroundings: TableSurroundings) {
    this.#surroundings = surroundings;
    this.node = {
      kind: "table",
      name,
      schema: surroundings.schema,
      columns: this.#columns,
      foreignKeys: this.#foreignKeys,
    };
    for (const [key, definition] of Object.entries(definitions)) this.#columns.push(this.#column(key, definition));
  }

  /** The columns as the constraints' function sees them. */
  get columns(): Readonly<Record<string, Column>> {
    const byKey = Object.create(null) as Record<string, Column>;
    for (const column of this.#columns) byKey[column.key] = new Column(column);
    return byKey;
  }

  build(definitions: Definitions, elements: readonly TableElement[]): BuiltTable {
    const declared = elements.map((element) => {
      if (element instanceof TableElement) return element.declared;
      throw new UsageError(
        `The constraints of "${this.node.name}" are made by primaryKey(), unique(), check(), foreignKey() and index().`,
      );
    });
    this.#addPrimaryKey(declared);
    for (const column of this.#columns) this.#addColumnElements(column, definitions[column.key] as ColumnDefinition);
    for (const element of declared) this.#add(element);
    return { node: this.node, constraints: this.#constraints, indexes: this.#indexes };
  }

  #column(key: string, definition: ColumnDefinition): ColumnNode {
    const { facts, type } = definition;
    const name = facts.name ?? (this.#surroundings.naming === "snake_case" ? snakeCase(key) : key);
    if (this.#columns.some((column) => column.name === name)) {
      throw new UsageError(
        `Two columns of the table "${this.node.name}" have the SQL name "${name}"; tell them apart with .named().`,
      );
    }
    return {
      kind: "column",
      name,
      key,
      type,
      nullable: facts.nullable,
      primaryKey: facts.primaryKey,
      from: this.node,
      defaults: {
        onInsert: facts.onInsert,
        onUpdate: facts.onUpdate,
        server: facts.server,
        generated: isGenerated(definition),
      },
    };
  }

  /** One primary key a table: of the columns that say so, or of the constraint that names them. */
  #addPrimaryKey(declared: readonly DeclaredElement[]): void {
    const ofColumns = this.#columns.filter((column) => column.primaryKey);
    const named = declared.filter((element): element is DeclaredKey => element.kind === "primaryKey");
    const [constraint, second] = named;
    if (second !== undefined || (constraint !== undefined && ofColumns.length > 0) || ofColumns.length > 1) {
      throw new UsageError(
        `The table "${this.node.name}" has more than one primary key; for a key of several columns write primaryKey(c.a, c.b) once.`,
      );
    }
    if (constraint !== undefined) this.#markKey(constraint.columns);
    const columns = constraint?.columns.map((column) => this.#own(column)) ?? ofColumns;
    if (columns.length === 0) return;
    this.#constraints.push({
      kind: "primaryKey",
      columns,
      name: this.#name("primaryKey", constraint?.name ?? null, columns),
    });
  }

  /** Columns of a key named by constraint become NOT NULL and part of the key, in place: nothing refers to them yet but `c`. */
  #markKey(columns: readonly ColumnNode[]): void {
    for (const column of columns) Object.assign(this.#own(column), { primaryKey: true, nullable: false });
  }

  #own(column: ColumnNode): ColumnNode {
    if (column.from !== this.node) {
      throw new UsageError(`A constraint of "${this.node.name}" names the column "${column.key}" of another table.`);
    }
    return column;
  }

  #addColumnElements(column: ColumnNode, { facts }: ColumnDefinition): void {
    if (facts.unique) this.#add({ kind: "unique", name: null, columns: [column] });
    if (facts.index) this.#add({ kind: "index", name: null, unique: false, terms: [column], where: null });
    const { reference } = facts;
    if (reference === null) return;
    const references = (): readonly ColumnNode[] => [this.#target(reference)];
    this.#add({ kind: "foreignKey", name: null, columns: [column], references, ...actionsOf(reference) });
  }

  #target({ target }: Reference): ColumnNode {
    if (typeof target === "string") return this.#surroundings.lookUp(target);
    const column = typeof target === "function" ? target() : target;
    const node = column?.[NODE];
    if (node?.kind !== "column") throw new UsageError(`A reference of "${this.node.name}" does not lead to a column.`);
    return node;
  }

  #add(element: DeclaredElement): void {
    switch (element.kind) {
      case "primaryKey":
        return;
      case "index":
        this.#indexes.push(this.#index(element));
        return;
      case "check":
        this.#constraints.push({ ...element, name: this.#name("check", element.name, []) });
        return;
      case "unique":
        element.columns.forEach((column) => this.#own(column));
        this.#constraints.push({ ...element, name: this.#name("unique", element.name, element.columns) });
        return;
      case "foreignKey":
        this.#addForeignKey(element);
    }
  }

  #addForeignKey(element: Extract<DeclaredElement, { kind: "foreignKey" }>): void {
    element.columns.forEach((column) => this.#own(column));
    const { columns, references } = element;
    this.#foreignKeys.push({ columns, references });
    const named = this.#name.bind(this, "foreignKey", element.name, columns, references);
    const constraint: ForeignKeyConstraint = {
      ...element,
      /** Named when asked for: the template may hold the referred table, which may be declared later. */
      get name(): string | null {
        return named();
      },
    };
    this.#constraints.push(constraint);
  }

  #index(element: DeclaredIndex): IndexDefinition {
    const columns = element.terms.map((term) => (term.kind === "order" ? term.operand : term));
    const nodes = columns.filter((column) => column.kind === "column");
    const name = element.name ?? this.#name("index", null, nodes) ?? `ix_${this.node.name}_${joined(nodes)}`;
    return { name, table: this.node, unique: element.unique, terms: element.terms, where: element.where };
  }

  #name(
    kind: keyof NamingConvention,
    given: string | null,
    columns: readonly ColumnNode[],
    references?: () => readonly ColumnNode[],
  ): string | null {
    const template = this.#surroundings.convention[kind];
    if (template === undefined || (given !== null && kind !== "check")) return given;
    const parts: NameParts = {
      table: this.node.name,
      columns: joined(columns),
      ...(references !== undefined && { referredTable: referredTable(references()) }),
      ...(given !== null && { name: given }),
    };
    return fillTemplate(template, parts);
  }
}

function joined(columns: readonly ColumnNode[]): string {
  return columns.map((column) => column.name).join("_");
}

function referredTable(columns: readonly ColumnNode[]): string {
  const from = columns[0]?.from;
  return from?.kind === "table" ? from.name : "";
}

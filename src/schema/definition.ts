import type { Deferral, ReferentialAction } from "../ast/ddl.js";
import type { ExpressionNode } from "../ast/expression.js";
import type { DefaultSource } from "../ast/from.js";
import { hasNode } from "../ast/node.js";
import { UsageError } from "../errors/index.js";
import { expression } from "../sql/coerce.js";
import type { Column } from "../sql/column.js";
import type { Operand } from "../sql/operand.js";
import type { SqlType, TypeSource, VALUE } from "../types/type.js";

/** Whether an insert must give the column: one that has a default may be left out, and so may one that takes NULL. */
export type Use = "required" | "optional";

/** Whether the column is the primary key, or of it. */
export type Part = "key" | "plain";

/** Where a column points: a column, a function giving one, or `"table.column"` for itself, cycles and other modules. */
export type ReferenceTarget = Column | (() => Column) | string;

export interface ReferenceOptions {
  readonly onDelete?: ReferentialAction;
  readonly onUpdate?: ReferentialAction;
  /** When the reference is checked: at the statement's end ("immediate") or at the transaction's ("deferred"). */
  readonly deferrable?: Deferral;
}

export interface Reference extends ReferenceOptions {
  readonly target: ReferenceTarget;
}

/** Everything said of a column, as plain data. */
export interface ColumnFacts {
  readonly name: string | null;
  readonly nullable: boolean;
  readonly primaryKey: boolean;
  readonly unique: boolean;
  readonly index: boolean;
  readonly onInsert: DefaultSource | null;
  readonly onUpdate: DefaultSource | null;
  readonly server: ExpressionNode | null;
  readonly reference: Reference | null;
  /** True for the types that a server counts up as a primary key. */
  readonly counts: boolean;
}

const NOTHING_SAID: ColumnFacts = {
  name: null,
  nullable: true,
  primaryKey: false,
  unique: false,
  index: false,
  onInsert: null,
  onUpdate: null,
  server: null,
  reference: null,
  counts: false,
};

/**
 * A column being declared, and at the same time the name of its type: `cast(x, integer())`. Every method gives a new definition.
 *
 * Nullable, as in SQL, until `.notNull()` or `.primaryKey()`. `Counts` is true while the server would count the column up as a primary key.
 */
export class ColumnDefinition<
  out Value = unknown,
  out U extends Use = Use,
  out P extends Part = Part,
  Counts extends boolean = boolean,
> implements TypeSource<Value> {
  readonly type: SqlType<Value>;
  readonly facts: ColumnFacts;
  declare readonly [VALUE]: Value;
  declare readonly use: U;
  declare readonly part: P;

  constructor(type: SqlType<Value>, facts: ColumnFacts) {
    this.type = type;
    this.facts = facts;
  }

  /** NOT NULL: an insert must give the column, unless it has a default. */
  notNull(): ColumnDefinition<Exclude<Value, null>, U, P, Counts> {
    return this.#change({ nullable: false });
  }

  /**
   * The primary key. An `integer()` or `bigInteger()` that is no foreign key and has no default is counted up by the server, so that an insert may
   * leave it out. A key of several columns is `primaryKey(c.a, c.b)` among the constraints.
   */
  primaryKey(): ColumnDefinition<Exclude<Value, null>, Counts extends true ? "optional" : U, "key", Counts> {
    return this.#change({ primaryKey: true, nullable: false });
  }

  /** No two rows have the same value; NULLs are not the same. */
  unique(): ColumnDefinition<Value, U, P, Counts> {
    return this.#change({ unique: true });
  }

  /** An index over this column alone. */
  index(): ColumnDefinition<Value, U, P, Counts> {
    return this.#change({ index: true });
  }

  /**
   * A foreign key: `.references(users.c.id, { onDelete: "cascade" })`, or `"users.id"` where the table is declared later or elsewhere.
   * The name is looked up when a join, DDL or sorting needs it.
   */
  references(
    target: ReferenceTarget,
    options: ReferenceOptions = {},
  ): ColumnDefinition<Value, Counts extends true ? "required" : U, P, false> {
    if (target === undefined) {
      throw new UsageError(
        '.references() got undefined: the table is not declared yet here. Write .references("table.column").',
      );
    }
    return this.#change({ reference: { ...options, target } });
  }

  /**
   * Our default for each inserted row that leaves the column out: a value (which is DEFAULT in DDL too), a function called for each row, or SQL.
   */
  default(value: Default<Value>): ColumnDefinition<Value, "optional", P, false> {
    return this.#change({ onInsert: sourceOf(value, ".default()") });
  }

  /** The server's own DEFAULT, an expression: `.serverDefault(now())`. */
  serverDefault(value: Operand<Value | null, never>): ColumnDefinition<Value, "optional", P, false> {
    if (!hasNode(value)) throw new UsageError(".serverDefault() takes SQL, such as now(); .default() takes values.");
    return this.#change({ server: expression(value, ".serverDefault()") });
  }

  /** The value that every update sets which does not set the column itself. */
  onUpdate(value: Default<Value>): ColumnDefinition<Value, U, P, Counts> {
    return this.#change({ onUpdate: sourceOf(value, ".onUpdate()") });
  }

  /** The name in SQL, where it is not what the key makes of it. */
  named(name: string): ColumnDefinition<Value, U, P, Counts> {
    if (typeof name !== "string" || name === "") throw new UsageError(".named() takes a name that is not empty.");
    return this.#change({ name });
  }

  /** A copy with other facts. Where types and run time meet: the signatures above say what the copy is. */
  #change(facts: Partial<ColumnFacts>): never {
    return new ColumnDefinition(this.type, { ...this.facts, ...facts }) as never;
  }
}

/** A value, a function giving one, or SQL. */
export type Default<Value> = Exclude<Value, null> | (() => Exclude<Value, null>) | Operand<Value | null, never>;

/** A definition as a factory begins it; `counts` for the types that a server counts up. */
export function define<Value, Counts extends boolean>(
  type: SqlType<Value>,
  counts: Counts,
): ColumnDefinition<Value | null, "required", "plain", Counts> {
  return new ColumnDefinition<Value | null, "required", "plain", Counts>(type, { ...NOTHING_SAID, counts });
}

function sourceOf(value: unknown, where: string): DefaultSource {
  if (value === undefined || value === null) {
    throw new UsageError(`${where} takes a value, a function or SQL; a nullable column is NULL without any.`);
  }
  if (hasNode(value)) return { kind: "sql", expression: expression(value, where) };
  return typeof value === "function" ? { kind: "function", make: value as () => unknown } : { kind: "value", value };
}

/** True where the server counts the column up. */
export function isGenerated({ facts }: ColumnDefinition): boolean {
  return (
    facts.counts && facts.primaryKey && facts.reference === null && facts.onInsert === null && facts.server === null
  );
}

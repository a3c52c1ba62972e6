import type { ExpressionNode } from "../ast/expression.js";
import type { TableNode } from "../ast/from.js";
import type { DdlNode } from "../ast/ddl.js";
import type {
  Assignments,
  InsertNode,
  RawNode,
  Returning,
  SelectNode,
  StatementNode,
  UpdateNode,
} from "../ast/statement.js";
import { absentTables } from "../ast/walk.js";
import { assemble, type Assembled } from "./assemble.js";
import { effectOfNative, effectOfTemplate, parseText } from "./raw-text.js";
import { UsageError } from "../errors/index.js";
import { codecsOf } from "./codecs.js";
import type { CompiledBind, CompiledQuery, CompiledResult, Effect } from "./compiled.js";
import type { Dialect } from "./dialect.js";
import { type InsertedKey, insertedKeyOf, returnedKeyOf } from "./inserted-key.js";
import { integersOf, resultOf } from "./result.js";
import { type Chunk, SqlWriter } from "./writer.js";

/** How many raw texts are kept compiled. */
const TEXT_CACHE_SIZE = 1000;

/** How many sets of keys one insert or update is kept compiled for: the keys of a call may come from outside. */
const SHAPES_SIZE = 100;

/** How many texts of many rows one insert keeps: they are long, and one number of rows comes again and again. */
const ROW_TEXTS_SIZE = 4;

const NO_KEYS = "";

type Statement = StatementNode | DdlNode;

/**
 * Turns statements into text for one dialect, once each: a node is read-only, so what it compiled to is kept beside it for as long as it lives.
 */
export class Compiler {
  readonly dialect: Dialect;
  readonly #compiled = new WeakMap<Statement, Map<string, CompiledQuery>>();
  readonly #texts = new Map<string, CompiledQuery>();
  readonly #rowTexts = new WeakMap<InsertNode, Map<string, string>>();

  constructor(dialect: Dialect) {
    this.dialect = dialect;
  }

  /**
   * The statement as text. `writtenKeys` are the keys of the call's values, for an insert or update whose values come with the call:
   * those that are columns are written, the others are parameters.
   *
   * @throws {UsageError} for what is no complete statement: a column that is not in FROM, an update without a condition …
   * @throws {UnsupportedError} for what the database cannot do.
   */
  compile(node: Statement, writtenKeys: readonly string[] | null = null): CompiledQuery {
    let byKeys = this.#compiled.get(node);
    if (byKeys === undefined) this.#compiled.set(node, (byKeys = new Map()));
    const signature = writtenKeys === null ? NO_KEYS : JSON.stringify(writtenKeys);
    let compiled = byKeys.get(signature);
    if (compiled === undefined) {
      compiled = this.#compile(node, writtenKeys);
      keep(byKeys, signature, compiled, SHAPES_SIZE);
    }
    return compiled;
  }

  /**
   * The text of an insert of so many rows that the call gives, all with these keys. Its parameters are those of {@link compile}'s one row,
   * row after row.
   */
  compileRows(node: InsertNode, writtenKeys: readonly string[], count: number): string {
    let texts = this.#rowTexts.get(node);
    if (texts === undefined) this.#rowTexts.set(node, (texts = new Map()));
    const signature = `${count} ${JSON.stringify(writtenKeys)}`;
    let text = texts.get(signature);
    if (text === undefined) {
      text = this.#insert(withCallRow(node, writtenKeys, count)).text;
      keep(texts, signature, text, ROW_TEXTS_SIZE);
    }
    return text;
  }

  /** Raw text with `:name` binds. */
  compileText(text: string): CompiledQuery {
    let compiled = this.#texts.get(text);
    if (compiled === undefined) {
      const { chunks, effect } = parseText(text, this.dialect);
      compiled = this.#rawQuery(assemble(chunks, this.dialect), effect, null);
      keep(this.#texts, text, compiled, TEXT_CACHE_SIZE);
    }
    return compiled;
  }

  /** A text with the driver's own placeholders and their values, as other builders make it. Not kept. */
  compileNative(sql: string, parameters: readonly unknown[]): CompiledQuery {
    const encoders = codecsOf(this.dialect);
    const binds = Array.from(parameters, (value, index) => ({
      source: "value" as const,
      type: null,
      value: encoders.encoder(null, "compare", `the parameter ${index + 1}`).encode(value),
    }));
    return this.#rawQuery({ text: sql, expand: null, binds }, effectOfNative(sql, this.dialect), null);
  }

  #compile(node: Statement, writtenKeys: readonly string[] | null): CompiledQuery {
    switch (node.kind) {
      case "select":
        return this.#select(node);
      case "raw":
        return this.#raw(node);
      case "insert":
        return withOwnNames(this.#insert(withCallRow(node, writtenKeys)), writtenKeys);
      case "update":
        return withOwnNames(this.#write(withCallSet(node, writtenKeys)), writtenKeys);
      case "delete":
        return this.#write(node);
      default:
        return this.#ddl(node);
    }
  }

  #select(node: SelectNode): CompiledQuery {
    const absent = absentTables(node.from);
    const result = resultOf(node.items, node.shape, (field) => absent.has(field.from), codecsOf(this.dialect));
    const types = node.items.map(({ expression }) => expression.type);
    return this.#query(node, {
      result,
      returns: "rows",
      effect: node.lock === null ? "read" : "write",
      integers: integersOf(types),
    });
  }

  #insert(node: InsertNode): CompiledQuery {
    return this.#insertWithKey(node, insertedKeyOf(node, this.dialect));
  }

  #insertWithKey(node: InsertNode, key: InsertedKey): CompiledQuery {
    const writer = new SqlWriter(this.dialect);
    const compiled = this.#write({ ...node, returning: node.returning ?? key.returning }, writer);
    // Lists are as long as the call makes them: what stands after one has no fixed place among the parameters.
    if (key.isBound && compiled.binds.some((bind) => bind.source === "parameter" && bind.list)) {
      return this.#insertWithKey(node, returnedKeyOf(node, this.dialect));
    }
    const insertedKey = key.parts((column) => compiled.binds.indexOf(writer.writtenBind(column) as CompiledBind));
    if (node.returning !== null || key.returning === null) return { ...compiled, insertedKey };
    return { ...compiled, insertedKey, result: null, returns: "none" };
  }

  #write(
    node: Extract<Statement, { readonly returning: Returning | null }>,
    writer: SqlWriter = new SqlWriter(this.dialect),
  ): CompiledQuery {
    const { returning } = node;
    const result =
      returning === null ? null : resultOf(returning.items, returning.shape, () => false, codecsOf(this.dialect));
    const types = returning?.items.map(({ expression }) => expression.type) ?? [];
    return this.#query(
      node,
      { result, returns: returning === null ? "none" : "rows", effect: "write", integers: integersOf(types) },
      writer,
    );
  }

  #ddl(node: DdlNode): CompiledQuery {
    const writer = new SqlWriter(this.dialect, true);
    return this.#query(node, { result: null, returns: "none", effect: "schema", integers: "number" }, writer);
  }

  #query(
    node: Statement,
    facts: Pick<CompiledQuery, "result" | "returns" | "effect" | "integers">,
    writer: SqlWriter = new SqlWriter(this.dialect),
  ): CompiledQuery {
    writer.node(node);
    const body = writer.chunks();
    const chunks: readonly Chunk[] = [...writer.withClause(), ...body];
    return {
      ...assemble(chunks, this.dialect),
      ...facts,
      parameterNames: [...writer.parameterNames],
      insertedKey: null,
    };
  }

  #raw(node: RawNode): CompiledQuery {
    if (typeof node.body === "string") return this.compileText(node.body);
    const writer = new SqlWriter(this.dialect);
    writer.raw(node.body);
    const chunks = [...writer.withClause(), ...writer.chunks()];
    const assembled = assemble(chunks, this.dialect);
    const codecs = codecsOf(this.dialect);
    const declared: CompiledResult | null = node.columns && {
      decoders: node.columns.map(({ type }) => codecs.decoder(type)),
      fields: node.columns.map(({ key }, index) => ({ key, index })),
    };
    const query = this.#rawQuery(assembled, effectOfTemplate(chunks, this.dialect), declared);
    return { ...query, parameterNames: [...writer.parameterNames] };
  }

  #rawQuery(assembled: Assembled, effect: Effect, result: CompiledResult | null): CompiledQuery {
    const names = new Set(assembled.binds.flatMap((bind) => (bind.source === "parameter" ? [bind.name] : [])));
    return {
      ...assembled,
      parameterNames: [...names],
      result,
      returns: result === null ? "unknown" : "rows",
      effect,
      insertedKey: null,
      integers: "bigint",
    };
  }
}

/** Keeps a value under a key that is new, at most `size` of them: the oldest makes room. */
function keep<Value>(kept: Map<string, Value>, key: string, value: Value, size: number): void {
  if (kept.size >= size) kept.delete(kept.keys().next().value as string);
  kept.set(key, value);
}

/** The insert with the call's row in its place, as many times as the call has rows. */
function withCallRow(node: InsertNode, writtenKeys: readonly string[] | null, count = 1): InsertNode {
  if (node.source !== null) return node;
  const row = writtenKeys === null ? new Map<string, ExpressionNode>() : callAssignments(node.table, writtenKeys);
  return { ...node, source: Array.from({ length: count }, () => row) };
}

function withCallSet(node: UpdateNode, writtenKeys: readonly string[] | null): UpdateNode {
  return node.set === null && writtenKeys !== null ? { ...node, set: callAssignments(node.table, writtenKeys) } : node;
}

/** A name that the call both writes into a column and gives to a parameter would be one value for two meanings. */
function withOwnNames(compiled: CompiledQuery, writtenKeys: readonly string[] | null): CompiledQuery {
  for (const key of writtenKeys ?? []) {
    if (compiled.binds.filter((bind) => bind.source === "parameter" && bind.name === key).length < 2) continue;
    throw new UsageError(
      `The parameter "${key}" has the name of a column that the call writes; give it another: param("given_${key}").`,
    );
  }
  return compiled;
}

/** A parameter for each key that is a column; what is none must be a parameter of the statement, which binding checks. */
function callAssignments(table: TableNode, keys: readonly string[]): Assignments {
  const assigned = new Map<string, ExpressionNode>();
  for (const key of keys) {
    const column = table.columns.find((each) => each.key === key);
    if (column === undefined) continue;
    assigned.set(key, { kind: "parameter", name: key, type: column.type, role: "write", list: false, takesNull: true });
  }
  return assigned;
}

import { exactId, type Field, TYPE } from "../mysql-common/fields.js";
import type {
  Answer,
  Bound,
  MysqlHandle,
  MysqlStatement,
  NativeRow,
  RowSink,
  RowSource,
} from "../mysql-common/handle.js";
import type {
  Greeting,
  NativeCallback,
  NativeColumn,
  NativeCommand,
  NativeConnection,
  NativeEnd,
  NativePackage,
  NativePrepared,
  NativeValue,
} from "./native.js";
import { readText } from "./text.js";

/** The collation of what has no character set. */
const BINARY = 63;

const DECIMAL_FROM = 2n ** 63n;

const NO_FIELDS: readonly Field[] = [];

/** Keeps our statements apart from those that the user of the package's own object prepares. */
const CACHE_MARK = "databases";

export class Mysql2Handle implements MysqlHandle {
  readonly raw: NativeConnection;
  readonly serverVersion: string;
  readonly status: number;
  readonly database: string | null;
  readonly #native: NativePackage;

  constructor(
    native: NativePackage,
    raw: NativeConnection,
    { serverVersion, statusFlags }: Greeting,
    database: string | null,
  ) {
    this.#native = native;
    this.raw = raw;
    this.serverVersion = serverVersion;
    this.status = statusFlags;
    this.database = database;
    keepOut(raw);
    // It has done its work, and would show in whatever prints the object.
    raw.config.password = undefined;
  }

  async query(sql: string): Promise<Answer> {
    // The bytes as they come: the package's own reading of text rounds doubles.
    const answer = await answerOf((callback) => this.raw.query({ sql, typeCast: false }, callback));
    const rows = answer.rows as (Buffer | null)[][];
    return { ...answer, rows: rows.map((row) => readText(row, answer.fields)) };
  }

  prepare(sql: string): Promise<MysqlStatement> {
    return new Promise((resolve, reject) => {
      this.raw.prepare({ sql, nestTables: CACHE_MARK }, (error, statement) => {
        if (error === null || error === undefined) resolve(new Mysql2Statement(this.#native, this.raw, statement));
        else reject(error);
      });
    });
  }

  quit(): void {
    this.raw.end();
  }
}

class Mysql2Statement implements MysqlStatement {
  readonly parameterCount: number;
  readonly #native: NativePrepared;
  readonly #connection: NativeConnection;
  readonly #types: NativePackage["TypedParameter"];

  constructor({ TypedParameter }: NativePackage, connection: NativeConnection, native: NativePrepared) {
    this.parameterCount = native.parameters.length;
    this.#native = native;
    this.#connection = connection;
    this.#types = TypedParameter;
  }

  execute(parameters: readonly Bound[]): Promise<Answer> {
    return answerOf((callback) => this.#start(parameters, callback));
  }

  stream(parameters: readonly Bound[], sink: RowSink): RowSource {
    let status: number | null = null;
    const command = this.#start(parameters);
    command.on("fields", (columns) => {
      if (columns !== undefined) sink.fields(columns.map(fieldOf));
    });
    command.on("result", (row) => {
      if (!Array.isArray(row)) status = (row as NativeEnd).serverStatus ?? null;
      else if (!sink.row(row as NativeRow)) this.#connection.pause();
    });
    command.on("end", () => sink.end(status));
    command.on("error", (error) => sink.fail(error));
    return { resume: () => this.#connection.resume() };
  }

  close(): void {
    this.#native.close();
  }

  #start(parameters: readonly Bound[], callback?: NativeCallback): NativeCommand {
    const encoded = parameters.map((value) => this.#encode(value));
    const command = this.#native.execute(encoded, callback);
    if (this.#native.columns.some(({ columnType }) => OBJECTS.has(columnType))) {
      // The first where it waits for its turn, the second where it has begun.
      Object.assign(command._executeOptions ?? {}, BYTES_OF_OBJECTS);
      Object.assign(command.options ?? {}, BYTES_OF_OBJECTS);
    }
    return command;
  }

  /** The package would send whole numbers as doubles, and a bigint as text. */
  #encode(value: Bound): unknown {
    if (typeof value === "number")
      return Number.isInteger(value) && (value | 0) === value ? this.#types.LONG(value) : value;
    if (typeof value !== "bigint") return value;
    return value < DECIMAL_FROM ? this.#types.LONGLONG(value) : this.#types.NEWDECIMAL(String(value));
  }
}

/** Types of which the package makes objects that do not keep everything. */
const OBJECTS: ReadonlySet<number> = new Set([TYPE.geometry, TYPE.vector]);

/** Only a cast gets at their bytes; it costs too much for all the others. */
const BYTES_OF_OBJECTS = {
  typeCast: (value: NativeValue, next: () => unknown) =>
    value.type === "GEOMETRY" || value.type === "VECTOR" ? value.buffer() : next(),
};

function answerOf(start: (callback: NativeCallback) => unknown): Promise<Answer> {
  return new Promise((resolve, reject) => {
    start((error, rows, columns) => {
      if (error !== null && error !== undefined) reject(error);
      else resolve(readAnswer(rows, columns));
    });
  });
}

function readAnswer(rows: unknown, columns: unknown): Answer {
  const { affectedRows, insertId, serverStatus = null, stateChanges } = endOf(rows);
  const result = firstResult(rows, columns);
  return {
    fields: result === null ? NO_FIELDS : result.columns.map(fieldOf),
    rows: result?.rows ?? [],
    affectedRows,
    insertId: exactId(BigInt(insertId)),
    status: serverStatus,
    database: stateChanges?.schema ?? null,
  };
}

interface NativeRows {
  readonly rows: NativeRow[];
  readonly columns: readonly NativeColumn[];
}

/** The first result that has rows; a procedure may give several, each with its columns. */
function firstResult(rows: unknown, columns: unknown): NativeRows | null {
  if (!Array.isArray(rows) || !Array.isArray(columns)) return null;
  const isOne = typeof columns[0] === "object" && columns[0] !== null && !Array.isArray(columns[0]);
  if (isOne) return { rows, columns };
  const index = columns.findIndex((it) => Array.isArray(it));
  return index === -1 ? null : { rows: rows[index] as NativeRow[], columns: columns[index] as NativeColumn[] };
}

const NO_END: NativeEnd = { affectedRows: 0, insertId: 0 };

/** The end of a statement; a result with rows has none that the package shows. */
function endOf(rows: unknown): NativeEnd {
  const last: unknown = Array.isArray(rows) ? rows.at(-1) : rows;
  return Array.isArray(last) || last === undefined ? NO_END : (last as NativeEnd);
}

function fieldOf({ name, columnType, decimals, characterSet, extendedFormat }: NativeColumn): Field {
  return {
    name,
    type: columnType,
    decimals,
    isBinary: characterSet === BINARY,
    isJson: columnType === TYPE.json || extendedFormat === "json",
  };
}

/** The package's own cache would close statements of ours that are in use. */
function keepOut({ _statements: cache }: NativeConnection): void {
  if (cache === undefined) return;
  const { set } = cache;
  cache.set = (key, statement) => {
    if (!key.startsWith(`string/${CACHE_MARK}/`)) set(key, statement);
  };
}

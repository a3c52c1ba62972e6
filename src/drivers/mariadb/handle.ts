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
  NativeColumn,
  NativeConnection,
  NativeEnd,
  NativeOptions,
  NativePrepared,
  NativeResult,
} from "./native.js";

/** The collation of what has no character set. */
const BINARY = 63;

/** The largest number that the package would send as a double although it has 32 bits. */
const LARGEST_INT = 2_147_483_647;

/** Only a cast gets at the bytes of what the package makes objects of; it costs too much for most results. */
const BYTES_OF_GEOMETRIES: NativeOptions = {
  typeCast: (column: NativeColumn, next: () => unknown) =>
    column.columnType === TYPE.geometry ? column.buffer?.() : next(),
};

const NO_FIELDS: readonly Field[] = [];

export class MariadbHandle implements MysqlHandle {
  readonly raw: NativeConnection;
  readonly serverVersion: string;
  readonly status: number;
  readonly database: string | null;
  readonly #fields = new WeakMap<readonly NativeColumn[], readonly Field[]>();

  constructor(raw: NativeConnection) {
    this.raw = raw;
    this.serverVersion = raw.info.serverVersion.raw;
    this.status = raw.info.status;
    this.database = raw.info.database ?? null;
  }

  async query(sql: string): Promise<Answer> {
    return this.answerOf(await this.raw.query({ sql, ...BYTES_OF_GEOMETRIES }));
  }

  async prepare(sql: string): Promise<MysqlStatement> {
    return new MariadbStatement(this, await this.raw.prepare(sql));
  }

  quit(): void {
    // It settles at once, or never.
    void this.raw.end();
  }

  /** Called as soon as the answer is there: the flags are those of the last answer. */
  answerOf([rows, columns]: NativeResult): Answer {
    const { status, database } = this.raw.info;
    const result = firstResult(rows, columns);
    if (result !== null) {
      const fields = this.fieldsOf(result.columns);
      return { fields, rows: result.rows, affectedRows: 0, insertId: 0, status, database: database ?? null };
    }
    const { affectedRows, insertId } = endOf(rows);
    return {
      fields: NO_FIELDS,
      rows: [],
      affectedRows,
      insertId: exactId(insertId),
      status,
      database: database ?? null,
    };
  }

  fieldsOf(columns: readonly NativeColumn[]): readonly Field[] {
    let fields = this.#fields.get(columns);
    if (fields === undefined) this.#fields.set(columns, (fields = columns.map(fieldOf)));
    return fields;
  }
}

class MariadbStatement implements MysqlStatement {
  readonly parameterCount: number;
  readonly #handle: MariadbHandle;
  readonly #native: NativePrepared;

  constructor(handle: MariadbHandle, native: NativePrepared) {
    this.parameterCount = native.parameterCount;
    this.#handle = handle;
    this.#native = native;
  }

  async execute(parameters: readonly Bound[]): Promise<Answer> {
    return this.#handle.answerOf(await this.#native.execute(parameters.map(encodable), this.#options()));
  }

  stream(parameters: readonly Bound[], sink: RowSink): RowSource {
    const stream = this.#native.executeStream(parameters.map(encodable), this.#options());
    // The package's own buffer is passed over: rows go where they are wanted in the order in which they come.
    stream.push = (row) => {
      if (row === null) sink.end(this.#handle.raw.info.status);
      // The end of a result without rows comes as one.
      else if (Array.isArray(row)) return sink.row(row as NativeRow);
      return true;
    };
    stream.on("fields", (columns) => sink.fields(this.#handle.fieldsOf(columns)));
    stream.on("error", (error) => sink.fail(error));
    return { resume: () => stream._read(0) };
  }

  close(): void {
    this.#native.close();
  }

  #options(): NativeOptions | undefined {
    return this.#native.columns.some(({ columnType }) => columnType === TYPE.geometry)
      ? BYTES_OF_GEOMETRIES
      : undefined;
  }
}

function encodable(value: Bound): Bound {
  return value === LARGEST_INT ? BigInt(value) : value;
}

function fieldOf(column: NativeColumn): Field {
  const isBinary = column.collation?.index === BINARY;
  return {
    name: column.name(),
    type: column.isSet() && !isBinary ? TYPE.set : column.columnType,
    decimals: column.scale,
    isBinary,
    isJson: column.columnType === TYPE.json || column.isDataTypeFormatJson(),
  };
}

interface NativeRows {
  readonly rows: NativeRow[];
  readonly columns: readonly NativeColumn[];
}

/** The first result that has rows; a procedure may give several, each with its columns. */
function firstResult(rows: unknown, columns: unknown): NativeRows | null {
  if (!Array.isArray(rows) || !Array.isArray(columns)) return null;
  const isOne = columns.length > 0 && !Array.isArray(columns[0]) && columns[0] !== null && columns[0] !== undefined;
  if (isOne) return { rows, columns };
  const index = columns.findIndex((it) => Array.isArray(it));
  return index === -1 ? null : { rows: rows[index] as NativeRow[], columns: columns[index] as NativeColumn[] };
}

function endOf(rows: unknown): NativeEnd {
  return (Array.isArray(rows) ? rows.at(-1) : rows) as NativeEnd;
}

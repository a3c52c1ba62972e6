import { ISOLATION_LEVELS, type IsolationLevel, type TransactionCharacteristics } from "../compiler/dialect.js";
import { UsageError } from "../errors/index.js";
import type { LimitOptions } from "./limits.js";

/** What a transaction is asked to be; `signal` and `timeoutMs` hold for all of it: for its waits, its statements and its end. */
export interface BeginOptions extends LimitOptions {
  /** At least this isolation; a database may give a stronger one. Default: as the server has it. Only on the outermost transaction. */
  readonly isolation?: IsolationLevel | undefined;
  /** Refuses writes, and does not wait for other writers. Default `false`. Only on the outermost transaction. */
  readonly readOnly?: boolean | undefined;
  /** Waits for a moment at which a serializable read-only transaction cannot fail. Default `false`. Only on the outermost transaction. */
  readonly deferrable?: boolean | undefined;
}

export interface TransactionOptions extends BeginOptions {
  /**
   * How many times the callback is run again when the transaction lost against a concurrent one; default 0. It takes effect on the outermost
   * transaction: a nested one is run again together with it.
   */
  readonly retries?: number | undefined;
  /** Rolls back at the end whatever the callback did; its result is given all the same. Default `false`. */
  readonly forceRollback?: boolean | undefined;
}

const BEGIN_TYPES: Readonly<Record<string, string>> = {
  isolation: "string",
  readOnly: "boolean",
  deferrable: "boolean",
  signal: "object",
  timeoutMs: "number",
};

const TRANSACTION_TYPES: Readonly<Record<string, string>> = {
  ...BEGIN_TYPES,
  retries: "number",
  forceRollback: "boolean",
};

/** @throws {UsageError} for an option that is unknown or of another type. */
export function checkTransactionOptions(options: TransactionOptions, call: "transaction" | "begin"): void {
  const types = call === "begin" ? BEGIN_TYPES : TRANSACTION_TYPES;
  for (const [name, value] of Object.entries(options)) {
    const type = types[name];
    if (!Object.hasOwn(types, name) || type === undefined) {
      throw new UsageError(`${call}() has no option ${JSON.stringify(name)}; it has ${Object.keys(types).join(", ")}.`);
    }
    if (value !== undefined && typeof value !== type)
      throw new UsageError(`The option ${name} of ${call}() must be a ${type}.`);
  }
  const { isolation, retries = 0 } = options;
  if (isolation !== undefined && !ISOLATION_LEVELS.includes(isolation)) {
    throw new UsageError(
      `There is no isolation ${JSON.stringify(isolation)}; there is ${ISOLATION_LEVELS.join(", ")}.`,
    );
  }
  if (!Number.isSafeInteger(retries) || retries < 0)
    throw new UsageError("retries must be a whole number, at least 0.");
}

/** What is asked for the whole transaction; `null` where nothing is. */
export function characteristicsOf({
  isolation,
  readOnly,
  deferrable,
}: BeginOptions): TransactionCharacteristics | null {
  if (isolation === undefined && readOnly === undefined && deferrable === undefined) return null;
  return { isolation: isolation ?? null, readOnly: readOnly ?? false, deferrable: deferrable ?? false };
}

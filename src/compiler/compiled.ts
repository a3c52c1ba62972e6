import type { SqlType } from "../types/type.js";
import type { WireValue } from "../util/wire.js";

/**
 * A statement as one dialect will run it: text, where each parameter comes from, and how rows are built.
 * It is made once for a query object and a feature set, holds no value of a call, and may run any number of times at once.
 */
export interface CompiledQuery {
  /** The text; with `…` where a list of the call will be written. */
  readonly text: string;
  /** The text of one run whose lists are so long, in their order; `null` where there is none, and `text` is it. */
  readonly expand: ((lengths: readonly number[]) => string) | null;
  /** In the order of the placeholders; a bind with `list` stands for as many as the call gives. */
  readonly binds: readonly CompiledBind[];
  /** The names that the call must give: parameters, and the columns that it writes. */
  readonly parameterNames: readonly string[];
  /** How to read the rows; `null` for raw text without declared columns, whose names the driver gives. */
  readonly result: CompiledResult | null;
  /** `"none"` where the statement gives no rows. */
  readonly returns: "rows" | "none" | "unknown";
  readonly effect: Effect;
  /** Where the primary key of the inserted row comes from; `null` where `insertedPrimaryKey` is `null`. */
  readonly insertedKey: readonly InsertedKeyPart[] | null;
  /** What the driver is asked for: `"bigint"` where a column may pass 2^53 or is of unknown type. */
  readonly integers: "number" | "bigint";
}

/**
 * What a statement does, which decides how it is leased: a read may share a connection, a write never waits behind another statement,
 * schema is DDL, which some servers commit by itself, session changes the connection's own state, sessionSchema is both, transaction is
 * BEGIN and its kin.
 */
export type Effect = "read" | "write" | "schema" | "session" | "sessionSchema" | "transaction";

/** Whether it leaves the connection in another state than it found it in. */
export function changesSession(effect: Effect): boolean {
  return effect === "session" || effect === "sessionSchema";
}

/** One parameter: a value known when the query was built, a name that the call gives, or a default made for each row. */
export type CompiledBind =
  | { readonly source: "value"; readonly value: WireValue; readonly type: SqlType | null }
  | { readonly source: "parameter"; readonly name: string; readonly codec: Encoder; readonly list: boolean }
  | { readonly source: "default"; readonly make: () => unknown; readonly codec: Encoder };

/** Turns one value of a call into what is sent; NULL and `undefined` are its business too. Knows the name to put into an error. */
export interface Encoder {
  /** What it encodes, which some placeholders tell the server; `null` where the value alone decides. */
  readonly type: SqlType | null;
  readonly encode: (value: unknown) => WireValue;
}

/** Turns one cell into its JavaScript value, NULL included. */
export type Decoder = (wire: WireValue) => unknown;

export interface CompiledResult {
  /** A decoder for each column of the result, in order. */
  readonly decoders: readonly Decoder[];
  /** The row as an object: fields in selection order. */
  readonly fields: readonly ResultField[];
}

export type ResultField =
  | { readonly key: string; readonly index: number }
  | {
      readonly key: string;
      readonly fields: readonly ResultField[];
      /** The columns that are NULL together exactly when the joined row is absent; `null` where it is always there. */
      readonly presence: number | null;
    };

/** Where one column of the inserted row's primary key comes from. */
export type InsertedKeyPart = { readonly key: string; readonly decode: Decoder } & (
  | { readonly source: "bind"; readonly index: number }
  | { readonly source: "lastInsertId" }
  | { readonly source: "returning"; readonly index: number }
);

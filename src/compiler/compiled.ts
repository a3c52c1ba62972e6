import type { WireValue } from "../util/wire.js";

/**
 * A statement as one dialect will run it: text, where each parameter comes from, and how rows are built.
 * It is made once for a query object and a feature set, holds no value of a call, and may run any number of times at once.
 */
export interface CompiledQuery {
  /** The text, cut where a list of unknown length is to be written; one piece where there is none. */
  readonly pieces: readonly string[];
  /** The placeholder that stands for each member of such a list. */
  readonly listPlaceholder: string;
  /** In the order of the placeholders. The list between piece k and k + 1 is the k-th bind with `list: true`. */
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
 * schema is DDL, session changes the connection's own state, transaction is BEGIN and its kin.
 */
export type Effect = "read" | "write" | "schema" | "session" | "transaction";

/** One parameter: a value known when the query was built, a name that the call gives, or a default made for each row. */
export type CompiledBind =
  | { readonly source: "value"; readonly value: WireValue }
  | { readonly source: "parameter"; readonly name: string; readonly codec: Encoder; readonly list: boolean }
  | { readonly source: "default"; readonly make: () => unknown; readonly codec: Encoder };

/** Turns one value of a call into what is sent; NULL and `undefined` are its business too. Knows the name to put into an error. */
export interface Encoder {
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

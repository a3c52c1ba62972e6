import { UsageError } from "../errors/index.js";
import { operand } from "./coerce.js";
import { FunctionElement } from "./function-element.js";

/** A call of a server's function: its arguments are bound, its value is what `Value` claims. */
export type ServerFunction = <Value = unknown>(...args: readonly unknown[]) => FunctionElement<Value>;

/** Well-known functions, by name, so that editors offer them and `noUncheckedIndexedAccess` has nothing to say. Any other name works too. */
type WellKnownFunction =
  | "age"
  | "any_value"
  | "array_agg"
  | "array_length"
  | "array_to_string"
  | "ascii"
  | "bit_and"
  | "bit_count"
  | "bit_length"
  | "bit_or"
  | "bool_and"
  | "bool_or"
  | "btrim"
  | "cbrt"
  | "changes"
  | "char"
  | "char_length"
  | "chr"
  | "clock_timestamp"
  | "concat"
  | "concat_ws"
  | "conv"
  | "convert_tz"
  | "corr"
  | "cos"
  | "cot"
  | "crc32"
  | "cume_dist"
  | "curdate"
  | "current_database"
  | "current_setting"
  | "current_user"
  | "curtime"
  | "database"
  | "date"
  | "date_add"
  | "date_format"
  | "date_part"
  | "date_sub"
  | "date_trunc"
  | "datediff"
  | "datetime"
  | "dayname"
  | "dayofweek"
  | "dayofyear"
  | "decode"
  | "degrees"
  | "elt"
  | "encode"
  | "every"
  | "exp"
  | "field"
  | "find_in_set"
  | "format"
  | "from_base64"
  | "from_days"
  | "from_unixtime"
  | "gen_random_uuid"
  | "generate_series"
  | "glob"
  | "greatest"
  | "group_concat"
  | "hex"
  | "iif"
  | "ifnull"
  | "initcap"
  | "insert"
  | "instr"
  | "json"
  | "json_agg"
  | "json_array"
  | "json_array_length"
  | "json_arrayagg"
  | "json_build_object"
  | "json_contains"
  | "json_extract"
  | "json_group_array"
  | "json_group_object"
  | "json_keys"
  | "json_length"
  | "json_object"
  | "json_objectagg"
  | "json_quote"
  | "json_remove"
  | "json_set"
  | "json_type"
  | "json_unquote"
  | "json_valid"
  | "json_value"
  | "jsonb_agg"
  | "jsonb_build_object"
  | "jsonb_set"
  | "julianday"
  | "last_day"
  | "last_insert_id"
  | "last_insert_rowid"
  | "lower"
  | "upper"
  | "length"
  | "substr"
  | "substring"
  | "trim"
  | "ltrim"
  | "rtrim"
  | "replace"
  | "round"
  | "floor"
  | "ceil"
  | "ceiling"
  | "abs"
  | "now"
  | "random"
  | "coalesce"
  | "count"
  | "sum"
  | "avg"
  | "min"
  | "max"
  | "extract"
  | "least"
  | "left"
  | "likely"
  | "ln"
  | "locate"
  | "log"
  | "log10"
  | "log2"
  | "lpad"
  | "make_date"
  | "md5"
  | "microsecond"
  | "nextval"
  | "nth_value"
  | "ntile"
  | "nullif"
  | "octet_length"
  | "overlay"
  | "percent_rank"
  | "pi"
  | "position"
  | "pow"
  | "power"
  | "printf"
  | "quarter"
  | "quote"
  | "quote_literal"
  | "radians"
  | "randomblob"
  | "regexp_match"
  | "regexp_replace"
  | "repeat"
  | "reverse"
  | "right"
  | "row_to_json"
  | "rpad"
  | "sha1"
  | "sha2"
  | "sha256"
  | "sign"
  | "sin"
  | "soundex"
  | "space"
  | "split_part"
  | "sqrt"
  | "stddev"
  | "stddev_pop"
  | "stddev_samp"
  | "strftime"
  | "string_agg"
  | "string_to_array"
  | "strpos"
  | "substring_index"
  | "tan"
  | "time"
  | "timediff"
  | "timestampdiff"
  | "to_base64"
  | "to_char"
  | "to_date"
  | "to_days"
  | "to_json"
  | "to_jsonb"
  | "to_number"
  | "to_timestamp"
  | "to_tsquery"
  | "to_tsvector"
  | "total"
  | "total_changes"
  | "translate"
  | "truncate"
  | "typeof"
  | "unhex"
  | "unicode"
  | "unistr"
  | "unixepoch"
  | "unlikely"
  | "unnest"
  | "utc_timestamp"
  | "uuid"
  | "var_pop"
  | "var_samp"
  | "variance"
  | "version"
  | "week"
  | "weekday"
  | "width_bucket"
  | "zeroblob";

/** Any function of the server, by its own name: `fn.date_trunc("day", events.c.at)`. */
export type Functions = { readonly [Name in WellKnownFunction]: ServerFunction } & {
  readonly [name: string]: ServerFunction;
};

const NAME = /^[A-Za-z_][A-Za-z0-9_$]*(\.[A-Za-z_][A-Za-z0-9_$]*)*$/;

function call(name: string, args: readonly unknown[]): FunctionElement<never> {
  return new FunctionElement({
    kind: "function",
    name,
    arguments: args.map((argument) => operand(argument, null, `fn.${name}()`)),
    distinct: false,
    known: false,
    aggregate: false,
    type: null,
  });
}

/**
 * Calls a function that this library does not know, by the server's name. Arguments are bound; the result's type is what `<Value>` claims, and its
 * value comes as the driver gives it: `.cast(…)` it where that matters. The name goes into the SQL as it is, so it must be a plain (or dotted) name.
 *
 * The one proxy of the library: it only makes functions of property names, and no node passes through it.
 *
 * @throws {UsageError} for a name that is no identifier.
 * @example
 * ```ts
 * select(fn.hex<string>(files.c.digest).as("digest"));
 * ```
 */
export const fn: Functions = new Proxy(Object.create(null) as Functions, {
  get(_target, name): unknown {
    // `then` would make the object a promise to whoever awaits it.
    if (typeof name !== "string" || name === "then") return undefined;
    if (!NAME.test(name))
      throw new UsageError("fn takes a function's plain name: letters, digits, _ and $, parts joined by dots.");
    return (...args: readonly unknown[]) => call(name, args);
  },
});

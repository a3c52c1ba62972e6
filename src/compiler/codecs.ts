import { InvalidValueError, UsageError } from "../errors/index.js";
import { adaptType } from "../types/decorated.js";
import { inferType } from "../types/infer.js";
import type { BindRole, NonNullWire, SqlType } from "../types/type.js";
import { decodeUntyped } from "../types/untyped.js";
import type { WireValue } from "../util/wire.js";
import type { Decoder, Encoder } from "./compiled.js";
import type { Dialect, TypeRule } from "./dialect.js";

/** A dialect's conversions: each type's own, unless the dialect has another way for its kind. NULL and names are handled here, once. */
export interface Codecs {
  encoder(type: SqlType | null, role: BindRole, where: string): Encoder;
  decoder(type: SqlType | null): Decoder;
}

/** What of a dialect its conversions depend on. */
type Typing = Pick<Dialect, "types">;

const CODECS = new WeakMap<Typing, Codecs>();

export function codecsOf(dialect: Typing): Codecs {
  let codecs = CODECS.get(dialect);
  if (codecs === undefined) CODECS.set(dialect, (codecs = makeCodecs(dialect)));
  return codecs;
}

function makeCodecs(dialect: Typing): Codecs {
  const adapted = new WeakMap<SqlType, SqlType>();
  const decoders = new WeakMap<SqlType, Decoder>();
  /** The dialect's way stands under the user's conversion of a decorated type. */
  const adapt = (type: SqlType): SqlType => {
    let found = adapted.get(type);
    if (found === undefined) {
      adapted.set(type, (found = adaptType(type, (core) => ruled(core, dialect.types.get(core.kind)))));
    }
    return found;
  };
  const codecs: Codecs = {
    encoder: (type, role, where) => makeEncoder(codecs, type && adapt(type), role, where),
    decoder(type) {
      if (type === null) return decodeUntyped;
      let decoder = decoders.get(type);
      if (decoder === undefined) decoders.set(type, (decoder = makeDecoder(adapt(type))));
      return decoder;
    },
  };
  return codecs;
}

function makeDecoder(type: SqlType): Decoder {
  return (wire) => (wire === null ? null : type.fromDriver(wire as NonNullWire));
}

/** A type whose values travel in the dialect's way rather than its own. */
function ruled(core: SqlType, rule: TypeRule | undefined): SqlType {
  const { toDriver, fromDriver } = rule ?? {};
  if (toDriver === undefined && fromDriver === undefined) return core;
  return {
    kind: core.kind,
    parameters: core.parameters,
    needsBigInt: core.needsBigInt,
    toDriver: (value, role) => (toDriver === undefined ? core.toDriver(value, role) : toDriver(core, value, role)),
    fromDriver: (wire) => (fromDriver === undefined ? core.fromDriver(wire) : fromDriver(core, wire)),
  };
}

function makeEncoder(codecs: Codecs, type: SqlType | null, role: BindRole, where: string): Encoder {
  return {
    type,
    encode(value) {
      if (value === null) return null;
      if (value === undefined) {
        throw new UsageError(`${capital(where)} got undefined. Omit the key for the default, give null for NULL.`);
      }
      try {
        return type === null ? encodeUntyped(codecs, value, role, where) : type.toDriver(value, role);
      } catch (error) {
        throw withPlace(error, where);
      }
    },
  };
}

function encodeUntyped(codecs: Codecs, value: unknown, role: BindRole, where: string): WireValue {
  const type = inferType(value);
  if (type === null) {
    throw new InvalidValueError(
      `${capital(where)} takes a string, number, bigint, boolean, Date or bytes where no column gives the type.`,
    );
  }
  return codecs.encoder(type, role, where).encode(value);
}

/** Says in the error which column or parameter it is about. */
function withPlace(error: unknown, where: string): unknown {
  if (!(error instanceof InvalidValueError) || error.message.startsWith(capital(where))) return error;
  return new InvalidValueError(`${capital(where)}: ${error.message}`, { cause: error });
}

function capital(where: string): string {
  return where.charAt(0).toUpperCase() + where.slice(1);
}

/** The encoder for a place that takes no NULL. */
export function withoutNull(encoder: Encoder, refusal: () => Error): Encoder {
  return {
    ...encoder,
    encode(value) {
      if (value === null) throw refusal();
      return encoder.encode(value);
    },
  };
}

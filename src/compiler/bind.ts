import { InvalidValueError, UsageError } from "../errors/index.js";
import type { WireValue } from "../util/wire.js";
import type { CompiledBind, CompiledQuery, Encoder } from "./compiled.js";

export type CallValues = Readonly<Record<string, unknown>>;

const NO_VALUES: CallValues = Object.freeze(Object.create(null) as CallValues);
const NO_PARAMETERS: readonly WireValue[] = [];

/**
 * The parameters of one run, in the order of the placeholders: the query's own values, the call's, and a default made for each row.
 *
 * @throws {UsageError} for a name that is missing, unknown or `undefined`.
 * @throws {InvalidValueError} for a value that its column does not take.
 */
export function bindParameters(compiled: CompiledQuery, values: CallValues | null): readonly WireValue[] {
  const given = values ?? NO_VALUES;
  requireNames(compiled, given);
  const { binds } = compiled;
  if (binds.length === 0) return NO_PARAMETERS;
  const parameters: WireValue[] = [];
  for (let index = 0; index < binds.length; index++) addParameters(binds[index] as CompiledBind, given, parameters);
  return parameters;
}

function addParameters(bind: CompiledBind, given: CallValues, parameters: WireValue[]): void {
  switch (bind.source) {
    case "value":
      parameters.push(bind.value);
      return;
    case "default":
      parameters.push(bind.codec.encode(bind.make()));
      return;
    case "parameter":
      if (!bind.list) parameters.push(bind.codec.encode(given[bind.name]));
      else for (const wire of encodeList(bind, given[bind.name])) parameters.push(wire);
  }
}

/**
 * The members of a list that the call gives, each as it is sent.
 *
 * @throws {InvalidValueError} for anything but an array, and for NULL in it.
 */
export function encodeList(
  { name, codec }: { readonly name: string; readonly codec: Encoder },
  list: unknown,
): WireValue[] {
  return listOf(name, list).map((member) => codec.encode(notNull(member, name)));
}

function notNull(member: unknown, name: string): unknown {
  if (member !== null) return member;
  throw new InvalidValueError(
    `The list "${name}" holds null, which equals nothing: leave it out, and test with .is(null).`,
  );
}

function listOf(name: string, list: unknown): readonly unknown[] {
  if (!Array.isArray(list)) throw new InvalidValueError(`The parameter "${name}" stands for a list: give an array.`);
  return Array.from(list as readonly unknown[]);
}

/** Every name that the statement has, and no other; only own properties count, so that nothing inherited passes for a value. */
function requireNames({ parameterNames }: CompiledQuery, given: CallValues): void {
  for (let index = 0; index < parameterNames.length; index++) {
    const name = parameterNames[index] as string;
    if (!Object.hasOwn(given, name)) {
      throw new UsageError(`The statement needs a value for "${name}"; give it with the call: { ${name}: … }.`);
    }
  }
  if (given === NO_VALUES) return;
  const keys = Object.keys(given);
  if (keys.length === parameterNames.length) return;
  const unknown = keys.filter((key) => !parameterNames.includes(key)).map((key) => `"${key}"`);
  throw new UsageError(
    `The call gives ${unknown.join(", ")}, which the statement does not have` +
      (parameterNames.length === 0 ? "; it takes no values." : `; it has: ${parameterNames.join(", ")}.`),
  );
}

/** The text of one run: lists of the call are written as long as they are. */
export function textOf({ text, expand, binds }: CompiledQuery, values: CallValues | null): string {
  if (expand === null) return text;
  const given = values ?? NO_VALUES;
  return expand(
    binds.flatMap((bind) =>
      bind.source === "parameter" && bind.list ? [listOf(bind.name, given[bind.name]).length] : [],
    ),
  );
}

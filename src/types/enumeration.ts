import { UsageError } from "../errors/index.js";
import { invalidValue, textFlaw, typeMismatch } from "./refuse.js";
import { portableText } from "./text.js";
import type { NonNullWire, SqlType, TypeParameters } from "./type.js";

/** One of a closed list of texts. */
class EnumerationType<Member extends string> implements SqlType<Member> {
  readonly kind = "enumeration";
  readonly parameters: TypeParameters;
  readonly needsBigInt = false;
  readonly #members: ReadonlyMap<unknown, Member>;

  constructor(members: readonly Member[], name: string | undefined) {
    this.parameters = name === undefined ? { members } : { members, name };
    this.#members = new Map(members.map((member) => [member, member]));
  }

  toDriver(value: unknown): Member {
    const member = this.#members.get(value);
    if (member === undefined) throw invalidValue(this.#expected(), textFlaw(value, "another text"));
    return member;
  }

  fromDriver(wire: NonNullWire): Member {
    const member = this.#members.get(wire);
    if (member === undefined) throw typeMismatch(this.#expected(), textFlaw(wire, "another text"));
    return member;
  }

  #expected(): string {
    const { members = [], name } = this.parameters;
    const shown = members.slice(0, 10).map((member) => JSON.stringify(member));
    const list = members.length > shown.length ? [...shown, "…"].join(", ") : shown.join(", ");
    return `${name === undefined ? "one" : `a ${name}: one`} of ${list}`;
  }
}

export interface EnumerationOptions {
  /** What the type is called in databases where an enumeration is a type with a name. */
  readonly name?: string;
}

/** One of `members`, in this order where the database orders them. */
export function enumerationType<const Member extends string>(
  members: readonly Member[],
  options: EnumerationOptions = {},
): SqlType<Member> {
  if (!Array.isArray(members) || members.length === 0) {
    throw new UsageError(
      'enumeration(members) takes the list of its texts, at least one: enumeration(["draft", "sent"]).',
    );
  }
  for (const member of members) portableText(member);
  if (new Set(members).size !== members.length) throw new UsageError("enumeration(members) has a member twice.");
  return new EnumerationType([...members], options.name);
}

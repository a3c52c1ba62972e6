import type { Bound, MysqlStatement } from "./handle.js";
import { Prepared } from "./prepared.js";

/** For how many combinations of kinds one text is kept prepared. */
const MAX_VARIANTS = 8;

type Kind = "integer" | "double" | "decimal" | "text" | "bytes";

const DECIMAL_FROM = 2n ** 63n;

/**
 * One text, prepared for each combination of kinds that its parameters come in.
 *
 * MySQL gives a placeholder the type of the first value that is not NULL, and converts later ones: after 1.5 a bigint loses its last digits, and
 * a text becomes 0. MariaDB takes each value as it comes.
 */
export class Variants {
  readonly #prepare: () => Promise<MysqlStatement>;
  readonly #fixesTypes: boolean;
  readonly #variants: Variant[] = [];

  constructor(prepare: () => Promise<MysqlStatement>, fixesTypes: boolean) {
    this.#prepare = prepare;
    this.#fixesTypes = fixesTypes;
  }

  /** The statement for these parameters where it is there; the value is to be sent at once, because it fixes what the statement takes. */
  ready(parameters: readonly Bound[]): Prepared | null {
    return this.#find(parameters)?.ready ?? null;
  }

  prepare(parameters: readonly Bound[]): Promise<Prepared> {
    const variant = this.#find(parameters) ?? this.#add(parameters);
    return variant.ready === null ? (variant.coming ??= this.#fill(variant)) : Promise.resolve(variant.ready);
  }

  /** What others have asked for before is sent first: each of them sends as soon as the statement is there. */
  close(): void {
    for (const variant of this.#variants.splice(0)) discard(variant);
  }

  #find(parameters: readonly Bound[]): Variant | null {
    if (!this.#fixesTypes) return this.#variants[0] ?? null;
    return this.#variants.find((variant) => takes(variant, parameters)) ?? null;
  }

  #add(parameters: readonly Bound[]): Variant {
    const variant: Variant = { kinds: parameters.map(kindOf), ready: null, coming: null };
    const evicted = this.#variants.length < MAX_VARIANTS ? undefined : this.#variants.shift();
    if (evicted !== undefined) discard(evicted);
    this.#variants.push(variant);
    return variant;
  }

  async #fill(variant: Variant): Promise<Prepared> {
    try {
      return (variant.ready = new Prepared(await this.#prepare()));
    } finally {
      variant.coming = null;
    }
  }
}

interface Variant {
  /** What each placeholder takes; `null` as long as it has had nothing but NULL. */
  readonly kinds: (Kind | null)[];
  ready: Prepared | null;
  coming: Promise<Prepared> | null;
}

/** Whether a variant takes the parameters, which then fix what it takes. */
function takes({ kinds }: Variant, parameters: readonly Bound[]): boolean {
  if (kinds.length !== parameters.length) return false;
  const given = parameters.map(kindOf);
  if (!given.every((kind, index) => kind === null || kinds[index] === null || kinds[index] === kind)) return false;
  for (const [index, kind] of given.entries()) kinds[index] ??= kind;
  return true;
}

function kindOf(value: Bound): Kind | null {
  switch (typeof value) {
    case "number":
      return (value | 0) === value ? "integer" : "double";
    case "bigint":
      return value < DECIMAL_FROM ? "integer" : "decimal";
    case "string":
      return "text";
    default:
      return value === null ? null : "bytes";
  }
}

function discard({ ready, coming }: Variant): void {
  ready?.native.close();
  coming?.then(
    ({ native }) => native.close(),
    () => undefined,
  );
}

import type fc from "fast-check";
import type { text } from "../../../src/index.js";

/** Any column as a factory gives it. */
type AnyColumn = ReturnType<typeof text>;

/** One column type: its values, and those at its edges. */
export interface Kind {
  readonly name: string;
  readonly column: AnyColumn;
  readonly values: fc.Arbitrary<unknown>;
  readonly edges: readonly unknown[];
  /** What comes back, where that is another value than what went in. */
  readonly stored?: (value: unknown) => unknown;
  /** What equal values have in common; `null` where the type is not compared. */
  readonly sameAs: ((value: unknown) => unknown) | null;
}

interface TypedKind<Value> {
  readonly name: string;
  readonly column: unknown;
  readonly values: fc.Arbitrary<Value>;
  readonly edges: readonly Value[];
  readonly stored?: (value: Value) => unknown;
  readonly sameAs?: ((value: Value) => unknown) | null;
}

/** Forgets the type of the values, which is checked where the kind is written. */
export function kind<Value>(typed: TypedKind<Value>): Kind {
  return { sameAs: (value: Value) => value, ...typed } as Kind;
}

/* Types are tested by compiling: a file whose types are not as it says does not compile. Nothing here is ever run. */

/** True where both types are the same to the last `readonly`; intersections count as the object that they make. */
export type Equal<A, B> =
  (<T>() => T extends Flat<A> ? 1 : 2) extends <T>() => T extends Flat<B> ? 1 : 2 ? true : false;

type Flat<T> = T extends string | number | bigint | boolean | symbol | null | undefined | Date | Uint8Array
  ? T
  : { [Key in keyof T]: Flat<T[Key]> };

interface Typed<Actual> {
  /** Compiles only where the value has exactly the type; else the compiler shows both. */
  is<Expected>(...difference: Equal<Actual, Expected> extends true ? [] : [expected: Expected, actual: Actual]): void;
}

/** The type of a value, to be compared: `typeOf(row).is<{ id: number }>()`. */
export function typeOf<Actual>(_value: Actual): Typed<Actual> {
  return { is: () => undefined };
}

/** Compiles only where the comparison holds: `holds<Equal<A, B>>()`. */
export function holds<_Comparison extends true>(): void {}

import fc, { type Arbitrary } from "fast-check";

import {
  and,
  boolean,
  caseWhen,
  cast,
  coalesce,
  falseValue,
  integer,
  literal,
  MetaData,
  not,
  nullIf,
  or,
  text,
  trueValue,
} from "../../src/index.js";
import { expressionSql } from "./compile.js";
import type { ColumnElement } from "../../src/sql/element.js";

/** A row of the table that random expressions are about. */
export interface Values {
  readonly a: number | null;
  readonly b: number | null;
  readonly p: boolean | null;
  readonly q: boolean | null;
  readonly s: string | null;
  readonly t: string | null;
}

/** An expression beside what it means: SQL on one side, JavaScript on the other. */
export class Meaning<Value> {
  readonly expression: ColumnElement<Value | null>;
  readonly evaluate: (row: Values) => Value | null;

  constructor(expression: ColumnElement<Value | null>, evaluate: (row: Values) => Value | null) {
    this.expression = expression;
    this.evaluate = evaluate;
  }

  /** How a counterexample is shown. */
  [fc.toStringMethod](): string {
    return expressionSql(this.expression);
  }
}

type Bool = Meaning<boolean>;
type Numeric = Meaning<number>;
type Text = Meaning<string>;

export const metadata: MetaData = new MetaData();

export const table = metadata.table("t", {
  id: integer().primaryKey(),
  a: integer(),
  b: integer(),
  p: boolean(),
  q: boolean(),
  s: text(),
  t: text(),
});

const NUMBERS = [null, -7, -1, 0, 1, 2, 5] as const;
const BOOLEANS = [null, true, false] as const;
const TEXTS = [null, "", "a", "B", "ab", "2"] as const;

/** Enough rows for each pair of values of two columns of one type. */
export const ROWS: readonly Values[] = Array.from({ length: 63 }, (_, index) => ({
  a: NUMBERS[index % 7] ?? null,
  b: NUMBERS[Math.floor(index / 7) % 7] ?? null,
  p: BOOLEANS[index % 3] ?? null,
  q: BOOLEANS[Math.floor(index / 3) % 3] ?? null,
  s: TEXTS[index % 6] ?? null,
  t: TEXTS[Math.floor(index / 6) % 6] ?? null,
}));

/** NULL where one of the two is. */
function strict<L, R, V>(
  left: Meaning<L>,
  right: Meaning<R>,
  apply: (left: L, right: R) => V | null,
): (row: Values) => V | null {
  return (row) => {
    const l = left.evaluate(row);
    const r = right.evaluate(row);
    return l === null || r === null ? null : apply(l, r);
  };
}

function column<Key extends keyof Values>(key: Key): Meaning<NonNullable<Values[Key]>> {
  return new Meaning(table.c[key] as never, (row) => row[key] as never);
}

const numberOperators = [
  ["plus", (l: number, r: number) => l + r],
  ["minus", (l: number, r: number) => l - r],
  ["times", (l: number, r: number) => l * r],
  ["intDiv", (l: number, r: number) => (r === 0 ? null : Math.trunc(l / r))],
  ["mod", (l: number, r: number) => (r === 0 ? null : l % r)],
] as const;

function arithmetic(operand: Arbitrary<Numeric>, count: number): Arbitrary<Numeric> {
  const operators = numberOperators.slice(0, count);
  return fc
    .tuple(fc.constantFrom(...operators), operand, operand)
    .map(
      ([[name, apply], left, right]) =>
        new Meaning(left.expression[name](right.expression), strict(left, right, apply)),
    );
}

function negative({ expression, evaluate }: Numeric): Numeric {
  return new Meaning(expression.neg(), (row) => {
    const value = evaluate(row);
    return value === null ? null : -value;
  });
}

function choice<Value>([condition, then, otherwise]: readonly [Bool, Meaning<Value>, Meaning<Value>]): Meaning<Value> {
  const expression = caseWhen(condition.expression, then.expression).else(otherwise.expression);
  return new Meaning(expression as ColumnElement<Value | null>, (row) =>
    (condition.evaluate(row) === true ? then : otherwise).evaluate(row),
  );
}

const comparisons = [
  ["eq", (order: number) => order === 0],
  ["ne", (order: number) => order !== 0],
  ["lt", (order: number) => order < 0],
  ["lte", (order: number) => order <= 0],
  ["gt", (order: number) => order > 0],
  ["gte", (order: number) => order >= 0],
] as const;

function orderOf<Value extends number | string | boolean>(left: Value, right: Value): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function comparison<Value extends number | string | boolean>(operand: Arbitrary<Meaning<Value>>): Arbitrary<Bool> {
  return fc.tuple(fc.constantFrom(...comparisons), operand, operand).map(
    ([[name, holds], left, right]) =>
      new Meaning<boolean>(
        left.expression[name](right.expression as never) as ColumnElement<boolean | null>,
        strict(left, right, (l, r) => holds(orderOf(l, r))),
      ),
  );
}

function distinction<Value>(operand: Arbitrary<Meaning<Value>>): Arbitrary<Bool> {
  return fc
    .tuple(fc.boolean(), operand, operand)
    .map(
      ([negated, left, right]) =>
        new Meaning<boolean>(
          left.expression[negated ? "isNotDistinctFrom" : "isDistinctFrom"](right.expression as never) as ColumnElement<
            boolean | null
          >,
          (row) => (left.evaluate(row) === right.evaluate(row)) === negated,
        ),
    );
}

function nullTest(operand: Arbitrary<Meaning<unknown>>): Arbitrary<Bool> {
  return fc
    .tuple(fc.constantFrom("is", "isNot"), operand)
    .map(
      ([name, { expression, evaluate }]) =>
        new Meaning<boolean>(expression[name](null), (row) => (evaluate(row) === null) === (name === "is")),
    );
}

function truthTest(operand: Arbitrary<Bool>): Arbitrary<Bool> {
  return fc
    .tuple(fc.constantFrom("is", "isNot"), fc.boolean(), operand)
    .map(
      ([name, value, { expression, evaluate }]) =>
        new Meaning<boolean>(expression[name](value), (row) => (evaluate(row) === value) === (name === "is")),
    );
}

function between(operand: Arbitrary<Numeric>): Arbitrary<Bool> {
  return fc.tuple(operand, operand, operand).map(
    ([value, low, high]) =>
      new Meaning(value.expression.between(low.expression, high.expression), (row) => {
        const above = strict(value, low, (v, l) => v >= l)(row);
        const below = strict(value, high, (v, h) => v <= h)(row);
        return conjunction([above, below]);
      }),
  );
}

function membership(operand: Arbitrary<Numeric>): Arbitrary<Bool> {
  return fc.tuple(fc.constantFrom("in", "notIn"), operand, fc.array(operand, { maxLength: 3 })).map(
    ([name, value, members]) =>
      new Meaning(value.expression[name](members.map(({ expression }) => expression)), (row) => {
        const found = disjunction(members.map((member) => strict(value, member, (v, m) => v === m)(row)));
        return name === "in" ? found : inverse(found);
      }),
  );
}

const searches = [
  ["contains", (text: string, part: string) => text.includes(part)],
  ["startsWith", (text: string, part: string) => text.startsWith(part)],
  ["endsWith", (text: string, part: string) => text.endsWith(part)],
] as const;

function search(operand: Arbitrary<Text>): Arbitrary<Bool> {
  return fc
    .tuple(fc.constantFrom(...searches), operand, operand)
    .map(
      ([[name, holds], text, part]) => new Meaning(text.expression[name](part.expression), strict(text, part, holds)),
    );
}

function conjunction(members: readonly (boolean | null)[]): boolean | null {
  if (members.includes(false)) return false;
  return members.includes(null) ? null : true;
}

function inverse(value: boolean | null): boolean | null {
  return value === null ? null : !value;
}

function disjunction(members: readonly (boolean | null)[]): boolean | null {
  return inverse(conjunction(members.map(inverse)));
}

function junction(operand: Arbitrary<Bool>): Arbitrary<Bool> {
  return fc.tuple(fc.constantFrom(and, or), fc.array(operand, { minLength: 1, maxLength: 3 })).map(
    ([join, members]) =>
      new Meaning(join(...members.map(({ expression }) => expression)), (row) => {
        const values = members.map(({ evaluate }) => evaluate(row));
        return join === and ? conjunction(values) : disjunction(values);
      }),
  );
}

function negation({ expression, evaluate }: Bool): Bool {
  return new Meaning(not(expression), (row) => inverse(evaluate(row)));
}

/** An expression among others: nested at most four deep, so that whole numbers stay below 2^53. */
function nested<Value>(leaf: Arbitrary<Value>, ...branches: readonly Arbitrary<Value>[]): Arbitrary<Value> {
  return fc.oneof({ maxDepth: 4, depthSize: "medium", withCrossShrink: true }, leaf, ...branches);
}

interface Kinds {
  number: Numeric;
  fraction: Numeric;
  text: Text;
  boolean: Bool;
}

/** Expressions of every kind inside each other, whose numbers are exact in both languages. */
export const meanings: { readonly [Kind in keyof Kinds]: Arbitrary<Kinds[Kind]> } = fc.letrec<Kinds>((tie) => {
  const number = tie("number") as Arbitrary<Numeric>;
  const fraction = tie("fraction") as Arbitrary<Numeric>;
  const string = tie("text") as Arbitrary<Text>;
  const bool = tie("boolean") as Arbitrary<Bool>;
  return {
    number: nested<Numeric>(
      fc.oneof(
        fc.constantFrom(column("a"), column("b")),
        fc.integer({ min: -9, max: 9 }).map((value) => new Meaning<number>(literal(value), () => value)),
      ),
      arithmetic(number, 5),
      number.map(negative),
      fc.tuple(bool, number, number).map((parts) => choice(parts)),
      fc
        .tuple(number, number)
        .map(
          ([first, second]) =>
            new Meaning<number>(
              coalesce(first.expression, second.expression),
              (row) => first.evaluate(row) ?? second.evaluate(row),
            ),
        ),
      fc
        .tuple(number, number)
        .map(
          ([value, other]) =>
            new Meaning(nullIf(value.expression, other.expression), (row) =>
              value.evaluate(row) === other.evaluate(row) ? null : value.evaluate(row),
            ),
        ),
    ),
    fraction: nested<Numeric>(
      fc.tuple(number, number).map(
        ([left, right]) =>
          new Meaning(
            left.expression.div(right.expression),
            strict(left, right, (l, r) => (r === 0 ? null : l / r)),
          ),
      ),
      arithmetic(fraction, 3),
      fraction.map(negative),
    ),
    text: nested<Text>(
      fc.oneof(
        fc.constantFrom(column("s"), column("t")),
        fc.constantFrom("", "a", "Ab", "2").map((value) => new Meaning<string>(literal(value), () => value)),
      ),
      fc.tuple(string, string).map(
        ([left, right]) =>
          new Meaning(
            left.expression.concat(right.expression),
            strict(left, right, (l, r) => l + r),
          ),
      ),
      fc.tuple(string, number).map(
        ([left, right]) =>
          new Meaning(
            left.expression.concat(right.expression),
            strict(left, right, (l, r) => `${l}${r + 0}`),
          ),
      ),
      number.map(
        ({ expression, evaluate }) =>
          new Meaning<string>(cast(expression, text()), (row) => {
            const value = evaluate(row);
            return value === null ? null : String(value + 0);
          }),
      ),
      fc.tuple(bool, string, string).map((parts) => choice(parts)),
    ),
    boolean: nested<Bool>(
      fc.oneof(
        fc.constantFrom(column("p"), column("q")),
        fc.constantFrom(new Meaning<boolean>(trueValue(), () => true), new Meaning<boolean>(falseValue(), () => false)),
      ),
      comparison(number),
      comparison(fraction),
      comparison(string),
      comparison(bool),
      distinction(number),
      distinction(bool),
      nullTest(fc.oneof(number, string, bool) as Arbitrary<Meaning<unknown>>),
      truthTest(bool),
      between(number),
      membership(number),
      search(string),
      junction(bool),
      bool.map(negation),
      fc.tuple(bool, bool, bool).map((parts) => choice(parts)),
    ),
  };
});

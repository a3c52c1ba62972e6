/**
 * The operator table: how each operator is spelled in standard SQL, how tightly it binds, and what its negation is.
 * Levels follow the SQL standard's grammar; a dialect that binds or spells otherwise says so in its own table.
 */

/** Binding strength, loosest first. An operand is put into parentheses when it does not bind tighter than its place asks. */
export const PRECEDENCE = {
  lowest: 0,
  or: 1,
  and: 2,
  not: 3,
  comparison: 4,
  concat: 5,
  bitwise: 5,
  additive: 6,
  multiplicative: 7,
  sign: 8,
  collate: 9,
  primary: 10,
} as const;

export type Precedence = (typeof PRECEDENCE)[keyof typeof PRECEDENCE];

/** Operators between two operands. */
export type OperatorName =
  | "eq"
  | "ne"
  | "lt"
  | "lte"
  | "gt"
  | "gte"
  | "is"
  | "isNot"
  | "isDistinctFrom"
  | "isNotDistinctFrom"
  | "concat"
  | "plus"
  | "minus"
  | "times"
  | "div"
  | "intDiv"
  | "mod"
  | "bitAnd"
  | "bitOr"
  | "shiftLeft"
  | "shiftRight";

export interface Operator {
  readonly text: string;
  readonly precedence: Precedence;
  /** How tightly an operand must bind to go without parentheses, unless it is of the same operator. */
  readonly operands: Precedence;
  /** `a op (b op c)` may lose its parentheses. */
  readonly associative: boolean;
  /** The operator that is true exactly where this one is false. */
  readonly negation: OperatorName | null;
}

function comparison(text: string, negation: OperatorName): Operator {
  return { text, precedence: PRECEDENCE.comparison, operands: PRECEDENCE.concat, associative: false, negation };
}

function arithmetic(text: string, precedence: Precedence): Operator {
  return { text, precedence, operands: precedence, associative: false, negation: null };
}

export const OPERATORS: { readonly [Name in OperatorName]: Operator } = {
  eq: comparison("=", "ne"),
  ne: comparison("<>", "eq"),
  lt: comparison("<", "gte"),
  lte: comparison("<=", "gt"),
  gt: comparison(">", "lte"),
  gte: comparison(">=", "lt"),
  is: comparison("IS", "isNot"),
  isNot: comparison("IS NOT", "is"),
  isDistinctFrom: comparison("IS DISTINCT FROM", "isNotDistinctFrom"),
  isNotDistinctFrom: comparison("IS NOT DISTINCT FROM", "isDistinctFrom"),
  // Servers disagree on whether it binds more tightly than arithmetic.
  concat: { text: "||", precedence: PRECEDENCE.concat, operands: PRECEDENCE.sign, associative: true, negation: null },
  plus: arithmetic("+", PRECEDENCE.additive),
  minus: arithmetic("-", PRECEDENCE.additive),
  times: arithmetic("*", PRECEDENCE.multiplicative),
  div: arithmetic("/", PRECEDENCE.multiplicative),
  intDiv: arithmetic("/", PRECEDENCE.multiplicative),
  mod: arithmetic("%", PRECEDENCE.multiplicative),
  bitAnd: arithmetic("&", PRECEDENCE.bitwise),
  bitOr: arithmetic("|", PRECEDENCE.bitwise),
  shiftLeft: arithmetic("<<", PRECEDENCE.bitwise),
  shiftRight: arithmetic(">>", PRECEDENCE.bitwise),
};

/** Operators before one operand. */
export const PREFIX_OPERATORS = {
  not: { text: "NOT ", precedence: PRECEDENCE.not },
  negative: { text: "-", precedence: PRECEDENCE.sign },
  bitNot: { text: "~", precedence: PRECEDENCE.sign },
} as const satisfies Record<string, { readonly text: string; readonly precedence: Precedence }>;

export type PrefixOperatorName = keyof typeof PREFIX_OPERATORS;

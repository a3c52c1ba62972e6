import type { ExpressionNode } from "../ast/expression.js";
import { OPERATORS, PRECEDENCE, type Precedence, PREFIX_OPERATORS } from "../ast/operators.js";

type ExpressionOf<Kind extends ExpressionNode["kind"]> = Extract<ExpressionNode, { readonly kind: Kind }>;

const primary = (): Precedence => PRECEDENCE.primary;
const comparison = (): Precedence => PRECEDENCE.comparison;
const lowest = (): Precedence => PRECEDENCE.lowest;

/** How tightly the text of each kind of expression holds together. What is not known is the loosest, and so gets its parentheses. */
const TIGHTNESS: { readonly [Kind in ExpressionNode["kind"]]: (node: ExpressionOf<Kind>) => Precedence } = {
  value: primary,
  parameter: primary,
  generatedValue: primary,
  constant: primary,
  column: primary,
  identifier: primary,
  function: primary,
  filter: primary,
  window: primary,
  case: primary,
  cast: primary,
  subqueryExpression: primary,
  list: primary,
  like: comparison,
  between: comparison,
  in: comparison,
  exists: (node) => (node.negated ? PRECEDENCE.not : PRECEDENCE.primary),
  binary: (node) => OPERATORS[node.operator].precedence,
  prefix: (node) => PREFIX_OPERATORS[node.operator].precedence,
  junction: (node) => PRECEDENCE[node.operator],
  collate: () => PRECEDENCE.collate,
  label: (node) => precedenceOf(node.operand),
  order: lowest,
  fragment: lowest,
};

/** The next tighter place: that of an operand that must not be of the same strength. */
export function tighter(precedence: Precedence): Precedence {
  return (precedence + 1) as Precedence;
}

/** The place of what is compared. */
export const OPERAND: Precedence = tighter(PRECEDENCE.comparison);

export function precedenceOf(node: ExpressionNode): Precedence {
  return (TIGHTNESS[node.kind] as (node: ExpressionNode) => Precedence)(node);
}

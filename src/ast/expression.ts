import type { BindRole, SqlType } from "../types/type.js";
import type { ColumnNode, FromNode } from "./from.js";
import type { OperatorName, PrefixOperatorName } from "./operators.js";
import type { QueryNode, SelectNode } from "./statement.js";

/** What an expression node tells of its value: the type that decodes it, `null` where nothing says. */
interface Typed {
  readonly type: SqlType | null;
}

/** A value that was known when the query was built. `null` is SQL NULL. */
export interface ValueNode extends Typed {
  readonly kind: "value";
  readonly value: unknown;
  readonly role: BindRole;
  /** Written into the text, as DDL needs it, rather than bound. */
  readonly inline: boolean;
}

/** A value that the call gives by name. `list` where it stands for a list of IN. */
export interface ParameterNode extends Typed {
  readonly kind: "parameter";
  /** False where NULL would not be a value but the lack of one: LIMIT NULL is no limit at all on some servers. */
  readonly takesNull: boolean;
  readonly name: string;
  readonly role: BindRole;
  readonly list: boolean;
}

/** A default made for each row when the statement runs. */
export interface GeneratedValueNode extends Typed {
  readonly kind: "generatedValue";
  readonly make: () => unknown;
}

/** NULL, TRUE or FALSE as a keyword. */
export interface ConstantNode extends Typed {
  readonly kind: "constant";
  readonly value: null | boolean;
}

export interface BinaryNode extends Typed {
  readonly kind: "binary";
  readonly operator: OperatorName;
  readonly left: ExpressionNode;
  readonly right: ExpressionNode;
}

/** LIKE and its kin: the pattern's escape character, and whether case counts. */
export interface LikeNode extends Typed {
  readonly kind: "like";
  readonly operand: ExpressionNode;
  readonly pattern: ExpressionNode;
  readonly escape: string | null;
  readonly ignoreCase: boolean;
  readonly negated: boolean;
  /** Joined around the pattern in SQL, for a pattern that is an expression: `contains`, `startsWith`, `endsWith`. */
  readonly wildcards: "none" | "both" | "before" | "after";
}

export interface BetweenNode extends Typed {
  readonly kind: "between";
  readonly operand: ExpressionNode;
  readonly low: ExpressionNode;
  readonly high: ExpressionNode;
  readonly negated: boolean;
}

/** IN over a list of expressions, a parameter that is a list, or a query. */
export interface InNode extends Typed {
  readonly kind: "in";
  readonly operand: ExpressionNode;
  readonly list: readonly ExpressionNode[] | ParameterNode | SubqueryExpressionNode;
  readonly negated: boolean;
}

export interface PrefixNode extends Typed {
  readonly kind: "prefix";
  readonly operator: PrefixOperatorName;
  readonly operand: ExpressionNode;
}

/** AND or OR over any number of members, at least two. */
export interface JunctionNode extends Typed {
  readonly kind: "junction";
  readonly operator: "and" | "or";
  readonly members: readonly ExpressionNode[];
}

export interface FunctionNode extends Typed {
  readonly kind: "function";
  /** A known function's portable name, or the server's own; dotted parts apart. */
  readonly name: string;
  readonly arguments: readonly ExpressionNode[];
  readonly distinct: boolean;
  /** True for one of the portable functions, which a dialect may spell its own way; any other name goes through as it is. */
  readonly known: boolean;
  readonly aggregate: boolean;
}

/** `aggregate FILTER (WHERE …)`. */
export interface FilterNode extends Typed {
  readonly kind: "filter";
  readonly aggregate: FunctionNode;
  readonly condition: ExpressionNode;
}

export interface WindowNode extends Typed {
  readonly kind: "window";
  readonly function: FunctionNode | FilterNode;
  readonly partitionBy: readonly ExpressionNode[];
  readonly orderBy: readonly OrderNode[];
  readonly frame: WindowFrame | null;
}

export interface WindowFrame {
  readonly unit: "rows" | "range" | "groups";
  /** Rows before (negative) or after (positive) the current one; `null` is unbounded. */
  readonly start: number | null;
  readonly end: number | null;
}

export interface CaseNode extends Typed {
  readonly kind: "case";
  readonly branches: readonly { readonly when: ExpressionNode; readonly then: ExpressionNode }[];
  readonly otherwise: ExpressionNode | null;
}

export interface CastNode extends Typed {
  readonly kind: "cast";
  readonly operand: ExpressionNode;
  readonly type: SqlType;
}

export interface CollateNode extends Typed {
  readonly kind: "collate";
  readonly operand: ExpressionNode;
  readonly collation: string;
}

/** An expression under a name: `AS name` in a selection, the name alone in ORDER BY, the expression itself elsewhere. */
export interface LabelNode extends Typed {
  readonly kind: "label";
  readonly name: string;
  readonly operand: ExpressionNode;
}

/** One term of ORDER BY. */
export interface OrderNode extends Typed {
  readonly kind: "order";
  readonly operand: ExpressionNode;
  readonly direction: "asc" | "desc";
  readonly nulls: "first" | "last" | null;
}

/** A query as an operand, in parentheses. */
export interface SubqueryExpressionNode extends Typed {
  readonly kind: "subqueryExpression";
  readonly query: QueryNode;
}

export interface ExistsNode extends Typed {
  readonly kind: "exists";
  readonly query: SelectNode;
  readonly negated: boolean;
}

/** SQL that the user wrote, with nodes between; grouped as one operand of unknown precedence. */
export interface FragmentNode extends Typed {
  readonly kind: "fragment";
  readonly parts: readonly (string | FragmentPart)[];
  /** False for pieces that stand as they are: the inside of `sql.join`, a statement. */
  readonly grouped: boolean;
}

/** What `${}` may hold in a fragment: an expression, a table (quoted), a query (in parentheses), a name. */
export type FragmentPart = ExpressionNode | FromNode | QueryNode | IdentifierNode;

export interface IdentifierNode extends Typed {
  readonly kind: "identifier";
  readonly parts: readonly string[];
}

/** A list of values between parentheses, as `list(array)` writes it. */
export interface ListNode extends Typed {
  readonly kind: "list";
  readonly members: readonly ExpressionNode[];
}

export type ExpressionNode =
  | ValueNode
  | ParameterNode
  | GeneratedValueNode
  | ConstantNode
  | ColumnNode
  | BinaryNode
  | LikeNode
  | BetweenNode
  | InNode
  | PrefixNode
  | JunctionNode
  | FunctionNode
  | FilterNode
  | WindowNode
  | CaseNode
  | CastNode
  | CollateNode
  | LabelNode
  | OrderNode
  | SubqueryExpressionNode
  | ExistsNode
  | FragmentNode
  | IdentifierNode
  | ListNode;

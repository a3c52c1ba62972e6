import type { ExpressionNode, OrderNode, ParameterNode, SubqueryExpressionNode } from "../ast/expression.js";
import type { FromNode, NamedFromNode } from "../ast/from.js";
import { hasNode, NODE, type Node } from "../ast/node.js";
import { isExpression } from "../ast/walk.js";
import type { QueryNode } from "../ast/statement.js";
import { InvalidValueError, UsageError } from "../errors/index.js";
import { isDecorated } from "../types/decorated.js";
import { inferType } from "../types/infer.js";
import { bigIntegerType } from "../types/integer.js";
import { numericOf } from "../types/numeric.js";
import { isWhole } from "../types/promote.js";
import type { BindRole, SqlType } from "../types/type.js";

/*
 * The one gate by which a user's value becomes a node. Each function is a role: what may stand in that place, and what is said when it may not.
 * `undefined` is refused in every role: a forgotten value must never widen a query.
 */

export function isQuery(node: Node): node is QueryNode {
  return node.kind === "select" || node.kind === "raw";
}

function isNamedFrom(node: Node): node is NamedFromNode {
  return node.kind === "table" || node.kind === "alias" || node.kind === "subquery" || node.kind === "cte";
}

/** What a value is, in words that hold no part of it. */
export function describe(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  if (hasNode(value)) return `${article(value[NODE].kind)} node`;
  return typeof value === "object" ? "a plain object" : article(typeof value);
}

function article(word: string): string {
  return /^[aeiou]/.test(word) ? `an ${word}` : `a ${word}`;
}

/** A value or expression beside something of type `peer`, which gives the type to a bare value. */
export function operand(
  value: unknown,
  peer: SqlType | null,
  where: string,
  role: BindRole = "compare",
): ExpressionNode {
  if (hasNode(value)) return expressionOf(value[NODE], peer, where, role);
  if (value === undefined) throw undefinedError(where);
  if (value === null) return NULL;
  const type = peer ?? inferType(value);
  if (type === null) {
    throw new UsageError(
      `${where} got ${describe(value)}, which is no SQL value by itself. ` +
        `Compare it with a column of its type, or give it one: literal(value, json()).`,
    );
  }
  return { kind: "value", value, type, role, inline: false };
}

/** The type of a bare value beside a number: a fraction beside whole numbers is a double, and an exact number keeps its own digits. */
export function peerOf(type: SqlType | null, value: unknown): SqlType | null {
  if (type === null || isDecorated(type) || hasNode(value)) return type;
  if (isWhole(type)) return typeof value === "number" && !Number.isInteger(value) ? null : type;
  return type.kind === "numeric" ? (numericOf(value) ?? type) : type;
}

const NULL: ExpressionNode = { kind: "constant", value: null, type: null };

function expressionOf(node: Node, peer: SqlType | null, where: string, role: BindRole): ExpressionNode {
  if (node.kind === "parameter") return typedParameter(node, peer, role, false);
  if (isExpression(node)) return node;
  if (isQuery(node)) return subqueryOf(node);
  throw new UsageError(`${where} takes a value or an expression, but got ${article(node.kind)}.`);
}

/** The parameter with the type of its place; one that was typed already keeps its own. */
function typedParameter(node: ParameterNode, peer: SqlType | null, role: BindRole, list: boolean): ParameterNode {
  return { ...node, type: node.type ?? peer, role, list };
}

export function subqueryOf(query: QueryNode): SubqueryExpressionNode {
  return { kind: "subqueryExpression", query, type: typeOfSingleColumn(query) };
}

function typeOfSingleColumn(query: QueryNode): SqlType | null {
  if (query.kind === "select") return query.items.length === 1 ? (query.items[0]?.expression.type ?? null) : null;
  return query.columns?.length === 1 ? (query.columns[0]?.type ?? null) : null;
}

/** The list of IN: values, a parameter that is a list, or a query. */
export function list(
  value: unknown,
  peer: SqlType | null,
  where: string,
): readonly ExpressionNode[] | ParameterNode | SubqueryExpressionNode {
  if (Array.isArray(value)) return Array.from(value, (member) => listMember(member, peer, where));
  if (hasNode(value)) {
    const node = value[NODE];
    if (node.kind === "parameter") return typedParameter(node, peer, "compare", true);
    if (node.kind === "list") return node.members;
    if (node.kind === "subqueryExpression") return node;
    if (isQuery(node)) return subqueryOf(node);
  }
  if (value === undefined) throw undefinedError(where);
  throw new UsageError(`${where} takes an array, a query of one column, or param("name"), but got ${describe(value)}.`);
}

/** NULL equals nothing: in a list it never matches, and makes NOT IN match nothing at all. */
function listMember(member: unknown, peer: SqlType | null, where: string): ExpressionNode {
  if (member === null) {
    throw new UsageError(
      `${where} got null in its list, which equals nothing. Test for it with .is(null), beside the list.`,
    );
  }
  return operand(member, peer, `a member of ${where}`);
}

/** A condition of WHERE, HAVING, ON, FILTER: an expression, never a bare JavaScript value. */
export function condition(value: unknown, where: string): ExpressionNode {
  if (hasNode(value)) {
    const node = value[NODE];
    if (isExpression(node) && node.kind !== "parameter") return node;
    if (isQuery(node)) return subqueryOf(node);
  }
  if (value === undefined) throw undefinedError(where);
  throw new UsageError(
    `${where} takes a condition such as notes.c.id.eq(1), but got ${describe(value)}. ` +
      `For an optional condition leave the call out, or use trueValue().`,
  );
}

/** Any expression of a selection or GROUP BY. */
export function expression(value: unknown, where: string): ExpressionNode {
  if (hasNode(value)) {
    const node = value[NODE];
    if (isExpression(node)) return node;
    if (isQuery(node)) return subqueryOf(node);
  }
  if (value === undefined) throw undefinedError(where);
  throw new UsageError(
    `${where} takes columns and expressions, but got ${describe(value)}. Wrap a plain value in literal(value).as("name").`,
  );
}

/** A term of ORDER BY: an expression (ascending) or one with `.asc()`, `.desc()`. */
export function order(value: unknown, where: string): OrderNode {
  if (hasNode(value) && value[NODE].kind === "order") return value[NODE];
  return { kind: "order", operand: expression(value, where), direction: "asc", nulls: null, type: null };
}

/** Something that has columns and stands in FROM. */
export function fromClause(value: unknown, where: string): NamedFromNode {
  if (hasNode(value) && isNamedFrom(value[NODE])) return value[NODE];
  if (value === undefined) throw undefinedError(where);
  throw new UsageError(`${where} takes a table, an alias, a subquery or a CTE, but got ${describe(value)}.`);
}

const WHOLE: SqlType<number> = bigIntegerType({ as: "number" });

/** A negative LIMIT means none on some servers, and is refused by others. */
const COUNT_TYPE: SqlType<number> = {
  kind: WHOLE.kind,
  parameters: WHOLE.parameters,
  needsBigInt: WHOLE.needsBigInt,
  toDriver(value, role) {
    const wire = WHOLE.toDriver(value, role);
    if (Number(wire) < 0) throw new InvalidValueError("Expected a whole number, zero or more, got a negative number.");
    return wire;
  },
  fromDriver: (wire) => WHOLE.fromDriver(wire),
};

/** The count of LIMIT or OFFSET: a whole number, zero or more, or a parameter. */
export function count(value: unknown, where: string): ExpressionNode {
  if (!hasNode(value) && (!Number.isSafeInteger(value) || (value as number) < 0)) {
    throw new UsageError(`${where} takes a whole number, zero or more, or param("name").`);
  }
  const node = operand(value, COUNT_TYPE, where);
  return node.kind === "parameter" ? { ...node, takesNull: false } : node;
}

/** Any node that may stand inside `${}` of a template. */
export function isFrom(node: Node): node is FromNode {
  return isNamedFrom(node) || node.kind === "join";
}

/** The type that a definition such as `integer()` names. */
export function typeOf(source: unknown, where: string): SqlType {
  const type =
    typeof source === "object" && source !== null ? (source as { readonly type?: Partial<SqlType> }).type : null;
  if (typeof type?.toDriver === "function") return type as SqlType;
  throw new UsageError(`${where} takes a type such as integer() or string(100).`);
}

export function undefinedError(where: string): UsageError {
  return new UsageError(
    `${where} got undefined. Give null for NULL; for an optional condition or column, leave the call or the key out.`,
  );
}

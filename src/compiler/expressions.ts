import type { ExpressionNode, LikeNode, WindowFrame } from "../ast/expression.js";
import type { NodeOf } from "../ast/node.js";
import { OPERATORS, PRECEDENCE, type Precedence, PREFIX_OPERATORS } from "../ast/operators.js";
import { isExpression } from "../ast/walk.js";
import { InvalidValueError } from "../errors/index.js";
import { withoutNull } from "./codecs.js";
import { integerType } from "../types/integer.js";
import type { Renderers } from "./dialect.js";
import { negate } from "./negate.js";
import { OPERAND, tighter } from "./precedence.js";
import type { SqlWriter } from "./writer.js";

function column(node: NodeOf<"column">, writer: SqlWriter): void {
  const table = node.from;
  if (writer.qualifies(table, node.key)) {
    if (table.kind === "table" && table.schema !== null) {
      writer.identifier(table.schema);
      writer.write(".");
    }
    writer.identifier(table.name);
    writer.write(".");
  }
  writer.identifier(node.name);
}

function binary(node: NodeOf<"binary">, writer: SqlWriter): void {
  const { text, precedence, operands, associative } = OPERATORS[node.operator];
  const isSame = (operand: ExpressionNode): boolean => operand.kind === "binary" && operand.operator === node.operator;
  const left = precedence !== PRECEDENCE.comparison && isSame(node.left) ? precedence : operands;
  const right =
    associative && isSame(node.right) ? precedence : (Math.max(operands, tighter(precedence)) as Precedence);
  writer.expression(node.left, left);
  writer.write(` ${text} `);
  writer.expression(node.right, right);
}

function prefix(node: NodeOf<"prefix">, writer: SqlWriter): void {
  if (node.operator === "not") {
    not(node.operand, writer);
    return;
  }
  const { text, precedence } = PREFIX_OPERATORS[node.operator];
  writer.write(text);
  // Tighter than itself: `--x` would begin a comment.
  writer.expression(node.operand, tighter(precedence));
}

/** The inverse operator where there is one, else NOT before the condition. */
function not(operand: ExpressionNode, writer: SqlWriter): void {
  const inverse = negate(operand);
  if (inverse !== null) {
    writer.predicate(inverse, PRECEDENCE.not);
    return;
  }
  writer.write("NOT ");
  writer.predicate(operand, tighter(PRECEDENCE.not));
}

function junction(node: NodeOf<"junction">, writer: SqlWriter): void {
  const separator = node.operator === "and" ? " AND " : " OR ";
  const place = tighter(PRECEDENCE[node.operator]);
  writer.list(node.members, (member) => writer.predicate(member, place), separator);
}

function between(node: NodeOf<"between">, writer: SqlWriter): void {
  writer.expression(node.operand, OPERAND);
  writer.write(node.negated ? " NOT BETWEEN " : " BETWEEN ");
  writer.expression(node.low, OPERAND);
  writer.write(" AND ");
  writer.expression(node.high, OPERAND);
}

/** An empty list is false, and its negation true, also for NULL: there is nothing to be equal to. */
function inList(node: NodeOf<"in">, writer: SqlWriter): void {
  const members = node.list;
  if (!("kind" in members) && members.length === 0) {
    writer.write(node.negated ? "1 = 1" : "1 = 0");
    return;
  }
  writer.expression(node.operand, OPERAND);
  writer.write(node.negated ? " NOT IN " : " IN ");
  if ("kind" in members && members.kind === "subqueryExpression") {
    writer.node(members);
    return;
  }
  writer.write("(");
  if ("kind" in members) writer.node(members);
  else writer.list(members, (member) => writer.expression(member));
  writer.write(")");
}

function like(node: NodeOf<"like">, writer: SqlWriter): void {
  const side = (operand: ExpressionNode): void => {
    if (node.ignoreCase) call("lower", [operand], writer);
    else writer.expression(operand, OPERAND);
  };
  side(node.operand);
  writer.write(node.negated ? " NOT LIKE " : " LIKE ");
  side(likePattern(node));
  if (node.escape !== null) writer.write(` ESCAPE ${writer.dialect.quoteLiteral(node.escape)}`);
}

/** The pattern with its wildcards, where the text between them is an expression whose own wildcards must be made plain. */
export function likePattern({ pattern, wildcards, escape }: LikeNode): ExpressionNode {
  if (wildcards === "none" || escape === null) return pattern;
  const text = (value: string): ExpressionNode => ({
    kind: "value",
    value,
    type: pattern.type,
    role: "compare",
    inline: false,
  });
  const plain = [escape, "%", "_"].reduce<ExpressionNode>(
    (inner, character) => ({
      kind: "function",
      name: "replace",
      arguments: [inner, text(character), text(escape + character)],
      distinct: false,
      known: true,
      aggregate: false,
      type: pattern.type,
    }),
    pattern,
  );
  const join = (left: ExpressionNode, right: ExpressionNode): ExpressionNode => ({
    kind: "binary",
    operator: "concat",
    left,
    right,
    type: pattern.type,
  });
  const before = wildcards === "after" ? plain : join(text("%"), plain);
  return wildcards === "before" ? before : join(before, text("%"));
}

/** Writes a call of a portable function as this dialect spells it. */
function call(name: string, args: readonly ExpressionNode[], writer: SqlWriter): void {
  writer.node({ kind: "function", name, arguments: args, distinct: false, known: true, aggregate: false, type: null });
}

/** Portable names whose standard spelling is not simply the name. */
const STANDARD_FUNCTIONS: ReadonlyMap<string, string> = new Map([
  ["length", "char_length"],
  ["stringAgg", "listagg"],
  ["nullIf", "nullif"],
  ["rowNumber", "row_number"],
  ["denseRank", "dense_rank"],
  ["firstValue", "first_value"],
  ["lastValue", "last_value"],
]);

/** Functions that are written without parentheses, and those with words between their arguments. */
const STANDARD_FORMS: ReadonlyMap<string, (node: NodeOf<"function">, writer: SqlWriter) => void> = new Map([
  ["now", (_node, writer) => writer.write("CURRENT_TIMESTAMP")],
  ["currentDate", (_node, writer) => writer.write("CURRENT_DATE")],
  ["ltrim", (node, writer) => trimmed("LEADING", node, writer)],
  ["rtrim", (node, writer) => trimmed("TRAILING", node, writer)],
  [
    "extract",
    ({ arguments: [field, value] }, writer) => {
      writer.write("EXTRACT(");
      if (field?.kind === "identifier") writer.write((field.parts[0] as string).toUpperCase());
      writer.write(" FROM ");
      if (value !== undefined) writer.expression(value);
      writer.write(")");
    },
  ],
]);

function trimmed(side: string, { arguments: [value] }: NodeOf<"function">, writer: SqlWriter): void {
  writer.write(`TRIM(${side} FROM `);
  if (value !== undefined) writer.expression(value);
  writer.write(")");
}

function functionCall(node: NodeOf<"function">, writer: SqlWriter): void {
  const special = node.known ? (writer.dialect.functions.get(node.name) ?? STANDARD_FORMS.get(node.name)) : undefined;
  if (special !== undefined) special(node, writer);
  else plainCall(node.known ? (STANDARD_FUNCTIONS.get(node.name) ?? node.name) : node.name, node, writer);
}

/** `name(DISTINCT a, b)`; an aggregate over nothing is over all rows. */
export function plainCall(
  name: string,
  node: Pick<NodeOf<"function">, "arguments" | "distinct" | "aggregate">,
  writer: SqlWriter,
): void {
  writer.write(`${name}(`);
  if (node.distinct) writer.write("DISTINCT ");
  if (node.aggregate && node.arguments.length === 0) writer.write("*");
  else writer.list(node.arguments, (argument) => writer.expression(argument));
  writer.write(")");
}

/** Where there is no FILTER, what does not count is NULL: no aggregate looks at it, and `count(*)` counts ones. */
function filterByCase({ aggregate, condition }: NodeOf<"filter">, writer: SqlWriter): void {
  const [first, ...rest] = aggregate.arguments;
  const one: ExpressionNode = { kind: "value", value: 1, type: integerType, role: "compare", inline: true };
  const counted: ExpressionNode = {
    kind: "case",
    branches: [{ when: condition, then: first ?? one }],
    otherwise: null,
    type: first?.type ?? null,
  };
  writer.node({ ...aggregate, arguments: [counted, ...rest] });
}

function filter(node: NodeOf<"filter">, writer: SqlWriter): void {
  if (!writer.dialect.features.aggregateFilter) {
    filterByCase(node, writer);
    return;
  }
  writer.node(node.aggregate);
  writer.write(" FILTER (WHERE ");
  writer.predicate(node.condition);
  writer.write(")");
}

function window(node: NodeOf<"window">, writer: SqlWriter): void {
  writer.node(node.function);
  writer.write(" OVER (");
  const parts: (() => void)[] = [];
  if (node.partitionBy.length > 0) {
    parts.push(() => {
      writer.write("PARTITION BY ");
      writer.list(node.partitionBy, (term) => writer.expression(term));
    });
  }
  if (node.orderBy.length > 0) {
    parts.push(() => {
      writer.write("ORDER BY ");
      writer.list(node.orderBy, (term) => writer.node(term));
    });
  }
  const { frame } = node;
  if (frame !== null) parts.push(() => writer.write(frameText(frame)));
  writer.list(parts, (part) => part(), " ");
  writer.write(")");
}

function frameText({ unit, start, end }: WindowFrame): string {
  return `${unit.toUpperCase()} BETWEEN ${boundText(start, "PRECEDING")} AND ${boundText(end, "FOLLOWING")}`;
}

function boundText(bound: number | null, unbounded: string): string {
  if (bound === null) return `UNBOUNDED ${unbounded}`;
  if (bound === 0) return "CURRENT ROW";
  return bound < 0 ? `${-bound} PRECEDING` : `${bound} FOLLOWING`;
}

function caseExpression(node: NodeOf<"case">, writer: SqlWriter): void {
  writer.write("CASE");
  for (const { when, then } of node.branches) {
    writer.write(" WHEN ");
    writer.predicate(when);
    writer.write(" THEN ");
    writer.expression(then);
  }
  if (node.otherwise !== null) {
    writer.write(" ELSE ");
    writer.expression(node.otherwise);
  }
  writer.write(" END");
}

function castExpression(node: NodeOf<"cast">, writer: SqlWriter): void {
  const rule = writer.dialect.types.get(node.type.kind);
  if (rule === undefined) writer.unsupported(`type ${node.type.kind}`, "Cast to another type.");
  writer.write("CAST(");
  writer.expression(node.operand);
  writer.write(` AS ${(rule.cast ?? rule.ddl)(node.type, "CAST")})`);
}

function order(node: NodeOf<"order">, writer: SqlWriter): void {
  if (node.nulls !== null && !writer.dialect.features.nullsOrdering) {
    writer.expression(node.operand, OPERAND);
    writer.write(node.nulls === "first" ? " IS NOT NULL, " : " IS NULL, ");
  }
  writer.expression(node.operand);
  if (node.direction === "desc") writer.write(" DESC");
  if (node.nulls !== null && writer.dialect.features.nullsOrdering) writer.write(` NULLS ${node.nulls.toUpperCase()}`);
}

/** What stands between raw texts is one operand there, whatever they make of it; pieces that are none stand as they are. */
function fragment(node: NodeOf<"fragment">, writer: SqlWriter): void {
  for (const part of node.parts) {
    if (typeof part === "string") writer.write(part);
    else if (part.kind === "select" || part.kind === "raw") {
      writer.write("(");
      writer.node(part);
      writer.write(")");
    } else if (!isExpression(part) || part.kind === "order" || (part.kind === "fragment" && !part.grouped))
      writer.node(part);
    else writer.expression(part, PRECEDENCE.primary);
  }
}

/** Standard SQL for every kind of expression. */
export const expressionRenderers: Pick<Renderers, ExpressionNode["kind"]> = {
  value: (node, writer) => writer.value(node.value, node.type, node.role, node.inline || writer.inline),
  parameter: (node, writer) => {
    const where = `the parameter "${node.name}"`;
    const any = writer.codecs.encoder(node.type, node.role, where);
    const codec = node.takesNull
      ? any
      : withoutNull(any, () => new InvalidValueError(`The value of ${where} is not NULL here.`));
    writer.bind({ source: "parameter", name: node.name, codec, list: node.list });
  },
  generatedValue: (node, writer) => {
    writer.bind({ source: "default", make: node.make, codec: writer.codecs.encoder(node.type, "write", "a default") });
  },
  constant: (node, writer) => writer.write(node.value === null ? "NULL" : node.value ? "TRUE" : "FALSE"),
  column,
  binary,
  prefix,
  junction,
  between,
  in: inList,
  like,
  function: functionCall,
  filter,
  window,
  case: caseExpression,
  cast: castExpression,
  collate: (node, writer) => {
    writer.expression(node.operand, PRECEDENCE.collate);
    writer.write(" COLLATE ");
    writer.identifier(node.collation);
  },
  label: (node, writer) => writer.node(node.operand),
  order,
  subqueryExpression: (node, writer) => {
    writer.write("(");
    writer.node(node.query);
    writer.write(")");
  },
  exists: (node, writer) => {
    writer.write(node.negated ? "NOT EXISTS (" : "EXISTS (");
    writer.node(node.query);
    writer.write(")");
  },
  fragment,
  identifier: (node, writer) => writer.list(node.parts, (part) => writer.identifier(part), "."),
  list: (node, writer) => {
    writer.write("(");
    if (node.members.length === 0) writer.write(writer.dialect.clauses.emptyList);
    else writer.list(node.members, (member) => writer.expression(member));
    writer.write(")");
  },
};

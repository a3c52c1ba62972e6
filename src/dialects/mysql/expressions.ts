import type { ExpressionNode, InNode } from "../../ast/expression.js";
import type { NodeOf } from "../../ast/node.js";
import { PRECEDENCE } from "../../ast/operators.js";
import type { QueryNode } from "../../ast/statement.js";
import type { RendererOverrides } from "../../compiler/dialect.js";
import { expressionRenderers } from "../../compiler/expressions.js";
import type { SqlWriter } from "../../compiler/writer.js";
import { OPERAND, tighter } from "../../compiler/precedence.js";
import { UsageError } from "../../errors/index.js";
import { asDouble, bound, castOf } from "./cast.js";
import { like } from "./like.js";
import { order } from "./order.js";
import { type Flavour, isAtLeast, type Server } from "./server.js";
import { windowOf } from "./windows.js";

type Binary = (node: NodeOf<"binary">, writer: SqlWriter) => void;

const FACTOR = tighter(PRECEDENCE.multiplicative);

/** `CONCAT(a, b, c)`: `||` is OR here. */
const concat: Binary = (node, writer) => {
  writer.write("CONCAT(");
  writer.list(concatenated(node), (part) => writer.expression(part));
  writer.write(")");
};

function concatenated(node: ExpressionNode): readonly ExpressionNode[] {
  if (node.kind !== "binary" || node.operator !== "concat") return [node];
  return [...concatenated(node.left), ...concatenated(node.right)];
}

/** Of doubles: a quotient of integers or decimals would have four digits more than they. Dividing by zero gives NULL. */
const div: Binary = ({ left, right }, writer) => {
  asDouble(left, writer);
  writer.write(" / ");
  writer.expression(right, FACTOR);
};

const intDiv: Binary = ({ left, right }, writer) => {
  writer.expression(left, PRECEDENCE.multiplicative);
  writer.write(" DIV ");
  writer.expression(right, FACTOR);
};

function distinction(before: string, after: string): Binary {
  return ({ left, right }, writer) => {
    writer.write(before);
    writer.expression(left, OPERAND);
    writer.write(" <=> ");
    writer.expression(right, OPERAND);
    writer.write(after);
  };
}

const BINARIES: ReadonlyMap<string, Binary> = new Map([
  ["concat", concat],
  ["div", div],
  ["intDiv", intDiv],
  ["isNotDistinctFrom", distinction("", "")],
  ["isDistinctFrom", distinction("NOT (", ")")],
]);

/** MariaDB keeps JSON as text, in which equal documents may differ. Alone, its function lets rows pass for which it is NULL. */
const JSON_EQUALITIES: ReadonlyMap<string, string> = new Map([
  ["eq", ") = 1"],
  ["ne", ") = 0"],
]);

function isJson(node: ExpressionNode): boolean {
  return node.type?.kind === "json";
}

function binaryOf(server: Server): Binary {
  const hasJsonType = server.flavour === "mysql";
  return (node, writer) => {
    const { left, right } = node;
    const renderer = BINARIES.get(node.operator) ?? expressionRenderers.binary;
    if (hasJsonType || !isJson(left) || !isJson(right)) {
      renderer(node, writer);
      return;
    }
    const equality = isAtLeast(server, [10, 7]) ? JSON_EQUALITIES.get(node.operator) : undefined;
    if (equality === undefined) refuseJson(writer);
    writer.write("JSON_EQUALS(");
    writer.list([left, right], (side) => writer.expression(side));
    writer.write(equality);
  };
}

function refuseJson(writer: SqlWriter): never {
  return writer.unsupported("such a comparison of JSON", "Compare what fn.json_value() takes out of it.");
}

/** A value that the text holds, as CHECK needs it, is compared as the type that a bound one is. */
function valueOf({ flavour }: Server): NonNullable<RendererOverrides["value"]> {
  return (node, writer) => {
    if (isExactInteger(node, flavour)) {
      asSigned(node, "value", writer);
      return;
    }
    const isCompared = (node.inline || writer.inline) && node.role === "compare" && node.value !== null;
    if (!isCompared) {
      expressionRenderers.value(node, writer);
      return;
    }
    const wire = writer.codecs.encoder(node.type, node.role, "a value").encode(node.value);
    writer.write(bound(writer.dialect.quoteLiteral(wire), node.type, flavour));
  };
}

/** Beside nothing that has a type, as in `? % ?`, MySQL computes with doubles, which hold what the other whole numbers are. */
function isExactInteger({ type, role }: NodeOf<"value" | "parameter">, flavour: Flavour): boolean {
  return flavour === "mysql" && role === "compare" && type?.needsBigInt === true;
}

function asSigned<Kind extends "value" | "parameter">(node: NodeOf<Kind>, kind: Kind, writer: SqlWriter): void {
  writer.write("CAST(");
  expressionRenderers[kind](node, writer);
  writer.write(" AS SIGNED)");
}

function parameterOf({ flavour }: Server): NonNullable<RendererOverrides["parameter"]> {
  return (node, writer) => {
    if (isExactInteger(node, flavour) && !node.list) asSigned(node, "parameter", writer);
    else expressionRenderers.parameter(node, writer);
  };
}

/** The servers refuse LIMIT in a subquery of IN, and take it one query further in. */
function inOf({ flavour }: Server): (node: InNode, writer: SqlWriter) => void {
  return (node, writer) => {
    if (flavour === "mariadb" && isJson(node.operand)) refuseJson(writer);
    const query = "kind" in node.list && node.list.kind === "subqueryExpression" ? node.list.query : null;
    if (query?.kind !== "select" || (query.limit === null && query.offset === null)) {
      expressionRenderers.in(node, writer);
      return;
    }
    writer.expression(node.operand, OPERAND);
    writer.write(`${node.negated ? " NOT IN " : " IN "}(SELECT * FROM (`);
    if (flavour === "mysql") writer.node(query);
    else uncorrelated(query, writer);
    writer.write(") AS `limited`)");
  };
}

/** A table of FROM cannot refer to the query around it on MariaDB. */
function uncorrelated(query: QueryNode, writer: SqlWriter): void {
  // What is no query of its own anywhere is the caller's mistake, and told as such.
  writer.capture(() => writer.node(query));
  try {
    writer.append(writer.capture(() => writer.derivedQuery(query)));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    writer.unsupported("LIMIT in a subquery of IN that refers to the query around it", "Use exists(), or join it.");
  }
}

/** Where expressions are written in the servers' own way. */
export function expressionsOf(server: Server): RendererOverrides {
  return {
    like,
    order,
    window: windowOf(server.flavour),
    binary: binaryOf(server),
    cast: castOf(server.flavour),
    value: valueOf(server),
    parameter: parameterOf(server),
    in: inOf(server),
  };
}

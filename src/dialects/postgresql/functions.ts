import type { ExpressionNode } from "../../ast/expression.js";
import type { NodeOf } from "../../ast/node.js";
import { PRECEDENCE } from "../../ast/operators.js";
import type { FunctionRenderer } from "../../compiler/dialect.js";
import { plainCall } from "../../compiler/expressions.js";
import type { SqlWriter } from "../../compiler/writer.js";
import { OPERAND } from "../../compiler/precedence.js";
import { binaryType } from "../../types/binary.js";
import { doubleType } from "../../types/float.js";
import { textType } from "../../types/text.js";
import { asInteger } from "./binds.js";
import { asDecimal } from "./cast.js";
import { asText, byBytes, castNode, WHOLES } from "./nodes.js";
import { boundName } from "./types.js";

type Call = NodeOf<"function">;

/** A function of a text, and of integers after it. */
function ofText(
  name: string,
  rest: (node: ExpressionNode, writer: SqlWriter) => void = asTextArgument,
): FunctionRenderer {
  return ({ arguments: [text, ...others] }, writer) => {
    writer.write(`${name}(`);
    if (text !== undefined) writer.expression(asText(text));
    for (const other of others) {
      writer.write(", ");
      rest(other, writer);
    }
    writer.write(")");
  };
}

function asTextArgument(node: ExpressionNode, writer: SqlWriter): void {
  writer.expression(asText(node));
}

function overFirst(name: string, change: (argument: ExpressionNode) => ExpressionNode): FunctionRenderer {
  return (node, writer) => {
    const [first, ...rest] = node.arguments;
    plainCall(name, first === undefined ? node : { ...node, arguments: [change(first), ...rest] }, writer);
  };
}

const asDouble = (node: ExpressionNode): ExpressionNode => castNode(node, doubleType);

/** `name(x)` as the type that the function has, where the server gives another. */
function typed(name: string, change: (argument: ExpressionNode) => ExpressionNode): FunctionRenderer {
  return (node, writer) => {
    const type = node.type === null ? null : boundName(node.type);
    if (type !== null) writer.write("CAST(");
    overFirst(name, change)(node, writer);
    if (type !== null) writer.write(` AS ${type})`);
  };
}

/** A whole number is its own floor and ceiling; the server would make a double of it. */
function ofFraction(name: string): FunctionRenderer {
  return (node, writer) => {
    const [first] = node.arguments;
    if (first !== undefined && WHOLES.has(first.type?.kind)) writer.expression(first, PRECEDENCE.primary);
    else plainCall(name, node, writer);
  };
}

/** NULL where any argument is, as elsewhere; the server leaves NULLs out. */
function extreme(name: string): FunctionRenderer {
  return (node, writer) => {
    const open = node.arguments.filter(({ kind }) => kind !== "value");
    if (open.length > 0) {
      writer.write("CASE WHEN ");
      const isNull = (argument: ExpressionNode): void => {
        writer.expression(argument, OPERAND);
        writer.write(" IS NULL");
      };
      writer.list(open, isNull, " OR ");
      writer.write(" THEN NULL ELSE ");
    }
    plainCall(name, node, writer);
    if (open.length > 0) writer.write(" END");
  };
}

/** The least and greatest of kinds for which the server has no such aggregate in every version. */
function extremum(name: "min" | "max"): FunctionRenderer {
  const byKind: ReadonlyMap<string, FunctionRenderer> = new Map([
    ["boolean", overFirst(name === "min" ? "bool_and" : "bool_or", (argument) => argument)],
    ["uuid", overFirst(name, (argument) => byBytes(castNode(argument, textType)))],
    ["binary", overFirst(name, (argument) => byBytes(hexText(argument)))],
  ]);
  return (node, writer) => {
    const special = byKind.get(node.arguments[0]?.type?.kind ?? "");
    if (special === undefined) plainCall(name, node, writer);
    else special(node, writer);
  };
}

function hexText(operand: ExpressionNode): ExpressionNode {
  const parts = ["encode(", operand, ", 'hex')"];
  return { kind: "fragment", parts, grouped: false, type: textType };
}

/** What stands around a call so that it gives its type; outside of FILTER and OVER, which belong to the call. */
export function aroundCall(
  { known, name, arguments: [first] }: Call,
  type: Call["type"],
): readonly [string, string] | null {
  if (!known || type === null || first === undefined) return null;
  if (name === "sum" && type.kind === "bigInteger" && !isSumOfIntegers(first)) return ["CAST(", " AS bigint)"];
  if (name !== "min" && name !== "max") return null;
  if (type.kind === "uuid") return ["CAST(", " AS uuid)"];
  return type.kind === binaryType.kind ? ["decode(", ", 'hex')"] : null;
}

/** The server's own sum of these is a bigint already. */
function isSumOfIntegers({ kind, type }: ExpressionNode): boolean {
  return kind === "column" && type?.kind !== "bigInteger";
}

function squareRoot({ arguments: [operand] }: Call, writer: SqlWriter): void {
  if (operand === undefined) return;
  const double = asDouble(operand);
  writer.write("CASE WHEN ");
  writer.expression(double, OPERAND);
  writer.write(" >= 0 THEN sqrt(");
  writer.expression(double);
  writer.write(") END");
}

function extract({ arguments: [field, value] }: Call, writer: SqlWriter): void {
  writer.write("CAST(floor(EXTRACT(");
  if (field?.kind === "identifier") writer.write((field.parts[0] as string).toUpperCase());
  writer.write(" FROM ");
  if (value !== undefined) writer.expression(value);
  writer.write(")) AS integer)");
}

const UTC_NOW = "(CURRENT_TIMESTAMP AT TIME ZONE 'UTC')";

/** Portable functions that PostgreSQL spells its own way. */
export const POSTGRESQL_FUNCTIONS: ReadonlyMap<string, FunctionRenderer> = new Map<string, FunctionRenderer>([
  ["lower", ofText("lower")],
  ["upper", ofText("upper")],
  ["length", ofText("char_length")],
  ["trim", ofText("btrim")],
  ["ltrim", ofText("ltrim")],
  ["rtrim", ofText("rtrim")],
  ["replace", ofText("replace")],
  ["substring", ofText("substr", asInteger)],
  ["stringAgg", overFirst("string_agg", asText)],
  ["round", typed("round", asDecimal)],
  ["floor", ofFraction("floor")],
  ["ceil", ofFraction("ceil")],
  ["sign", typed("sign", (argument) => argument)],
  ["sqrt", squareRoot],
  ["power", overFirst("power", asDouble)],
  ["greatest", extreme("greatest")],
  ["least", extreme("least")],
  ["sum", overFirst("sum", (argument) => (argument.type?.kind === "float" ? asDouble(argument) : argument))],
  ["avg", overFirst("avg", asDouble)],
  ["min", extremum("min")],
  ["max", extremum("max")],
  ["extract", extract],
  // Milliseconds, the precision in which a Date is stored.
  ["now", (_node, writer) => writer.write(`date_trunc('milliseconds', ${UTC_NOW})`)],
  ["currentDate", (_node, writer) => writer.write(`CAST(${UTC_NOW} AS date)`)],
]);

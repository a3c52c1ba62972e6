import type { ExpressionNode } from "../../ast/expression.js";
import type { NodeOf } from "../../ast/node.js";
import type { SqlWriter } from "../../compiler/writer.js";
import { OPERAND } from "../../compiler/precedence.js";
import type { SqlType } from "../../types/type.js";
import type { Flavour } from "./server.js";
import { widestDecimal, widestScale } from "./types.js";

type Cast = (node: NodeOf<"cast">, writer: SqlWriter) => void;

const DOUBLES: ReadonlySet<string | undefined> = new Set(["float", "double"]);
const TEXTS: ReadonlySet<string | undefined> = new Set(["text", "string", "enumeration", "json", "uuid"]);

export function asDouble(operand: ExpressionNode, writer: SqlWriter): void {
  around(operand, "DOUBLE", writer);
}

function around(operand: ExpressionNode, name: string, writer: SqlWriter): void {
  writer.write("CAST(");
  writer.expression(operand);
  writer.write(` AS ${name})`);
}

function to(name: string): Cast {
  return ({ operand }, writer) => around(operand, name, writer);
}

/** Halves go away from zero, as those of a decimal do here, and those of a double do not. */
const whole: Cast = ({ operand }, writer) => {
  if (!DOUBLES.has(operand.type?.kind)) {
    around(operand, "SIGNED", writer);
    return;
  }
  writer.write("CAST(");
  around(operand, widestDecimal({}), writer);
  writer.write(" AS SIGNED)");
};

/** Only the scale: a number of more digits than the type has would silently become the greatest of so many. */
const numeric: Cast = ({ operand, type }, writer) => {
  const { scale } = type.parameters;
  if (scale === undefined) {
    around(operand, widestDecimal({}), writer);
    return;
  }
  const widest = widestScale(type.parameters);
  if (scale > widest) writer.unsupported(`CAST to ${scale} digits behind the point`, `Cast to ${widest}, or fewer.`);
  around(operand, `DECIMAL(65, ${scale})`, writer);
};

const boolean: Cast = ({ operand }, writer) => {
  if (TEXTS.has(operand.type?.kind)) {
    writer.unsupported("CAST of text to a boolean", 'Compare the text: notes.c.flag.eq("true").');
  }
  writer.write("(");
  writer.expression(operand, OPERAND);
  writer.write(" <> 0)");
};

const text: Cast = ({ operand, type: { parameters } }, writer) =>
  around(operand, parameters.length === undefined ? "CHAR" : `CHAR(${parameters.length})`, writer);

const dateTime: Cast = ({ operand, type }, writer) =>
  around(operand, `DATETIME(${type.parameters.precision ?? 6})`, writer);

export function castOf(flavour: Flavour): Cast {
  const casts: ReadonlyMap<string, Cast> = new Map([
    ["integer", whole],
    ["smallInteger", whole],
    ["bigInteger", whole],
    ["numeric", numeric],
    ["float", to("FLOAT")],
    ["double", to("DOUBLE")],
    ["string", text],
    ["text", text],
    ["enumeration", text],
    ["boolean", boolean],
    ["date", to("DATE")],
    ["time", to("TIME(6)")],
    ["dateTime", dateTime],
    // MariaDB's JSON is a text.
    ["json", to(flavour === "mysql" ? "JSON" : "CHAR")],
    ["uuid", to("CHAR(36)")],
    ["binary", to("BINARY")],
  ]);
  return (node, writer) => {
    const cast = casts.get(node.type.kind);
    if (cast === undefined) return writer.unsupported(`type ${node.type.kind}`, "Cast to another type.");
    cast(node, writer);
  };
}

/**
 * What a value is cast to that is compared or computed with, from within: a decimal or a moment is sent as text, which would be compared as a double
 * or as text, a whole double as an integer. MySQL takes bytes for text, and a text for a date where a time is asked for.
 */
const BOUND: Readonly<Record<Flavour, ReadonlyMap<string, readonly string[]>>> = {
  mysql: new Map([
    ["time", ["CHAR", "TIME(6)"]],
    ["json", ["JSON"]],
    ["binary", ["BINARY"]],
  ]),
  mariadb: new Map([["time", ["TIME(6)"]]]),
};

const BOUND_ALIKE: ReadonlyMap<string, readonly string[]> = new Map([
  ["float", ["DOUBLE"]],
  ["double", ["DOUBLE"]],
  ["date", ["DATE"]],
  ["dateTime", ["DATETIME(6)"]],
]);

/** The value's text with the casts around it. */
export function bound(text: string, type: SqlType | null, flavour: Flavour): string {
  if (type === null) return text;
  if (type.kind === "numeric") return `CAST(${text} AS ${widestDecimal(type.parameters)})`;
  const casts = BOUND[flavour].get(type.kind) ?? BOUND_ALIKE.get(type.kind) ?? [];
  return casts.reduce((inner, name) => `CAST(${inner} AS ${name})`, text);
}

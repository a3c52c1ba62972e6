import type { ExpressionNode, ParameterNode, ValueNode } from "../../ast/expression.js";
import type { Precedence } from "../../ast/operators.js";
import { expressionRenderers } from "../../compiler/expressions.js";
import type { Chunk, SqlWriter } from "../../compiler/writer.js";
import { bigIntegerType, integerType } from "../../types/integer.js";
import type { SqlType } from "../../types/type.js";
import { isBind, TEXTS, WHOLES } from "./nodes.js";
import { boundName } from "./types.js";

/*
 * A placeholder tells the server its type, since `$1 + $2` and `coalesce($1, $2)` have none. Beside a column it tells nothing: the server then
 * takes the value for what the column is, which may be a type that this library does not know (an enumeration's own, citext, inet).
 */

const WIDE = bigIntegerType();
const INT_MAX = 2 ** 31 - 1;

/** The type that the server is told of a value beside `peer`. Whole numbers are wide there: one beyond the column's range is not equal, no error. */
export function announcedType(node: ValueNode | ParameterNode, peer: ExpressionNode): SqlType | null {
  const { type } = node;
  if (type === null) return null;
  if (WHOLES.has(type.kind)) return WIDE;
  return peer.kind === "column" && peer.type !== null && isSameKind(peer.type, type) ? null : type;
}

function isSameKind(one: SqlType, other: SqlType): boolean {
  return one.kind === other.kind || (TEXTS.has(one.kind) && TEXTS.has(other.kind));
}

/** The chunk, telling another type to the server; encoded as before. */
export function retyped(chunk: Chunk, type: SqlType | null): Chunk {
  if (typeof chunk === "string") return chunk;
  return chunk.source === "value" ? { ...chunk, type } : { ...chunk, codec: { ...chunk.codec, type } };
}

/** Writes a value so that the server is told this type. */
export function announced(node: ValueNode | ParameterNode, type: SqlType | null, writer: SqlWriter): void {
  const chunks = writer.capture(() => writer.node(node));
  writer.append(chunks.map((chunk) => retyped(chunk, type)));
}

/** Writes one side of an operator. */
export function side(node: ExpressionNode, peer: ExpressionNode, place: Precedence, writer: SqlWriter): void {
  if (isBind(node)) announced(node, announcedType(node, peer), writer);
  else writer.expression(node, place);
}

/** A value that stands for itself. One that is larger than its type says, as a value to compare with may be, is a wide one. */
export function value(node: ValueNode, writer: SqlWriter): void {
  if (node.inline || writer.inline) inlined(node, writer);
  else if (isWide(node)) expressionRenderers.value({ ...node, type: WIDE }, writer);
  else expressionRenderers.value(node, writer);
}

function isWide({ type, value: given }: ValueNode): boolean {
  return (
    (type?.kind === "integer" || type?.kind === "smallInteger") &&
    typeof given === "number" &&
    Math.abs(given) > INT_MAX
  );
}

/** A literal in quotes has no type of its own. */
function inlined(node: ValueNode, writer: SqlWriter): void {
  const wire = writer.codecs.encoder(node.type, node.role, "a value").encode(node.value);
  writer.write(writer.dialect.quoteLiteral(wire));
  const name = typeof wire === "string" && node.type !== null ? boundName(node.type) : null;
  if (name !== null) writer.write(`::${name}`);
}

/** Where only `integer` will do: the count of characters, a position. */
export function asInteger(node: ExpressionNode, writer: SqlWriter): void {
  if (isBind(node)) announced(node, integerType, writer);
  else {
    writer.write("CAST(");
    writer.expression(node);
    writer.write(" AS integer)");
  }
}

import type { ExpressionNode, ParameterNode, ValueNode } from "../../ast/expression.js";
import type { NodeOf } from "../../ast/node.js";
import { encodeList } from "../../compiler/bind.js";
import type { CompiledBind } from "../../compiler/compiled.js";
import { expressionRenderers } from "../../compiler/expressions.js";
import type { SqlWriter } from "../../compiler/writer.js";
import { OPERAND } from "../../compiler/precedence.js";
import type { SqlType } from "../../types/type.js";
import { writeArray } from "./array-text.js";
import { ArrayType } from "./array-type.js";
import { announcedType } from "./binds.js";

/** A list of values is one array, so that lists of all lengths are one statement: `= ANY ($1)`, `<> ALL ($1)`. */
export function inList(node: NodeOf<"in">, writer: SqlWriter): void {
  const bind = writer.inline ? null : arrayBind(node, writer);
  if (bind === null) {
    expressionRenderers.in(node, writer);
    return;
  }
  writer.expression(node.operand, OPERAND);
  writer.write(node.negated ? " <> ALL (" : " = ANY (");
  writer.bind(bind);
  writer.write(")");
}

function arrayBind({ operand, list }: NodeOf<"in">, writer: SqlWriter): CompiledBind | null {
  if (!("kind" in list)) return areValues(list) ? ofValues(list, operand, writer) : null;
  // An array of arrays has the elements of both: its members stand one by one.
  return list.kind === "parameter" && list.type?.kind !== "array" ? ofParameter(list, operand, writer) : null;
}

/** Values of one type; others stand one by one, each with its own. */
function areValues(list: readonly ExpressionNode[]): list is readonly ValueNode[] {
  const type = list[0]?.type ?? null;
  if (type === null || type.kind === "array") return false;
  return list.every((member) => member.kind === "value" && !member.inline && member.type === type);
}

function ofValues(list: readonly ValueNode[], operand: ExpressionNode, writer: SqlWriter): CompiledBind {
  const [first] = list as readonly [ValueNode, ...ValueNode[]];
  const codec = writer.codecs.encoder(first.type, first.role, "a member of the list");
  const wires = list.map((member) => codec.encode(member.value));
  return { source: "value", value: writeArray(wires), type: arrayOf(announcedType(first, operand)) };
}

function ofParameter(node: ParameterNode, operand: ExpressionNode, writer: SqlWriter): CompiledBind {
  const { name, type } = node;
  const codec = writer.codecs.encoder(type, node.role, `the parameter "${name}"`);
  const encode = (list: unknown): string => writeArray(encodeList({ name, codec }, list));
  return {
    source: "parameter",
    name,
    codec: { type: arrayOf(announcedType(node, operand)), encode },
    list: false,
  };
}

function arrayOf(element: SqlType | null): SqlType | null {
  return element === null ? null : new ArrayType(element, false);
}

const IN = /\bIN\s*$/i;
const NOT_IN = /\bNOT\s+IN\s*$/i;

/**
 * An empty list in raw SQL: no query of no row compares with every type, but the empty array does.
 * Only what the text says before the list can tell that it is a list of IN.
 */
export function fragment(node: NodeOf<"fragment">, writer: SqlWriter): void {
  const parts = [...node.parts];
  for (let index = 1; index < parts.length; index++) {
    const part = parts[index];
    const before = parts[index - 1];
    if (typeof part !== "object" || part.kind !== "list" || part.members.length > 0) continue;
    if (typeof before !== "string" || !IN.test(before)) continue;
    parts[index - 1] = before.replace(NOT_IN.test(before) ? NOT_IN : IN, "");
    parts[index] = NOT_IN.test(before) ? "<> ALL ('{}')" : "= ANY ('{}')";
  }
  expressionRenderers.fragment({ ...node, parts }, writer);
}

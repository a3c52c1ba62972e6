import type { ExpressionNode, LikeNode } from "../../ast/expression.js";
import type { NodeOf } from "../../ast/node.js";
import { expressionRenderers } from "../../compiler/expressions.js";
import type { SqlWriter } from "../../compiler/writer.js";
import { textType } from "../../types/text.js";
import type { SqlType } from "../../types/type.js";

/** The escape of patterns that have none. */
const ESCAPE = "!";

/** Without ESCAPE a backslash would be one; and MariaDB knows no way to say that nothing is. So there is one, and it is escaped wherever it stands. */
export function like(node: NodeOf<"like">, writer: SqlWriter): void {
  const { pattern } = node;
  if (node.escape !== null) expressionRenderers.like(node, writer);
  else if (pattern.kind === "value" && typeof pattern.value === "string") {
    withEscape(node, { ...pattern, value: doubled(pattern.value) }, writer);
  } else if (pattern.kind === "parameter") withEscape(node, { ...pattern, type: doubledText }, writer);
  else withEscape(node, doubledInSql(pattern), writer);
}

function withEscape(node: LikeNode, pattern: ExpressionNode, writer: SqlWriter): void {
  expressionRenderers.like({ ...node, pattern, escape: ESCAPE }, writer);
}

function doubled(text: string): string {
  return text.replaceAll(ESCAPE, ESCAPE + ESCAPE);
}

/** A text whose escape characters are doubled on their way out. */
const doubledText: SqlType<string> = {
  kind: textType.kind,
  parameters: textType.parameters,
  needsBigInt: textType.needsBigInt,
  toDriver: (value, role) => {
    const wire = textType.toDriver(value, role);
    return typeof wire === "string" ? doubled(wire) : wire;
  },
  fromDriver: (wire) => textType.fromDriver(wire),
};

function doubledInSql(pattern: ExpressionNode): ExpressionNode {
  const text = (value: string): ExpressionNode => ({
    kind: "value",
    value,
    type: textType,
    role: "compare",
    inline: true,
  });
  return {
    kind: "function",
    name: "replace",
    arguments: [pattern, text(ESCAPE), text(ESCAPE + ESCAPE)],
    distinct: false,
    known: true,
    aggregate: false,
    type: pattern.type,
  };
}

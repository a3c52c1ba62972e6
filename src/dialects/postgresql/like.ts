import type { LikeNode } from "../../ast/expression.js";
import type { SqlWriter } from "../../compiler/writer.js";
import { OPERAND } from "../../compiler/precedence.js";
import { side } from "./binds.js";
import { asText } from "./nodes.js";

export function like(node: LikeNode, writer: SqlWriter): void {
  if (node.wildcards === "none") match(node, writer);
  else search(node, writer);
}

/** Without a word on it the server takes a backslash for the escape character. */
function match(node: LikeNode, writer: SqlWriter): void {
  const operand = asText(node.operand);
  side(operand, node.pattern, OPERAND, writer);
  writer.write(`${node.negated ? " NOT" : ""}${node.ignoreCase ? " ILIKE " : " LIKE "}`);
  side(node.pattern, operand, OPERAND, writer);
  writer.write(` ESCAPE ${writer.dialect.quoteLiteral(node.escape ?? "")}`);
}

/** `contains` and its kin over an expression: a search in the text, where nothing needs escaping. */
function search({ operand, pattern, wildcards, negated }: LikeNode, writer: SqlWriter): void {
  const text = asText(operand);
  const found = asText(pattern);
  if (wildcards === "before") {
    writer.write("right(");
    writer.expression(text);
    writer.write(", char_length(");
    writer.expression(found);
    writer.write(`)) ${negated ? "<>" : "="} `);
    writer.expression(found, OPERAND);
    return;
  }
  // At position 1 it begins; the empty text is found there in each.
  writer.write("strpos(");
  writer.list([text, found], (each) => writer.expression(each));
  const condition = wildcards === "both" ? (negated ? "= 0" : "> 0") : negated ? "<> 1" : "= 1";
  writer.write(`) ${condition}`);
}

import type { LikeNode } from "../../ast/expression.js";
import type { NodeOf } from "../../ast/node.js";
import type { Encoder } from "../../compiler/compiled.js";
import { likePattern } from "../../compiler/expressions.js";
import { OPERAND } from "../../compiler/precedence.js";
import type { SqlWriter } from "../../compiler/writer.js";
import { textType } from "../../types/text.js";

/*
 * SQLite's LIKE ignores the case of ASCII letters; its GLOB does not, and has `*` and `?` for `%` and `_`.
 * So a LIKE where case counts is a GLOB with the pattern translated, and one where it does not is SQLite's own.
 */

/** A LIKE pattern as a GLOB pattern that matches the same texts. */
function globOf(pattern: string, escape: string | null): string {
  let glob = "";
  let escaped = false;
  for (const character of pattern) {
    if (!escaped && character === escape) escaped = true;
    else {
      glob += escaped ? plain(character) : wildcard(character);
      escaped = false;
    }
  }
  return glob;
}

function wildcard(character: string): string {
  if (character === "%") return "*";
  return character === "_" ? "?" : plain(character);
}

/** A class of one character takes its meaning from each of GLOB's special ones. */
function plain(character: string): string {
  return character === "*" || character === "?" || character === "[" ? `[${character}]` : character;
}

export function like(node: NodeOf<"like">, writer: SqlWriter): void {
  if (node.ignoreCase) ownLike(node, writer);
  else if (node.wildcards !== "none") search(node, writer);
  else glob(node, writer);
}

function ownLike(node: LikeNode, writer: SqlWriter): void {
  writer.expression(node.operand, OPERAND);
  writer.write(node.negated ? " NOT LIKE " : " LIKE ");
  writer.expression(likePattern(node), OPERAND);
  if (node.escape !== null) writer.write(` ESCAPE ${writer.dialect.quoteLiteral(node.escape)}`);
}

function glob(node: LikeNode, writer: SqlWriter): void {
  const { pattern, escape } = node;
  writer.expression(node.operand, OPERAND);
  writer.write(node.negated ? " NOT GLOB " : " GLOB ");
  if (pattern.kind === "value") {
    const codec = globEncoder(writer.codecs.encoder(textType, "compare", "a pattern"), escape);
    writer.value(codec.encode(pattern.value), textType, "compare");
  } else if (pattern.kind === "parameter") {
    const codec = globEncoder(writer.codecs.encoder(textType, "compare", `the parameter "${pattern.name}"`), escape);
    writer.bind({ source: "parameter", name: pattern.name, codec, list: false });
  } else translated(node, writer);
}

function globEncoder(text: Encoder, escape: string | null): Encoder {
  return {
    type: text.type,
    encode(value) {
      const pattern = text.encode(value);
      return typeof pattern === "string" ? globOf(pattern, escape) : pattern;
    },
  };
}

/** The translation in SQL, for a pattern that the server makes; without an escape each character has one meaning. */
function translated({ pattern, escape }: LikeNode, writer: SqlWriter): void {
  if (escape !== null) {
    writer.unsupported(
      "LIKE with an escape over a pattern that is an expression",
      "Use .contains(), .startsWith() or .endsWith().",
    );
  }
  writer.write("replace(replace(replace(replace(replace(");
  writer.expression(pattern);
  writer.write(", '[', '[[]'), '*', '[*]'), '?', '[?]'), '%', '*'), '_', '?')");
}

/** `contains` and its kin over an expression: a search in the text, where nothing needs escaping. */
function search(node: LikeNode, writer: SqlWriter): void {
  const { operand, pattern, wildcards } = node;
  if (wildcards === "both") {
    writer.write("instr(");
    writer.list([operand, pattern], (each) => writer.expression(each));
    writer.write(node.negated ? ") = 0" : ") > 0");
    return;
  }
  // With its length, so that the empty text is found at the end of each.
  writer.write("substr(");
  writer.expression(operand);
  writer.write(wildcards === "after" ? ", 1, length(" : ", -length(");
  writer.expression(pattern);
  if (wildcards === "before") {
    writer.write("), length(");
    writer.expression(pattern);
  }
  writer.write(`))${node.negated ? " <> " : " = "}`);
  writer.expression(pattern, OPERAND);
}

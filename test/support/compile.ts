import type { DdlNode } from "../../src/ast/ddl.js";
import type { ExpressionNode, OrderNode } from "../../src/ast/expression.js";
import { type HasNode, NODE } from "../../src/ast/node.js";
import type { StatementNode } from "../../src/ast/statement.js";
import { bindParameters, type CallValues, textOf } from "../../src/compiler/bind.js";
import { Compiler } from "../../src/compiler/compile.js";
import type { CompiledQuery } from "../../src/compiler/compiled.js";
import type { Dialect } from "../../src/compiler/dialect.js";
import { SqlWriter } from "../../src/compiler/writer.js";
import { sqlite } from "../../src/dialects/sqlite/index.js";
import type { WireValue } from "../../src/util/wire.js";

/** A statement, or a raw text. */
export type Runnable = HasNode<StatementNode | DdlNode> | string;

/** The statement compiled as `execute(statement, values)` does it. */
export function compiledOf(
  statement: Runnable,
  values: CallValues | null = null,
  dialect: Dialect = sqlite,
): CompiledQuery {
  const compiler = new Compiler(dialect);
  if (typeof statement === "string") return compiler.compileText(statement);
  const node = statement[NODE];
  const takesValues = (node.kind === "insert" && node.source === null) || (node.kind === "update" && node.set === null);
  return compiler.compile(node, takesValues && values !== null ? Object.keys(values) : null);
}

/** The statement's text; with `values`, as a call with them runs it. */
export function sqlOf(statement: Runnable, values: CallValues | null = null): string {
  const compiled = compiledOf(statement, values);
  return values === null ? compiled.text : textOf(compiled, values);
}

/** The text of one call, and what is bound in it. */
export function callOf(
  statement: Runnable,
  values: CallValues | null = null,
): readonly [sql: string, parameters: readonly WireValue[]] {
  const compiled = compiledOf(statement, values);
  return [textOf(compiled, values), bindParameters(compiled, values)];
}

/** The text of an expression alone. */
export function expressionSql(expression: HasNode<ExpressionNode | OrderNode>): string {
  const writer = new SqlWriter(sqlite);
  writer.expression(expression[NODE]);
  return textOfWriter(writer);
}

/** The text of an expression where a condition is asked for. */
export function conditionSql(condition: HasNode<ExpressionNode>): string {
  const writer = new SqlWriter(sqlite);
  writer.predicate(condition[NODE]);
  return textOfWriter(writer);
}

function textOfWriter(writer: SqlWriter): string {
  return writer
    .chunks()
    .map((chunk) => (typeof chunk === "string" ? chunk : "?"))
    .join("");
}

import { UsageError } from "../errors/index.js";
import type { SqlType } from "../types/type.js";
import type { CompiledBind, CompiledQuery } from "./compiled.js";
import type { Dialect } from "./dialect.js";
import type { Chunk } from "./writer.js";

export type Assembled = Pick<CompiledQuery, "text" | "expand" | "binds">;

/** Joins what a writer collected, with a placeholder for each parameter. */
export function assemble(chunks: readonly Chunk[], dialect: Dialect): Assembled {
  if (chunks.some((chunk) => typeof chunk === "string" && chunk.includes("\0"))) {
    throw new UsageError("The SQL text has a NUL character, at which some servers would cut it; remove it.");
  }
  const binds = chunks.filter((chunk): chunk is CompiledBind => typeof chunk !== "string");
  const expand = binds.some(isList) ? (lengths: readonly number[]) => textOf(chunks, lengths, dialect) : null;
  return { text: textOf(chunks, [], dialect), expand, binds };
}

/** Placeholders are counted from 1, the members of lists among them; a list of unknown length is `…`. */
function textOf(chunks: readonly Chunk[], lengths: readonly number[], dialect: Dialect): string {
  let text = "";
  let position = 0;
  let list = 0;
  for (const chunk of chunks) {
    if (typeof chunk === "string") text += chunk;
    else if (!isList(chunk)) text += dialect.placeholder(++position, typeOf(chunk));
    else {
      const length = lengths[list++];
      const type = typeOf(chunk);
      if (length === undefined) text += "…";
      else if (length === 0) text += dialect.clauses.emptyList;
      else text += Array.from({ length }, () => dialect.placeholder(++position, type)).join(", ");
    }
  }
  return text;
}

function isList(bind: CompiledBind): boolean {
  return bind.source === "parameter" && bind.list;
}

function typeOf(bind: CompiledBind): SqlType | null {
  return bind.source === "value" ? bind.type : bind.codec.type;
}

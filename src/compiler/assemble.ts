import { UsageError } from "../errors/index.js";
import type { CompiledBind } from "./compiled.js";
import type { Dialect } from "./dialect.js";
import type { Chunk } from "./writer.js";

export interface Assembled {
  readonly pieces: readonly string[];
  readonly binds: readonly CompiledBind[];
  readonly listPlaceholder: string;
}

/** Joins what a writer collected: a placeholder for each parameter, a cut where a list will be written. */
export function assemble(chunks: readonly Chunk[], dialect: Dialect): Assembled {
  const pieces: string[] = [];
  const binds: CompiledBind[] = [];
  let text = "";
  for (const chunk of chunks) {
    if (typeof chunk === "string") {
      text += chunk;
      continue;
    }
    binds.push(chunk);
    if (chunk.source === "parameter" && chunk.list) {
      pieces.push(text);
      text = "";
    } else text += dialect.placeholder(binds.length);
  }
  pieces.push(text);
  if (pieces.some((piece) => piece.includes("\0"))) {
    throw new UsageError("The SQL text has a NUL character, at which some servers would cut it; remove it.");
  }
  return { pieces, binds, listPlaceholder: dialect.placeholder(1) };
}

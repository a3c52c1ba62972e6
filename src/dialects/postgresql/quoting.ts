import { UsageError } from "../../errors/index.js";
import type { WireValue } from "../../util/wire.js";
import { hexOf } from "./array-text.js";

/** Longer names the server cuts, and says so only in a notice. */
const MAX_NAME_BYTES = 63;

/** @throws {UsageError} for a name that is empty, has NUL, or would be cut. */
export function quoteIdentifier(name: string): string {
  if (name === "" || name.includes("\0")) throw new UsageError("A name in SQL is not empty and has no NUL character.");
  if (name.length * 3 > MAX_NAME_BYTES && Buffer.byteLength(name) > MAX_NAME_BYTES) {
    throw new UsageError(
      `A name in PostgreSQL has at most ${MAX_NAME_BYTES} bytes, and would be cut: "${name}". Give a shorter one, ` +
        `by .named(…) or .as(…).`,
    );
  }
  return `"${name.replaceAll('"', '""')}"`;
}

/** A literal that means the same whatever `standard_conforming_strings` is. */
export function quoteLiteral(wire: WireValue): string {
  switch (typeof wire) {
    case "string":
      return quoteText(wire);
    case "boolean":
      return wire ? "TRUE" : "FALSE";
    case "number":
    case "bigint":
      // In parentheses: after a minus it would begin a comment.
      return wire < 0 || Object.is(wire, -0) ? `(-${String(wire).replace("-", "")})` : String(wire);
    default:
      return wire === null ? "NULL" : `E'\\\\x${hexOf(wire)}'::bytea`;
  }
}

function quoteText(text: string): string {
  if (text.includes("\0")) throw new UsageError("A text in SQL has no NUL character.");
  const quoted = `'${text.replaceAll("'", "''")}'`;
  return text.includes("\\") ? `E${quoted.replaceAll("\\", "\\\\")}` : quoted;
}

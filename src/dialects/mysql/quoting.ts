import { UsageError } from "../../errors/index.js";
import type { WireValue } from "../../util/wire.js";
import type { Flavour } from "./server.js";

/** The longest name of a table, a column, an index, an alias, in characters. */
const MAX_NAME = 64;

export function quoteIdentifier(name: string): string {
  if (name === "" || name.includes("\0")) throw new UsageError("A name in SQL is not empty and has no NUL character.");
  if (name.endsWith(" ")) throw new UsageError("A name in MySQL's and MariaDB's SQL does not end with a blank.");
  if (name.length > MAX_NAME && Array.from(name).length > MAX_NAME) {
    throw new UsageError(
      `A name in MySQL's and MariaDB's SQL has at most ${MAX_NAME} characters; give it a shorter one.`,
    );
  }
  return `\`${name.replaceAll("`", "``")}\``;
}

/**
 * A text with a backslash, which means another thing in each SQL mode, in the form that means the same in all.
 * MariaDB writes an introducer before the text itself into the CHECK that it keeps, and cannot read that again.
 */
const HEXADECIMAL: Readonly<Record<Flavour, (digits: string) => string>> = {
  mysql: (digits) => `_utf8mb4 X'${digits}'`,
  mariadb: (digits) => `CONVERT(X'${digits}' USING utf8mb4)`,
};

export function hexadecimal(bytes: Uint8Array): string {
  return `X'${digitsOf(bytes)}'`;
}

function digitsOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex");
}

export function quoteLiteral(wire: WireValue, flavour: Flavour): string {
  if (wire === null) return "NULL";
  if (typeof wire === "object") return hexadecimal(wire);
  if (typeof wire === "boolean") return wire ? "1" : "0";
  // In parentheses: after a minus a negative number would begin a comment.
  if (typeof wire !== "string") return wire < 0 ? `(${wire})` : String(wire);
  if (wire.includes("\0")) throw new UsageError("A text in SQL has no NUL character.");
  if (wire.includes("\\")) return HEXADECIMAL[flavour](digitsOf(Buffer.from(wire)));
  return `'${wire.replaceAll("'", "''")}'`;
}

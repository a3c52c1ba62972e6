import { ConfigurationError } from "../errors/index.js";

/** What stands for a password wherever a URL is shown. */
export const REDACTED = "***";

/**
 * Escapes everything that has a meaning in a URL, and `*`: a password of three asterisks must not look like a
 * redacted one.
 */
export function percentEncode(text: string): string {
  return encodeURIComponent(text).replaceAll("*", "%2A");
}

/** Like {@link percentEncode}, for where `/` and `:` have no meaning: a database's path, an option. */
export function percentEncodePath(text: string): string {
  return percentEncode(text).replaceAll("%2F", "/").replaceAll("%3A", ":");
}

/** Decodes the escapes of one part of a URL; `part` names it in the error, which never holds the text itself. */
export function percentDecode(text: string, part: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new ConfigurationError(
      `The ${part} in the database URL has a bad percent escape: write each character as the % escapes of its UTF-8 bytes, and % itself as %25.`,
    );
  }
}

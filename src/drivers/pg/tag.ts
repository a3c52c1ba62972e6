/** What the server says that it has done. */
export interface Tag {
  /** `"INSERT"`, `"CREATE TABLE"`. */
  readonly command: string;
  /** The number of rows, `null` where the tag has none. */
  readonly rows: number | null;
}

/** Their figure is of rows written; that of others is of rows read. */
const WRITES: ReadonlySet<string> = new Set(["INSERT", "UPDATE", "DELETE", "MERGE", "COPY"]);

/** Reads a CommandComplete: `SELECT 5`, `INSERT 0 1` (the first figure is a relic), `COMMIT`. */
export function readTag(bytes: Buffer, start: number, end: number): Tag {
  const text = bytes.toString("latin1", start, end - 1);
  const digits = /(?: \d+)? (\d+)$/.exec(text);
  if (digits === null) return { command: text, rows: null };
  return { command: text.slice(0, digits.index), rows: Number(digits[1]) };
}

/** The rows that a statement has written; 0 where it writes none. */
export function rowsWritten({ command, rows }: Tag): number {
  return rows !== null && WRITES.has(command) ? rows : 0;
}

export function isWrite({ command }: Tag): boolean {
  return WRITES.has(command);
}

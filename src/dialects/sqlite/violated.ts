/** What SQLite's text tells of a violated constraint; `null` where it does not, or where a name makes it ambiguous. */
export interface Violated {
  readonly constraint: string | null;
  readonly table: string | null;
  readonly columns: readonly string[] | null;
}

const NOTHING: Violated = { constraint: null, table: null, columns: null };

const COLUMNS = /^(?:UNIQUE|NOT NULL) constraint failed: (.+)$/s;
const INDEX = /^UNIQUE constraint failed: index '(.+)'$/s;
const CHECK = /^CHECK constraint failed: (.+)$/s;

/**
 * Reads `UNIQUE constraint failed: notes.a, notes.b`, `… index 'by_text'`, `NOT NULL constraint failed: notes.text`, `CHECK constraint failed: name`.
 * SQLite quotes nothing in it: a name with a dot or a comma gives no answer rather than a wrong one.
 */
export function violatedBy(message: string): Violated {
  const index = INDEX.exec(message)?.[1];
  if (index !== undefined) return { ...NOTHING, constraint: index };
  const check = CHECK.exec(message)?.[1];
  if (check !== undefined) return { ...NOTHING, constraint: check };
  const list = COLUMNS.exec(message)?.[1];
  return list === undefined ? NOTHING : columnsOf(list);
}

function columnsOf(list: string): Violated {
  const names = list.split(", ").map((name) => name.split("."));
  const table = names[0]?.[0] ?? null;
  const clear = names.every((parts) => parts.length === 2 && parts[0] === table);
  return clear ? { ...NOTHING, table, columns: names.map((parts) => parts[1] as string) } : NOTHING;
}

/** What the server's text tells of a violated constraint; `null` where it does not, or where more than one reading is possible. */
export interface Violated {
  readonly constraint: string | null;
  readonly schema: string | null;
  readonly table: string | null;
  readonly columns: readonly string[] | null;
}

const NOTHING: Violated = { constraint: null, schema: null, table: null, columns: null };

/** A name between backticks, in which a backtick is doubled. */
const NAME = "`((?:[^`]|``)+)`";
const NAMES = "((?:`(?:[^`]|``)+`(?:, )?)+)";

/** The value stands before it and may hold anything, these words too: so the key is what stands at the end. */
const DUPLICATE = / for key '([^']+)'$/;
const FOREIGN_KEY = new RegExp(`\\(${NAME}\\.${NAME}, CONSTRAINT ${NAME} FOREIGN KEY \\(${NAMES}\\) REFERENCES `);
const NOT_NULL = /^(?:Column '(.+)' cannot be null|Field '(.+)' doesn't have a default value)$/s;
const MYSQL_CHECK = /^Check constraint '(.+)' is violated\.$/s;
const MARIADB_CHECK = new RegExp(`^CONSTRAINT ${NAME} failed for ${NAME}\\.${NAME}$`);

/**
 * Reads `Duplicate entry '…' for key 'notes.by_text'` (MariaDB: `'by_text'`), ``(`db`.`notes`, CONSTRAINT `fk` FOREIGN KEY (`a`) REFERENCES …)``,
 * `Column 'text' cannot be null`, `Check constraint 'name' is violated.`, ``CONSTRAINT `name` failed for `db`.`notes` ``.
 */
export function violatedBy(message: string, hasTableInKey: boolean): Violated {
  const key = DUPLICATE.exec(message)?.[1];
  if (key !== undefined) return keyOf(key, hasTableInKey);
  const foreign = FOREIGN_KEY.exec(message);
  if (foreign !== null) {
    const [, schema = "", table = "", constraint = "", columns = ""] = foreign;
    return { constraint: plain(constraint), schema: plain(schema), table: plain(table), columns: namesIn(columns) };
  }
  const notNull = NOT_NULL.exec(message);
  if (notNull !== null) return { ...NOTHING, columns: [(notNull[1] ?? notNull[2]) as string] };
  return checkIn(message);
}

/** MySQL writes the table before the key, with a dot that both may hold themselves. */
function keyOf(key: string, hasTable: boolean): Violated {
  if (!hasTable) return { ...NOTHING, constraint: key };
  const [table, constraint, third] = key.split(".");
  if (table === undefined || constraint === undefined || third !== undefined) return NOTHING;
  return { ...NOTHING, table, constraint };
}

function checkIn(message: string): Violated {
  const check = MYSQL_CHECK.exec(message)?.[1];
  if (check !== undefined) return { ...NOTHING, constraint: check };
  const found = MARIADB_CHECK.exec(message);
  if (found === null) return NOTHING;
  const [, constraint = "", schema = "", table = ""] = found;
  return { ...NOTHING, constraint: plain(constraint), schema: plain(schema), table: plain(table) };
}

function plain(quoted: string): string {
  return quoted.replaceAll("``", "`");
}

function namesIn(list: string): readonly string[] {
  return Array.from(list.matchAll(new RegExp(NAME, "g")), ([, name = ""]) => plain(name));
}

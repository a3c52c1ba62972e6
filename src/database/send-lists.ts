import { textOf, type CallValues } from "../compiler/bind.js";
import type { CompiledQuery } from "../compiler/compiled.js";
import type { DriverStatement } from "../driver/driver.js";
import type { WireValue } from "../util/wire.js";
import type { Limits } from "./limits.js";
import type { Session } from "./session.js";
import { rowsText } from "./statement.js";

/** The parameters of many rows. */
type Lists = readonly (readonly WireValue[])[];

/** How large the values of one statement may become together, well below what servers take in one packet. */
const STATEMENT_BYTES = 2 ** 20;

/** In as few statements as the database allows, in the order of the rows. */
export async function sendLists(
  session: Session,
  query: unknown,
  compiled: CompiledQuery,
  rows: readonly CallValues[],
  lists: Lists,
  limits: Limits,
): Promise<number> {
  const { features } = session.compiler.dialect;
  const { integers, text } = compiled;
  const textOfRows = features.repeatsPreparedStatements
    ? null
    : rowsText(session.compiler, query, compiled, rows[0] ?? {});
  if (textOfRows !== null && compiled.binds.length > 0) return sendRows(session, compiled, textOfRows, lists, limits);
  if (compiled.expand === null) {
    const statement = { sql: text, parameters: [], reusable: true, integers, isCommand: false };
    const reply = session.executeMany(statement, lists);
    return reply instanceof Promise ? session.within(reply, limits) : reply;
  }
  let rowCount = 0;
  for (const [index, parameters] of lists.entries()) {
    rowCount += await send(
      session,
      { sql: textOf(compiled, rows[index] ?? null), parameters, reusable: false, integers, isCommand: false },
      limits,
    );
  }
  return rowCount;
}

async function sendRows(
  session: Session,
  { integers, text }: CompiledQuery,
  textOfRows: (count: number) => string,
  lists: Lists,
  limits: Limits,
): Promise<number> {
  const maxRows = Math.max(1, Math.floor(session.compiler.dialect.features.maxParameters / (lists[0] ?? []).length));
  let rowCount = 0;
  for (let start = 0; start < lists.length;) {
    const end = endOfStatement(lists, start, maxRows);
    const parameters = lists.slice(start, end).flat();
    const sql = end - start === 1 ? text : textOfRows(end - start);
    rowCount += await send(session, { sql, parameters, reusable: true, integers, isCommand: false }, limits);
    start = end;
  }
  return rowCount;
}

function endOfStatement(lists: Lists, start: number, maxRows: number): number {
  let end = start + 1;
  let bytes = bytesOf(lists[start] ?? []);
  while (end < lists.length && end - start < maxRows) {
    bytes += bytesOf(lists[end] ?? []);
    if (bytes > STATEMENT_BYTES) break;
    end += 1;
  }
  return end;
}

/** About: a character of a text may take more than one byte. */
function bytesOf(parameters: readonly WireValue[]): number {
  let bytes = 0;
  for (const value of parameters) bytes += typeof value === "string" || value instanceof Uint8Array ? value.length : 8;
  return bytes;
}

async function send(session: Session, statement: DriverStatement, limits: Limits): Promise<number> {
  const reply = session.execute(statement);
  const { rows, rowCount } = reply instanceof Promise ? await session.within(reply, limits) : reply;
  return rowCount ?? rows.length;
}

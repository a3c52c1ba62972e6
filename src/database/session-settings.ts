import type { Dialect, SessionSetting } from "../compiler/dialect.js";
import { ConfigurationError } from "../errors/index.js";
import type { Limits } from "./limits.js";
import { noStatementTimeout } from "./options.js";
import { whileBusy } from "./retry.js";
import type { Session } from "./session.js";

/** What sessions of one database are to be, beyond what their dialect says. */
export interface SessionWishes {
  readonly isReadOnly: boolean;
  readonly statementTimeoutMs: number | null;
}

/**
 * Sets up a new connection as the dialect has it, and sees that each setting holds. A lock that another process holds is waited for.
 *
 * @throws {ConfigurationError} where the server answers that a setting does not hold.
 * @throws {UnsupportedError} for a time limit of statements, where the database has none.
 */
export async function applySettings(session: Session, wishes: SessionWishes, limits: Limits): Promise<void> {
  for (const setting of settingsFor(session.compiler.dialect, wishes)) {
    await whileBusy(limits, () => apply(session, setting, limits));
  }
}

function settingsFor(dialect: Dialect, { isReadOnly, statementTimeoutMs }: SessionWishes): readonly SessionSetting[] {
  const own = dialect.session.filter(({ writes }) => !(writes && isReadOnly));
  if (statementTimeoutMs === null) return own;
  if (dialect.statementTimeout === null) throw noStatementTimeout(dialect.name);
  return [...own, dialect.statementTimeout(statementTimeoutMs)];
}

async function apply(session: Session, { set, check, expected }: SessionSetting, limits: Limits): Promise<void> {
  const own = await session.answerOf(set, limits);
  const answer = check === undefined ? own : await session.answerOf(check, limits);
  if (expected.includes(String(answer))) return;
  throw new ConfigurationError(
    `The connection does not take a setting that this library relies on: after "${set}" the server answers ` +
      `${String(answer)} instead of ${expected.join(" or ")}.`,
  );
}

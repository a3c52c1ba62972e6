import type { SessionSetting } from "../compiler/dialect.js";
import { ConfigurationError } from "../errors/index.js";
import type { Limits } from "./limits.js";
import { whileBusy } from "./retry.js";
import type { Session } from "./session.js";

/**
 * Sets up a new connection as the dialect has it, and sees that each setting holds. A lock that another process holds is waited for.
 *
 * @throws {ConfigurationError} where the server answers that a setting does not hold.
 */
export async function applySettings(session: Session, isReadOnly: boolean, limits: Limits): Promise<void> {
  for (const setting of session.compiler.dialect.session) {
    if (setting.writes && isReadOnly) continue;
    await whileBusy(limits, () => apply(session, setting, limits));
  }
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

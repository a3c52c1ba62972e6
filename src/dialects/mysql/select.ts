import type { Clauses } from "../../compiler/dialect.js";
import { limitOffset } from "../../compiler/select.js";
import { standardClauses } from "../../compiler/standard.js";
import type { Flavour } from "./server.js";

/** More rows than there can be: there is no OFFSET without a LIMIT. */
export const ALL_ROWS = "18446744073709551615";

const STRENGTHS = { update: " FOR UPDATE", share: " LOCK IN SHARE MODE" } as const;
const WAITS = { wait: "", nowait: " NOWAIT", skipLocked: " SKIP LOCKED" } as const;

const mariadbLock: Clauses["lock"] = ({ strength, wait, of }, writer) => {
  if (of.length > 0) writer.unsupported("row locks of some tables only", "Leave out `of`: the rows of all are locked.");
  writer.write(STRENGTHS[strength] + WAITS[wait]);
};

export function clausesOf(flavour: Flavour): Clauses {
  return {
    ...standardClauses,
    limit: limitOffset(ALL_ROWS),
    lock: flavour === "mariadb" ? mariadbLock : standardClauses.lock,
    emptyRow: " () VALUES ()",
  };
}

import type { Declare } from "../../suite/target.js";
import { connections } from "./driver/connections.js";
import { stale } from "./driver/stale.js";
import { statements } from "./driver/statements.js";
import { values } from "./driver/values.js";

/** What the driver of `pg` does below the port, on a real server. */
export const driverTests: readonly Declare[] = [values, statements, stale, connections];

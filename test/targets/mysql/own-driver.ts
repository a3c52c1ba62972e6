import type { Declare } from "../../suite/target.js";
import { connections } from "./driver-connections.js";
import { statements } from "./driver-statements.js";
import { values } from "./driver-values.js";
import { implicitCommit } from "./implicit-commit.js";
import { ordering } from "./ordering.js";

/** What every driver of MySQL and MariaDB owes, on either server, and what the dialect owes through it. */
export const ownDriver: readonly Declare[] = [values, statements, connections, ordering, implicitCommit];

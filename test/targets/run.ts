import * as suites from "../suite/index.js";
import { runSuites, type Declare, type Target } from "../suite/target.js";

/** What a target has of its own. */
export interface OwnSuites {
  /** Those about values, which a time zone might change. */
  readonly values?: readonly Declare[];
  readonly others: readonly Declare[];
}

const portable = Object.values(suites);
const { roundTrips, badInput, defaults, functions, expressions, raw } = suites;

/** What a run of a target is for. */
const SCOPES: Readonly<Record<string, (own: OwnSuites) => readonly Declare[]>> = {
  everything: ({ values = [], others }) => [...portable, ...values, ...others],
  portable: () => portable,
  values: ({ values = [] }) => [roundTrips, badInput, defaults, functions, expressions, raw, ...values],
};

/** Runs the suites of a target that `TEST_SCOPE` asks for; all of them where it does not. */
export function runTarget(target: Target, own: OwnSuites): void {
  const name = process.env["TEST_SCOPE"] ?? "everything";
  const scope = Object.hasOwn(SCOPES, name) ? SCOPES[name] : undefined;
  if (scope === undefined) throw new Error(`TEST_SCOPE is one of ${Object.keys(SCOPES).join(", ")}, not ${name}.`);
  runSuites(target, scope(own));
}

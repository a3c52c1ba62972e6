import { type Features, STANDARD_FEATURES } from "../../compiler/features.js";

/** SQLite from 3.35 on, the first with RETURNING. */
export const SQLITE_FEATURES: Features = {
  ...STANDARD_FEATURES,
  nativeBoolean: false,
  insertReturning: true,
  updateReturning: true,
  deleteReturning: true,
  lastInsertId: true,
  defaultKeywordInValues: false,
  nullsOrderingInIndexes: false,
  rowLocking: false,
  schemasInReferences: false,
  forwardReferences: true,
  transactionalDdl: true,
  repeatsPreparedStatements: true,
  maxParameters: 32_766,
};

/** Features that came with a version, as [major, minor]. */
const SINCE: readonly (readonly [version: readonly [number, number], features: Partial<Features>])[] = [
  [[3, 39], { rightJoin: true, fullJoin: true }],
];

const BEFORE: Partial<Features> = { rightJoin: false, fullJoin: false };

/** What a version of SQLite can do. */
export function featuresOf(serverVersion: string): Features {
  const [major = 0, minor = 0] = serverVersion.split(".").map(Number);
  const gained = SINCE.filter(
    ([[sinceMajor, sinceMinor]]) => major > sinceMajor || (major === sinceMajor && minor >= sinceMinor),
  );
  return Object.assign({}, SQLITE_FEATURES, BEFORE, ...gained.map(([, features]) => features)) as Features;
}

import { type Features, STANDARD_FEATURES } from "../../compiler/features.js";
import type { Flavour, Server } from "./server.js";

const COMMON: Features = {
  ...STANDARD_FEATURES,
  nativeBoolean: false,
  lastInsertId: true,
  nullsOrdering: false,
  nullsOrderingInIndexes: false,
  aggregateFilter: false,
  fullJoin: false,
  withBeforeInsert: false,
};

const BY_FLAVOUR: Readonly<Record<Flavour, Partial<Features>>> = {
  mysql: { indexIfNotExists: false },
  mariadb: { insertReturning: true, deleteReturning: true, withBeforeUpdate: false },
};

/** What a server can do. */
export function featuresOf({ flavour }: Server): Features {
  return { ...COMMON, ...BY_FLAVOUR[flavour] };
}

import { type Features, STANDARD_FEATURES } from "../../compiler/features.js";

/** The first version with all that the dialect writes. */
export const OLDEST_VERSION = 12;

export const POSTGRESQL_FEATURES: Features = {
  ...STANDARD_FEATURES,
  insertReturning: true,
  updateReturning: true,
  deleteReturning: true,
  transactionalDdl: true,
  statementErrorsKeepTransaction: false,
};

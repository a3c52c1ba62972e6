/**
 * What is PostgreSQL's own: column types that other databases lack, and the dialect object, from which a dialect of a variant begins
 * (`registerDialect`).
 *
 * @module
 */
export { array, interval } from "./dialects/postgresql/constructs.js";
export { postgresql } from "./dialects/postgresql/index.js";

/**
 * What is MySQL's and MariaDB's own: the dialect object, from which a dialect of a variant begins (`registerDialect`).
 *
 * @module
 */
export { mysql } from "./dialects/mysql/index.js";

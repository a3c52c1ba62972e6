/**
 * What is SQLite's own: the dialect object, from which a dialect of a variant begins (`registerDialect`).
 *
 * @module
 */
export { sqlite } from "./dialects/sqlite/index.js";

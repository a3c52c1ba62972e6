/**
 * What is SQLite's own: the dialect object, for those who compile statements themselves.
 *
 * @module
 */
export { sqlite } from "./dialects/sqlite/index.js";

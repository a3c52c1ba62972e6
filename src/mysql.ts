/**
 * What is MySQL's and MariaDB's own: the dialect object, from which a dialect of a variant begins (`registerDialect`). Behind
 * `mysql:` and `mariadb:` URLs the server says at connect which of the two it is.
 *
 * @module
 */
export { mysql } from "./dialects/mysql/index.js";

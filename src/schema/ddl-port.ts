import type { DdlNode } from "../ast/ddl.js";
import type { HasNode } from "../ast/node.js";

/** The key of the method by which a schema is carried out. */
export const EXECUTE_DDL: unique symbol = Symbol.for("databases.executeDdl");

/** What `createAll` and `dropAll` need of a database: to run DDL in order, all or nothing where the server can. */
export interface DdlExecutor {
  [EXECUTE_DDL](elements: readonly HasNode<DdlNode>[]): Promise<void>;
}

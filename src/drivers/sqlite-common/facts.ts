import type { NativeErrorFacts } from "../../errors/index.js";

/** The file was moved or replaced under its connection, which can never write again. */
const READONLY_DBMOVED = 1032;

/** SQLite says no more than a message and its extended result code; names stand in the message, which is the dialect's to read. */
export function sqliteFacts(message: string, resultCode: number): NativeErrorFacts {
  return {
    message,
    errno: resultCode,
    sqlState: null,
    constraint: null,
    table: null,
    column: null,
    schema: null,
    detail: null,
    routine: null,
    failure: null,
    connectionLost: resultCode === READONLY_DBMOVED,
  };
}

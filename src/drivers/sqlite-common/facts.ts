import { NO_FACTS, type NativeErrorFacts } from "../../errors/index.js";

/** The file was moved or replaced under its connection, which can never write again. */
const READONLY_DBMOVED = 1032;

/** SQLite says no more than a message and its extended result code; names stand in the message, which is the dialect's to read. */
export function sqliteFacts(message: string, resultCode: number): NativeErrorFacts {
  return { ...NO_FACTS, message, errno: resultCode, connectionLost: resultCode === READONLY_DBMOVED };
}

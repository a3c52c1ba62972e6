import { defineKind } from "./base.js";
import type { CodeWithin } from "./codes.js";
import { QueryError } from "./query.js";

/** Thrown when the server ran into a limit that no subclass names: raise the limit, or ask for less. */
export class ResourceError extends QueryError {
  declare readonly code: CodeWithin<"RESOURCE">;

  static {
    defineKind(this, "RESOURCE");
  }
}

/** Thrown when the server has no disk space left: free some, then run it again. */
export class DiskFullError extends ResourceError {
  declare readonly code: "DISK_FULL";

  static {
    defineKind(this, "DISK_FULL");
  }
}

/** Thrown when the server has no memory left: ask for less at once, or give it more. */
export class OutOfMemoryError extends ResourceError {
  declare readonly code: "OUT_OF_MEMORY";

  static {
    defineKind(this, "OUT_OF_MEMORY");
  }
}

/** Thrown when a value or a statement is larger than the server accepts: split it, or raise the server's limit. */
export class PacketTooLargeError extends ResourceError {
  declare readonly code: "PACKET_TOO_LARGE";

  static {
    defineKind(this, "PACKET_TOO_LARGE");
  }
}

/** Thrown when a statement has too many parameters, columns or levels: split it. */
export class TooComplexError extends ResourceError {
  declare readonly code: "TOO_COMPLEX";

  static {
    defineKind(this, "TOO_COMPLEX");
  }
}

/** Thrown when the server holds as many prepared statements as it may: raise its limit, or lower `maxSize`. */
export class TooManyPreparedStatementsError extends ResourceError {
  declare readonly code: "TOO_MANY_PREPARED_STATEMENTS";

  static {
    defineKind(this, "TOO_MANY_PREPARED_STATEMENTS");
  }
}

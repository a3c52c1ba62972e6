import { DatabaseError, defineKind } from "./base.js";
import type { CodeWithin } from "./codes.js";

/**
 * Thrown when the connection failed in a way that no subclass names: see `outcome`, then check the server and the
 * network.
 */
export class ConnectionError extends DatabaseError {
  declare readonly code: CodeWithin<"CONNECTION">;

  static {
    defineKind(this, "CONNECTION");
  }
}

/** Thrown when no server answers at the address: check host, port and whether it runs, or try again later. */
export class ConnectionRefusedError extends ConnectionError {
  declare readonly code: "CONNECTION_REFUSED";

  static {
    defineKind(this, "CONNECTION_REFUSED");
  }
}

/** Thrown when the server did not complete a connection in time: check the network, or try again later. */
export class ConnectTimeoutError extends ConnectionError {
  declare readonly code: "CONNECT_TIMEOUT";

  static {
    defineKind(this, "CONNECT_TIMEOUT");
  }
}

/** Thrown when the server refused the user name or the password: correct the credentials or the server's rules. */
export class AuthenticationError extends ConnectionError {
  declare readonly code: "AUTHENTICATION";

  static {
    defineKind(this, "AUTHENTICATION");
  }
}

/** Thrown when no trusted encrypted connection could be made: correct the certificates or the `ssl` options. */
export class TlsError extends ConnectionError {
  declare readonly code: "TLS";

  static {
    defineKind(this, "TLS");
  }
}

/** Thrown when the server has no connection left: lower `maxSize` or raise its limit, or try again later. */
export class TooManyConnectionsError extends ConnectionError {
  declare readonly code: "TOO_MANY_CONNECTIONS";

  static {
    defineKind(this, "TOO_MANY_CONNECTIONS");
  }
}

/** Thrown when the server is starting, stopping or recovering: try again later. */
export class ServerStartingError extends ConnectionError {
  declare readonly code: "SERVER_STARTING";

  static {
    defineKind(this, "SERVER_STARTING");
  }
}

/** Thrown when an open connection ended: run the work again only if `retryable` says so, as it may have been done. */
export class ConnectionLostError extends ConnectionError {
  declare readonly code: "CONNECTION_LOST";

  static {
    defineKind(this, "CONNECTION_LOST");
  }
}

/**
 * Thrown when the server's answer could not be understood: check that the address is such a server, with no meddling
 * proxy.
 */
export class ProtocolError extends ConnectionError {
  declare readonly code: "PROTOCOL";

  static {
    defineKind(this, "PROTOCOL");
  }
}

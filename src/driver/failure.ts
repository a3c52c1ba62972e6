import type { ConnectionFailure } from "../errors/index.js";

/** The codes of failing sockets, by what they mean. */
const CODES: Readonly<Record<"refused" | "timeout" | "lost" | "tls", string>> = {
  refused:
    "ECONNREFUSED ENOTFOUND ENOENT ENOTDIR EACCES EPERM EHOSTDOWN EHOSTUNREACH ENETDOWN ENETUNREACH EADDRNOTAVAIL " +
    "EAFNOSUPPORT ENAMETOOLONG EINVAL",
  timeout: "ETIMEDOUT ERR_SOCKET_CONNECTION_TIMEOUT",
  lost:
    "ECONNRESET ECONNABORTED EPIPE ENETRESET ENOTCONN ERR_SOCKET_CLOSED ERR_STREAM_DESTROYED " +
    "ERR_STREAM_PREMATURE_CLOSE ERR_STREAM_WRITE_AFTER_END",
  tls:
    "EPROTO DEPTH_ZERO_SELF_SIGNED_CERT SELF_SIGNED_CERT_IN_CHAIN HOSTNAME_MISMATCH INVALID_CA INVALID_PURPOSE " +
    "PATH_LENGTH_EXCEEDED",
};

const BY_CODE: ReadonlyMap<string, ConnectionFailure> = new Map(
  Object.entries(CODES).flatMap(([failure, codes]) =>
    codes.split(" ").map((code) => [code, failure as ConnectionFailure]),
  ),
);

/** Families of codes: those of looking a name up, and those of OpenSSL and `node:tls` for a certificate that is not trusted or a handshake that fails. */
const FAMILIES: readonly (readonly [codes: RegExp, failure: ConnectionFailure])[] = [
  [/^EAI_/, "refused"],
  [/^(ERR_(TLS|SSL|OSSL)_|UNABLE_TO_|CERT_|CRL_)/, "tls"],
];

/** What a failing socket's code says; `null` for any other code. Of the errors of several addresses the first tells. */
export function failureOf(error: unknown): ConnectionFailure | null {
  const { code, errors } = Object(error) as { readonly code?: unknown; readonly errors?: unknown };
  if (typeof code === "string") {
    return BY_CODE.get(code) ?? FAMILIES.find(([codes]) => codes.test(code))?.[1] ?? null;
  }
  return Array.isArray(errors) && errors.length > 0 ? failureOf(errors[0]) : null;
}

import { createSecureContext, type ConnectionOptions } from "node:tls";
import type { Link } from "../mysql-common/link.js";
import type { Login } from "../mysql-common/login.js";
import type { TlsPlan } from "../mysql-common/tls.js";
import type { NativeOptions } from "./native.js";

/** Ways of logging in that do not show the password to the server. */
const HIDING_PLUGINS = [
  "mysql_native_password",
  "caching_sha2_password",
  "sha256_password",
  "client_ed25519",
  "parsec",
] as const;

/** Ways of logging in that send the password as it is. */
const SHOWING_PLUGINS = ["mysql_clear_password", "dialog"] as const;

const silent = (): void => undefined;

/** Every option of the package that decides what is sent, what comes back and what is trusted. */
export function nativeOptions(login: Login, link: Link): NativeOptions {
  const { address, user, password, database, tls, takesServerKey, sendsPassword, attributes } = login;
  return {
    host: address.host,
    // The socket is ours: the package's own way of ending a busy connection opens another one.
    stream: () => link.socket,
    user,
    password,
    database: database ?? undefined,
    ssl: tls === null ? false : verifiedHere(tls),
    permitRedirect: false,
    restrictedAuth: sendsPassword ? [...HIDING_PLUGINS, ...SHOWING_PLUGINS] : HIDING_PLUGINS,
    allowPublicKeyRetrieval: takesServerKey,
    connectAttributes: attributes,
    // The caller's signal is the limit.
    connectTimeout: 0,
    charset: "utf8mb4",
    foundRows: true,
    multipleStatements: false,
    permitLocalInfile: false,
    // Our own cache knows which statements come again.
    prepareCacheLength: 0,
    pipelining: true,
    bulk: false,
    rowsAsArray: true,
    metaAsArray: true,
    checkDuplicate: false,
    dateStrings: true,
    jsonStrings: true,
    bitOneIsBoolean: false,
    // What the package logs, and writes into its errors, may hold parameters.
    logParam: false,
    trace: false,
    logger: { network: null, query: null, error: null, warning: silent },
  };
}

/**
 * Where a server of MariaDB 11.4 is to be verified and no certificate is given, the package trusts a certificate that the server signs with the
 * password's hash. Here the certificates that Node trusts decide, as they do elsewhere.
 */
function verifiedHere({ options, verifies }: TlsPlan): ConnectionOptions {
  if (verifies === "nothing") return { ...options };
  const { ca, cert, key, passphrase } = options;
  // Given `ca`, the package leaves the verification to Node, which takes `secureContext` before it.
  return { ...options, ca: ca ?? [], secureContext: createSecureContext({ ca, cert, key, passphrase }) };
}

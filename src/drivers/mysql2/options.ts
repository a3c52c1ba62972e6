import { isIP } from "node:net";
import type { Link } from "../mysql-common/link.js";
import { KEY_MESSAGE, type Login } from "../mysql-common/login.js";
import type { TlsPlan } from "../mysql-common/tls.js";
import type { AuthPlugin, NativeOptions, NativePackage } from "./native.js";

/** The server wants to send a public key that nobody can vouch for. */
export class ServerKeyError extends Error {}

/** What the package asks a server for its public key with. */
const KEY_REQUESTS = { caching_sha2_password: 2, sha256_password: 1 } as const;

/** Every option of the package that decides what is sent, what comes back and what is trusted. */
export function nativeOptions(native: NativePackage, login: Login, link: Link): NativeOptions {
  const { address, user, password, database, tls, takesServerKey, sendsPassword, attributes } = login;
  return {
    host: tls?.identity ?? address.host,
    stream: link.socket,
    user,
    password,
    database: database ?? undefined,
    ssl: tls === null ? undefined : sslOptions(tls, link),
    authPlugins: takesServerKey || tls !== null ? undefined : refusingPlugins(native),
    enableCleartextPlugin: sendsPassword,
    connectAttributes: attributes,
    // The caller's signal is the limit.
    connectTimeout: 0,
    charset: "UTF8MB4_GENERAL_CI",
    flags: "-LOCAL_FILES",
    multipleStatements: false,
    disableEval: true,
    rowsAsArray: true,
    supportBigNumbers: true,
    bigNumberStrings: false,
    dateStrings: true,
    jsonStrings: true,
    timezone: "Z",
    trace: false,
  };
}

function sslOptions({ options, identity, verifies }: TlsPlan, link: Link): NativeOptions {
  const { ca, cert, key, passphrase, rejectUnauthorized } = options;
  // The package tells Node a name only, and Node then takes the address from where it keeps the name that was looked up.
  if (isIP(identity) !== 0) Object.assign(link.socket, { _host: identity });
  return { ca, cert, key, passphrase, rejectUnauthorized, verifyIdentity: verifies === "identity" };
}

function refusingPlugins(native: NativePackage): Readonly<Record<string, AuthPlugin>> {
  const names = Object.keys(KEY_REQUESTS) as (keyof typeof KEY_REQUESTS)[];
  return Object.fromEntries(names.map((name) => [name, refusing(native.authPlugins[name]({}), KEY_REQUESTS[name])]));
}

function refusing(plugin: AuthPlugin, keyRequest: number): AuthPlugin {
  return (context) => {
    const answer = plugin(context);
    return (data) => {
      const sent = answer(data);
      if (Buffer.isBuffer(sent) && sent.length === 1 && sent[0] === keyRequest) throw new ServerKeyError(KEY_MESSAGE);
      return sent;
    };
  };
}

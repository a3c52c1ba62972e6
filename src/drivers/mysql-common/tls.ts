import type { ConnectionOptions } from "node:tls";
import type { Address } from "../../driver/address.js";
import { tlsOptions, type TlsPolicy } from "../../driver/tls.js";

/** How the connection is encrypted. */
export interface TlsPlan {
  readonly options: ConnectionOptions;
  /** The name, or the IP address, that the certificate is to be for. */
  readonly identity: string;
  readonly verifies: "nothing" | "certificate" | "identity";
}

/** `null` where the connection stays plain. Whom the certificate is to be for is said explicitly: neither package tells Node. */
export function tlsPlan({ mode, material }: TlsPolicy, { host }: Address): TlsPlan | null {
  const identity = material.servername ?? host;
  const options = tlsOptions({ mode, material: { ...material, servername: identity } });
  if (options === null) return null;
  const verifies =
    mode === "verify-full" ? "identity" : options.rejectUnauthorized === true ? "certificate" : "nothing";
  return { options, identity, verifies };
}

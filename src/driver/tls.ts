import { isIP } from "node:net";
import { checkServerIdentity, type ConnectionOptions } from "node:tls";

/** libpq's names for how far a connection is encrypted and its server verified. */
export const TLS_MODES = ["disable", "prefer", "require", "verify-ca", "verify-full"] as const;

export type TlsMode = (typeof TLS_MODES)[number];

/** Certificates, as `node:tls` takes them; `servername` is whom the server's is to be for, a name or an IP address. */
export type TlsMaterial = Pick<ConnectionOptions, "ca" | "cert" | "key" | "passphrase" | "servername">;

/** How one connection is encrypted. */
export interface TlsPolicy {
  /** No driver has to `prefer`: it is asked first to `require`, then, where that fails, to `disable`. */
  readonly mode: Exclude<TlsMode, "prefer">;
  readonly material: TlsMaterial;
}

/**
 * What `node:tls` is to be given for a policy; `null` where the connection stays plain.
 *
 * `require` encrypts and verifies nothing, `verify-ca` verifies the certificate, `verify-full` the server's name, too: that of the
 * policy, whatever name or socket the driver has connected to.
 */
export function tlsOptions({ mode, material }: TlsPolicy): ConnectionOptions | null {
  const { servername, ...certificates } = material;
  // An IP address cannot stand in the handshake's greeting.
  const options = isName(servername) ? { ...certificates, servername } : certificates;
  switch (mode) {
    case "disable":
      return null;
    case "require":
      return { ...options, rejectUnauthorized: false };
    case "verify-ca":
      return { ...options, rejectUnauthorized: true, checkServerIdentity: () => undefined };
    case "verify-full":
      return { ...options, rejectUnauthorized: true, ...identityCheck(servername) };
  }
}

function isName(servername: string | undefined): servername is string {
  return servername !== undefined && isIP(servername) === 0;
}

function identityCheck(servername: string | undefined): Pick<ConnectionOptions, "checkServerIdentity"> {
  return servername === undefined
    ? {}
    : { checkServerIdentity: (_, certificate) => checkServerIdentity(servername, certificate) };
}

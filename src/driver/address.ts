import { BlockList, isIP, isIPv6 } from "node:net";
import type { DatabaseURL, UrlHost } from "../url/index.js";

/** Where one server listens. */
export interface Address {
  /** A name or an IP address; `localhost` where there is only a socket. */
  readonly host: string;
  /** `null` for the database's usual one. */
  readonly port: number | null;
  /** The path of a unix socket, of the folder of sockets on PostgreSQL, or of a Windows pipe; `null` over TCP. */
  readonly socketPath: string | null;
}

const DEFAULT_HOST = "localhost";

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet("127.0.0.0", 8, "ipv4");
LOOPBACK.addAddress("::1", "ipv6");

/** Every server that a URL names, in order; the local one where it names none. */
export function addressesOf(url: DatabaseURL): readonly Address[] {
  const hosts: readonly UrlHost[] = url.hosts.length > 0 ? url.hosts : [{ hostname: null, port: null }];
  return hosts.map(({ hostname, port }) => {
    const isSocket = hostname !== null && /^(\/|\\\\)/.test(hostname);
    return { host: isSocket ? DEFAULT_HOST : (hostname ?? DEFAULT_HOST), port, socketPath: isSocket ? hostname : null };
  });
}

/** Whether what is sent there never leaves this machine. */
export function isLocal({ host, socketPath }: Address): boolean {
  if (socketPath !== null || host.toLowerCase() === DEFAULT_HOST) return true;
  return isIP(host) !== 0 && LOOPBACK.check(host, isIPv6(host) ? "ipv6" : "ipv4");
}

/** The address for people: `db.example.com:5432`, `[::1]:5432`, or the socket's path. */
export function describeAddress({ host, port, socketPath }: Address): string {
  if (socketPath !== null) return socketPath;
  return (isIPv6(host) ? `[${host}]` : host) + (port === null ? "" : `:${port}`);
}

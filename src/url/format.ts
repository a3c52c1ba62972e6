import { isIPv6 } from "node:net";

import { isSocketPath, type UrlComponents, type UrlHost } from "./components.js";
import { percentEncode, percentEncodePath, REDACTED } from "./percent.js";

/** The whole URL, password included: `parseUrl` reads the same components from it. */
export function formatUrl(components: UrlComponents): string {
  return format(components, (secret) => secret);
}

/** The URL for people and logs, without the password and without options that are named like a secret. */
export function formatRedactedUrl(components: UrlComponents): string {
  return format(components, () => REDACTED);
}

const SECRET_OPTION = /pass|pwd|secret|token/i;

function format(components: UrlComponents, show: (secret: string) => string): string {
  const { dialect, driver, database } = components;
  const scheme = driver === null ? dialect : `${dialect}+${driver}`;
  const authority = formatUser(components, show) + components.hosts.map(formatHost).join(",");
  const path = database === null ? "" : `/${percentEncodePath(database)}`;
  return `${scheme}://${authority}${path}${formatOptions(components, show)}`;
}

function formatUser({ username, password }: UrlComponents, show: (secret: string) => string): string {
  if (username === null && password === null) return "";
  const secret = password === null ? "" : `:${show(percentEncode(password))}`;
  return `${percentEncode(username ?? "")}${secret}@`;
}

function formatHost({ hostname, port }: UrlHost): string {
  const suffix = port === null ? "" : `:${port}`;
  if (hostname === null || isSocketPath(hostname)) return suffix;
  return (isIPv6(hostname) ? `[${hostname.replace("%", "%25")}]` : percentEncode(hostname)) + suffix;
}

function formatOptions({ hosts, options }: UrlComponents, show: (secret: string) => string): string {
  const sockets = hosts.flatMap(({ hostname }) => (hostname !== null && isSocketPath(hostname) ? [hostname] : []));
  const pairs = [
    ...sockets.map((path) => `host=${percentEncodePath(path)}`),
    ...Array.from(options, ([name, value]) => {
      const text = percentEncodePath(value);
      return `${percentEncode(name)}=${SECRET_OPTION.test(name) ? show(text) : text}`;
    }),
  ];
  return pairs.length === 0 ? "" : `?${pairs.join("&")}`;
}

import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { ConfigurationError } from "../errors/index.js";

/** An npm package that the user installs for a driver. */
export interface Peer {
  readonly packageName: string;
  /** The beginning of the URLs that it serves: `sqlite+better-sqlite3:`. */
  readonly scheme: string;
  /** What the package asks of Node, for each of its major versions from which on that is another; oldest first. */
  readonly versions: readonly PeerVersion[];
  /** Imports the package, native parts included; runs only where the versions fit. */
  readonly load: () => Promise<unknown>;
}

export interface PeerVersion {
  readonly major: number;
  /** The version of Node-API that its native part is built for; 0 where Node's own version does not matter. */
  readonly nodeApi: number;
  /** The first Node with that, in words. */
  readonly node: string;
}

/** What we read of `process.versions`. */
export interface NodeVersions {
  readonly node: string;
  readonly napi?: string | undefined;
}

const require = createRequire(import.meta.url);

/** Whether the package can be found; whether it loads, {@link importPeer} tells. */
export function isInstalled(packageName: string): boolean {
  return installedVersion(packageName) !== null;
}

/**
 * Imports a driver's package.
 *
 * @throws {ConfigurationError} when it is missing, does not fit this Node, or does not load; the message names the command that helps.
 */
export async function importPeer(peer: Peer): Promise<unknown> {
  const version = installedVersion(peer.packageName);
  if (version === null) throw new ConfigurationError(missingMessage(peer));
  // Before the import: a native part that does not fit may end the process.
  const misfit = describeMisfit(peer, version, process.versions);
  if (misfit !== null) throw new ConfigurationError(misfit);
  try {
    return await peer.load();
  } catch (cause) {
    throw new ConfigurationError(brokenMessage(peer, version), { cause });
  }
}

/** Why a version of the package cannot be used with a version of Node, and what can; `null` where they fit. */
export function describeMisfit({ packageName, versions }: Peer, version: string, node: NodeVersions): string | null {
  const isServed = ({ nodeApi }: PeerVersion): boolean => nodeApi <= Number(node.napi ?? 0);
  const range = versions.findLast(({ major }) => major <= majorOf(version));
  if (range !== undefined && isServed(range)) return null;
  const fitting = versions.findLast(isServed);
  const need = range === undefined ? "is too old" : `needs Node ${range.node} or later, and this is Node ${node.node}`;
  const remedy = fitting === undefined ? "use a newer Node" : `run npm install ${packageName}@${fitting.major}`;
  return `${packageName} ${version} ${need}: ${remedy}.`;
}

/** The version that is installed, `null` where none is. */
function installedVersion(packageName: string): string | null {
  try {
    return manifestAt(`${packageName}/package.json`).version;
  } catch (error) {
    if (codeOf(error) === "MODULE_NOT_FOUND") return null;
    if (codeOf(error) === "ERR_PACKAGE_PATH_NOT_EXPORTED")
      return versionAbove(require.resolve(packageName), packageName);
    throw error;
  }
}

/** The version in the manifest of a package that shows it to none but its own files. */
function versionAbove(path: string, packageName: string): string | null {
  const folder = dirname(path);
  if (folder === path) return null;
  try {
    const { name, version } = manifestAt(join(folder, "package.json"));
    if (name === packageName) return version;
  } catch (error) {
    if (codeOf(error) !== "MODULE_NOT_FOUND") throw error;
  }
  return versionAbove(folder, packageName);
}

function manifestAt(specifier: string): { readonly name: string; readonly version: string } {
  return require(specifier) as { readonly name: string; readonly version: string };
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
}

function missingMessage({ packageName, scheme }: Peer): string {
  return `The package ${packageName}, which serves ${scheme} URLs, is not installed: run npm install ${packageName}.`;
}

function brokenMessage({ packageName }: Peer, version: string): string {
  return (
    `${packageName} ${version} is installed but does not load on Node ${process.versions.node} (see the cause): ` +
    `run npm rebuild ${packageName}, or remove and install it again with this Node.`
  );
}

function majorOf(version: string): number {
  return Number.parseInt(version, 10);
}

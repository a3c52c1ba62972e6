import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createSecureContext } from "node:tls";
import { isLocal, type Address } from "../driver/address.js";
import { TLS_MODES, type TlsMaterial, type TlsMode, type TlsPolicy } from "../driver/tls.js";
import { ConfigurationError } from "../errors/index.js";
import type { DatabaseURL } from "../url/index.js";

/** A certificate or a key in PEM: its text, or the bytes of its file. */
type Pem = string | Uint8Array;

/** How the connections to a server are encrypted, and how it is verified. */
export interface TlsOptions {
  /**
   * How far, in libpq's words; default `"verify-full"`. `"disable"`: plain. `"prefer"`: encrypted if the server can. `"require"`: encrypted,
   * without knowing with whom. `"verify-ca"`: with whoever has a certificate of the authority, and so does `"require"` with a `ca`.
   * `"verify-full"`: with the host of the URL.
   */
  readonly mode?: TlsMode | undefined;
  /** The authorities that are trusted, in place of those that Node.js trusts. URL: `sslrootcert`, the path of a file. */
  readonly ca?: Pem | readonly Pem[] | undefined;
  /** Our certificate, for a server that asks for one. URL: `sslcert`, the path of a file. */
  readonly cert?: Pem | undefined;
  /** The key of our certificate. URL: `sslkey`, the path of a file. */
  readonly key?: Pem | undefined;
  /** What the key is encrypted with. */
  readonly passphrase?: string | undefined;
  /** The name that the server's certificate must be for, where that is not the host's. */
  readonly servername?: string | undefined;
}

/** Which files of the URL's options hold what. */
const FILES = { sslrootcert: "ca", sslcert: "cert", sslkey: "key" } as const;

type FileOption = keyof typeof FILES;

export const TLS_URL_OPTIONS: readonly string[] = ["ssl", "sslmode", ...Object.keys(FILES)];

/** How each part of the option `ssl` may be given. */
const PARTS: { readonly [Name in keyof TlsOptions]-?: (value: unknown) => boolean } = {
  mode: isMode,
  ca: (value) => isPem(value) || (Array.isArray(value) && value.length > 0 && value.every(isPem)),
  cert: isPem,
  key: isPem,
  passphrase: isText,
  servername: isText,
};

const PART_KINDS: { readonly [Name in keyof TlsOptions]-?: string } = {
  mode: `one of ${TLS_MODES.join(", ")}`,
  ca: "the text or the bytes of a PEM file, or an array of them",
  cert: "the text or the bytes of a PEM file",
  key: "the text or the bytes of a PEM file",
  passphrase: "a text",
  servername: "a text",
};

/**
 * How the connections of a database are encrypted.
 *
 * The files of the URL's options are read for each connection, so that renewed certificates are used. libpq's rule holds that a mode of
 * `require` verifies like `verify-ca` where an authority is given.
 */
export class Encryption {
  /** `null` leaves it to the address: plain where nothing leaves this machine, else `verify-full`. */
  readonly #mode: TlsMode | null;
  readonly #material: TlsMaterial;
  readonly #files: ReadonlyMap<FileOption, string>;

  private constructor(mode: TlsMode | null, material: TlsMaterial, files: ReadonlyMap<FileOption, string>) {
    const hasAuthority = material.ca !== undefined || files.has("sslrootcert");
    if (mode === "prefer" && hasAuthority) {
      throw new ConfigurationError(
        "The TLS mode prefer verifies no server, so an authority to verify with is of no use: choose verify-full or verify-ca, or leave it out.",
      );
    }
    const hasCertificate = material.cert !== undefined || files.has("sslcert");
    if (hasCertificate !== (material.key !== undefined || files.has("sslkey"))) {
      throw new ConfigurationError(
        "A certificate for TLS and its key belong together: give ssl.cert and ssl.key, or sslcert and sslkey in the URL.",
      );
    }
    this.#mode = mode === "require" && hasAuthority ? "verify-ca" : mode;
    this.#material = material;
    this.#files = files;
  }

  /** @throws {ConfigurationError} for an option that is unknown, or of another kind. */
  static of(url: DatabaseURL, option: boolean | TlsOptions | undefined): Encryption {
    if (option === undefined) return Encryption.#ofUrl(url);
    if (typeof option === "boolean") return new Encryption(option ? "verify-full" : "disable", {}, new Map());
    const { mode = "verify-full", ...material } = checkedParts(option);
    return new Encryption(mode, material as TlsMaterial, new Map());
  }

  static #ofUrl(url: DatabaseURL): Encryption {
    const files = new Map<FileOption, string>();
    for (const name of Object.keys(FILES) as FileOption[]) {
      const path = url.option(name);
      if (path !== null) files.set(name, path);
    }
    return new Encryption(modeOf(url) ?? (files.size > 0 ? "verify-full" : null), {}, files);
  }

  /**
   * The ways to connect to an address, in order: the next one only where the server cannot be had with the one before.
   *
   * @throws {ConfigurationError} when a certificate cannot be read.
   */
  async policiesFor(address: Address): Promise<readonly TlsPolicy[]> {
    // As with libpq, a socket on this machine is never encrypted.
    const mode =
      address.socketPath !== null ? "disable" : (this.#mode ?? (isLocal(address) ? "disable" : "verify-full"));
    const plain: TlsPolicy = { mode: "disable", material: {} };
    if (mode === "disable") return [plain];
    const material = checked({ servername: address.host, ...this.#material, ...(await this.#read()) });
    return mode === "prefer" ? [{ mode: "require", material }, plain] : [{ mode, material }];
  }

  async #read(): Promise<TlsMaterial> {
    const contents = await Promise.all([...this.#files].map(([name, path]) => readPem(name, path)));
    return Object.fromEntries([...this.#files.keys()].map((name, index) => [FILES[name], contents[index]]));
  }
}

function checkedParts(given: TlsOptions): TlsOptions {
  const parts: Record<string, unknown> = {};
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(PARTS, name)) {
      throw new ConfigurationError(
        `There is no option ssl.${name}; there is ${Object.keys(PARTS).join(", ")}. How far a server is verified is said by mode.`,
      );
    }
    const part = name as keyof TlsOptions;
    const value: unknown = given[part];
    if (value === undefined) continue;
    if (!PARTS[part](value)) throw new ConfigurationError(`The option ssl.${part} must be ${PART_KINDS[part]}.`);
    parts[part] = value;
  }
  return parts;
}

function modeOf(url: DatabaseURL): TlsMode | null {
  const ssl = url.booleanOption("ssl");
  const mode = url.option("sslmode");
  if (ssl !== null && mode !== null) {
    throw new ConfigurationError("The database URL has both ssl and sslmode, which say the same: keep one.");
  }
  if (ssl !== null) return ssl ? "verify-full" : "disable";
  if (mode === null || isMode(mode)) return mode;
  throw new ConfigurationError(`The option sslmode in the database URL must be ${PART_KINDS.mode}.`);
}

function isMode(value: unknown): value is TlsMode {
  return (TLS_MODES as readonly unknown[]).includes(value);
}

function isPem(value: unknown): boolean {
  return isText(value) || (value instanceof Uint8Array && value.length > 0);
}

function isText(value: unknown): boolean {
  return typeof value === "string" && value !== "";
}

/** The error holds neither the file system's nor OpenSSL's, because whoever puts the key itself there would find it in a log. */
async function readPem(option: FileOption, path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ConfigurationError(
      `The file that the option ${option} in the database URL names cannot be read (${String(code)}): check its path and its permissions.`,
    );
  }
}

/** Drivers would meet what is no certificate in the middle of their handshake, where nobody catches it. */
function checked(material: TlsMaterial): TlsMaterial {
  const { ca, cert, key, passphrase } = material;
  try {
    // What is no certificate among the authorities, Node.js passes over.
    for (const pem of [ca ?? []].flat()) new X509Certificate(pem);
    if (ca !== undefined || cert !== undefined || key !== undefined) createSecureContext({ ca, cert, key, passphrase });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ConfigurationError(
      `The certificates for TLS cannot be used (${String(code)}): ca, cert and key are in PEM, the key is the certificate's, and passphrase opens it.`,
    );
  }
  return material;
}

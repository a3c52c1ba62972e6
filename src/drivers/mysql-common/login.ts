import { isLocal, type Address } from "../../driver/address.js";
import type { ConnectRequest } from "../../driver/driver.js";
import { ConfigurationError } from "../../errors/index.js";
import { tlsPlan, type TlsPlan } from "./tls.js";

/** What one attempt to connect is made with, the same for both packages. */
export interface Login {
  readonly address: Address;
  readonly user: string;
  readonly password: string;
  readonly database: string | null;
  readonly tls: TlsPlan | null;
  /** Whether the password may be encrypted with a key that the server sends unasked for its origin. */
  readonly takesServerKey: boolean;
  /** Whether the password itself may be sent: only to a server that has shown who it is. */
  readonly sendsPassword: boolean;
  /** What the server shows of the client. */
  readonly attributes: Readonly<Record<string, string>>;
}

const KEY_OPTION = "allow_public_key_retrieval";

/** Why {@link Login.takesServerKey} made an attempt fail, and what helps. */
export const KEY_MESSAGE =
  "The server wants the password encrypted with its public key, which cannot be trusted over a plain connection: " +
  `connect by TLS (ssl=true), or take the key unseen with ${KEY_OPTION}=true in the database URL.`;

/** @throws {ConfigurationError} when the URL names no user. */
export function loginOf({ url, address, password, tls, applicationName }: ConnectRequest): Login {
  if (url.username === null || url.username === "") {
    throw new ConfigurationError("The database URL names no user: write mysql://user:password@host/database.");
  }
  const plan = tlsPlan(tls, address);
  return {
    address,
    user: url.username,
    password: password ?? "",
    database: url.database === "" ? null : url.database,
    tls: plan,
    takesServerKey: url.booleanOption(KEY_OPTION) ?? isLocal(address),
    sendsPassword: plan !== null && plan.verifies !== "nothing",
    attributes: applicationName === null ? {} : { program_name: applicationName },
  };
}

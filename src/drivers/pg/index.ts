import type { ConnectRequest, Driver } from "../../driver/driver.js";
import { importPeer, isInstalled } from "../../driver/peer.js";
import { PgConnection } from "./connection.js";
import { pgFacts } from "./facts.js";
import { type NativeModule, PEER } from "./native.js";
import { openLink, optionsOf } from "./startup.js";

/** PostgreSQL through the npm package `pg`. */
export const driver: Driver = {
  name: PEER.packageName,
  isInstalled: () => isInstalled(PEER.packageName),
  traits: (url) => {
    optionsOf(url);
    return { singleConnection: false, isReadOnly: false, writerKey: null };
  },
  connect,
  facts: pgFacts,
};

async function connect(request: ConnectRequest, signal: AbortSignal | null): Promise<PgConnection> {
  const pg = (await importPeer(PEER)) as NativeModule;
  signal?.throwIfAborted();
  return new PgConnection(await openLink(pg, request, signal));
}

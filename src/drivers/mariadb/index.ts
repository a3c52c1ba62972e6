import type { Driver } from "../../driver/driver.js";
import { importPeer, isInstalled, type Peer } from "../../driver/peer.js";
import { connectMysql, type Open } from "../mysql-common/connect.js";
import { facts } from "./facts.js";
import { MariadbHandle } from "./handle.js";
import type { NativePackage } from "./native.js";
import { nativeOptions } from "./options.js";

const PEER: Peer = {
  packageName: "mariadb",
  scheme: "mysql+mariadb:",
  versions: [{ major: 3, nodeApi: 0, node: "20" }],
  load: async () => import("mariadb"),
};

/** MySQL and MariaDB through the npm package `mariadb`. */
export const driver: Driver = {
  name: PEER.packageName,
  isInstalled: () => isInstalled(PEER.packageName),
  traits: () => ({ singleConnection: false, isReadOnly: false, writerKey: null }),
  async connect(request, signal) {
    const native = (await importPeer(PEER)) as NativePackage;
    return connectMysql(openerOf(native), facts, request, signal);
  },
  facts,
};

function openerOf(native: NativePackage): Open {
  return async (login, link) => {
    const connection = await native.createConnection(nativeOptions(login, link));
    connection.on("error", (error) => link.lose(link.fail(error)));
    connection.on("end", () => link.lose(null));
    return new MariadbHandle(connection);
  };
}

import type { Driver } from "../../driver/driver.js";
import { importPeer, isInstalled, type Peer } from "../../driver/peer.js";
import { connectMysql, type Open } from "../mysql-common/connect.js";
import { facts } from "./facts.js";
import { Mysql2Handle } from "./handle.js";
import type { NativePackage } from "./native.js";
import { nativeOptions } from "./options.js";

const PEER: Peer = {
  packageName: "mysql2",
  scheme: "mysql+mysql2:",
  versions: [{ major: 3, nodeApi: 0, node: "20" }],
  load: async () => (await import("mysql2")).default,
};

/** MySQL and MariaDB through the npm package `mysql2`. */
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
  return (login, link) =>
    new Promise((resolve, reject) => {
      const connection = native.createConnection(nativeOptions(native, login, link));
      connection.on("error", (error) => {
        const told = link.fail(error);
        reject(told);
        link.lose(told);
      });
      connection.on("end", () => link.lose(null));
      connection.once("connect", (greeting) => resolve(new Mysql2Handle(native, connection, greeting, login.database)));
    });
}

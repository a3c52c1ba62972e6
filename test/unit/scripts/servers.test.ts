import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readVersion } from "../../../scripts/servers/mysql-family.js";
import { openWay, type Launch, type Server, type Way } from "../../../scripts/servers/server.js";

const closed = (name: string, reason: string): Way => ({ name, open: () => Promise.reject(new Error(reason)) });
const server = (...ways: Way[]): Server => ({
  title: "ToyDB",
  scheme: "postgresql",
  user: "toy",
  database: "toy",
  givenBy: "TEST_TOYDB_URL",
  variable: "TEST_TOYDB_URL",
  remedy: "Install toydb",
  ways,
});

describe("a server for the tests", () => {
  test("is had by the first way that is open", async () => {
    const launch: Launch = () => assert.fail("nothing is started");
    const open: Way = { name: "npm", open: () => Promise.resolve(launch) };
    const never: Way = { name: "a container", open: () => assert.fail("a later way is not tried") };
    assert.equal(await openWay(server(closed("installed", "none"), open, never), () => {}), launch);
  });

  test("that cannot be had says what to install, what to set, and why each way is closed", async () => {
    const ways = [closed("an installed one", "there is no toydbd"), closed("a container", "no engine answers")];
    await assert.rejects(
      openWay(server(...ways), () => {}),
      (error: Error) => {
        assert.match(error.message, /^ToyDB cannot be had here\. Install toydb, or set TEST_TOYDB_URL /);
        assert.match(error.message, /- an installed one: there is no toydbd\n- a container: no engine answers$/);
        return true;
      },
    );
  });

  test("is told from another by what its --version prints", () => {
    const mysql = "/usr/sbin/mysqld  Ver 8.0.43 for Linux on x86_64 (MySQL Community Server - GPL)";
    const mariadb = "mysqld  Ver 10.11.19-MariaDB-0+deb12u1 for debian-linux-gnu on x86_64 (Debian 12)";
    assert.deepEqual(readVersion(mysql), { isMariadb: false, number: 80_043 });
    assert.deepEqual(readVersion(mariadb), { isMariadb: true, number: 101_119 });
    assert.equal(readVersion("mysqld: cannot open shared object file").number, 0);
  });
});

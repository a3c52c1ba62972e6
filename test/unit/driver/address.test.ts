import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { addressesOf, describeAddress, isLocal } from "../../../src/driver/address.js";
import { DatabaseURL } from "../../../src/url/index.js";

describe("the addresses of a URL", () => {
  const cases: readonly [url: string, described: readonly string[]][] = [
    ["postgresql://db.example.com:5433/x", ["db.example.com:5433"]],
    ["postgresql://db.example.com/x", ["db.example.com"]],
    ["postgresql:///x", ["localhost"]],
    ["postgresql://:5433/x", ["localhost:5433"]],
    ["postgresql://a:1,b:2,[::1]:3/x", ["a:1", "b:2", "[::1]:3"]],
    ["postgresql:///x?host=/run/postgresql&port=5433", ["/run/postgresql"]],
    ["mysql:///x?unix_socket=/run/mysqld/mysqld.sock", ["/run/mysqld/mysqld.sock"]],
    ["mysql:///x?unix_socket=\\\\.\\pipe\\MySQL", ["\\\\.\\pipe\\MySQL"]],
  ];
  for (const [url, described] of cases) {
    test(`${url}: ${described.join(", ")}`, () => {
      assert.deepEqual(addressesOf(new DatabaseURL(url)).map(describeAddress), described);
    });
  }

  test("a socket has its port, and localhost for a host", () => {
    const url = new DatabaseURL("postgresql:///x?host=/run/postgresql&port=5433");
    assert.deepEqual(addressesOf(url), [{ host: "localhost", port: 5433, socketPath: "/run/postgresql" }]);
  });
});

describe("what is sent never leaves this machine", () => {
  const cases: readonly [host: string, isLocal: boolean][] = [
    ["localhost", true],
    ["LocalHost", true],
    ["127.0.0.1", true],
    ["127.8.9.10", true],
    ["::1", true],
    ["0:0:0:0:0:0:0:1", true],
    ["::ffff:127.0.0.1", true],
    ["/run/postgresql", true],
    ["127.0.0.1.example.com", false],
    ["127.1", false],
    ["localhost.example.com", false],
    ["10.0.0.1", false],
    ["::2", false],
    ["0.0.0.0", false],
    ["::ffff:10.0.0.1", false],
    ["db", false],
  ];
  for (const [host, expected] of cases) {
    test(`to ${host}: ${expected}`, () => {
      const [address] = addressesOf(new DatabaseURL("mysql://x").replace({ hostname: host }));
      assert.ok(address);
      assert.equal(isLocal(address), expected);
    });
  }
});

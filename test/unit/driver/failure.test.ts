import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type NetConnectOpts } from "node:net";
import { describe, test } from "node:test";
import { failureOf } from "../../../src/driver/failure.js";

describe("a failing socket's code says how it fails", () => {
  const cases: readonly [code: string, failure: string | null][] = [
    ["ECONNREFUSED", "refused"],
    ["ENOTFOUND", "refused"],
    ["EAI_AGAIN", "refused"],
    ["EAI_NODATA", "refused"],
    ["ENOENT", "refused"],
    ["ENOTDIR", "refused"],
    ["EHOSTUNREACH", "refused"],
    ["ETIMEDOUT", "timeout"],
    ["ECONNRESET", "lost"],
    ["EPIPE", "lost"],
    ["ERR_STREAM_DESTROYED", "lost"],
    ["DEPTH_ZERO_SELF_SIGNED_CERT", "tls"],
    ["SELF_SIGNED_CERT_IN_CHAIN", "tls"],
    ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "tls"],
    ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "tls"],
    ["CERT_HAS_EXPIRED", "tls"],
    ["ERR_TLS_CERT_ALTNAME_INVALID", "tls"],
    ["ERR_SSL_WRONG_VERSION_NUMBER", "tls"],
    ["ERR_OSSL_PEM_NO_START_LINE", "tls"],
    ["EPROTO", "tls"],
    ["42P01", null],
    ["ER_DUP_ENTRY", null],
    ["", null],
  ];
  for (const [code, failure] of cases) {
    test(`${code}: ${failure}`, () => {
      assert.equal(failureOf(Object.assign(new Error("x"), { code })), failure);
    });
  }

  test("of several addresses, the first tells", () => {
    const errors = [{ code: "EHOSTUNREACH" }, { code: "ETIMEDOUT" }];
    assert.equal(failureOf(new AggregateError(errors)), "refused");
    assert.equal(failureOf(new AggregateError([])), null);
  });

  test("anything else says nothing", () => {
    for (const value of [null, undefined, "ECONNREFUSED", 5, {}, new Error("ECONNREFUSED"), { code: 1 }]) {
      assert.equal(failureOf(value), null);
    }
  });

  test("a real socket's errors are known", { timeout: 10_000 }, async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, "close");
    const unreachable: readonly NetConnectOpts[] = [
      { host: "127.0.0.1", port },
      { host: "localhost", port },
      { host: "nowhere.invalid", port },
      { path: "/nonexistent/socket" },
    ];
    for (const options of unreachable) {
      const [error] = (await once(connect(options), "error")) as [Error];
      assert.equal(failureOf(error), "refused", String(error));
    }
  });
});

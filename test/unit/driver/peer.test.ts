import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { describeMisfit, importPeer, isInstalled, type Peer } from "../../../src/driver/peer.js";
import { ConfigurationError } from "../../../src/errors/index.js";

const peer: Peer = {
  packageName: "some-database",
  scheme: "some+some-database:",
  versions: [
    { major: 12, nodeApi: 9, node: "20" },
    { major: 13, nodeApi: 10, node: "22.14" },
  ],
  load: () => Promise.resolve("loaded"),
};

describe("a driver's package", () => {
  test("that is missing is named with the command that installs it and the URLs that need it", async () => {
    assert.equal(isInstalled("some-database"), false);
    await assert.rejects(importPeer(peer), (error) => {
      assert.ok(error instanceof ConfigurationError);
      assert.match(error.message, /some\+some-database: URLs/);
      assert.match(error.message, /npm install some-database\./);
      return true;
    });
  });

  test("that does not load is told from a missing one, and the reason is the cause", async () => {
    const cause = new Error("compiled against a different Node.js version");
    const broken = {
      ...peer,
      packageName: "fast-check",
      versions: [{ major: 0, nodeApi: 0, node: "20" }],
      load: () => Promise.reject(cause),
    };
    assert.equal(isInstalled("fast-check"), true);
    await assert.rejects(importPeer(broken), (error) => {
      assert.ok(error instanceof ConfigurationError);
      assert.match(error.message, /fast-check .* is installed but does not load .* npm rebuild fast-check/);
      assert.equal(error.cause, cause);
      return true;
    });
  });

  test("is not touched where its version does not fit this Node", async () => {
    let isTouched = false;
    const load = (): Promise<unknown> => {
      isTouched = true;
      return Promise.resolve(null);
    };
    const misfit = { ...peer, packageName: "fast-check", versions: [{ major: 0, nodeApi: 9999, node: "99" }], load };
    await assert.rejects(importPeer(misfit), ConfigurationError);
    assert.equal(isTouched, false);
  });

  test("gives what its import gives where it fits", async () => {
    const fitting = { ...peer, packageName: "fast-check", versions: [{ major: 0, nodeApi: 0, node: "20" }] };
    assert.equal(await importPeer(fitting), "loaded");
  });

  const misfits: readonly (readonly [version: string, node: string, napi: string, message: string | null])[] = [
    ["12.11.1", "20.19.0", "9", null],
    ["12.11.1", "24.1.0", "10", null],
    ["13.0.0", "22.14.0", "10", null],
    [
      "13.2.0",
      "20.20.2",
      "9",
      "some-database 13.2.0 needs Node 22.14 or later, and this is Node 20.20.2: run npm install some-database@12.",
    ],
    [
      "13.2.0",
      "22.13.0",
      "9",
      "some-database 13.2.0 needs Node 22.14 or later, and this is Node 22.13.0: run npm install some-database@12.",
    ],
    ["11.9.0", "20.20.2", "9", "some-database 11.9.0 is too old: run npm install some-database@12."],
    ["11.9.0", "24.0.0", "10", "some-database 11.9.0 is too old: run npm install some-database@13."],
    [
      "12.0.0",
      "18.0.0",
      "8",
      "some-database 12.0.0 needs Node 20 or later, and this is Node 18.0.0: use a newer Node.",
    ],
  ];
  for (const [version, node, napi, message] of misfits) {
    test(`${version} on Node ${node} ${message === null ? "fits" : "does not fit, and what fits is named"}`, () => {
      assert.equal(describeMisfit(peer, version, { node, napi }), message);
    });
  }
});

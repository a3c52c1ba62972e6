import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { findMirror, type Mirror } from "../../../scripts/servers/apt-sources.js";

const found = (name: string, ...lines: string[]): Mirror | null => findMirror([{ name, text: lines.join("\n") }]);

describe("the mirror of Debian in apt's sources", () => {
  test("is read from lines", () => {
    assert.deepEqual(found("sources.list", "# deb http://off.test/debian x main", "deb http://a.test/debian x main"), {
      uri: "http://a.test/debian",
      signedBy: null,
    });
  });

  test("is read from lines with options", () => {
    const line = "deb [arch=amd64 signed-by=/usr/share/keyrings/debian.gpg] http://a.test/debian/ trixie main";
    assert.deepEqual(found("sources.list", line), {
      uri: "http://a.test/debian/",
      signedBy: "/usr/share/keyrings/debian.gpg",
    });
  });

  test("is read from stanzas", () => {
    const stanza = [
      "Types: deb deb-src",
      "# a remark",
      "URIs: http://a.test/debian",
      "Suites: x",
      "Signed-By: /keys.pgp",
    ];
    assert.deepEqual(found("debian.sources", ...stanza), { uri: "http://a.test/debian", signedBy: "/keys.pgp" });
  });

  test("may be one of many stanzas and of many addresses, and a list of mirrors", () => {
    const other = ["Types: deb", "URIs: http://a.test/debian-security", "Suites: x", ""];
    const own = ["types: deb", "uris:", " http://a.test/other", " mirror+file:///etc/apt/mirrors/debian.list"];
    assert.equal(found("debian.sources", ...other, ...own)?.uri, "mirror+file:///etc/apt/mirrors/debian.list");
  });

  test("is no source that is switched off, holds no binaries or is another archive's", () => {
    const off = ["Enabled: no", "Types: deb", "URIs: http://a.test/debian", ""];
    const sources = ["Types: deb-src", "URIs: http://a.test/debian", ""];
    assert.equal(found("debian.sources", ...off, ...sources), null);
    assert.equal(found("sources.list", "deb-src http://a.test/debian x main", "deb http://a.test/ubuntu x main"), null);
  });

  test("keeps to apt's own keys where an entry holds its keys itself", () => {
    const stanza = ["Types: deb", "URIs: http://a.test/debian", "Signed-By:", " -----BEGIN PGP PUBLIC KEY BLOCK-----"];
    assert.deepEqual(found("debian.sources", ...stanza), { uri: "http://a.test/debian", signedBy: null });
  });
});

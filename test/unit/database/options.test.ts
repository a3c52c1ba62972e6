import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { inspect } from "node:util";
import { Database } from "../../../src/database/database.js";
import { settingsOf, type DatabaseOptions } from "../../../src/database/options.js";
import { addressesOf, type Address } from "../../../src/driver/address.js";
import type { TlsPolicy } from "../../../src/driver/tls.js";
import { ConfigurationError, UnsupportedError } from "../../../src/errors/index.js";
import { DatabaseURL } from "../../../src/url/index.js";
import { authority, client, encryptedKey } from "../../support/certificates.js";
import { failure, temporaryFolder } from "./support.js";

const FAR = "postgresql://u@db.example.com/x";
const NEAR = "postgresql://u@127.0.0.1/x";
const SOCKET = "postgresql://u@/x?host=/run/postgresql";

/** How the first host of a URL is connected to. */
async function policies(text: string, ssl?: DatabaseOptions["ssl"]): Promise<readonly TlsPolicy[]> {
  const url = new DatabaseURL(text);
  const { encryption } = settingsOf(url, ssl === undefined ? {} : { ssl }).server;
  return encryption.policiesFor(addressesOf(url)[0] as Address);
}

async function modes(text: string, ssl?: DatabaseOptions["ssl"]): Promise<string> {
  return (await policies(text, ssl)).map(({ mode }) => mode).join(", then ");
}

/** What was read from a file. */
function textOf(content: unknown): string {
  assert.ok(content instanceof Uint8Array);
  return Buffer.from(content).toString();
}

describe("how a connection is encrypted", () => {
  const cases: readonly [url: string, ssl: DatabaseOptions["ssl"], expected: string][] = [
    [FAR, undefined, "verify-full"],
    [NEAR, undefined, "disable"],
    [SOCKET, undefined, "disable"],
    ["postgresql:///x", undefined, "disable"],
    [FAR, true, "verify-full"],
    [FAR, false, "disable"],
    [NEAR, true, "verify-full"],
    [NEAR, {}, "verify-full"],
    [FAR, { mode: "prefer" }, "require, then disable"],
    [FAR, { mode: "require" }, "require"],
    [FAR, { mode: "require", ca: authority }, "verify-ca"],
    [FAR, { mode: "verify-ca" }, "verify-ca"],
    [FAR, { mode: "disable", ca: authority }, "disable"],
    [`${FAR}?ssl=true`, undefined, "verify-full"],
    [`${FAR}?ssl=false`, undefined, "disable"],
    [`${FAR}?sslmode=disable`, undefined, "disable"],
    [`${FAR}?sslmode=prefer`, undefined, "require, then disable"],
    [`${NEAR}?sslmode=require`, undefined, "require"],
    [`${NEAR}?sslmode=verify-full`, undefined, "verify-full"],
    [`${FAR}?sslmode=disable`, true, "verify-full"],
    // As with libpq, a socket on this machine stays plain.
    [`${SOCKET}&sslmode=require`, undefined, "disable"],
    [SOCKET, true, "disable"],
  ];
  for (const [url, ssl, expected] of cases) {
    const given = ssl === undefined ? "" : `, ssl: ${inspect(ssl, { compact: true, maxStringLength: 3 })}`;
    test(`${url}${given}: ${expected}`, async () => {
      assert.equal(await modes(url, ssl), expected);
    });
  }

  test("the host is whom the certificate must be for, unless another name is given", async () => {
    const [own] = await policies(FAR);
    assert.equal(own?.material.servername, "db.example.com");
    const [other] = await policies(NEAR, { servername: "db.example.com" });
    assert.equal(other?.material.servername, "db.example.com");
  });

  test("certificates are read from their files for each connection", async (t) => {
    const folder = temporaryFolder(t);
    const path = (name: string): string => join(folder, name);
    writeFileSync(path("ca.pem"), authority);
    writeFileSync(path("client.pem"), client.cert);
    writeFileSync(path("client.key"), client.key);
    const url = `${FAR}?sslrootcert=${path("ca.pem")}&sslcert=${path("client.pem")}&sslkey=${path("client.key")}`;
    const { encryption } = settingsOf(new DatabaseURL(url), {}).server;
    const [address] = addressesOf(new DatabaseURL(url));
    assert.ok(address);
    const read = async (): Promise<string> => {
      const [policy] = await encryption.policiesFor(address);
      assert.equal(policy?.mode, "verify-full");
      const { ca, cert, key } = policy.material;
      assert.deepEqual([cert, key].map(textOf), [client.cert, client.key]);
      return textOf(ca);
    };
    assert.equal(await read(), authority);
    const renewed = `# renewed\n${authority}`;
    writeFileSync(path("ca.pem"), renewed);
    assert.equal(await read(), renewed);
    assert.equal(await modes(`${FAR}?sslmode=require&sslrootcert=${path("ca.pem")}`), "verify-ca");
  });

  test("certificates are not read where they are of no use", async () => {
    assert.equal(await modes(`${FAR}?sslmode=disable&sslrootcert=/missing.pem`), "disable");
    assert.equal(await modes(`${SOCKET}&sslrootcert=/missing.pem`), "disable");
  });

  test("a file that cannot be read is told by its option, not by what is in the URL", async (t) => {
    const folder = temporaryFolder(t);
    mkdirSync(join(folder, "canary"));
    for (const path of ["/canary/missing.pem", "-----BEGIN PRIVATE KEY-----canary", join(folder, "canary")]) {
      const url = `${FAR}?sslrootcert=${encodeURIComponent(path)}`;
      const error = await failure(policies(url), ConfigurationError, /sslrootcert .*\((ENOENT|EISDIR)\)/);
      assert.doesNotMatch(inspect(error, { depth: null, showHidden: true }), /canary/);
    }
  });

  test("what is no certificate, or a key that does not open, is told before a server is asked", async () => {
    await failure(policies(FAR, { ca: "nonsense" }), ConfigurationError, /PEM/);
    await failure(policies(FAR, { cert: authority, key: client.key }), ConfigurationError, /PEM/);
    const wrong = policies(FAR, { cert: client.cert, key: encryptedKey, passphrase: "canary" });
    const error = await failure(wrong, ConfigurationError, /passphrase/);
    assert.doesNotMatch(inspect(error, { depth: null, showHidden: true }), /canary/);
    const right = { cert: client.cert, key: encryptedKey, passphrase: "opensesame" };
    assert.equal(await modes(FAR, right), "verify-full");
    assert.equal(await modes(FAR, { ca: [authority, Buffer.from(authority)] }), "verify-full");
  });
});

describe("an option that is wrong is refused at once", () => {
  const cases: readonly [url: string, options: unknown, message: RegExp][] = [
    [`${FAR}?sslmode=allow`, {}, /sslmode .* disable, prefer, require, verify-ca, verify-full/],
    [`${FAR}?sslmode=`, {}, /sslmode/],
    [`${FAR}?ssl=require`, {}, /ssl .* true or false/],
    [`${FAR}?ssl=true&sslmode=require`, {}, /both ssl and sslmode/],
    [`${FAR}?sslcert=/x.pem`, {}, /its key/],
    [`${FAR}?sslmode=prefer&sslrootcert=/x.pem`, {}, /prefer verifies no server/],
    [`${FAR}?sslpassword=x`, {}, /no option in the database URL named "sslpassword"; there is .*sslmode/],
    [FAR, { ssl: "require" }, /ssl must be a boolean or an object/],
    [FAR, { ssl: null }, /ssl must be/],
    [FAR, { ssl: { rejectUnauthorized: false } }, /no option ssl.rejectUnauthorized; there is mode, ca/],
    [FAR, { ssl: { mode: "allow" } }, /ssl.mode must be one of disable/],
    [FAR, { ssl: { ca: "" } }, /ssl.ca must be/],
    [FAR, { ssl: { ca: [] } }, /ssl.ca must be/],
    [FAR, { ssl: { ca: 5 } }, /ssl.ca must be/],
    [FAR, { ssl: { key: client.key } }, /belong together/],
    [FAR, { ssl: { servername: 5 } }, /ssl.servername must be/],
    [FAR, { ssl: { mode: "prefer", ca: authority } }, /prefer/],
    [FAR, { password: 5 }, /password must be a string or a function/],
    [FAR, { password: "canary\0" }, /password has a NUL/],
    [FAR, { applicationName: 5 }, /applicationName must be a string/],
    [FAR, { applicationName: "a\0b" }, /applicationName has a NUL/],
    [FAR, { applicationName: "\ud800" }, /applicationName has .* surrogate/],
    [FAR, { statementTimeoutMs: 0 }, /statementTimeoutMs/],
    [FAR, { statementTimeoutMs: 1.5 }, /statementTimeoutMs/],
    [FAR, { statementTimeoutMs: 2 ** 31 }, /statementTimeoutMs/],
    [`${FAR}?statement_timeout_ms=-1`, {}, /statementTimeoutMs/],
    ["mysql://u@h/x?target_session_attrs=any", {}, /no option in the database URL named "target_session_attrs"/],
    ["sqlite://", { ssl: true }, /ssl says how to reach a server, and a sqlite database has none/],
    ["sqlite://", { password: "canary" }, /password says/],
    ["sqlite://", { applicationName: "x" }, /applicationName says/],
    ["sqlite:///x.db?sslmode=require", {}, /sslmode says/],
    ["sqlite:///x.db?application_name=x", {}, /application_name says/],
  ];
  for (const [url, options, message] of cases) {
    test(`${url} ${inspect(options, { maxStringLength: 3, compact: true })}`, () => {
      assert.throws(
        () => new Database(url, options as DatabaseOptions),
        (error) => {
          assert.ok(error instanceof ConfigurationError);
          assert.match(error.message, message);
          assert.doesNotMatch(inspect(error, { depth: null, showHidden: true }), /canary/);
          return true;
        },
      );
    });
  }

  test("inherited properties are no options of ssl", async () => {
    const ssl = Object.create({ mode: "disable", nonsense: true }) as object;
    assert.equal(await modes(FAR, ssl), "verify-full");
  });
});

describe("what each server is told", () => {
  test("every server's database takes the same options in its URL", () => {
    for (const scheme of ["postgresql", "postgresql+pg", "mysql", "mariadb", "mysql+mysql2"]) {
      const { server } = settingsOf(
        new DatabaseURL(`${scheme}://u:p@h/x?sslmode=require&application_name=app&statement_timeout_ms=50&min_size=1`),
        {},
      );
      assert.deepEqual([server.password, server.applicationName, server.statementTimeoutMs], ["p", "app", 50]);
    }
  });

  test("the object goes before the URL", () => {
    const url = new DatabaseURL("postgresql://u:p@h/x?application_name=a&statement_timeout_ms=50");
    const { server } = settingsOf(url, { password: "q", applicationName: "b", statementTimeoutMs: Infinity });
    assert.deepEqual([server.password, server.applicationName, server.statementTimeoutMs], ["q", "b", null]);
  });

  test("without a time limit of statements, an embedded database refuses one", () => {
    assert.throws(() => settingsOf(new DatabaseURL("sqlite://"), { statementTimeoutMs: 5 }), UnsupportedError);
    assert.equal(
      settingsOf(new DatabaseURL("sqlite://"), { statementTimeoutMs: Infinity }).server.statementTimeoutMs,
      null,
    );
  });
});

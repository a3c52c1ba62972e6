import assert from "node:assert/strict";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { after, before, describe, test } from "node:test";
import { connect, createServer, type ConnectionOptions } from "node:tls";
import { failureOf } from "../../../src/driver/failure.js";
import { tlsOptions, type TlsPolicy } from "../../../src/driver/tls.js";
import {
  authority,
  client,
  elsewhere,
  encryptedKey,
  expired,
  server,
  type Certificate,
} from "../../support/certificates.js";
import { within } from "../../support/within.js";

/** A server with each certificate; it says whom its client was shown as, and what name it asked for. */
const certificates: Readonly<Record<string, Certificate>> = { server, elsewhere, expired };
const servers = Object.entries(certificates).map(([name, certificate]) => ({
  name,
  listener: createServer({ ...certificate, ca: authority, requestCert: true, rejectUnauthorized: false }, (socket) => {
    const { subject } = socket.getPeerCertificate();
    socket.end(`${subject === undefined ? "nobody" : String(subject.CN)} asks for ${String(socket.servername)}`);
  }),
}));

before(async () => {
  for (const { listener } of servers) await once(listener.listen(0, "127.0.0.1"), "listening");
});
after(() => {
  for (const { listener } of servers) listener.close();
});

/** What a client of such a policy hears from a server, or how its handshake fails. The driver tells nothing of the host. */
async function meet(name: string, policy: TlsPolicy): Promise<string> {
  const found = servers.find((it) => it.name === name);
  assert.ok(found);
  const { port } = found.listener.address() as AddressInfo;
  const options = tlsOptions(policy) as ConnectionOptions;
  const socket = connect({ host: "127.0.0.1", port, ...options });
  try {
    let text = "";
    const reading = (async () => {
      for await (const chunk of socket) text += String(chunk);
    })();
    await within(reading);
    return text;
  } catch (error) {
    return `${String(failureOf(error))}: ${String((error as NodeJS.ErrnoException).code)}`;
  } finally {
    socket.destroy();
  }
}

test("a connection that stays plain has no options", () => {
  assert.equal(tlsOptions({ mode: "disable", material: { ca: authority } }), null);
});

describe("a server is verified as far as the mode says", () => {
  const trusting = { ca: authority, servername: "localhost" };
  const welcome = "nobody asks for localhost";
  const cases: readonly [server: string, policy: TlsPolicy, heard: string][] = [
    ["elsewhere", { mode: "require", material: { servername: "localhost" } }, welcome],
    ["expired", { mode: "require", material: { servername: "localhost" } }, welcome],
    ["server", { mode: "verify-ca", material: trusting }, welcome],
    ["elsewhere", { mode: "verify-ca", material: trusting }, welcome],
    ["expired", { mode: "verify-ca", material: trusting }, "tls: CERT_HAS_EXPIRED"],
    ["server", { mode: "verify-ca", material: { servername: "localhost" } }, "tls: SELF_SIGNED_CERT_IN_CHAIN"],
    ["server", { mode: "verify-full", material: trusting }, welcome],
    ["elsewhere", { mode: "verify-full", material: trusting }, "tls: ERR_TLS_CERT_ALTNAME_INVALID"],
    ["expired", { mode: "verify-full", material: trusting }, "tls: CERT_HAS_EXPIRED"],
    ["server", { mode: "verify-full", material: { servername: "localhost" } }, "tls: SELF_SIGNED_CERT_IN_CHAIN"],
  ];
  for (const [name, policy, heard] of cases) {
    const trust = policy.material.ca === undefined ? "an authority that is not trusted" : "a trusted authority";
    test(`${policy.mode}, ${name}, ${trust}: ${heard}`, async () => {
      assert.equal(await meet(name, policy), heard);
    });
  }

  test("the certificate must be for the policy's server, whatever was connected to", async () => {
    const full = (servername: string): TlsPolicy => ({ mode: "verify-full", material: { ca: authority, servername } });
    assert.equal(await meet("elsewhere", full("elsewhere.example")), "nobody asks for elsewhere.example");
    assert.equal(await meet("server", full("elsewhere.example")), "tls: ERR_TLS_CERT_ALTNAME_INVALID");
    assert.equal(await meet("server", full("127.0.0.2")), "tls: ERR_TLS_CERT_ALTNAME_INVALID");
  });

  test("an IP address is verified, and not told to the server as a name", async () => {
    const policy: TlsPolicy = { mode: "verify-full", material: { ca: authority, servername: "127.0.0.1" } };
    assert.equal(await meet("server", policy), "nobody asks for false");
    assert.equal(await meet("elsewhere", policy), "tls: ERR_TLS_CERT_ALTNAME_INVALID");
  });

  test("a client shows its certificate, also with a key that is encrypted", async () => {
    const material = { ca: authority, servername: "localhost", ...client };
    assert.equal(await meet("server", { mode: "verify-full", material }), "app asks for localhost");
    const encrypted = { ...material, key: encryptedKey, passphrase: "opensesame" };
    assert.equal(await meet("server", { mode: "verify-full", material: encrypted }), "app asks for localhost");
  });
});

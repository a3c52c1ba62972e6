import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigurationError, Database, DatabaseURL, TlsError } from "../../../src/index.js";
import { failure } from "../../suite/assertions.js";
import { suite, type Declare, type Options } from "../../suite/target.js";
import {
  authority,
  client,
  elsewhere,
  expired,
  server as trusted,
  type Certificate,
} from "../../support/certificates.js";
import { tlsFront, type Front, type Upstream } from "../../support/tls-front.js";
import type { ServerFacts } from "./facts.js";
import { failing, hidden, isEncrypted, LOOPBACK } from "./failing.js";

/** How far a connection is encrypted, and its server verified. */
export function encrypting(facts: ServerFacts): Declare {
  return suite("encrypting a connection", ({ test }) => {
    const { protocol } = facts;

    test("required, it is there, or there is no connection; preferred, there is one", async ({ url }) => {
      const open = (sslmode: string): Database => new Database(new DatabaseURL(url).replace({ options: { sslmode } }));
      await using preferring = await open("prefer").connect();
      const offersTls = isEncrypted(await preferring.fetchVal(facts.encryption));
      await using requiring = open("require");
      if (offersTls) assert.equal(isEncrypted(await requiring.fetchVal(facts.encryption)), true);
      else assert.match((await failure(requiring.connect(), TlsError)).message, /has TLS/);
      await using plain = open("disable");
      assert.equal(isEncrypted(await plain.fetchVal(facts.encryption)), false);
    });

    test("a certificate that nobody trusts, or no encryption at all, is refused where it is to be verified", async ({
      url,
    }) => {
      for (const sslmode of ["verify-ca", "verify-full"]) {
        await failing(hidden(url, { options: { sslmode } }), TlsError);
      }
    });

    const rules: readonly [name: string, certificate: Certificate, ssl: Options["ssl"], isRefused: boolean][] = [
      ["a trusted certificate of the host's", trusted, { ca: authority }, false],
      ["a trusted certificate, not known to be", trusted, true, true],
      ["a certificate of another host's", elsewhere, { ca: authority }, true],
      [
        "a certificate of another host's, where only the authority counts",
        elsewhere,
        { mode: "verify-ca", ca: authority },
        false,
      ],
      [
        "a certificate of another host's, which is asked for",
        elsewhere,
        { ca: authority, servername: "elsewhere.example" },
        false,
      ],
      ["a certificate of the past", expired, { ca: authority }, true],
      ["a certificate of the past, where nothing is verified", expired, { mode: "require" }, false],
      ["a certificate of the past, where an authority is given", expired, { mode: "require", ca: authority }, true],
      ["a certificate of the past, where encryption is preferred", expired, { mode: "prefer" }, false],
    ];
    for (const [name, certificate, ssl, isRefused] of rules) {
      test(`${name}: ${isRefused ? "refused" : "taken"}`, async ({ url, database }) => {
        await using front = await openFront(url, database, certificate);
        for (const hostname of [LOOPBACK, "localhost"]) {
          const fronted = { hostname, port: front.port };
          if (isRefused) await failing(hidden(url, fronted), TlsError, { ssl });
          else await assertWorks(new Database(new DatabaseURL(url).replace(fronted), { ssl }));
        }
      });
    }

    test("the certificates' files are in the URL", async ({ url, database }) => {
      const folder = mkdtempSync(join(tmpdir(), "databases-"));
      try {
        const files = { sslrootcert: authority, sslcert: client.cert, sslkey: client.key };
        for (const [name, pem] of Object.entries(files)) writeFileSync(join(folder, name), pem);
        const options = Object.fromEntries(Object.keys(files).map((name) => [name, join(folder, name)]));
        await using front = await openFront(url, database, trusted);
        const fronted = new DatabaseURL(url).replace({ hostname: LOOPBACK, port: front.port, options });
        await assertWorks(new Database(fronted));
        rmSync(join(folder, "sslrootcert"));
        const error = await failure(new Database(fronted).connect(), ConfigurationError, /sslrootcert/);
        assert.ok(!error.message.includes(folder));
      } finally {
        rmSync(folder, { recursive: true });
      }
    });

    async function openFront(url: string, database: Database, certificate: Certificate): Promise<Front> {
      return tlsFront(protocol, await upstreamOf(url, database), certificate);
    }

    /** MySQL takes a password over what is not encrypted only where it cannot be listened to. */
    async function upstreamOf(url: string, database: Database): Promise<Upstream> {
      const { hostname, port } = new DatabaseURL(url);
      const path = String(await database.fetchVal(facts.socketPath));
      if (protocol === "mysql" && existsSync(path)) return { path };
      return { host: hostname ?? "localhost", port: port ?? (protocol === "mysql" ? 3306 : 5432) };
    }
  });
}

async function assertWorks(given: Database): Promise<void> {
  await using database = given;
  assert.equal(Number(await database.fetchVal("SELECT 1")), 1);
}

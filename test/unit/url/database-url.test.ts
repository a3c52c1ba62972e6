import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { inspect } from "node:util";

import fc from "fast-check";

import { ConfigurationError } from "../../../src/errors/index.js";
import { DatabaseURL, type DatabaseURLChanges } from "../../../src/url/index.js";

/** Every part of a URL, in one object to compare with. */
function parts(text: string): Record<string, unknown> {
  const { dialect, driver, username, password, hostname, port, database, options } = new DatabaseURL(text);
  return { dialect, driver, username, password, hostname, port, database, options: [...options] };
}

const NOTHING = {
  driver: null,
  username: null,
  password: null,
  hostname: null,
  port: null,
  database: null,
  options: [],
};

const wellFormed = fc.string({ unit: "binary" }).filter((text) => !text.includes("\0"));
const reserved = fc.string({ unit: fc.constantFrom(..."@:/?#[]%&=+*,;!'()$ ~\\\"`^|<>{}ä\u2028🙂\n\x7f") });
const text = fc.oneof(wellFormed, reserved);

describe("the parts of a database URL", () => {
  test("are all read from a complete one", () => {
    assert.deepEqual(
      parts("postgresql+pg://app:p%40ss@db.example.com:5433/shop?min_size=2&application_name=web%20app"),
      {
        dialect: "postgresql",
        driver: "pg",
        username: "app",
        password: "p@ss",
        hostname: "db.example.com",
        port: 5433,
        database: "shop",
        options: [
          ["min_size", "2"],
          ["application_name", "web app"],
        ],
      },
    );
  });

  test("are null when they are absent", () => {
    assert.deepEqual(parts("mysql://localhost"), { ...NOTHING, dialect: "mysql", hostname: "localhost" });
    for (const bare of ["toy://", "toy:///", "toy:///?", "toy://@/"])
      assert.deepEqual(parts(bare), { ...NOTHING, dialect: "toy" });
  });

  test("have one dialect for postgres: and postgresql:, in any case", () => {
    assert.equal(parts("postgres://h")["dialect"], "postgresql");
    assert.equal(parts("PostgreSQL+PG://h")["dialect"], "postgresql");
    assert.equal(parts("PostgreSQL+PG://h")["driver"], "pg");
  });

  test("keep an empty password apart from none", () => {
    assert.equal(parts("mysql://root:@h")["password"], "");
    assert.equal(parts("mysql://root@h")["password"], null);
    assert.equal(parts("mysql://:secret@h")["username"], null);
  });

  test("tolerate in a password what cannot be meant otherwise: raw @, : and #", () => {
    assert.equal(parts("mysql://root:p@ss:w#rd@h/name")["password"], "p@ss:w#rd");
    assert.equal(parts("mysql://root:p@ss:w#rd@h/name")["hostname"], "h");
    assert.equal(parts("mysql://root:p\u2028w@h/name")["password"], "p\u2028w");
  });

  for (const [url, hostname, port] of [
    ["postgresql://127.0.0.1:5432/x", "127.0.0.1", 5432],
    ["postgresql://[::1]:5432/x", "::1", 5432],
    ["postgresql://u:p@[fe80::1%25eth0]/x", "fe80::1%eth0", null],
    ["postgresql:///x?host=/run/postgresql", "/run/postgresql", null],
    ["postgresql://:5433/x?host=/run/postgresql", "/run/postgresql", 5433],
    ["postgresql:///x?host=localhost&port=5433", "localhost", 5433],
    ["postgresql://%2Frun%2Fpostgresql/x", "/run/postgresql", null],
    ["mysql://root@/x?unix_socket=/tmp/mysql.sock", "/tmp/mysql.sock", null],
    ["postgresql://:5433/x", null, 5433],
  ] as const) {
    test(`have the host and port of ${url}`, () => {
      const read = new DatabaseURL(url);
      assert.deepEqual([read.hostname, read.port], [hostname, port]);
      assert.deepEqual(read.hosts, [{ hostname, port }]);
      assert.deepEqual([...read.options], []);
      assert.equal(new DatabaseURL(read.href).href, read.href);
      assert.deepEqual(new DatabaseURL(read.href).hosts, read.hosts);
    });
  }

  test("may name several hosts", () => {
    const url = new DatabaseURL("postgresql://u:p@first:5432,second,[::1]:5433/x");
    assert.deepEqual(url.hosts, [
      { hostname: "first", port: 5432 },
      { hostname: "second", port: null },
      { hostname: "::1", port: 5433 },
    ]);
    assert.deepEqual([url.hostname, url.port], ["first", 5432]);
    assert.equal(url.href, "postgresql://u:p@first:5432,second,[::1]:5433/x");
    assert.deepEqual(new DatabaseURL("postgresql:///x").hosts, []);
  });

  for (const [url, database] of [
    ["sqlite:///relative.db", "relative.db"],
    ["sqlite:///a/b/relative.db", "a/b/relative.db"],
    ["sqlite:////var/lib/absolute.db", "/var/lib/absolute.db"],
    ["sqlite:///C:/data/notes.db", "C:/data/notes.db"],
    ["sqlite:///:memory:", ":memory:"],
    ["sqlite://", ":memory:"],
    ["sqlite:///", ":memory:"],
    ["sqlite://?worker=true", ":memory:"],
    ["sqlite+node-sqlite:///my%20notes%3F.db?worker=true", "my notes?.db"],
    ["sqlite:///my notes#1@home.db", "my notes#1@home.db"],
  ] as const) {
    test(`have the path of ${url}`, () => {
      const read = new DatabaseURL(url);
      assert.equal(read.database, database);
      assert.deepEqual([read.hostname, read.port, read.username, read.password], [null, null, null, null]);
      assert.equal(new DatabaseURL(read.href).database, database);
    });
  }

  test("survive the round trip, whatever characters they have", () => {
    const record = fc.record({
      username: text,
      password: text,
      database: text,
      options: fc.array(fc.tuple(text, text)),
    });
    const base = new DatabaseURL("postgresql://h:5432");
    fc.assert(
      fc.property(record, ({ username, password, database, options }) => {
        const named = new Map(options.filter(([name]) => !["", "host", "port", "unix_socket"].includes(name)));
        const url = base.replace({ username, password, database, options: named });
        const again = new DatabaseURL(url.href);
        assert.deepEqual(
          [again.username, again.password, again.database, again.hosts],
          [username || null, password, database || null, [{ hostname: "h", port: 5432 }]],
        );
        assert.deepEqual([...again.options], [...named]);
        assert.ok(again.equals(url));
        assert.equal(again.href, url.href);
      }),
    );
  });

  test("of a SQLite path survive the round trip", () => {
    fc.assert(
      fc.property(text, (path) => {
        const url = new DatabaseURL("sqlite://").replace({ database: path });
        assert.equal(url.database, path || ":memory:");
        assert.equal(new DatabaseURL(url.href).database, url.database);
      }),
    );
  });
});

describe("options", () => {
  const url = new DatabaseURL(
    "sqlite:///x?min_size=2&worker=true&ssl=0&name=a+b%2Bc&empty=&__proto__=x&constructor.prototype=y",
  );

  test("are text, or are read as what they should be", () => {
    assert.equal(url.option("min_size"), "2");
    assert.equal(url.option("name"), "a b+c");
    assert.equal(url.option("empty"), "");
    assert.equal(url.option("missing"), null);
    assert.equal(url.integerOption("min_size"), 2);
    assert.equal(url.integerOption("missing"), null);
    assert.equal(url.booleanOption("worker"), true);
    assert.equal(url.booleanOption("ssl"), false);
    assert.equal(url.booleanOption("missing"), null);
  });

  test("of another kind are refused by name", () => {
    assert.throws(() => url.integerOption("name"), {
      name: "ConfigurationError",
      message: /option name .* whole number/,
    });
    assert.throws(() => url.booleanOption("min_size"), {
      name: "ConfigurationError",
      message: /option min_size .* true or false/,
    });
    for (const value of ["", "1.5", "0x10", "1e3", " 1", "9007199254740993", "Infinity"]) {
      const options = { n: value };
      assert.throws(() => url.replace({ options }).integerOption("n"), ConfigurationError, value);
    }
  });

  test("may have any name without touching a prototype", () => {
    assert.equal(url.option("__proto__"), "x");
    assert.equal(url.option("toString"), null);
    assert.equal(url.options.get("constructor.prototype"), "y");
    const own = url.replace({ options: JSON.parse(`{ "__proto__": "z" }`) as Record<string, string> });
    assert.equal(own.option("__proto__"), "z");
    assert.equal(Object.hasOwn(Object.prototype, "x"), false);
  });
});

describe("replace", () => {
  const url = new DatabaseURL("postgresql+pg://app:secret@h:5432/shop?ssl=true");

  for (const [changes, href] of [
    [{}, "postgresql+pg://app:secret@h:5432/shop?ssl=true"],
    [{ database: "test_shop" }, "postgresql+pg://app:secret@h:5432/test_shop?ssl=true"],
    [{ dialect: "mysql", driver: null }, "mysql://app:secret@h:5432/shop?ssl=true"],
    [{ dialect: "postgres" }, "postgresql+pg://app:secret@h:5432/shop?ssl=true"],
    [{ username: "root", password: "p/w" }, "postgresql+pg://root:p%2Fw@h:5432/shop?ssl=true"],
    [{ username: null, password: null }, "postgresql+pg://h:5432/shop?ssl=true"],
    [{ hostname: "other" }, "postgresql+pg://app:secret@other:5432/shop?ssl=true"],
    [{ hostname: "::1", port: null }, "postgresql+pg://app:secret@[::1]/shop?ssl=true"],
    [{ hostname: "/run/pg" }, "postgresql+pg://app:secret@:5432/shop?host=/run/pg&ssl=true"],
    [{ hosts: null }, "postgresql+pg://app:secret@/shop?ssl=true"],
    [
      {
        hosts: [
          { hostname: "a", port: 1 },
          { hostname: "b", port: null },
        ],
      },
      "postgresql+pg://app:secret@a:1,b/shop?ssl=true",
    ],
    [{ database: null, options: null }, "postgresql+pg://app:secret@h:5432"],
    [{ options: { a: "1&2" } }, "postgresql+pg://app:secret@h:5432/shop?a=1%262"],
    [{ options: new Map([["b", "x y"]]) }, "postgresql+pg://app:secret@h:5432/shop?b=x%20y"],
  ] satisfies [DatabaseURLChanges, string][]) {
    test(`takes ${inspect(changes, { breakLength: Infinity })}`, () => {
      assert.equal(url.replace(changes).href, href);
      assert.equal(url.href, "postgresql+pg://app:secret@h:5432/shop?ssl=true");
    });
  }

  for (const [changes, message] of [
    [{ password: undefined }, /new password is undefined: omit the key .* null to remove/],
    [{ dialect: null }, /new dialect .* other type|another type/],
    [{ passwort: "x" }, /no part "passwort": replace takes dialect, .*password/],
    [{ password: 5 }, /new password .* another type than string/],
    [{ port: "5432" }, /new port .* another type than number/],
    [{ port: 70_000 }, /port .* 1 to 65535/],
    [{ hostname: "a,b" }, /host .* name, an address/],
    [{ hostname: "a", hosts: [] }, /either hosts, or hostname and port/],
    [{ password: "a\0b" }, /password .* NUL/],
    [{ username: "a\ud800" }, /user name .* surrogate/],
    [{ dialect: "p q" }, /scheme/],
    [{ options: { host: "x" } }, /hostname and port themselves/],
    [{ options: { n: 1 } }, /options are strings/],
    [{ dialect: "sqlite" }, /no user, host or port/],
  ] as const) {
    test(`refuses ${inspect(changes, { breakLength: Infinity })}`, () => {
      assert.throws(() => url.replace(changes as unknown as DatabaseURLChanges), {
        name: "ConfigurationError",
        message,
      });
    });
  }

  test("asks for hosts when there are several", () => {
    const several = new DatabaseURL("postgresql://a,b/x");
    assert.throws(() => several.replace({ port: 5433 }), {
      name: "ConfigurationError",
      message: /several hosts: replace hosts/,
    });
    assert.equal(several.replace({ hosts: [{ hostname: "c", port: null }] }).href, "postgresql://c/x");
  });

  test("reads nothing from a polluted Object.prototype", () => {
    Object.defineProperty(Object.prototype, "hostname", { value: "evil", configurable: true });
    try {
      assert.equal(url.replace({ port: 1 }).hostname, "h");
      assert.equal(new DatabaseURL("postgresql:///x").hostname, null);
    } finally {
      delete (Object.prototype as Record<string, unknown>)["hostname"];
    }
  });
});

describe("equals", () => {
  const url = new DatabaseURL("postgres://u:p%40@h/x?a=1&b=2");

  test("compares what is meant, not how it is written", () => {
    for (const same of [
      "postgresql://u:p@@h/x?b=2&a=1",
      url,
      new DatabaseURL(url),
      "POSTGRES://u:p%40@/x?host=h&a=1&b=2",
    ]) {
      assert.ok(url.equals(same));
    }
  });

  test("sees every difference", () => {
    for (const other of [
      "postgresql+pg://u:p%40@h/x?a=1&b=2",
      "mysql://u:p%40@h/x?a=1&b=2",
      "postgres://u:q@h/x?a=1&b=2",
      "postgres://v:p%40@h/x?a=1&b=2",
      "postgres://u:p%40@h:5432/x?a=1&b=2",
      "postgres://u:p%40@h/y?a=1&b=2",
      "postgres://u:p%40@h/x?a=1&b=3",
      "postgres://u:p%40@h/x?a=1",
    ]) {
      assert.equal(url.equals(other), false, other);
    }
  });
});

describe("showing a database URL", () => {
  const secret = "c4nary:@/?#";
  const url = new DatabaseURL("postgresql://u@h/x?sslpassword=c4nary&application_name=web").replace({
    password: secret,
  });
  const shown = "postgresql://u:***@h/x?sslpassword=***&application_name=web";

  test("writes *** for the password and for secret options", () => {
    assert.equal(String(url), shown);
    assert.equal(JSON.stringify({ url }), JSON.stringify({ url: shown }));
    assert.equal(inspect({ url }, { breakLength: Infinity }), `{ url: DatabaseURL(${shown}) }`);
  });

  test("has no way around that but href, password and the options themselves", () => {
    const views = [
      inspect(url, { depth: Infinity, showHidden: true, getters: true }),
      inspect(url, { customInspect: false, depth: Infinity, showHidden: true }),
      JSON.stringify([url, { ...url }, Object.getOwnPropertyDescriptors(url), structuredClone(url)]),
      `${url}`,
    ];
    for (const view of views) assert.doesNotMatch(view, /c4nary/);
    assert.equal(url.href, "postgresql://u:c4nary%3A%40%2F%3F%23@h/x?sslpassword=c4nary&application_name=web");
  });

  test("shows *** also for an empty password, and nothing for none", () => {
    assert.equal(String(new DatabaseURL("mysql://u:@h")), "mysql://u:***@h");
    assert.equal(String(new DatabaseURL("mysql://u@h")), "mysql://u@h");
  });

  test("gives a text that is not taken for a URL again, unlike a password of three asterisks", () => {
    assert.throws(() => new DatabaseURL(String(url.replace({ options: null }))), {
      name: "ConfigurationError",
      message: /password .* made for display/,
    });
    assert.throws(() => new DatabaseURL(String(url.replace({ password: null }))), {
      name: "ConfigurationError",
      message: /option .* made for display/,
    });
    const stars = url.replace({ password: "***", options: { token: "***" } });
    assert.equal(new DatabaseURL(stars.href).password, "***");
    assert.equal(new DatabaseURL(stars.href).option("token"), "***");
  });

  test("puts no control character into a log line", () => {
    fc.assert(
      fc.property(text, text, (database, name) => {
        const line = String(url.replace({ database, username: name, options: { name } }));
        assert.doesNotMatch(line, /[\p{Cc}\u2028\u2029]/u);
      }),
    );
  });
});

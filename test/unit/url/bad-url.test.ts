import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { inspect } from "node:util";

import fc from "fast-check";

import { ConfigurationError } from "../../../src/errors/index.js";
import { DatabaseURL } from "../../../src/url/index.js";

/** Asserts a ConfigurationError that says `message`, and shows nowhere the password `hunter2`. */
function assertRefused(url: unknown, message: RegExp): void {
  assert.throws(
    () => new DatabaseURL(url as string),
    (error) => {
      assert.ok(error instanceof ConfigurationError);
      assert.match(error.message, message);
      assert.doesNotMatch(inspect(error, { depth: Infinity, showHidden: true }), /hunter2/);
      return true;
    },
  );
}

describe("a text that is no database URL is refused with what is wrong", () => {
  for (const [url, message] of [
    [undefined, /undefined: is the environment variable/],
    [null, /neither a text nor a DatabaseURL/],
    [5, /neither a text nor a DatabaseURL/],
    [{ href: "sqlite://" }, /neither a text nor a DatabaseURL/],
    ["", /empty/],
    ["hunter2", /begin with a dialect and :\/\//],
    ["u:hunter2@h/x", /begin with a dialect and :\/\//],
    ["postgresql:/h/x", /begin with a dialect and :\/\//],
    ["sqlite::memory:", /begin with a dialect and :\/\//],
    ["//u:hunter2@h/x", /begin with a dialect and :\/\//],
    ["://u:hunter2@h/x", /scheme/],
    ["1sql://u:hunter2@h", /scheme/],
    ["my sql://u:hunter2@h", /scheme/],
    ["__proto__://u:hunter2@h", /scheme/],
    ["mysql+://u:hunter2@h", /one driver/],
    ["mysql+a+b://u:hunter2@h", /one driver/],
    ["mysql+a.b://u:hunter2@h", /driver/],
    [" mysql://u:hunter2@h", /white space/],
    ["mysql://u:hunter2@h\n", /white space/],
    ["mysql://u:hun\0ter2@h", /control character/],
    ["mysql://u:hunter2\t@h", /control character/],
    ["mysql://u:hunter2%00@h", /password .* NUL/],
    ["mysql://u%00:hunter2@h", /user name .* NUL/],
    ["mysql://u:hunter2@h%00", /host name .* NUL/],
    ["mysql://u:hunter2@h/x%00", /database name .* NUL/],
    ["mysql://u:hunter2@h?a=%00", /value of an option .* NUL/],
    ["mysql://u:hunter2@h?%00=a", /name of an option .* NUL/],
    ["sqlite:///x%00.db", /database name .* NUL/],
    ["mysql://u:hunter2\ud800@h", /password .* surrogate/],
    ["mysql://u:hunter2@h/\udc00", /database name .* surrogate/],
    ["mysql://u:hunter2%@h", /password .* bad percent escape/],
    ["mysql://u:hunter2%zz@h", /password .* bad percent escape/],
    ["mysql://u:hunter2%ff@h", /password .* bad percent escape/],
    ["mysql://u:hunter2%ED%A0%80@h", /password .* bad percent escape/],
    ["mysql://u%:hunter2@h", /user name .* bad percent escape/],
    ["mysql://u:hunter2@h%", /host .* bad percent escape/],
    ["mysql://u:hunter2@h?a=%", /value of an option .* bad percent escape/],
    ["mysql://u:hunter2@h:", /port/],
    ["mysql://u:hunter2@h:0", /port/],
    ["mysql://u:hunter2@h:65536", /port/],
    ["mysql://u:hunter2@h:-1", /port/],
    ["mysql://u:hunter2@h:1e3", /port/],
    ["mysql://u:hunter2@h:３", /port/],
    ["mysql:///x?host=h&port=one", /port/],
    ["mysql://u:hunter2", /port .* Percent-encode/],
    ["mysql://u:hunter2/x@h/name", /@ after its host.*%2F/],
    ["mysql://u:hunter2?x@h/name", /@ after its host.*%3F/],
    ["mysql://u:33/hunter2@h/name", /@ after its host/],
    ["mysql://u:33/x?hunter2=1@h/name", /@ after its host/],
    ["mysql://u:p@33/hunter2@h/name", /@ after its host/],
    ["mysql://u:hunter2@::1/x", /IPv6 address stands in brackets/],
    ["mysql://u:hunter2@[h]/x", /IPv6 address, and nothing else/],
    ["mysql://u:hunter2@%3A%3A1/x", /IPv6 address, and nothing else/],
    ["mysql://u:hunter2@[::g]/x", /IPv6 in brackets/],
    ["mysql://u:hunter2@[::1/x", /IPv6 address stands in brackets/],
    ["mysql://u:hunter2@a b/x", /host .* is a name/],
    ["mysql://u:hunter2@a%2Cb/x", /host .* is a name/],
    ["mysql://u:hunter2@a,,b/x", /several hosts/],
    ["mysql://u:hunter2@a,b/x?port=1", /several hosts/],
    ["mysql://u:hunter2@a,b/x?host=c", /host twice/],
    ["mysql://u:hunter2@h/x?host=i", /host twice/],
    ["mysql://u:hunter2@localhost/x?unix_socket=/tmp/s", /host twice/],
    ["mysql://u:hunter2@/x?host=h&unix_socket=/tmp/s", /host twice/],
    ["mysql://u:hunter2@h:1/x?port=1", /port twice/],
    ["mysql://u:hunter2@h/x?ssl=1&ssl=1", /option "ssl" .* twice/],
    ["mysql://u:hunter2@h/x?s%73l=1&ssl=1", /option "ssl" .* twice/],
    ["mysql://u:hunter2@h/x?ssl", /no value: options are name=value/],
    ["mysql://u:hunter2@h/x?=1", /no name: options are name=value/],
    ["sqlite://notes.db", /three slashes \(sqlite:\/\/\/relative\.db\)/],
    ["sqlite://:memory:", /nothing for one in memory \(sqlite:\/\/\)/],
    ["sqlite+node-sqlite://u:hunter2@h/x", /no user, host or port/],
    ["sqlite:///x?host=h", /no user, host or port/],
  ] as const) {
    test(inspect(url), () => {
      assertRefused(url, message);
    });
  }

  test("and whatever the text, with nothing but a ConfigurationError", () => {
    const piece = fc.constantFrom(
      "sqlite",
      "mysql",
      "+",
      "://",
      ":",
      "/",
      "//",
      "?",
      "=",
      "&",
      "@",
      "%",
      "%41",
      "[",
      "]",
      "::1",
      ",",
      "h",
      "1",
    );
    const junk = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join("")),
    );
    fc.assert(
      fc.property(fc.constantFrom("", "mysql://", "sqlite://"), junk, (scheme, rest) => {
        let url;
        try {
          url = new DatabaseURL(scheme + rest);
        } catch (error) {
          assert.ok(error instanceof ConfigurationError, inspect(error));
          return;
        }
        assert.equal(new DatabaseURL(url.href).href, url.href);
        assert.ok(url.equals(url.href));
      }),
      { numRuns: 2000 },
    );
  });

  test("and whatever the password, without repeating it", () => {
    const password = fc
      .string({ unit: fc.constantFrom(..."@:/?#%&=[], 1") })
      .map((noise) => `hun${noise}ter2${noise}hunter2`);
    fc.assert(
      fc.property(password, (raw) => {
        try {
          assert.doesNotMatch(String(new DatabaseURL(`mysql://u:${raw}@h:bad/x`)), /hunter2/);
        } catch (error) {
          assert.ok(error instanceof ConfigurationError, inspect(error));
          assert.doesNotMatch(inspect(error, { showHidden: true }), /hunter2/);
        }
        try {
          assert.doesNotMatch(String(new DatabaseURL(`mysql://u:${raw}@h/x?a=1`)), /hunter2/);
        } catch (error) {
          assert.ok(error instanceof ConfigurationError, inspect(error));
          assert.doesNotMatch(inspect(error, { showHidden: true }), /hunter2/);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

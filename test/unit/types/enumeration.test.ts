import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { InvalidValueError, UsageError } from "../../../src/errors/index.js";
import { enumerationType } from "../../../src/types/enumeration.js";
import { assertMismatch, assertRefused, assertRoundTrip } from "./assertions.js";

describe("enumeration", () => {
  const status = enumerationType(["draft", "sent", "__proto__", ""], { name: "status" });

  test("its members go through, whatever they are called", () => {
    for (const member of ["draft", "sent", "__proto__", ""]) assertRoundTrip(status, member, member);
  });

  test("nothing else is a member", () => {
    for (const text of ["Draft", "constructor", "toString", " draft"]) {
      assertRefused(status, text, "compare");
      assertMismatch(status, text);
    }
    assert.match(
      assertRefused(status, "hunter2"),
      /^Expected a status: one of "draft", "sent", .*, got another text\.$/,
    );
  });

  test("a long list is not shown whole", () => {
    const members = Array.from({ length: 50 }, (_, number) => `m${number}`);
    const message = assertRefused(enumerationType(members), "x");
    assert.ok(message.includes('"m9", …') && !message.includes("m10"));
  });

  test("shows its members in order, and does not follow a later change of the list", () => {
    const members = ["a", "b"];
    const type = enumerationType(members);
    members.push("c");
    assert.deepEqual(type.parameters, { members: ["a", "b"] });
    assert.deepEqual(status.parameters.name, "status");
  });

  test("a list without members, with one twice or with one that is no text is refused", () => {
    assert.throws(() => enumerationType([]), UsageError);
    assert.throws(() => enumerationType(["a", "a"]), UsageError);
    assert.throws(() => enumerationType("ab" as unknown as string[]), UsageError);
    assert.throws(() => enumerationType([1 as unknown as string]), InvalidValueError);
    assert.throws(() => enumerationType(["a\0"]), InvalidValueError);
  });
});

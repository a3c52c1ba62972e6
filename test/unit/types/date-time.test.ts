import assert from "node:assert/strict";
import { describe, test } from "node:test";

import fc from "fast-check";

import { UsageError } from "../../../src/errors/index.js";
import { dateTimeType } from "../../../src/types/date-time.js";
import { assertMismatch, assertRefused, assertRoundTrip } from "./assertions.js";

const MIN = new Date("0001-01-01T00:00:00.000Z");
const MAX = new Date("9999-12-31T23:59:59.999Z");
const instants = fc.date({ min: MIN, max: MAX, noInvalidDate: true });
const type = dateTimeType();

const utc = (date: Date): string => date.toISOString().replace("T", " ").replace("Z", "");

describe("dateTime", () => {
  test("every instant of the years 1 to 9999 goes through, in UTC whatever the local zone", () => {
    fc.assert(
      fc.property(instants, (date) => {
        assertRoundTrip(type, date, utc(date));
        assertRoundTrip(dateTimeType({ timezone: true }), date, utc(date));
      }),
      { numRuns: 2000 },
    );
    for (const date of [MIN, MAX, new Date(0), new Date(-1), new Date("2000-02-29T12:00:00.001Z")]) {
      assertRoundTrip(type, date, utc(date));
    }
  });

  test("the hours that local clocks skip, repeat or lose are hours like any other", () => {
    for (const text of ["2024-03-10 02:30:00", "2024-11-03 01:30:00", "2011-12-30 12:00:00", "1883-11-18 12:03:58"]) {
      const date = type.fromDriver(`${text}.000`);
      assert.equal(utc(date), `${text}.000`);
      assert.equal(type.toDriver(date, "write"), `${text}.000`);
    }
  });

  test("reads any precision, a T, and a zone; what is below the millisecond is cut off", () => {
    const expected = Date.UTC(2024, 1, 29, 12, 34, 56);
    for (const [text, ms] of [
      ["2024-02-29 12:34:56", 0],
      ["2024-02-29T12:34:56", 0],
      ["2024-02-29T12:34:56Z", 0],
      ["2024-02-29 12:34:56+00", 0],
      ["2024-02-29 14:34:56+02:00", 0],
      ["2024-02-29 09:04:56-03:30", 0],
      ["2024-02-29 09:28:28-03:06:28", 0],
      ["2024-02-29 12:34:56.7", 700],
      ["2024-02-29 12:34:56.78", 780],
      ["2024-02-29 12:34:56.789", 789],
      ["2024-02-29 12:34:56.789999", 789],
      ["2024-02-29 12:34:56.789999999Z", 789],
      ["2024-03-01 00:34:56.5+12", 500],
    ] as const) {
      assert.equal(type.fromDriver(text).getTime(), expected + ms, text);
    }
    assert.equal(type.fromDriver("1969-12-31 23:59:59.9999").getTime(), -1);
  });

  test("what is no date and time of those years is refused", () => {
    const texts = ["", "2024-02-30 00:00:00", "2023-02-29 00:00:00", "0000-00-00 00:00:00", "0000-12-31 23:59:59"];
    texts.push("2024-01-01 24:00:00", "2024-01-01 23:59:60", "2024-01-01", "2024-01-01 12:30", "2024-01-01  12:30:00");
    texts.push(
      "10000-01-01 00:00:00",
      "+010000-01-01T00:00:00Z",
      "0001-01-01 00:00:00+01",
      "9999-12-31 23:30:00-01:00",
    );
    texts.push(
      "2024-01-01 00:00:00.",
      "2024-01-01 00:00:00.1234567890",
      "2024-01-01 00:00:00 +00",
      "2024-01-01 00:00:00+1",
    );
    texts.push(
      "2024-01-01 00:00:00+24",
      "2024-01-01 00:00:00+00:60",
      "2024-01-01 00:00:00ZZ",
      "2024-01-01 00:00:00.5x",
    );
    texts.push(
      "infinity",
      "-infinity",
      "0044-03-15 00:00:00 BC",
      "2024-01-01_00:00:00",
      "1704067200",
      "2024-01-01 00:00:00z",
    );
    for (const text of texts) assertMismatch(type, text);
    assertMismatch(type, 1704067200);
  });

  test("an invalid Date and one outside those years are refused", () => {
    assert.match(assertRefused(type, new Date(NaN)), /an invalid one/);
    for (const ms of [MIN.getTime() - 1, MAX.getTime() + 1, 8.64e15, -8.64e15]) {
      assert.match(assertRefused(type, new Date(ms)), /out of this range/);
    }
    assertRefused(type, "2024-01-01 00:00:00");
    assertRefused(type, 0);
  });

  test("a Date that lies about itself is sent as what it is", () => {
    class Liar extends Date {
      override getTime(): number {
        return 5e15;
      }
      override toISOString(): string {
        return "'; DROP TABLE notes; --";
      }
    }
    assert.equal(type.toDriver(new Liar(0), "write"), "1970-01-01 00:00:00.000");
  });
});

const digits = fc.stringMatching(/^[0-9]{6}$/);
const wireTexts = fc.tuple(instants, digits).map(([date, fraction]) => `${utc(date).slice(0, 19)}.${fraction}`);

describe('dateTime({ as: "string" })', () => {
  const plain = dateTimeType({ as: "string" });
  const zoned = dateTimeType({ as: "string", timezone: true });

  test("keeps six digits, with a Z where it has a time zone", () => {
    fc.assert(
      fc.property(wireTexts, (wire) => {
        assertRoundTrip(plain, wire, wire);
        assertRoundTrip(zoned, `${wire.replace(" ", "T")}Z`, wire);
      }),
    );
  });

  test("fills up to six digits and moves an offset to UTC", () => {
    assert.equal(plain.toDriver("2024-01-01T00:00:00", "write"), "2024-01-01 00:00:00.000000");
    assert.equal(plain.fromDriver("2024-01-01 00:00:00.5"), "2024-01-01 00:00:00.500000");
    assert.equal(zoned.toDriver("2024-01-01T00:00:00.1234+01:30", "write"), "2023-12-31 22:30:00.123400");
    assert.equal(zoned.fromDriver("2024-01-01 00:00:00.1234+01:30"), "2023-12-31T22:30:00.123400Z");
  });

  test("with a time zone the text must name one, without it must not", () => {
    assert.match(assertRefused(zoned, "2024-01-01T00:00:00"), /got one without a zone/);
    assert.match(assertRefused(plain, "2024-01-01T00:00:00Z"), /got one with a zone/);
    assertRefused(plain, "2024-01-01 00:00:00.5+00");
  });

  test("digits below the microsecond are refused, never dropped", () => {
    assert.match(assertRefused(plain, "2024-01-01 00:00:00.1234567"), /below the microsecond/);
    assertMismatch(zoned, "2024-01-01 00:00:00.000000001Z");
    assert.equal(plain.toDriver("2024-01-01 00:00:00.123456000", "write"), "2024-01-01 00:00:00.123456");
  });

  test("impossible dates are refused", () => {
    assertRefused(plain, "2023-02-29 00:00:00");
    assertRefused(zoned, "0001-01-01T00:00:00+01:00");
    assertMismatch(plain, "2023-02-29 00:00:00");
  });
});

describe("dateTime({ as: class })", () => {
  class Moment {
    readonly #text: string;
    constructor(text: string) {
      this.#text = text;
    }
    static from(text: string): Moment {
      return new Moment(text);
    }
    toString(): string {
      return this.#text;
    }
  }

  test("gives the class text with a Z where there is a time zone, and without one where there is none", () => {
    const zoned = dateTimeType({ timezone: true, as: Moment });
    const plain = dateTimeType({ as: Moment });
    const value: Moment = zoned.fromDriver("2024-01-01 00:00:00.5+00");
    assert.equal(value.toString(), "2024-01-01T00:00:00.500000Z");
    assert.equal(zoned.toDriver(value, "write"), "2024-01-01 00:00:00.500000");
    assert.equal(plain.fromDriver("2024-01-01 00:00:00.5").toString(), "2024-01-01 00:00:00.500000");
    assert.equal(plain.toDriver(new Moment("2024-01-01T00:00:00"), "write"), "2024-01-01 00:00:00.000000");
  });

  test("takes instances of the class only, and no text that it should not have written", () => {
    const plain = dateTimeType({ as: Moment });
    assert.match(assertRefused(plain, "2024-01-01 00:00:00"), /an instance of Moment, got a string/);
    assertRefused(plain, new Date(0));
    assertRefused(plain, new Moment("tomorrow"));
    assertRefused(plain, new Moment("2024-01-01T00:00:00[u-ca=hebrew]"));
    assertRefused(plain, new Moment(5 as unknown as string));
  });

  test("what the class throws goes through", () => {
    const failing = dateTimeType({
      as: class {
        static from(): never {
          throw new RangeError("not on Sundays");
        }
      },
    });
    assert.throws(() => failing.fromDriver("2024-01-01 00:00:00"), { message: "not on Sundays" });
  });

  test("no other form can be asked for", () => {
    for (const as of ["number", {}, null, class {}]) {
      assert.throws(() => dateTimeType({ as: as as "string" }), UsageError);
    }
  });
});

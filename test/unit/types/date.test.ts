import assert from "node:assert/strict";
import { describe, test } from "node:test";

import fc from "fast-check";

import { dateType } from "../../../src/types/date.js";
import { timeType } from "../../../src/types/time.js";
import { assertMismatch, assertRefused, assertRoundTrip } from "./assertions.js";

const two = (number: number): string => String(number).padStart(2, "0");

/** The day after, by a rule that shares nothing with the code under test. */
function isRealDate(year: number, month: number, day: number): boolean {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

describe("date", () => {
  test("exactly the days of the calendar from year 1 to 9999 go through", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9999 }), fc.nat({ max: 14 }), fc.nat({ max: 33 }), (year, month, day) => {
        const text = `${String(year).padStart(4, "0")}-${two(month)}-${two(day)}`;
        const isReal = year >= 1 && month >= 1 && month <= 12 && day >= 1 && isRealDate(year, month, day);
        if (isReal) assertRoundTrip(dateType, text, text);
        else assertRefused(dateType, text);
      }),
      { numRuns: 2000 },
    );
    for (const text of ["0001-01-01", "9999-12-31", "2024-02-29", "2000-02-29"]) assertRoundTrip(dateType, text, text);
    for (const text of ["0000-00-00", "0000-01-01", "2023-02-29", "1900-02-29", "2100-02-29", "2024-04-31"]) {
      assertRefused(dateType, text);
      assertMismatch(dateType, text);
    }
  });

  test("no other spelling is a date", () => {
    const spellings = [
      "",
      "2024-1-1",
      "2024/01/01",
      "20240101",
      "+002024-01-01",
      "-001-01-01",
      "2024-01-01 ",
      " 2024-01-01",
    ];
    spellings.push(
      "2024-01-01T00:00:00",
      "2024-01-01 00:00:00",
      "0044-03-15 BC",
      "infinity",
      "today",
      "٢٠٢٤-٠١-٠١",
      "2024-01-0x",
    );
    for (const text of spellings) {
      assertRefused(dateType, text);
      assertMismatch(dateType, text);
    }
  });

  test("a Date is none, for its day depends on a time zone", () => {
    assert.match(assertRefused(dateType, new Date(0)), /'YYYY-MM-DD', got an instance of Date/);
  });
});

describe("time", () => {
  const times = fc.record({
    hour: fc.nat({ max: 23 }),
    minute: fc.nat({ max: 59 }),
    second: fc.nat({ max: 59 }),
    fraction: fc.oneof(fc.constant(""), fc.stringMatching(/^[0-9]{1,6}$/)),
  });

  test("every time of a day goes through, without the zeros that end its fraction", () => {
    fc.assert(
      fc.property(times, ({ hour, minute, second, fraction }) => {
        const whole = `${two(hour)}:${two(minute)}:${two(second)}`;
        const digits = fraction.replace(/0+$/, "");
        const canonical = digits === "" ? whole : `${whole}.${digits}`;
        assertRoundTrip(timeType, canonical, canonical);
        const written = fraction === "" ? whole : `${whole}.${fraction}`;
        assert.equal(timeType.toDriver(written, "write"), canonical);
        assert.equal(timeType.fromDriver(written), canonical);
        assert.equal(timeType.fromDriver(`${whole}.${fraction.padEnd(9, "0")}`), canonical);
      }),
    );
  });

  test("what is no time of a day, or finer than a microsecond, is refused", () => {
    const spellings = [
      "",
      "24:00:00",
      "23:59:60",
      "12:60:00",
      "-01:00:00",
      "838:59:59",
      "12:30",
      "1:02:03",
      "12:30:00.",
    ];
    spellings.push(
      "12:30:00.0000001",
      "12:30:00.1234567890",
      "12:30:00Z",
      "12:30:00+00",
      "12:30:00 PM",
      "12-30-00",
      "12:30:00,5",
    );
    for (const text of spellings) {
      assertRefused(timeType, text);
      assertMismatch(timeType, text);
    }
  });
});

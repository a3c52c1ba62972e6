import fc from "fast-check";
import { date, dateTime, time } from "../../../src/index.js";
import { kind, type Kind } from "./kind.js";

const FIRST_MS = Date.parse("0001-01-01T00:00:00.000Z");
const LAST_MS = Date.parse("9999-12-31T23:59:59.999Z");

const days = fc
  .integer({ min: FIRST_MS / 86_400_000, max: Math.floor(LAST_MS / 86_400_000) })
  .map((day) => new Date(day * 86_400_000).toISOString().slice(0, 10));

const instants = fc.integer({ min: FIRST_MS, max: LAST_MS });

/** `YYYY-MM-DD HH:MM:SS.ffffff`. */
const microseconds = fc
  .tuple(instants, fc.integer({ min: 0, max: 999 }))
  .map(
    ([ms, micros]) => `${new Date(ms).toISOString().slice(0, -1).replace("T", " ")}${String(micros).padStart(3, "0")}`,
  );

const EDGE_INSTANTS = [
  FIRST_MS,
  LAST_MS,
  0,
  -1,
  1,
  Date.parse("2024-02-29T23:59:59.999Z"),
  Date.parse("1969-12-31T23:59:59.001Z"),
];

/** `HH:MM:SS[.ffffff]` without the zeros that end a fraction. */
function withoutZeros(time: string): string {
  return time.includes(".") ? time.replace(/\.?0+$/, "") : time;
}

/** Stands in for `Temporal.PlainDateTime`. */
class PlainText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  static from(text: string): PlainText {
    return new PlainText(text);
  }

  toString(): string {
    return this.text;
  }
}

export const moments: readonly Kind[] = [
  kind({
    name: "date",
    column: date(),
    values: days,
    edges: ["0001-01-01", "9999-12-31", "1970-01-01", "2024-02-29", "1582-10-10"],
  }),
  kind({
    name: "time",
    column: time(),
    values: fc.integer({ min: 0, max: 86_399_999_999 }).map((micros) => {
      const clock = new Date(Math.floor(micros / 1000)).toISOString().slice(11, 23);
      return `${clock}${String(micros % 1000).padStart(3, "0")}`;
    }),
    edges: ["00:00:00", "23:59:59.999999", "12:30:00.5", "01:02:03.000001"],
    stored: withoutZeros,
    sameAs: withoutZeros,
  }),
  kind({
    name: "dateTime",
    column: dateTime(),
    values: instants.map((ms) => new Date(ms)),
    edges: EDGE_INSTANTS.map((ms) => new Date(ms)),
    sameAs: Number,
  }),
  kind({
    name: "dateTime with a time zone",
    column: dateTime({ timezone: true }),
    values: instants.map((ms) => new Date(ms)),
    edges: EDGE_INSTANTS.map((ms) => new Date(ms)),
    sameAs: Number,
  }),
  kind({
    name: "dateTime as string",
    column: dateTime({ as: "string" }),
    values: microseconds,
    edges: [
      "0001-01-01 00:00:00.000000",
      "9999-12-31 23:59:59.999999",
      "2024-02-29 12:00:00.000001",
      "1969-12-31 23:59:59.999999",
    ],
  }),
  kind({
    name: "dateTime with a time zone as string",
    column: dateTime({ timezone: true, as: "string" }),
    values: microseconds.map((value) => `${value.replace(" ", "T")}Z`),
    edges: ["2024-02-29T12:00:00.000001Z", "0001-01-01T00:00:00.000000Z", "9999-12-31T23:59:59.999999Z"],
  }),
  kind({
    name: "dateTime as a class",
    column: dateTime({ as: PlainText }),
    values: microseconds.map((value) => new PlainText(value)),
    edges: [new PlainText("2024-02-29 12:00:00.000001")],
    sameAs: ({ text }) => text,
  }),
];

import fc from "fast-check";
import { enumeration, string, text, uuid } from "../../../src/index.js";
import { kind, type Kind } from "./kind.js";

/** Text that every database holds: well-formed, without NUL. */
const portable = fc.string({ unit: "binary", maxLength: 40 }).map((value) => value.replaceAll("\0", ""));

const EDGE_TEXTS = [
  "",
  " ",
  " padded  ",
  "a",
  "A",
  "á",
  "a\u0301",
  'it\'s "quoted" `back` \\ slash',
  "100%_!",
  "😀 👨‍👩‍👧‍👦 🇺🇳",
  "\ufeff\uffff\u{10ffff}",
  "line\r\nline\ttab",
  "null",
  "0",
  "1e5",
  "'; DROP TABLE x; --",
  ":name ? $1 @x #y",
];

export const texts: readonly Kind[] = [
  kind({
    name: "string(40)",
    column: string(40),
    values: portable.filter((value) => [...value].length <= 40),
    edges: EDGE_TEXTS,
  }),
  kind({
    name: "text",
    column: text(),
    values: portable,
    edges: [...EDGE_TEXTS, "😀".repeat(5_000)],
  }),
  kind({
    name: "enumeration",
    column: enumeration("draft", "sent", "it's lost", "😀", ""),
    values: fc.constantFrom("draft", "sent", "it's lost", "😀", ""),
    edges: ["draft", "it's lost", "😀"],
  }),
  kind({
    name: "uuid",
    column: uuid(),
    values: fc.uuid(),
    edges: [
      "00000000-0000-0000-0000-000000000000",
      "ffffffff-ffff-ffff-ffff-ffffffffffff",
      "6FA459EA-EE8A-3CA4-894E-DB77E160355E",
    ],
    stored: (value) => value.toLowerCase(),
    sameAs: (value) => value.toLowerCase(),
  }),
];

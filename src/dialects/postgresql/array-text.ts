import { typeMismatch } from "../../types/refuse.js";
import type { WireValue } from "../../util/wire.js";

/*
 * PostgreSQL's text of an array: `{1,NULL,"a \"quoted\" text",{2,3}}`, after its bounds where they do not begin at 1: `[0:1]={1,2}`.
 */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const COMMA = 0x2c;

/** The array of what is sent; `nested` where the elements are arrays, which stand in it as they are. */
export function writeArray(elements: readonly WireValue[], nested = false): string {
  return `{${elements.map((element) => writeElement(element, nested)).join(",")}}`;
}

function writeElement(element: WireValue, nested: boolean): string {
  switch (typeof element) {
    case "string":
      return nested ? element : `"${element.replace(/["\\]/g, "\\$&")}"`;
    case "boolean":
      return element ? "t" : "f";
    case "number":
      return Object.is(element, -0) ? "-0" : String(element);
    case "bigint":
      return String(element);
    default:
      return element === null ? "NULL" : `"\\\\x${hexOf(element)}"`;
  }
}

export function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex");
}

/**
 * The elements of an array as the server writes it, each as text; one that is an array itself as its own text. Linear in the text's length.
 *
 * @throws {TypeMismatchError} for text that is no array.
 */
export function readArray(text: string): (string | null)[] {
  const elements: (string | null)[] = [];
  const start = text.startsWith("[") ? text.indexOf("=") + 1 : 0;
  if (text.charCodeAt(start) !== OPEN) throw noArray();
  if (text.charCodeAt(start + 1) === CLOSE && text.length === start + 2) return elements;
  let at = start;
  do {
    const end = endOfElement(text, at + 1);
    elements.push(elementOf(text, at + 1, end));
    at = end;
  } while (text.charCodeAt(at) === COMMA);
  if (text.charCodeAt(at) !== CLOSE || at !== text.length - 1) throw noArray();
  return elements;
}

function elementOf(text: string, start: number, end: number): string | null {
  if (text.charCodeAt(start) === QUOTE) return text.slice(start + 1, end - 1).replace(/\\([^])/g, "$1");
  const bare = text.slice(start, end);
  if (bare === "") throw noArray();
  return bare === "NULL" ? null : bare;
}

function endOfElement(text: string, start: number): number {
  const first = text.charCodeAt(start);
  if (first === QUOTE) return endOfQuoted(text, start);
  if (first === OPEN) return endOfNested(text, start);
  let at = start;
  while (at < text.length && text.charCodeAt(at) !== COMMA && text.charCodeAt(at) !== CLOSE) at++;
  return at;
}

function endOfQuoted(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) at++;
    else if (code === QUOTE) return at + 1;
  }
  throw noArray();
}

function endOfNested(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfQuoted(text, at) - 1;
    else if (code === OPEN) depth++;
    else if (code === CLOSE && --depth === 0) return at + 1;
  }
  throw noArray();
}

function noArray(): Error {
  return typeMismatch("an array as '{…}'", "text that is none");
}

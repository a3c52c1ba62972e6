import { InvalidValueError, UsageError } from "../../errors/index.js";
import type { WireValue } from "../../util/wire.js";

/** The protocol counts parameters in 16 bits. */
const MOST_PARAMETERS = 65_535;
/** PostgreSQL takes no longer message. */
const LONGEST = 0x3fffffff;
/** What a unit of a JavaScript text may take in UTF-8. */
const MOST_BYTES_A_UNIT = 3;
const INITIAL_SIZE = 16 * 1024;
/** What grew beyond this for a large value is given back. */
const KEPT_SIZE = 1024 * 1024;
/** Short texts are written by hand: a call into Node's own code costs more. */
const SHORT_TEXT = 24;
const NULL_LENGTH = -1;

const code = (letter: string): number => letter.charCodeAt(0);
const PARSE = code("P");
const BIND = code("B");
const DESCRIBE = code("D");
const EXECUTE = code("E");
const CLOSE = code("C");
const SYNC = code("S");
const FLUSH = code("H");
const QUERY = code("Q");
const COPY_FAIL = code("f");
const PORTAL = code("P");
const STATEMENT = code("S");

/**
 * Writes messages of the extended protocol one behind another, to be sent at once by {@link take}.
 *
 * Nothing here throws: {@link checkSql} and {@link checkParameters} come before.
 */
export class FrameWriter {
  #bytes: Buffer = Buffer.allocUnsafe(INITIAL_SIZE);
  #at = 0;

  /** How many bytes are written. */
  get length(): number {
    return this.#at;
  }

  reset(): this {
    this.#at = 0;
    return this;
  }

  /** Everything written since the last time. */
  take(): Buffer {
    const taken = Buffer.allocUnsafe(this.#at);
    this.#bytes.copy(taken, 0, 0, this.#at);
    if (this.#bytes.length > KEPT_SIZE) this.#bytes = Buffer.allocUnsafe(INITIAL_SIZE);
    this.#at = 0;
    return taken;
  }

  /** An empty name stands for the statement that the next one replaces. */
  parse(name: string, sql: string): this {
    const start = this.#begin(PARSE);
    this.#cString(name);
    this.#cString(sql);
    this.#int16(0);
    return this.#end(start);
  }

  /** Binds the unnamed portal. Its results come as text. */
  bind(name: string, parameters: readonly WireValue[]): this {
    const start = this.#begin(BIND);
    const count = parameters.length;
    this.#byte(0);
    this.#cString(name);
    this.#formats(parameters);
    this.#int16(count);
    for (let index = 0; index < count; index += 1) this.#value(parameters[index] as WireValue);
    this.#int16(0);
    return this.#end(start);
  }

  describePortal(): this {
    const start = this.#begin(DESCRIBE);
    this.#byte(PORTAL);
    this.#byte(0);
    return this.#end(start);
  }

  /** `0` is all rows. */
  execute(maxRows: number): this {
    const start = this.#begin(EXECUTE);
    this.#byte(0);
    this.#int32(maxRows);
    return this.#end(start);
  }

  closeStatement(name: string): this {
    const start = this.#begin(CLOSE);
    this.#byte(STATEMENT);
    this.#cString(name);
    return this.#end(start);
  }

  closePortal(): this {
    const start = this.#begin(CLOSE);
    this.#byte(PORTAL);
    this.#byte(0);
    return this.#end(start);
  }

  sync(): this {
    return this.#end(this.#begin(SYNC));
  }

  flush(): this {
    return this.#end(this.#begin(FLUSH));
  }

  /** The text protocol, for texts without parameters that are ours. */
  query(sql: string): this {
    const start = this.#begin(QUERY);
    this.#cString(sql);
    return this.#end(start);
  }

  copyFail(reason: string): this {
    const start = this.#begin(COPY_FAIL);
    this.#cString(reason);
    return this.#end(start);
  }

  #begin(type: number): number {
    this.#byte(type);
    this.#int32(0);
    return this.#at;
  }

  /** The length includes itself. */
  #end(start: number): this {
    this.#bytes.writeInt32BE(this.#at - start + 4, start - 4);
    return this;
  }

  /** None are needed where all are text. */
  #formats(parameters: readonly WireValue[]): void {
    if (!parameters.some(isBinary)) return this.#int16(0);
    this.#int16(parameters.length);
    for (const value of parameters) this.#int16(isBinary(value) ? 1 : 0);
  }

  #value(value: WireValue): void {
    if (value === null) this.#int32(NULL_LENGTH);
    else if (typeof value === "string") this.#prefixed(value);
    else if (typeof value === "object") this.#binary(value);
    // The text of -0 is "0".
    else this.#prefixed(value === 0 && Object.is(value, -0) ? "-0" : String(value));
  }

  #binary(value: Uint8Array): void {
    this.#int32(value.length);
    this.#reserve(value.length);
    this.#bytes.set(value, this.#at);
    this.#at += value.length;
  }

  #prefixed(text: string): void {
    this.#int32(0);
    const start = this.#at;
    this.#text(text);
    this.#bytes.writeInt32BE(this.#at - start, start - 4);
  }

  #cString(text: string): void {
    this.#text(text);
    this.#byte(0);
  }

  #text(text: string): void {
    const { length } = text;
    this.#reserve(length > KEPT_SIZE / MOST_BYTES_A_UNIT ? Buffer.byteLength(text) : length * MOST_BYTES_A_UNIT);
    if (length > SHORT_TEXT || !this.#ascii(text)) this.#at += this.#bytes.write(text, this.#at);
  }

  /** False where the text has other characters, and then nothing is written. */
  #ascii(text: string): boolean {
    const { length } = text;
    const bytes = this.#bytes;
    const start = this.#at;
    for (let index = 0; index < length; index += 1) {
      const unit = text.charCodeAt(index);
      if (unit > 127) return false;
      bytes[start + index] = unit;
    }
    this.#at = start + length;
    return true;
  }

  #byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#at] = value;
    this.#at += 1;
  }

  #int16(value: number): void {
    this.#reserve(2);
    this.#at = this.#bytes.writeUInt16BE(value, this.#at);
  }

  #int32(value: number): void {
    this.#reserve(4);
    this.#at = this.#bytes.writeInt32BE(value, this.#at);
  }

  #reserve(size: number): void {
    const needed = this.#at + size;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2));
    this.#bytes.copy(larger, 0, 0, this.#at);
    this.#bytes = larger;
  }
}

function isBinary(value: WireValue | undefined): value is Uint8Array {
  return typeof value === "object" && value !== null;
}

/** @throws {UsageError} when the protocol cannot carry the text. */
export function checkSql(sql: string): void {
  if (sql.includes("\0")) throw new UsageError("The SQL text contains a NUL character: remove it.");
  if (sql.length * MOST_BYTES_A_UNIT > LONGEST) throw new UsageError("The SQL text is too long: split it.");
}

/** @throws {UsageError} when there are too many; {InvalidValueError} when one, or all together, cannot be sent. */
export function checkParameters(parameters: readonly WireValue[]): void {
  if (parameters.length > MOST_PARAMETERS) {
    throw new UsageError(
      `A statement has ${parameters.length} parameters, and PostgreSQL takes ${MOST_PARAMETERS}: split it, or pass an array.`,
    );
  }
  let units = 0;
  for (const value of parameters) {
    if (typeof value === "string") {
      if (value.includes("\0")) throw nulError();
      units += value.length;
    } else if (isBinary(value)) units += value.length;
  }
  if (units * MOST_BYTES_A_UNIT > LONGEST && bytesOf(parameters) > LONGEST - KEPT_SIZE) {
    throw new InvalidValueError(
      "The parameters of a statement exceed the gigabyte that PostgreSQL takes at once: split them.",
    );
  }
}

function bytesOf(parameters: readonly WireValue[]): number {
  let length = 0;
  for (const value of parameters) {
    if (typeof value === "string") length += Buffer.byteLength(value);
    else if (isBinary(value)) length += value.length;
  }
  return length;
}

function nulError(): InvalidValueError {
  return new InvalidValueError("A text parameter contains a NUL character, which PostgreSQL cannot store: remove it.");
}

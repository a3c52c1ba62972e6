import { protocolFailure } from "./failure.js";

/** Takes one message of the server: its body is `bytes` from `start` to `end`, and they are the taker's only during the call. */
export interface FrameTaker {
  frame(type: number, bytes: Buffer, start: number, end: number): void;
}

/** The type and the length that stand before each message. */
export const HEADER_LENGTH = 5;

/** PostgreSQL makes no larger one. */
const LONGEST = 0x3fffffff;
/** The longest of the messages that carry neither data nor names nor texts. */
const LONGEST_SHORT = 30_000;
/** DataRow, RowDescription, ParameterDescription, ErrorResponse, NoticeResponse, NotificationResponse, CopyData, FunctionCallResponse. */
const LONG_TYPES: ReadonlySet<number> = new Set(Buffer.from("DTtENAdV"));

/** Cuts the bytes that come from the server into its messages, however they arrive. */
export class FrameReader {
  readonly #taker: FrameTaker;
  /** The pieces of a message that is not yet complete. */
  #pieces: Buffer[] = [];
  #length = 0;
  /** False until the server has proven who it is, as nothing that it says before is long. */
  acceptsLong = false;
  /** How many bytes there must be before it is worth looking again. */
  #awaited = 0;

  constructor(taker: FrameTaker) {
    this.#taker = taker;
  }

  /** @throws {PgFailure} when a length cannot be, and whatever the taker throws: nothing more may be read then. */
  read(chunk: Buffer): void {
    if (this.#pieces.length === 0) return this.#cut(chunk);
    this.#pieces.push(chunk);
    this.#length += chunk.length;
    if (this.#length < this.#awaited) return;
    const bytes = Buffer.concat(this.#pieces, this.#length);
    this.#pieces = [];
    this.#cut(bytes);
  }

  #cut(bytes: Buffer): void {
    const size = bytes.length;
    let at = 0;
    this.#awaited = HEADER_LENGTH;
    while (size - at >= HEADER_LENGTH) {
      const type = bytes[at] as number;
      const length = bytes.readInt32BE(at + 1);
      if (length < 4 || (length > LONGEST_SHORT && !this.#mayBeLong(type, length))) {
        throw protocolFailure("the length of a message cannot be");
      }
      const end = at + 1 + length;
      if (end > size) {
        this.#awaited = 1 + length;
        break;
      }
      this.#taker.frame(type, bytes, at + HEADER_LENGTH, end);
      at = end;
    }
    if (at === size) return;
    this.#pieces = [at === 0 ? bytes : bytes.subarray(at)];
    this.#length = size - at;
  }

  #mayBeLong(type: number, length: number): boolean {
    return this.acceptsLong && length <= LONGEST && LONG_TYPES.has(type);
  }
}

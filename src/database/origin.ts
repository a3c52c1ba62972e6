import type { LeaseHolder } from "../driver/lease.js";

/** A function or class whose call began something. */
export type Entry = ((...args: never) => unknown) | (new (...args: never) => unknown);

/** Where something that lives for a while began, so that an error can name it. The stack is written out only when it is asked for. */
export class Origin implements LeaseHolder {
  /** The call that began it: `"transaction()"`. */
  readonly what: string;
  readonly where: { readonly stack?: string } = {};

  /** @param entry the public function that was called: the caller's place is the frame below it. */
  constructor(what: string, entry: Entry) {
    this.what = what;
    Error.captureStackTrace(this.where, entry);
  }

  /** `"transaction() begun at main (file:///app/main.js:3:5)"`. */
  toString(): string {
    const frame = this.where.stack?.split("\n")[1];
    return frame === undefined ? this.what : `${this.what} begun at ${frame.trim().replace(/^at /, "")}`;
  }
}

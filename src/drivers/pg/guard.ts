import { PgFailure, protocolFailure } from "./failure.js";
import { MESSAGE } from "./messages.js";

export type SessionPhase = "authentication" | "start" | "ready";

/** What the server may send of itself, by phase. */
const SESSION_MESSAGES: Readonly<Record<SessionPhase, ReadonlySet<number>>> = {
  authentication: new Set([MESSAGE.authentication, MESSAGE.error, MESSAGE.notice]),
  start: new Set([
    MESSAGE.backendKeyData,
    MESSAGE.parameterStatus,
    MESSAGE.error,
    MESSAGE.notice,
    MESSAGE.readyForQuery,
  ]),
  ready: new Set([MESSAGE.error, MESSAGE.notice, MESSAGE.notification, MESSAGE.parameterStatus]),
};

/** What never comes again after the start. */
const START_MESSAGES: ReadonlySet<number> = new Set([MESSAGE.authentication, MESSAGE.backendKeyData]);

const AUTHENTICATED = 0;
/** SASL, its continuation and its end. */
const SASL: ReadonlySet<number> = new Set([10, 11, 12]);
/** In clear, and as MD5: whoever sees the answer has the password, or can find it out. */
const READABLE: ReadonlySet<number> = new Set([3, 5]);

/** What the guard must know of the session. */
export interface Guarded {
  /** True where nobody but the server can read what is sent. */
  readonly isPrivate: boolean;
  /** True from when the server has asked for the proof of the password until it has given its own. */
  readonly isProofDue: boolean;
  /** What the server answers: a query of the driver's own object, anything else, or nothing. */
  readonly answering: "foreign" | "own" | null;
}

/** Looks at what the server sends before `pg` sees it, as `pg` trusts the server. */
export class Guard {
  phase: SessionPhase = "authentication";
  readonly #session: Guarded;

  constructor(session: Guarded) {
    this.#session = session;
  }

  /** @throws {PgFailure} when the message may not come now, or `pg` would not survive it. */
  check(type: number, bytes: Buffer, start: number, end: number): void {
    if (!this.#isExpected(type)) throw protocolFailure(`a message of type ${type} came out of turn`);
    if (type === MESSAGE.authentication) this.#checkAuthentication(bytes, start, end);
    if (type === MESSAGE.error || type === MESSAGE.notice) checkFields(bytes, start, end);
    if (type === MESSAGE.readyForQuery) this.phase = "ready";
  }

  #isExpected(type: number): boolean {
    if (SESSION_MESSAGES[this.phase].has(type)) return true;
    const { answering } = this.#session;
    if (this.phase !== "ready" || answering === null) return false;
    return type === MESSAGE.readyForQuery || (answering === "foreign" && !START_MESSAGES.has(type));
  }

  #checkAuthentication(bytes: Buffer, start: number, end: number): void {
    if (end - start < 4) throw protocolFailure("a request for authentication is cut off");
    const request = bytes.readInt32BE(start);
    const { isPrivate, isProofDue } = this.#session;
    if (request === AUTHENTICATED) {
      if (isProofDue)
        throw refusal("The server lets us in without the proof that it knows the password: it may be another.");
      this.phase = "start";
    } else if (READABLE.has(request)) {
      if (!isPrivate) {
        throw refusal(
          "The server asks for the password in clear or as MD5, and the connection is not encrypted: use TLS, or SCRAM on the server.",
        );
      }
    } else if (!SASL.has(request)) {
      throw refusal("The server asks for a kind of authentication that is not supported: let it ask for SCRAM.");
    }
  }
}

function refusal(message: string): PgFailure {
  return new PgFailure("authentication", message);
}

/** The fields of an error or a notice: each a letter and a text, and a zero behind the last. */
function checkFields(bytes: Buffer, start: number, end: number): void {
  let at = start;
  while (at < end && bytes[at] !== 0) {
    const textEnd = bytes.indexOf(0, at + 1);
    if (textEnd < 0) break;
    at = textEnd + 1;
  }
  if (at !== end - 1) throw protocolFailure("an error or a notice is cut off");
}

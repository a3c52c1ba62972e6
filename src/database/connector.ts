import type { Dialect } from "../compiler/dialect.js";
import { addressesOf, describeAddress, type Address } from "../driver/address.js";
import type { ConnectRequest, Driver, DriverConnection } from "../driver/driver.js";
import type { TlsPolicy } from "../driver/tls.js";
import {
  addSuppressed,
  AuthenticationError,
  ConfigurationError,
  connectingError,
  ConnectionError,
  ConnectTimeoutError,
  TlsError,
} from "../errors/index.js";
import { isEmbedded, type DatabaseURL } from "../url/index.js";
import { attempt } from "./attempt.js";
import { checkText, type ServerSettings } from "./options.js";

/** Opens connections to a database: to the first of its hosts that can be had, within one deadline for all that it takes. */
export class Connector {
  readonly #url: DatabaseURL;
  readonly #driver: Driver;
  readonly #dialect: Dialect;
  readonly #settings: ServerSettings;
  readonly #addresses: readonly Address[];

  constructor(url: DatabaseURL, driver: Driver, dialect: Dialect, settings: ServerSettings) {
    this.#url = url;
    this.#driver = driver;
    this.#dialect = dialect;
    this.#settings = settings;
    this.#addresses = addressesOf(url);
  }

  /**
   * Tries the hosts in order, each with an even share of the time that is left, so that one that is silent does not use up all of it.
   *
   * @throws what the first host failed with, and the errors of the others in its `suppressed`; at once, what another host cannot mend.
   */
  async connect(ended: AbortSignal, deadlineMs: number): Promise<DriverConnection> {
    const password = await this.#password(ended, deadlineMs);
    const errors: unknown[] = [];
    for (const [index, address] of this.#addresses.entries()) {
      const nowMs = performance.now();
      const untilMs = nowMs + (deadlineMs - nowMs) / (this.#addresses.length - index);
      try {
        return await this.#connectTo(address, password, ended, untilMs);
      } catch (error) {
        if (ended.aborted) throw error;
        if (!canBeMended(error)) throw withOthers(error, errors);
        errors.push(error);
      }
    }
    const [first, ...others] = errors;
    throw withOthers(first, others);
  }

  /** Encrypted first where that is preferred, then plain. */
  async #connectTo(
    address: Address,
    password: string | null,
    ended: AbortSignal,
    deadlineMs: number,
  ): Promise<DriverConnection> {
    const [tls, fallback] = await this.#settings.encryption.policiesFor(address);
    const request: ConnectRequest = {
      url: this.#url,
      address,
      password,
      tls: tls as TlsPolicy,
      applicationName: this.#settings.applicationName,
      startup: this.#dialect.startup,
    };
    try {
      return await this.#request(request, ended, deadlineMs);
    } catch (error) {
      if (fallback === undefined || !(error instanceof TlsError)) throw error;
      return await this.#request({ ...request, tls: fallback }, ended, deadlineMs);
    }
  }

  async #request(request: ConnectRequest, ended: AbortSignal, deadlineMs: number): Promise<DriverConnection> {
    const place = isEmbedded(this.#url.dialect) ? this.#url.toString() : describeAddress(request.address);
    const allowedMs = Math.round(deadlineMs - performance.now());
    const limits = {
      ended,
      deadlineMs,
      timeoutError: () =>
        new ConnectTimeoutError(
          `Cannot connect to ${place}. It did not complete the connection within ${allowedMs} ms: check host and port and the network, or try again later.`,
        ),
    };
    try {
      return await attempt(
        limits,
        (signal) => this.#driver.connect(request, signal),
        (late) => void late.close(),
      );
    } catch (error) {
      throw this.#translate(error, request);
    }
  }

  #translate(error: unknown, { address, password }: ConnectRequest): unknown {
    const facts = this.#driver.facts(error);
    if (facts === null) return error;
    const translated = this.#dialect.toError(facts, error, null);
    if (isEmbedded(this.#url.dialect)) return translated;
    // A server may repeat what it was sent.
    const isTelling = password !== null && password !== "" && facts.message.includes(password);
    return connectingError(translated, describeAddress(address), isTelling ? null : facts.message);
  }

  /** The password, asked for anew where a function knows it. Neither it nor what stands for it gets into an error. */
  async #password(ended: AbortSignal, deadlineMs: number): Promise<string | null> {
    const { password } = this.#settings;
    if (typeof password !== "function") return password;
    const timeoutError = (): Error =>
      new ConnectTimeoutError("The function of the option password gave no password in the time to connect.");
    const answer: unknown = await attempt(
      { ended, deadlineMs, timeoutError },
      () => ask(password),
      () => {},
    );
    if (typeof answer === "string") return checkText("password", answer);
    throw new ConfigurationError(
      `The function of the option password must return a text, or a promise of one; it gave ${answer === null ? "null" : `a value of type ${typeof answer}`}.`,
    );
  }
}

async function ask(password: () => unknown): Promise<unknown> {
  try {
    return await password();
  } catch (error) {
    throw new AuthenticationError("The function of the option password failed: see the cause.", { cause: error });
  }
}

/** True where another host may be in another state. */
function canBeMended(error: unknown): boolean {
  return error instanceof ConnectionError && !(error instanceof AuthenticationError);
}

function withOthers(error: unknown, others: readonly unknown[]): unknown {
  for (const other of others) addSuppressed(error, other);
  return error;
}

import assert from "node:assert/strict";
import { within } from "../support/within.js";

type Abstract<Instance> = abstract new (...given: never) => Instance;

/** The error with which a call fails, of the given class and with such a message; a call that succeeds, or hangs, fails the test. */
export async function failure<Failure extends Error>(
  call: PromiseLike<unknown>,
  errorClass: Abstract<Failure>,
  message: RegExp = /./,
): Promise<Failure> {
  let result: unknown;
  try {
    result = await within(call, 10_000);
  } catch (error) {
    assertError(error, errorClass, message);
    return error;
  }
  assert.fail(`expected a ${errorClass.name}, but the call gave ${JSON.stringify(result)}`);
}

/** The error that a function throws at once. */
export function thrown<Failure extends Error>(
  run: () => unknown,
  errorClass: Abstract<Failure>,
  message: RegExp = /./,
): Failure {
  try {
    run();
  } catch (error) {
    assertError(error, errorClass, message);
    return error;
  }
  assert.fail(`expected a ${errorClass.name}, but nothing was thrown`);
}

function assertError<Failure extends Error>(
  error: unknown,
  errorClass: Abstract<Failure>,
  message: RegExp,
): asserts error is Failure {
  // The unexpected error itself tells more than a failed comparison.
  if (!(error instanceof errorClass)) throw error;
  assert.match(error.message, message);
}

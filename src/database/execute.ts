import type { CallValues } from "../compiler/bind.js";
import { changesSession, type CompiledQuery } from "../compiler/compiled.js";
import type { Compiler } from "../compiler/compile.js";
import type { DriverResult, DriverStatement } from "../driver/driver.js";
import { queries } from "./diagnostics.js";
import { limitsOf, refuseOver, stricter, type LimitOptions, type Limits } from "./limits.js";
import { Origin } from "./origin.js";
import { isBusy, whileBusy } from "./retry.js";
import { bindQuery, compileQuery, prepareFor, refuseEffect, type Prepared } from "./statement.js";
import { inTransaction } from "./unit.js";
import type { Stand, Venue } from "./venue.js";

/** What a call wants of a result. */
export type Finish<Outcome> = (compiled: CompiledQuery, statement: DriverStatement, result: DriverResult) => Outcome;

/**
 * The one execution path: compile, bind, find a place, send, leave the place, read the result.
 *
 * It is synchronous from here to the driver where a place is free: no promise is made before the driver makes one.
 */
export function run<Outcome>(
  venue: Venue,
  query: unknown,
  values: CallValues | null,
  options: LimitOptions | null,
  finish: Finish<Outcome>,
): Outcome | Promise<Outcome> {
  const { compiler } = venue;
  if (compiler === null) return runWhenReady(venue, query, values, options, finish);
  const compiled = compileQuery(compiler, query, values);
  refuseEffect(venue, compiled);
  const call: Call<Outcome> = {
    venue,
    compiler,
    query,
    values,
    compiled,
    statement: bindQuery(compiled, values),
    finish,
  };
  if (!queries.hasSubscribers) return send(call, options);
  const message = { database: venue.database, dialect: compiler.dialect.name, sql: call.statement.sql };
  return queries.trace(message, () => send(call, options));
}

async function runWhenReady<Outcome>(
  venue: Venue,
  query: unknown,
  values: CallValues | null,
  options: LimitOptions | null,
  finish: Finish<Outcome>,
): Promise<Outcome> {
  return run(await venue.ready(), query, values, options, finish);
}

interface Call<Outcome> extends Prepared {
  readonly venue: Venue;
  readonly compiler: Compiler;
  readonly query: unknown;
  readonly values: CallValues | null;
  readonly finish: Finish<Outcome>;
}

function send<Outcome>(call: Call<Outcome>, options: LimitOptions | null): Outcome | Promise<Outcome> {
  const { venue } = call;
  if (options === null && venue.limits === null && !venue.isolates) {
    const stand = venue.tryEnter(call.compiled.effect);
    if (stand !== null) return perform(stand, call, null);
  }
  return sendWithin(call, stricter(limitsOf(options, venue.acquireTimeoutMs), venue.limits));
}

/** Where something has to be waited for, or may end the call early. */
async function sendWithin<Outcome>(call: Call<Outcome>, limits: Limits): Promise<Outcome> {
  const { venue, compiled } = call;
  refuseOver(limits);
  if (venue.isolates) return sendIsolated(call, limits);
  return perform(await venue.enter(compiled.effect, limits), call, limits);
}

/** In a savepoint of its own. */
function sendIsolated<Outcome>(call: Call<Outcome>, limits: Limits): Promise<Outcome> {
  const request = { origin: new Origin("a statement", sendIsolated), limits };
  return inTransaction(call.venue, request, async (level) => {
    return perform(await level.enter(call.compiled.effect, limits), call, limits);
  });
}

function perform<Outcome>(stand: Stand, call: Call<Outcome>, limits: Limits | null): Outcome | Promise<Outcome> {
  const { session } = stand;
  if (session.compiler !== call.compiler) {
    return perform(
      stand,
      { ...call, ...prepareFor(stand, call.query, call.values), compiler: session.compiler },
      limits,
    );
  }
  // Before it is sent: whether it did anything before it failed is not known.
  if (changesSession(call.compiled.effect)) session.alter();
  let result: DriverResult | Promise<DriverResult>;
  try {
    result = session.execute(call.statement);
  } catch (error) {
    return fail(stand, call, error, limits);
  }
  if (result instanceof Promise) return settle(stand, call, result, limits);
  stand.leave(null);
  return call.finish(call.compiled, call.statement, result);
}

async function settle<Outcome>(
  stand: Stand,
  call: Call<Outcome>,
  reply: Promise<DriverResult>,
  limits: Limits | null,
): Promise<Outcome> {
  let result: DriverResult;
  try {
    result = await stand.session.within(reply, limits);
  } catch (error) {
    return fail(stand, call, error, limits);
  }
  stand.leave(null);
  return call.finish(call.compiled, call.statement, result);
}

/** Translates the error, and waits where another process holds a lock that a later attempt may find free. */
function fail<Outcome>(stand: Stand, call: Call<Outcome>, error: unknown, limits: Limits | null): Promise<Outcome> {
  const translated = stand.session.translate(error, call.statement.sql);
  if (stand.isAutocommit && isBusy(translated)) {
    return repeat(stand, call, limits ?? limitsOf(null, call.venue.acquireTimeoutMs));
  }
  stand.leave(translated);
  throw translated;
}

async function repeat<Outcome>(stand: Stand, call: Call<Outcome>, limits: Limits): Promise<Outcome> {
  let result: DriverResult;
  try {
    result = await whileBusy(limits, () => attempt(stand, call.statement, limits));
  } catch (error) {
    stand.leave(error);
    throw error;
  }
  stand.leave(null);
  return call.finish(call.compiled, call.statement, result);
}

async function attempt({ session }: Stand, statement: DriverStatement, limits: Limits): Promise<DriverResult> {
  try {
    const reply = session.execute(statement);
    return reply instanceof Promise ? await session.within(reply, limits) : reply;
  } catch (error) {
    throw session.translate(error, statement.sql);
  }
}

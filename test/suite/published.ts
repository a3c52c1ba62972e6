import { tracingChannel } from "node:diagnostics_channel";

/** A message of a channel, copied as it was then. */
export type Message = Readonly<Record<string, unknown>>;

/** What a channel publishes while `run` runs, as `[event, message]`. */
export async function published(
  channel: "databases:query" | "databases:transaction" | "databases:acquire",
  run: () => Promise<unknown>,
): Promise<[event: string, message: Message][]> {
  const events: [string, Message][] = [];
  const note = (event: string) => (message: unknown) => void events.push([event, { ...(message as Message) }]);
  const subscribers = {
    start: note("start"),
    end: note("end"),
    asyncStart: note("asyncStart"),
    asyncEnd: note("asyncEnd"),
    error: note("error"),
  };
  const tracing = tracingChannel(channel);
  tracing.subscribe(subscribers);
  try {
    await run();
  } finally {
    tracing.unsubscribe(subscribers);
  }
  return events;
}

import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { portOf } from "./tls-front.js";

/** A server of no database, on a port of its own. */
export interface StrangeServer extends AsyncDisposable {
  readonly port: number;
  /** How many have connected so far. */
  readonly visits: number;
  /** Resolves when nobody is connected any more. */
  left(): Promise<void>;
}

/** How it behaves to whoever connects. */
export const BEHAVIOURS = {
  silent: () => {},
  closing: (socket: Socket) => void socket.end(),
  resetting: (socket: Socket) => void socket.resetAndDestroy(),
  talkingHttp: (socket: Socket) => void socket.end("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"),
} as const;

export async function strangeServer(behaviour: keyof typeof BEHAVIOURS): Promise<StrangeServer> {
  const sockets = new Set<Socket>();
  const leaving = new Set<() => void>();
  let visits = 0;
  const server = createServer((socket) => {
    visits += 1;
    sockets.add(socket);
    socket.on("error", () => {});
    // Without a reader, the end of the connection is not seen.
    socket.resume();
    socket.on("close", () => {
      sockets.delete(socket);
      if (sockets.size === 0) for (const leave of leaving) leave();
    });
    BEHAVIOURS[behaviour](socket);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    port: portOf(server),
    get visits() {
      return visits;
    },
    left: () => (sockets.size === 0 ? Promise.resolve() : new Promise((resolve) => void leaving.add(resolve))),
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

/** A port on which nobody listens. */
export async function closedPort(): Promise<number> {
  const server = await strangeServer("silent");
  await server[Symbol.asyncDispose]();
  return server.port;
}

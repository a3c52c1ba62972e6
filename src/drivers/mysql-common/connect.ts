import type { ConnectRequest, Driver } from "../../driver/driver.js";
import { MysqlConnection } from "./connection.js";
import type { MysqlHandle } from "./handle.js";
import { Link } from "./link.js";
import { loginOf, type Login } from "./login.js";

/** What a package does to connect over the socket of a link; whatever it hears of a loss later it says to the link. */
export type Open = (login: Login, link: Link) => Promise<MysqlHandle>;

/** Connects by what a package does for it. The signal's abort ends the attempt at once. */
export async function connectMysql(
  open: Open,
  facts: Driver["facts"],
  request: ConnectRequest,
  signal: AbortSignal | null,
): Promise<MysqlConnection> {
  const login = loginOf(request);
  signal?.throwIfAborted();
  const link = new Link(login.address, facts);
  const abort = (): void => link.lose(signal?.reason);
  signal?.addEventListener("abort", abort, { once: true });
  try {
    return new MysqlConnection(await link.within(open(login, link)), link);
  } catch (error) {
    const told = link.fail(error);
    link.lose(told);
    throw told;
  } finally {
    signal?.removeEventListener("abort", abort);
  }
}

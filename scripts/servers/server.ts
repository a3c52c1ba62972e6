/** The servers that the tests can ask for. */
export type ServerName = "postgresql" | "postgresql-distribution" | "mariadb" | "mysql";

/** A user and a group of the system, by number. */
export interface SystemUser {
  readonly uid: number;
  readonly gid: number;
}

/** A program, its arguments and what it is run with. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** A file that it reads as its standard input. */
  readonly input?: string;
  readonly user?: SystemUser;
}

/** Where a server is to run, and who may log in. */
export interface Place {
  /** An empty folder, which goes with the server. */
  readonly folder: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

/** A server as commands. */
export interface Plan {
  /** Run to their ends, one after another, before the server. */
  readonly prepare: readonly Command[];
  /** The server itself, in the foreground. */
  readonly serve: Command;
  /** What ends it at once; its data needs no rescue. */
  readonly signal: NodeJS.Signals;
  /** Run after its end. */
  readonly cleanUp?: Command;
}

/** Lays a server out in its place. */
export type Launch = (place: Place) => Plan | Promise<Plan>;

/** Tells the person at the test command what takes long. */
export type Note = (text: string) => void;

/** One way to have a server's programs on this machine. It throws an `Error` that says why this way is closed. */
export interface Way {
  readonly name: string;
  readonly open: (note: Note) => Promise<Launch>;
}

/** A server of the tests. */
export interface Server {
  readonly title: string;
  /** How its URLs begin. */
  readonly scheme: "postgresql" | "mariadb" | "mysql";
  /** Who may do everything, and logs in. */
  readonly user: string;
  /** The database in its URL: PostgreSQL takes no login without one. */
  readonly database: string;
  /** The variable from which the caller's URL, if there is one, is taken: it takes the server's place. */
  readonly givenBy: string;
  /** The variable in which the tests find the URL. */
  readonly variable: string;
  /** What somebody does who lacks it. */
  readonly remedy: string;
  /** Tried in this order. */
  readonly ways: readonly Way[];
}

/** The URL of a server that runs in `place`. */
export function urlOf(server: Server, place: Place): string {
  return `${server.scheme}://${place.user}:${place.password}@127.0.0.1:${place.port}/${server.database}`;
}

/** The first way to a server that is open here. @throws Error that says why each is closed, and what to do. */
export async function openWay({ ways, title, remedy, givenBy }: Server, note: Note): Promise<Launch> {
  const closed: string[] = [];
  for (const way of ways) {
    try {
      return await way.open(note);
    } catch (error) {
      closed.push(`- ${way.name}: ${error instanceof Error ? error.message : error}`);
    }
  }
  throw new Error(
    `${title} cannot be had here. ${remedy}, or set ${givenBy} to the URL of one that runs. What was tried:\n${closed.join("\n")}`,
  );
}

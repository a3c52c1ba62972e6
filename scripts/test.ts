/**
 * The test command, over the compiled tests:
 *
 *     npm test -- [--only SECTION]... [--full] [--update] [PART-OF-A-FILE'S-PATH]...
 *
 * Without arguments every section runs once, on servers that are started for it and end with it. `--update` rewrites the committed snapshots.
 */
import { parseArgs } from "node:util";
import { runSection, type Figures } from "./run-section.js";
import { listTests, sections, serversFor, type Section } from "./sections.js";
import { startServers } from "./servers/running.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: "string", multiple: true, default: [] },
    full: { type: "boolean", default: false },
    update: { type: "boolean", default: false },
  },
});

process.exitCode = await main();

async function main(): Promise<number> {
  const names = new Set(sections.map((section) => section.name));
  const unknown = values.only.filter((name) => !names.has(name));
  if (unknown.length > 0) {
    console.error(`No section is named ${unknown.join(", ")}. Sections: ${[...names].join(", ")}.`);
    return 2;
  }
  if (values.update) process.env["UPDATE_SNAPSHOTS"] = "1";
  const homeless = listTests().filter((test) => !sections.some((section) => section.includes(test)));
  if (homeless.length > 0) {
    console.error(`No section of scripts/sections.ts runs ${homeless.join(", ")}.`);
    return 2;
  }
  const wanted = sections.filter(isWanted).map((section) => ({
    section,
    tests: listTests().filter((test) => section.includes(test) && isChosen(test)),
  }));
  const needed = wanted.flatMap(({ section, tests }) => tests.flatMap((test) => serversFor(section, test)));
  const servers = await startServers([...new Set(needed)]);
  const total: Figures = { passed: 0, failed: 0, skipped: 0 };
  try {
    for (const { section, tests } of wanted) {
      // Only a filter may leave a section empty: without one, an empty section is a failure.
      if (tests.length === 0 && positionals.length > 0) continue;
      add(total, await runSection(section, tests, servers));
    }
  } finally {
    await servers.stop();
  }
  if (total.passed + total.failed === 0) console.error(`No test file's path holds ${positionals.join(" or ")}.`);
  if (total.skipped > 0) console.log(`\n${total.skipped} skipped`);
  console.log(`\n${total.passed} passed, ${total.failed} failed`);
  return total.failed === 0 && total.passed > 0 ? 0 : 1;
}

function isWanted(section: Section): boolean {
  if (values.only.length > 0 && !values.only.includes(section.name)) return false;
  return values.full || section.full !== true;
}

function isChosen(test: string): boolean {
  return positionals.length === 0 || positionals.some((part) => `test/${test}.ts`.includes(part));
}

function add(total: Figures, figures: Figures): void {
  total.passed += figures.passed;
  total.failed += figures.failed;
  total.skipped += figures.skipped;
}

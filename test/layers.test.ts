import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { projectRoot } from "../scripts/project.js";
import { breaches, type Sources } from "./layers/law.js";
import { scan } from "./layers/scan.js";

function readSources(): Sources {
  const folder = join(projectRoot, "src");
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.name.endsWith(".ts"),
  );
  const paths = files.map((entry) => join(entry.parentPath, entry.name));
  return new Map(paths.map((path) => [relative(folder, path).split(sep).join("/"), readFileSync(path, "utf8")]));
}

const breachesOf = (file: string, text: string): string[] => breaches(new Map([[file, text]]));

describe("the law of imports", () => {
  test("holds in src/", () => {
    const sources = readSources();
    assert.ok(sources.has("index.ts"));
    assert.deepEqual(breaches(sources), []);
  });

  const allowed: readonly [file: string, text: string][] = [
    ["sql/select.ts", 'import type { Node } from "../ast/node.js";'],
    ["sql/select.ts", 'import { from } from "./from.js";'],
    ["schema/table.ts", 'import { from } from "../sql/from.js";'],
    ["schema/table.ts", '// import { x } from "../database/database.js";\nconst x = "from \'../database/y.js\'";'],
    ["dialects/sqlite/constructs.ts", 'import { x } from "../../schema/table.js";\nimport { y } from "./features.js";'],
    [
      "drivers/better-sqlite3.ts",
      'import { require } from "node:module";\nconst Peer = await import("better-sqlite3");',
    ],
    ["drivers/better-sqlite3/errors.ts", 'const { version } = require("better-sqlite3/package.json");'],
    ["drivers/better-sqlite3.ts", 'import { x } from "./sqlite-common/stream.js";'],
    ["driver/peer.ts", "const manifest = require(`${packageName}/package.json`);"],
    ["drivers/node-sqlite.ts", 'const { DatabaseSync } = await import("node:sqlite");'],
    ["database/registry.ts", 'const load = () => import("../drivers/pg.js");'],
    ["database/context.ts", 'import { AsyncLocalStorage } from "node:async_hooks";'],
    ["index.ts", '/** The door. */\nexport { a, b } from "./sql/a.js";\nexport type { C } from "./schema/c.js";\n'],
    ["util/x.ts", 'const a = /["`]/; const b = `console.log(${c({ d: `${"eval("}` })})`; // process.env'],
  ];
  for (const [file, text] of allowed) {
    test(`allows in ${file}: ${text}`, () => assert.deepEqual(breachesOf(file, text), []));
  }

  const refused: readonly [file: string, text: string, sentence: RegExp][] = [
    ["errors/index.ts", 'import { x } from "../util/x.js";', /errors does not stand on util/],
    ["ast/node.ts", 'import type { Select } from "../sql/select.js";', /ast does not stand on sql/],
    ["ast/node.ts", 'export type { Select } from "../sql/select.js";', /ast does not stand on sql/],
    ["ast/node.ts", 'type Select = typeof import("../sql/select.js");', /ast does not stand on sql/],
    ["ast/node.ts", 'import "../sql/select.js";', /ast does not stand on sql/],
    ["ast/node.ts", "import {\n  a,\n  b,\n} from '../sql/select.js';", /ast does not stand on sql/],
    ["ast/node.ts", 'import { x } from "../index.js";', /imports the door index\.ts/],
    ["compiler/x.ts", 'import type { Table } from "../schema/table.js";', /compiler does not stand on schema/],
    ["schema/x.ts", 'import type { Database } from "../database/database.js";', /schema does not stand on database/],
    ["dialects/sqlite/ddl.ts", 'import { x } from "../../schema/table.js";', /does not stand on schema/],
    ["dialects/sqlite/ddl.ts", 'import { x } from "../mysql/ddl.js";', /does not stand on dialects\/mysql/],
    ["drivers/pg.ts", 'import { x } from "./mysql2.js";', /drivers\/pg does not stand on drivers\/mysql2/],
    ["drivers/pg.ts", 'import mysql from "mysql2/promise";', /imports the package mysql2\/promise/],
    ["drivers/pg.ts", 'require("mysql2");', /imports the package mysql2/],
    ["drivers/pg.ts", 'import { x } from "./sqlite-common/stream.js";', /does not stand on drivers\/sqlite-common/],
    ["drivers/pg.ts", "require(name);", /require\(\) must name its module by a literal/],
    ["util/x.ts", 'import ms from "ms";', /imports the package ms/],
    ["database/x.ts", 'import { AsyncLocalStorage } from "node:async_hooks";', /node:async_hooks is not this file's/],
    ["database/x.ts", 'await import("../drivers/pg.js");', /only database\/registry\.ts imports dynamically/],
    ["database/registry.ts", 'await import("../sql/select.js");', /only leaves/],
    ["database/registry.ts", "await import(name);", /by a literal/],
    ["attic/x.ts", "export const x = 1;", /the room attic is not in the table/],
    ["index.ts", 'export * from "./sql/select.js";', /a door holds only/],
    ["index.ts", "export const x = 1;", /a door holds only/],
    ["util/x.ts", "const a = process.env.HOME;", /says process\.env/],
    ["util/x.ts", "console.log(1);", /says console/],
    ["util/x.ts", "const a = `${eval(b)}`;", /says eval/],
    ["util/x.ts", 'const f = new Function("return 1");', /says new Function/],
    ["util/x.ts", "storage.enterWith(x);", /says enterWith/],
    ["util/x.ts", "x;\n".repeat(401), /has 401 lines/],
  ];
  for (const [file, text, sentence] of refused) {
    test(`refuses in ${file}: ${text.slice(0, 80)}`, () => {
      const found = breachesOf(file, text);
      assert.equal(found.length, 1, found.join("\n"));
      assert.match(found[0]!, sentence);
    });
  }

  test("reads every kind of import past comments, templates and regular expressions", () => {
    const { imports } = scan(
      [
        'import a, { type B } from "a";',
        "/* import c from 'c' */",
        "const t = `${`}`} import d from 'd'`, r = /[\"'`]/g;",
        'export { e } from "e";',
        'const f = (await import("f")).default as typeof import("g");',
      ].join("\n"),
    );
    assert.deepEqual(
      imports.map(({ kind, specifier }) => `${kind} ${specifier}`),
      ["static a", "static e", "dynamic f", "static g"],
    );
  });
});

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { after, before, describe, test } from "node:test";
import { sqliteLocation, sqliteTraits } from "../../../src/drivers/sqlite-common/file.js";
import { ConfigurationError } from "../../../src/errors/index.js";
import { DatabaseURL } from "../../../src/url/index.js";

let folder = "";

before(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "databases-")));
});

after(() => rmSync(folder, { recursive: true }));

const writerKey = (path: string): string | null => sqliteTraits(new DatabaseURL(`sqlite:///${path}`)).writerKey;

describe("where a SQLite URL points", () => {
  for (const url of ["sqlite://", "sqlite:///", "sqlite:///:memory:"]) {
    test(`${url} is a database in memory, of one connection`, () => {
      assert.deepEqual(sqliteTraits(new DatabaseURL(url)), {
        singleConnection: true,
        isReadOnly: false,
        writerKey: null,
      });
      assert.deepEqual(sqliteLocation(new DatabaseURL(url)), { path: null, mode: "rwc" });
    });
  }

  test("a relative path is one from the working folder", () => {
    assert.deepEqual(sqliteLocation(new DatabaseURL("sqlite:///a/b.db?mode=ro")), {
      path: join(process.cwd(), "a/b.db"),
      mode: "ro",
    });
  });

  test("all paths of one file have one writer's turn, before and after it exists", () => {
    const path = join(folder, "notes.db");
    mkdirSync(join(folder, "sub"));
    symlinkSync(path, join(folder, "link.db"));
    symlinkSync(folder, join(folder, "sub", "up"));
    const paths = [
      path,
      relative(process.cwd(), path),
      join(folder, "sub", "..", "notes.db"),
      join(folder, "link.db"),
      join(folder, "sub", "up", "link.db"),
    ];
    for (const each of paths) assert.equal(writerKey(each), path, each);
    writeFileSync(path, "");
    for (const each of paths) assert.equal(writerKey(each), path, each);
  });

  test("a path whose folder is missing, or whose links go round, has a turn all the same", () => {
    assert.equal(writerKey(join(folder, "no", "such.db")), join(folder, "no", "such.db"));
    symlinkSync(join(folder, "b.db"), join(folder, "a.db"));
    symlinkSync(join(folder, "a.db"), join(folder, "b.db"));
    assert.equal(typeof writerKey(join(folder, "a.db")), "string");
  });

  for (const url of ["sqlite:///a.db?mode=memory", "sqlite:///a.db?mode=", "sqlite://?mode=ro", "sqlite:///a.db%20"]) {
    test(`${url} is refused`, () => {
      assert.throws(() => sqliteLocation(new DatabaseURL(url)), ConfigurationError);
    });
  }
});

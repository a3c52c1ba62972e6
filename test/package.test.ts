import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, posix } from "node:path";
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { listDoors, readManifest } from "../scripts/doors.js";
import { pack, type Tarball } from "../scripts/packed.js";
import { projectRoot } from "../scripts/project.js";

describe("the package", () => {
  let folder: string;
  let tarball: Tarball;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "databases-pack-"));
    tarball = await pack(folder);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  test("has no runtime dependency", () => {
    assert.equal(readManifest().dependencies, undefined);
  });

  test("lists every door of src/, and no other", () => {
    const files = readdirSync(join(projectRoot, "src")).filter((file) => file.endsWith(".ts"));
    const doors = listDoors().map((door) => basename(door.source));
    assert.deepEqual(doors.sort(), files.sort());
  });

  test("packs the papers, dist/ and the sources that its maps name, and nothing else", () => {
    const papers = tarball.files.filter((file) => !/^(dist|src)\//.test(file));
    assert.deepEqual(papers, ["CHANGELOG.md", "LICENSE", "README.md", "package.json"]);
    const odd = tarball.files.filter((file) => !/^(src\/.*\.ts|dist\/.*\.(js|d\.ts)(\.map)?)$/.test(file));
    assert.deepEqual(odd, papers);
  });

  test("packs what its doors name, types first", () => {
    for (const { specifier, targets } of listDoors()) {
      assert.equal(Object.keys(targets)[0], "types", specifier);
      const missing = Object.values(targets).filter((target) => !tarball.files.includes(posix.normalize(target)));
      assert.deepEqual(missing, [], specifier);
    }
  });

  for (const path of ["internal/registry", "dist/index.js", "src/index.ts"]) {
    test(`refuses import("databases/${path}")`, async () => {
      await assert.rejects(import(`databases/${path}`), { code: "ERR_PACKAGE_PATH_NOT_EXPORTED" });
    });
  }
});

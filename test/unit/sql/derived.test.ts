import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { integer, MetaData, select, string } from "../../../src/index.js";
import { Sqlite } from "../../support/sqlite.js";

/* A query as a table: what is known of its columns. */

const metadata = new MetaData();
const users = metadata.table("users", { id: integer().primaryKey(), name: string(10).notNull() });
const posts = metadata.table("posts", { id: integer().primaryKey(), author: integer().references(users.c.id) });

describe("a nested subquery that an outer join may leave out", () => {
  let database: Sqlite;
  before(async () => {
    database = await Sqlite.open();
    database.create(metadata);
    database.run(posts.insert().values({ id: 1 }));
  });
  after(() => database.close());

  const joined = {
    "a left join": select(users.c.name, posts.c.id).from(posts).leftJoin(users),
    "a right join": select(users.c.name, posts.c.id).from(users).rightJoin(posts),
  };

  for (const [kind, query] of Object.entries(joined)) {
    test(`is told by a column that ${kind} inside it does not make NULL`, () => {
      const authored = query.subquery("authored");
      const nested = select({ post: posts.c.id, authored }).from(posts);
      assert.deepEqual(database.run(nested.leftJoin(authored, authored.c.id.eq(posts.c.id))), [
        { post: 1, authored: { name: null, id: 1 } },
      ]);
      assert.deepEqual(database.run(nested.leftJoin(authored, authored.c.id.eq(2))), [{ post: 1, authored: null }]);
    });
  }

  test("is refused where a full join inside it can make any of its columns NULL", () => {
    const either = select(users.c.name, posts.c.id).from(users).fullJoin(posts).subquery("either");
    const nested = select({ post: posts.c.id, either }).from(posts).leftJoin(either, either.c.id.eq(posts.c.id));
    assert.throws(() => database.run(nested), /neither a primary key nor a NOT NULL column to tell by/);
  });
});

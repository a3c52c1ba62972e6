import assert from "node:assert/strict";
import {
  check,
  CheckViolationError,
  count,
  createIndexes,
  createTable,
  dropTable,
  DuplicateObjectError,
  foreignKey,
  ForeignKeyViolationError,
  index,
  integer,
  MetaData,
  NotNullViolationError,
  primaryKey,
  select,
  sql,
  string,
  UndefinedTableError,
  unique,
  UniqueViolationError,
} from "../../src/index.js";
import { failure } from "./assertions.js";
import { type Declare, suite } from "./target.js";

export const tables: Declare = suite("tables", ({ test, named, tables: create }) => {
  const metadata = new MetaData();
  // Declared before the table that they refer to.
  const posts = metadata.table(
    named("posts"),
    {
      id: integer().primaryKey(),
      slug: string(50).notNull().unique(),
      stars: integer().notNull().default(0),
      authorId: integer().references(`${named("authors")}.id`, { onDelete: "cascade" }),
      editorId: integer().references(`${named("authors")}.id`, { onDelete: "set null" }),
      parentId: integer().references(`${named("posts")}.id`),
      ownerId: integer().references(`${named("authors")}.id`, { onDelete: "restrict" }),
    },
    (c) => [
      check(c.stars.gte(0)).named(named("stars_are_not_negative")),
      index(named("by_stars"), c.stars.desc(), c.slug),
    ],
  );
  const authors = metadata.table(named("authors"), { id: integer().primaryKey(), name: string(50).notNull() });
  const seats = metadata.table(
    named("seats"),
    { hall: string(10), row: integer(), place: integer().notNull(), code: string(10) },
    (c) => [primaryKey(c.hall, c.row), unique(c.row, c.place)],
  );
  metadata.table(named("tickets"), { id: integer().primaryKey(), hall: string(10), row: integer() }, (c) => [
    foreignKey([c.hall, c.row], [seats.c.hall, seats.c.row]),
  ]);
  create(metadata);

  test("createAll creates referred tables first; a second time it leaves all as it is", async ({ database }) => {
    await database.execute(authors.insert(), { id: 1, name: "Ada" });
    await metadata.createAll(database);
    assert.equal(await database.fetchVal(select(count()).from(authors)), 1);
    await database.execute(authors.delete().all());
  });

  test("dropAll drops referring tables first; a second time it does nothing", async ({ database }) => {
    const own = new MetaData();
    const child = own.table(named("child"), { id: integer().references(`${named("parent")}.id`) });
    const parent = own.table(named("parent"), { id: integer().primaryKey() });
    await own.createAll(database);
    await database.execute(parent.insert(), { id: 1 });
    await database.execute(child.insert(), { id: 1 });
    await own.dropAll(database);
    await own.dropAll(database);
    await failure(database.fetchAll(child.select()), UndefinedTableError);
    await failure(database.fetchAll(parent.select()), UndefinedTableError);
  });

  test("the server counts up a generated key, and does not give that of a deleted row again", async ({ database }) => {
    const keys: unknown[] = [];
    for (const name of ["a", "b"])
      keys.push((await database.execute(authors.insert(), { name })).insertedPrimaryKey?.id);
    await database.execute(authors.delete().where(authors.c.name.eq("b")));
    keys.push((await database.execute(authors.insert(), { name: "c" })).insertedPrimaryKey?.id);
    await database.execute(authors.delete().all());
    const [first] = keys as number[];
    assert.deepEqual(keys, [first, (first as number) + 1, (first as number) + 2]);
  });

  test("constraints are enforced", async ({ database }) => {
    await database.execute(posts.insert(), { slug: "one" });
    await database.execute(seats.insert(), { hall: "A", row: 1, place: 1 });
    const execute = database.execute.bind(database);
    await failure(execute(posts.insert(), { slug: "one" }), UniqueViolationError);
    await failure(execute(posts.insert(), { slug: "two", stars: -1 }), CheckViolationError);
    await failure(execute(posts.insert(), { slug: "two", authorId: 99 }), ForeignKeyViolationError);
    await failure(execute(posts.insert(), { slug: "two", parentId: 99 }), ForeignKeyViolationError);
    await failure(execute(sql`INSERT INTO ${authors} (id) VALUES (1)`), NotNullViolationError);
    await failure(execute(seats.insert(), { hall: "A", row: 1, place: 2 }), UniqueViolationError);
    await failure(execute(seats.insert(), { hall: "B", row: 1, place: 1 }), UniqueViolationError);
    await failure(execute(sql`INSERT INTO ${seats} (hall, place) VALUES ('A', 3)`), NotNullViolationError);
    await failure(
      execute(
        sql`INSERT INTO ${sql.identifier(named("tickets"))} (id, hall, ${sql.identifier("row")}) VALUES (1, 'A', 2)`,
      ),
      ForeignKeyViolationError,
    );
    assert.equal(await database.fetchVal(select(count()).from(posts)), 1);
    assert.equal(await database.fetchVal(select(count()).from(seats)), 1);
    await database.execute(posts.delete().all());
    await database.execute(seats.delete().all());
  });

  test("ON DELETE does what the reference says", async ({ database }) => {
    await database.executeMany(authors.insert(), [
      { id: 1, name: "Ada" },
      { id: 2, name: "Bob" },
    ]);
    await database.executeMany(posts.insert(), [
      { slug: "by Ada", authorId: 1, editorId: 2 },
      { slug: "by Bob", authorId: 2, editorId: 1 },
    ]);
    await database.execute(authors.delete().where(authors.c.id.eq(1)));
    assert.deepEqual(await database.fetchAll(select(posts.c.slug, posts.c.editorId)), [
      { slug: "by Bob", editorId: null },
    ]);
    await database.execute(authors.insert(), { id: 3, name: "Cleo" });
    await database.execute(posts.update().all(), { ownerId: 3 });
    await failure(database.execute(authors.delete().where(authors.c.id.eq(3))), ForeignKeyViolationError);
    await database.execute(posts.delete().all());
    await database.execute(authors.delete().all());
  });

  test("tables that refer to each other are created and dropped", async ({ database }) => {
    const own = new MetaData();
    const hen = own.table(named("hen"), {
      id: integer().primaryKey(),
      egg: integer().references(`${named("egg")}.id`),
    });
    const egg = own.table(named("egg"), { id: integer().primaryKey(), hen: integer().references(hen.c.id) });
    await own.createAll(database);
    await database.execute(hen.insert(), { id: 1 });
    await database.execute(egg.insert(), { id: 1, hen: 1 });
    await database.execute(hen.update().where(hen.c.id.eq(1)), { egg: 1 });
    await failure(database.execute(egg.insert(), { id: 2, hen: 2 }), ForeignKeyViolationError);
    await failure(database.execute(hen.update().all(), { egg: 2 }), ForeignKeyViolationError);
    await database.execute(hen.update().all(), { egg: null });
    await database.execute(egg.delete().all());
    await own.dropAll(database);
    await failure(database.fetchAll(hen.select()), UndefinedTableError);
  });

  test("references in a circle are all made, however alike and long their names", async ({ database }) => {
    const own = new MetaData();
    const long = "a_name_that_is_so_long_that_it_fills_what_servers_take";
    const first = own.table(named("circle"), {
      id: integer().primaryKey(),
      [`${long}_a`]: integer().references(`${named("other")}.id`),
      [`${long}_b`]: integer().references(`${named("other")}.id`),
    });
    own.table(named("other"), { id: integer().primaryKey(), back: integer().references(first.c.id) });
    await own.createAll(database);
    await own.createAll(database);
    for (const key of ["a", "b"]) {
      const row = { id: 1, [`${long}_${key}`]: 99 } as never;
      await failure(database.execute(first.insert(), row), ForeignKeyViolationError);
    }
    await own.dropAll(database);
  });

  test("keys become names as they are, by the metadata's naming, or by .named()", async ({ database }) => {
    const own = new MetaData({ naming: "snake_case" });
    const table = own.table(named("naming"), {
      createdAt: integer(),
      userID: integer(),
      plain: integer().named("Other name"),
    });
    await own.createAll(database);
    await database.execute(table.insert(), { createdAt: 1, userID: 2, plain: 3 });
    const name = sql.identifier(named("naming"));
    assert.deepEqual(
      await database.fetchAll(sql`SELECT created_at, user_id, ${sql.identifier("Other name")} FROM ${name}`),
      [{ created_at: 1, user_id: 2, "Other name": 3 }],
    );
    assert.deepEqual(await database.fetchAll(table.select().where(table.c.userID.eq(2))), [
      { createdAt: 1, userID: 2, plain: 3 },
    ]);
    await own.dropAll(database);
  });

  test("a naming convention names constraints, and errors tell the name", async ({ database }) => {
    const own = new MetaData({ namingConvention: { check: "ck_{table}_{name}", unique: "uq_{table}_{columns}" } });
    const table = own.table(named("convention"), { size: integer(), code: integer().unique() }, (c) => [
      check(c.size.gt(0)).named("positive"),
    ]);
    await own.createAll(database);
    const error = await failure(database.execute(table.insert(), { size: 0 }), CheckViolationError);
    assert.equal(error.constraint, `ck_${named("convention")}_positive`);
    assert.deepEqual(table.constraints.map(({ name }) => String(name)).toSorted(), [
      `ck_${named("convention")}_positive`,
      `uq_${named("convention")}_code`,
    ]);
    await own.dropAll(database);
  });

  test("any name works: reserved words, blanks, quotes, names of Object's own", async ({ database }) => {
    const own = new MetaData();
    const table = own.table(named('order "by" `x` [y]'), {
      select: integer(),
      "a b": integer(),
      'a"b': integer(),
      "a`b": integer(),
      "a'b": integer(),
      "a?b:c": integer(),
      constructor: integer(),
      ["__proto__"]: integer(),
      "ÄÖ ü": integer(),
    });
    await own.createAll(database);
    const keys = ["select", "a b", 'a"b', "a`b", "a'b", "a?b:c", "constructor", "__proto__", "ÄÖ ü"];
    const row = Object.fromEntries(keys.map((key, position) => [key, position]));
    await database.execute(table.insert(), row as never);
    const found = await database.fetchOneOrThrow(table.select().where(table.c["a?b:c"].eq(5), table.c['a"b'].eq(2)));
    assert.deepEqual(Object.entries(found), Object.entries(row));
    await own.dropAll(database);
  });

  test("createTable, createIndexes and dropTable are statements of their own", async ({ database }) => {
    const own = new MetaData();
    const table = own.table(named("single"), { code: integer() }, (c) => [
      index(named("single_code"), c.code, { unique: true }),
    ]);
    assert.deepEqual(await database.execute(createTable(table)), { rowCount: 0, insertedPrimaryKey: null });
    for (const statement of createIndexes(table)) await database.execute(statement);
    await failure(database.execute(createTable(table)), DuplicateObjectError);
    await database.execute(createTable(table, { ifNotExists: true }));
    await database.execute(table.insert(), { code: 1 });
    await failure(database.execute(table.insert(), { code: 1 }), UniqueViolationError);
    await database.execute(dropTable(table));
    await failure(database.execute(dropTable(table)), UndefinedTableError);
    await database.execute(dropTable(table, { ifExists: true }));
  });

  test(
    "createAll is all or nothing",
    async ({ database }) => {
      const own = new MetaData();
      const good = own.table(named("good"), { id: integer() });
      own.table(named("bad"), { id: integer() }, () => [check(sql.value<boolean>`no_such_function(1) = 1`)]);
      await assert.rejects(own.createAll(database));
      await failure(database.fetchAll(good.select()), UndefinedTableError);
    },
    { features: ["transactionalDdl"] },
  );

  test(
    "createAll inside a transaction is rolled back with it",
    async ({ database }) => {
      const own = new MetaData();
      const table = own.table(named("passing"), { id: integer() });
      const rolledBack = database.transaction(async () => {
        await own.createAll(database);
        await database.execute(table.insert(), { id: 1 });
        throw new RangeError("on purpose");
      });
      await failure(rolledBack, RangeError);
      await failure(database.fetchAll(table.select()), UndefinedTableError);
    },
    { features: ["transactionalDdl"] },
  );
});

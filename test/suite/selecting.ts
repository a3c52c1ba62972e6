import assert from "node:assert/strict";
import {
  count,
  foreignKey,
  integer,
  literal,
  MetaData,
  primaryKey,
  select,
  string,
  UsageError,
} from "../../src/index.js";
import { failure, thrown } from "./assertions.js";
import { type Declare, suite } from "./target.js";

export const selecting: Declare = suite("selecting", ({ test, named, tables, before }) => {
  const metadata = new MetaData();
  const users = metadata.table(named("users"), { id: integer().primaryKey(), name: string(50) });
  const notes = metadata.table(named("notes"), {
    id: integer().primaryKey(),
    title: string(50),
    authorId: integer().references(users.c.id),
  });
  // Without a primary key, but with a NOT NULL column.
  const labels = metadata.table(named("labels"), { word: string(20), noteId: integer().notNull() });
  const loose = metadata.table(named("loose"), { word: string(20), noteId: integer() });
  const seats = metadata.table(named("seats"), { hall: string(10), row: integer() }, (c) => [
    primaryKey(c.hall, c.row),
  ]);
  const tickets = metadata.table(
    named("tickets"),
    { id: integer().primaryKey(), hall: string(10), row: integer() },
    (c) => [foreignKey([c.hall, c.row], [seats.c.hall, seats.c.row])],
  );
  tables(metadata);
  before(async ({ database }) => {
    await database.executeMany(users.insert(), [
      { id: 1, name: "Ada" },
      { id: 2, name: null },
      { id: 3, name: "Cyd" },
    ]);
    await database.executeMany(notes.insert(), [
      { id: 10, title: "by Ada", authorId: 1 },
      { id: 11, title: null, authorId: 2 },
      { id: 12, title: "by nobody" },
    ]);
    await database.execute(labels.insert(), { noteId: 10, word: null });
  });

  test("a flat selection has the columns' keys", async ({ database }) => {
    const query = select(notes.c.title, users.c.name).from(notes).join(users).orderBy(notes.c.id);
    assert.deepEqual(await database.fetchAll(query), [
      { title: "by Ada", name: "Ada" },
      { title: null, name: null },
    ]);
  });

  test("two columns of one key throw, and .as() tells them apart", async ({ database }) => {
    thrown(() => select(notes.c.id, users.c.id as never), UsageError, /"id"/);
    const query = select(notes.c.id, users.c.id.as("author")).from(notes).join(users).orderBy(notes.c.id);
    assert.deepEqual(await database.fetchAll(query), [
      { id: 10, author: 1 },
      { id: 11, author: 2 },
    ]);
  });

  test("a function is named after itself, any other expression needs a name", async ({ database }) => {
    assert.deepEqual(await database.fetchOne(select(count()).from(notes)), { count: 3 });
    const query = select(notes.c.id.plus(1).as("next"), literal("x").as("x")).where(notes.c.id.eq(10));
    assert.deepEqual(await database.fetchOne(query), { next: 11, x: "x" });
    thrown(() => select(notes.c.id.plus(1) as never), UsageError, /\.as\(/);
  });

  test("names nest: a table is an object, an expression stays flat", async ({ database }) => {
    const query = select({ note: notes, author: users.c.name, twice: notes.c.id.times(2) })
      .from(notes)
      .join(users);
    assert.deepEqual(await database.fetchAll(query.where(notes.c.id.eq(10))), [
      { note: { id: 10, title: "by Ada", authorId: 1 }, author: "Ada", twice: 20 },
    ]);
  });

  test("a table that a left join leaves out is null, by its primary key and not by its values", async ({
    database,
  }) => {
    const query = select({ note: notes, author: users }).from(notes).leftJoin(users).orderBy(notes.c.id);
    assert.deepEqual(await database.fetchAll(query), [
      { note: { id: 10, title: "by Ada", authorId: 1 }, author: { id: 1, name: "Ada" } },
      { note: { id: 11, title: null, authorId: 2 }, author: { id: 2, name: null } },
      { note: { id: 12, title: "by nobody", authorId: null }, author: null },
    ]);
    const flat = select(notes.c.id, users.c.name).from(notes).leftJoin(users).orderBy(notes.c.id.desc()).limit(1);
    assert.deepEqual(await database.fetchOne(flat), { id: 12, name: null });
  });

  test("without a primary key, a NOT NULL column tells whether the row is there", async ({ database }) => {
    const query = select({ id: notes.c.id, label: labels })
      .from(notes)
      .leftJoin(labels, labels.c.noteId.eq(notes.c.id));
    assert.deepEqual(await database.fetchAll(query.orderBy(notes.c.id)), [
      { id: 10, label: { word: null, noteId: 10 } },
      { id: 11, label: null },
      { id: 12, label: null },
    ]);
    const guess = select({ id: notes.c.id, loose }).from(notes).leftJoin(loose, loose.c.noteId.eq(notes.c.id));
    await failure(database.fetchAll(guess), UsageError, /loose/);
  });

  test("nested rows by position are flat", async ({ database }) => {
    const query = select({ note: notes, author: users.c.name }).from(notes).join(users).where(notes.c.id.eq(10));
    assert.deepEqual(await database.fetchAll(query, null, { rows: "array" }), [[10, "by Ada", 1, "Ada"]]);
  });

  test("an alias is the table a second time", async ({ database }) => {
    const other = users.as("other");
    const query = select(users.c.name, other.c.name.as("after"))
      .from(users)
      .join(other, other.c.id.gt(users.c.id))
      .orderBy(users.c.id, other.c.id);
    assert.deepEqual(await database.fetchAll(query), [
      { name: "Ada", after: null },
      { name: "Ada", after: "Cyd" },
      { name: null, after: "Cyd" },
    ]);
    const author = users.as("author");
    const inferred = select({ title: notes.c.title, author }).from(notes).join(author).where(author.c.name.eq("Ada"));
    assert.deepEqual(await database.fetchAll(inferred), [{ title: "by Ada", author: { id: 1, name: "Ada" } }]);
    assert.equal((await database.fetchAll(other.select())).length, 3);
  });

  test("a join's condition comes from the foreign key, in either direction, or is given", async ({ database }) => {
    const fromUsers = select(users.c.name, notes.c.title).from(users).join(notes).where(users.c.id.eq(1));
    assert.deepEqual(await database.fetchAll(fromUsers), [{ name: "Ada", title: "by Ada" }]);
    const given = select(users.c.id, notes.c.id.as("note"))
      .from(users)
      .join(notes, notes.c.id.eq(users.c.id.plus(9)));
    assert.deepEqual(await database.fetchAll(given.orderBy(users.c.id)), [
      { id: 1, note: 10 },
      { id: 2, note: 11 },
      { id: 3, note: 12 },
    ]);
    await failure(database.fetchAll(select(users.c.id).from(users).join(labels)), UsageError, /condition/);
  });

  test("a key of several columns joins by all of them, through aliases too", async ({ database }) => {
    await database.execute(
      seats.insert().values([
        { hall: "A", row: 1 },
        { hall: "A", row: 2 },
        { hall: "B", row: 1 },
      ]),
    );
    await database.execute(
      tickets.insert().values([
        { id: 1, hall: "A", row: 2 },
        { id: 2, hall: "B", row: 1 },
      ]),
    );
    const query = select(tickets.c.id, seats.c.hall, seats.c.row).from(tickets).join(seats).orderBy(tickets.c.id);
    assert.deepEqual(await database.fetchAll(query, null, { rows: "array" }), [
      [1, "A", 2],
      [2, "B", 1],
    ]);
    const ticket = tickets.as("t");
    const turned = select({ seat: seats, ticket }).from(seats).leftJoin(ticket).orderBy(seats.c.hall, seats.c.row);
    const rows = await database.fetchAll(turned);
    assert.deepEqual(
      rows.map(({ seat, ticket: sold }) => [seat.hall, seat.row, sold?.id ?? null]),
      [
        ["A", 1, null],
        ["A", 2, 1],
        ["B", 1, 2],
      ],
    );
  });

  test("a cross join is every row with every row", async ({ database }) => {
    const query = select(users.c.id, notes.c.id.as("note")).from(users).crossJoin(notes);
    assert.equal((await database.fetchAll(query)).length, 9);
  });

  test(
    "a right join keeps the joined table's rows",
    async ({ database }) => {
      const query = select({ user: users, note: notes }).from(users).rightJoin(notes).orderBy(notes.c.id);
      const rows = await database.fetchAll(query);
      assert.deepEqual(
        rows.map(({ user, note }) => [user?.id ?? null, note.id]),
        [
          [1, 10],
          [2, 11],
          [null, 12],
        ],
      );
    },
    { features: ["rightJoin"] },
  );

  test(
    "a full join keeps the rows of both",
    async ({ database }) => {
      const query = select({ user: users, note: notes }).from(users).fullJoin(notes);
      const rows = await database.fetchAll(query);
      const pairs = rows.map(({ user, note }) => `${user?.id ?? "-"} ${note?.id ?? "-"}`);
      assert.deepEqual(pairs.toSorted(), ["- 12", "1 10", "2 11", "3 -"]);
    },
    { features: ["fullJoin"] },
  );

  test("FROM is inferred from the columns of one table; with more it is said", async ({ database }) => {
    assert.equal((await database.fetchAll(select(users.c.id))).length, 3);
    assert.equal((await database.fetchAll(select(users))).length, 3);
    await failure(database.fetchAll(select(users.c.id, notes.c.title)), UsageError, /from|join/i);
  });

  test("a column of a table that is not in FROM is refused before anything is sent", async ({ database }) => {
    const stray = select(users.c.id).from(users).where(notes.c.id.eq(1));
    await failure(database.fetchAll(stray), UsageError, /not in FROM/);
    await failure(database.fetchAll(users.select().orderBy(notes.c.id)), UsageError, /not in FROM/);
    await failure(database.fetchAll(users.select().where(users.as("u").c.id.eq(1))), UsageError, /not in FROM/);
    await failure(database.execute(users.update().where(notes.c.id.eq(1)), { name: "x" }), UsageError, /not in FROM/);
    await failure(database.execute(users.delete().where(notes.c.id.eq(1))), UsageError, /not in FROM/);
  });

  test("repeated where is AND, whatever the order of calls", async ({ database }) => {
    const query = select(users.c.id)
      .where(users.c.id.gt(1))
      .orderBy(users.c.id)
      .where(users.c.id.lt(3), users.c.id.ne(9));
    assert.deepEqual(await database.fetchAll(query), [{ id: 2 }]);
  });

  test("a statement never changes: methods give new ones", async ({ database }) => {
    const base = select(users.c.id).orderBy(users.c.id);
    base.where(users.c.id.eq(1));
    base.limit(1);
    assert.equal((await database.fetchAll(base)).length, 3);
  });

  test("an expression alone needs no table", async ({ database }) => {
    assert.deepEqual(await database.fetchAll(select(literal(1).as("one"), literal("it's").as("text"))), [
      { one: 1, text: "it's" },
    ]);
  });
});

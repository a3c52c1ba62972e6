/**
 * The main job, from beginning to end, on the database of `DATABASE_URL` or on a SQLite file beside this project.
 *
 * It may run twice: its tables are dropped first. A bad URL or a missing driver ends it with one sentence.
 */
import {
  boolean,
  count,
  Database,
  DatabaseError,
  dateTime,
  integer,
  MetaData,
  now,
  select,
  sql,
  string,
} from "databases";

const metadata = new MetaData();

const authors = metadata.table("tour_authors", {
  id: integer().primaryKey(),
  name: string(50).notNull(),
});

const notes = metadata.table("tour_notes", {
  id: integer().primaryKey(),
  text: string(100),
  completed: boolean().notNull().default(false),
  authorId: integer().references(authors.c.id, { onDelete: "cascade" }),
  createdAt: dateTime().notNull().serverDefault(now()),
});

const ROWS = 10_000;

async function tour(database: Database): Promise<void> {
  heading("Tables");
  await metadata.dropAll(database);
  await metadata.createAll(database);
  say(`created ${metadata.sortedTables.map((table) => table.name).join(" and ")}`);

  await write(database);
  await read(database);
  await stream(database);
  await join(database);
  await transactions(database);
  await rollBack(database);
}

async function write(database: Database): Promise<void> {
  heading("Inserting");
  const ada = await database.execute(authors.insert(), { name: "Ada" });
  say("execute() answered", ada);
  const many = await database.executeMany(notes.insert(), [
    { text: "example1", completed: true, authorId: 1 },
    { text: "example2", authorId: 1 },
    { text: null },
  ]);
  say("executeMany() answered", many);
}

async function read(database: Database): Promise<void> {
  heading("Four ways of fetching");
  const rows = await database.fetchAll(notes.select().orderBy(notes.c.id));
  say("fetchAll() gave", rows.length, "rows; the first is", rows[0]);
  say("fetchOne() gave", await database.fetchOne(notes.select().where(notes.c.id.eq(2))));
  say("fetchVal() gave", await database.fetchVal(select(count()).from(notes)));
  say(
    "raw SQL gave",
    await database.fetchAll(sql<{ id: number }>`SELECT id FROM ${notes} WHERE ${notes.c.text} = ${"example1"}`),
  );
}

async function stream(database: Database): Promise<void> {
  heading("Iterating");
  await database.executeMany(
    notes.insert(),
    Array.from({ length: ROWS }, (_, index) => ({ text: `note ${index}`, authorId: 1 })),
  );
  let seen = 0;
  for await (const note of database.iterate(notes.select().orderBy(notes.c.id))) {
    if (note.id > 0) seen += 1;
  }
  say(`iterate() gave ${seen} rows, one after another`);
}

async function join(database: Database): Promise<void> {
  heading("A joined query");
  const perAuthor = select(authors.c.name, count(notes.c.id).as("notes"))
    .from(authors)
    .leftJoin(notes)
    .groupBy(authors.c.name);
  say("notes by author:", await database.fetchAll(perAuthor));
  const nested = select({ note: notes.c.text, author: authors })
    .from(notes)
    .leftJoin(authors)
    .orderBy(notes.c.id)
    .limit(3);
  say("notes with their author:", await database.fetchAll(nested));
}

async function transactions(database: Database): Promise<void> {
  heading("Transactions");
  await database.transaction(async () => {
    await database.execute(authors.insert(), { name: "Bob" });
  });
  say("after a commit there are", await countAuthors(database), "authors");
  await database
    .transaction(async () => {
      await database.execute(authors.insert(), { name: "Eve" });
      throw new Error("changed my mind");
    })
    .catch((error: unknown) => say("the transaction failed:", (error as Error).message));
  say("after a rollback there are still", await countAuthors(database), "authors");
}

async function rollBack(database: Database): Promise<void> {
  heading("A test that leaves nothing behind");
  await database.forceRollback(async () => {
    await database.transaction(async () => {
      await database.execute(authors.insert(), { name: "Mallory" });
    });
    say("inside forceRollback a committed transaction shows", await countAuthors(database), "authors");
  });
  say("outside there are", await countAuthors(database), "authors");
}

async function countAuthors(database: Database): Promise<number> {
  return database.fetchVal(select(count()).from(authors));
}

function heading(title: string): void {
  console.log(`\n${title}\n${"-".repeat(title.length)}`);
}

function say(...what: readonly unknown[]): void {
  console.log(...what);
}

async function connect(): Promise<Database | null> {
  try {
    return await new Database(process.env["DATABASE_URL"] ?? "sqlite:///tour.db").connect();
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    console.error(`The tour cannot start: ${error.message}`);
    process.exitCode = 1;
    return null;
  }
}

await using database = await connect();
if (database !== null) {
  console.log(`databases on ${database.url.toString()}`);
  await tour(database);
  console.log("\nDone.");
}

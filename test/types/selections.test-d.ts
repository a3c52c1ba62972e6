import {
  count,
  type Database,
  json,
  literal,
  max,
  MetaData,
  integer,
  type RowOf,
  select,
  sql,
} from "../../src/index.js";
import { type Equal, holds, typeOf } from "./expect.js";
import { type Note, notes, type Nulls, type User, users } from "./schema.js";

/* The rows of a SELECT: flat, nested, whole, by position, and what joins make of them. */

declare const database: Database;

// Flat, nested and whole.
const flat = select(
  notes.c.id,
  users.c.name.as("author"),
  count(),
  max(notes.c.stars).as("most"),
  literal(1).as("one"),
).join(users);
holds<Equal<RowOf<typeof flat>, { id: number; author: string; count: number; most: number | null; one: number }>>();
typeOf(await database.fetchAll(flat)).is<
  { id: number; author: string; count: number; most: number | null; one: number }[]
>();
typeOf(await database.fetchAll(flat, null, { rows: "array" })).is<[number, string, number, number | null, number][]>();
typeOf(await database.fetchOne(flat, null, { rows: "array" })).is<
  [number, string, number, number | null, number] | null
>();

const nested = select({ note: notes, author: users.c.name, total: count() }).from(notes).join(users);
holds<Equal<RowOf<typeof nested>, { note: Note; author: string; total: number }>>();

const whole = notes.select();
holds<Equal<RowOf<typeof whole>, Note>>();
typeOf(await database.fetchOne(select(notes))).is<Note | null>();
typeOf(await database.fetchOneOrThrow(whole)).is<Note>();

// Joins: each may leave out other tables.
const withAuthor = select(notes.c.id, users.c.name, users.c.city).from(notes);
const inner = withAuthor.join(users);
const left = withAuthor.leftJoin(users);
const right = withAuthor.rightJoin(users);
const full = withAuthor.fullJoin(users);
const cross = withAuthor.crossJoin(users);
holds<Equal<RowOf<typeof inner>, { id: number; name: string; city: string | null }>>();
holds<Equal<RowOf<typeof left>, { id: number; name: string | null; city: string | null }>>();
holds<Equal<RowOf<typeof right>, { id: number | null; name: string; city: string | null }>>();
holds<Equal<RowOf<typeof full>, { id: number | null; name: string | null; city: string | null }>>();
holds<Equal<RowOf<typeof cross>, RowOf<typeof inner>>>();
typeOf(await database.fetchAll(left, null, { rows: "array" })).is<[number, string | null, string | null][]>();

// The same where FROM is inferred.
const leftInferred = select(notes.c.id, users.c.name).leftJoin(users);
const rightInferred = select(notes.c.id, users.c.name).rightJoin(users);
const fullInferred = select(notes.c.id, users.c.name).fullJoin(users);
holds<Equal<RowOf<typeof leftInferred>, { id: number; name: string | null }>>();
holds<Equal<RowOf<typeof rightInferred>, { id: number | null; name: string }>>();
holds<Equal<RowOf<typeof fullInferred>, { id: number | null; name: string | null }>>();

// A nested table is absent as a whole; a flat row has NULLs in its place.
const leftNested = select({ note: notes, author: users }).from(notes).leftJoin(users);
const rightNested = select({ note: notes, author: users }).from(notes).rightJoin(users);
const rightWhole = notes.select().rightJoin(users);
holds<Equal<RowOf<typeof leftNested>, { note: Note; author: User | null }>>();
holds<Equal<RowOf<typeof rightNested>, { note: Note | null; author: User }>>();
holds<Equal<RowOf<typeof rightWhole>, Nulls<Note>>>();

// A chain of joins: an alias is a table of its own.
const editors = users.as("editors");
const chain = select({ note: notes.c.id, author: users.c.name, editor: editors.c.name, editorRow: editors })
  .from(notes)
  .join(users)
  .leftJoin(editors, editors.c.id.eq(notes.c.authorId));
holds<Equal<RowOf<typeof chain>, { note: number; author: string; editor: string | null; editorRow: User | null }>>();
const lostByTheLast = select({ note: notes.c.id, author: users.c.name, editor: editors.c.id })
  .from(notes)
  .join(users)
  .rightJoin(editors, editors.c.id.eq(notes.c.authorId));
holds<Equal<RowOf<typeof lostByTheLast>, { note: number | null; author: string | null; editor: number }>>();

// What is made of an absent table's columns is NULL with them; an aggregate has its own say.
const made = select(
  users.c.name.concat("!").as("loud"),
  users.c.id.plus(notes.c.stars).as("sum"),
  users.c.id.cast(integer()).as("cast"),
  count(users.c.id),
)
  .from(notes)
  .leftJoin(users);
holds<Equal<RowOf<typeof made>, { loud: string | null; sum: number | null; cast: number | null; count: number }>>();

// Subqueries and CTEs have the columns of their query, with its nullability.
const perAuthor = select(notes.c.authorId, count().as("total"), max(notes.c.views).as("views")).groupBy(
  notes.c.authorId,
);
const subquery = perAuthor.subquery("per_author");
const cte = perAuthor.cte("per_author");
const fromSubquery = select(users.c.name, subquery.c.total, subquery.c.views).join(
  subquery,
  subquery.c.authorId.eq(users.c.id),
);
const leftSubquery = select(users.c.name, cte.c.total, cte.c.views).leftJoin(cte, cte.c.authorId.eq(users.c.id));
holds<Equal<RowOf<typeof fromSubquery>, { name: string; total: number; views: bigint | null }>>();
holds<Equal<RowOf<typeof leftSubquery>, { name: string; total: number | null; views: bigint | null }>>();
const wholeCte = cte.select();
holds<Equal<RowOf<typeof wholeCte>, { authorId: number; total: number; views: bigint | null }>>();
const joined = select({ user: users, sums: cte }).from(users).leftJoin(cte, cte.c.authorId.eq(users.c.id));
holds<
  Equal<RowOf<typeof joined>, { user: User; sums: { authorId: number; total: number; views: bigint | null } | null }>
>();
const ofLeft = left.subquery("of_left");
const ofLeftSelect = ofLeft.select();
holds<Equal<RowOf<typeof ofLeftSelect>, { id: number; name: string | null; city: string | null }>>();

// Raw statements whose columns are declared are selectable.
const declared = sql`SELECT 1`.columns({ id: integer().notNull(), tags: json<string[]>() });
holds<Equal<RowOf<typeof declared>, { id: number; tags: string[] | null }>>();
const ofRaw = select(declared.subquery("raw").c.tags);
holds<Equal<RowOf<typeof ofRaw>, { tags: string[] | null }>>();

// A table whose name is only known at run time: its columns may always be absent.
const dynamic = new MetaData().table("dynamic" as string, { id: integer().primaryKey() });
const dynamicRow = select(notes.c.id, dynamic.c.id.as("other"))
  .from(notes)
  .leftJoin(dynamic, dynamic.c.id.eq(notes.c.id));
holds<Equal<RowOf<typeof dynamicRow>, { id: number | null; other: number | null }>>();

// @ts-expect-error two columns of one key
select(notes.c.id, users.c.id);
// @ts-expect-error two labels of one key
select(notes.c.id.as("x"), notes.c.text.as("x"));
// @ts-expect-error a column and a function of one key
select(notes.c.id.as("count"), count());
// @ts-expect-error two columns of one key are refused in RETURNING too
notes.insert().returning(notes.c.id, users.c.id);
select(notes.c.id, users.c.id.as("userId"));
// @ts-expect-error an expression needs a name
select(notes.c.id.plus(1));
// @ts-expect-error a bare value is no expression
select(1);
// @ts-expect-error nor is it under a name
select({ one: 1 });
// @ts-expect-error no such column
select(notes.c.nosuch);
// @ts-expect-error a column is nothing to select from
select(notes.c.id).from(notes.c.id);
// @ts-expect-error the condition of a join is no table
select(notes.c.id).join(users, users);
// @ts-expect-error a value is no condition
notes.select().where(true);
// @ts-expect-error a number is no condition
notes.select().where(notes.c.id);
// @ts-expect-error a term of ORDER BY is an expression
notes.select().orderBy("id");
// @ts-expect-error a count is a number
notes.select().limit("10");
// @ts-expect-error a subquery has the columns of its query only
subquery.c.text;

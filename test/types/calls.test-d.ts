import {
  and,
  count,
  type Database,
  type ExecuteResult,
  param,
  type RowIterator,
  select,
  sql,
  type Transaction,
} from "../../src/index.js";
import { typeOf } from "./expect.js";
import { type Note, notes, users } from "./schema.js";

/* What a call must give, and what it gives back. */

declare const database: Database;

// A parameter is asked for by name, with the type of its place.
const byId = notes.select().where(notes.c.id.eq(param("id")));
typeOf(await database.fetchAll(byId, { id: 1 })).is<Note[]>();
await database.fetchOne(byId, { id: 1 }, { timeoutMs: 10 });
// @ts-expect-error the values are missing
await database.fetchAll(byId);
// @ts-expect-error null is no value of the parameter
await database.fetchAll(byId, null);
// @ts-expect-error the name is missing
await database.fetchAll(byId, {});
// @ts-expect-error another name
await database.fetchAll(byId, { ID: 1 });
// @ts-expect-error another type
await database.fetchAll(byId, { id: "1" });
// @ts-expect-error one name more
await database.fetchAll(byId, { id: 1, name: "x" });
// @ts-expect-error values where nothing asks for them
await database.fetchAll(notes.select(), { id: 1 });

// Parameters of several places add up, each with its own type.
const search = select(notes.c.id, notes.c.stars.plus(param("bonus")).as("total"))
  .from(notes)
  .join(users, and(users.c.id.eq(notes.c.authorId), users.c.name.eq(param("author"))))
  .where(notes.c.text.like(param("pattern")), notes.c.createdAt.gte(param("since")))
  .where(notes.c.id.in(param("ids")), notes.c.stars.between(param("low"), param("high")))
  .groupBy(notes.c.id)
  .having(count().gt(param("many")))
  .orderBy(notes.c.stars.minus(param("pivot")).desc())
  .limit(param("limit"))
  .offset(param("offset"));
const values = {
  bonus: 1,
  author: "a",
  pattern: "%",
  since: new Date(),
  ids: [1],
  low: 1,
  high: 5,
  many: 1,
  pivot: 3,
  limit: 1,
  offset: 0,
};
typeOf(await database.fetchAll(search, values)).is<{ id: number; total: number }[]>();
// @ts-expect-error the type of one name is not that of another
await database.fetchAll(search, { ...values, author: 1 });
// @ts-expect-error the same the other way round
await database.fetchAll(search, { ...values, low: "1" });
// @ts-expect-error a date is no text
await database.fetchAll(search, { ...values, since: "2024-01-01" });
// @ts-expect-error a list of numbers
await database.fetchAll(search, { ...values, ids: 1 });
// @ts-expect-error its members are numbers
await database.fetchAll(search, { ...values, ids: ["1"] });
// @ts-expect-error a count is a number
await database.fetchAll(search, { ...values, limit: null });
// @ts-expect-error all names but one
await database.fetchAll(search, { ...values, pivot: undefined });

// Parameters inside subqueries, CTEs and joins are the statement's.
const popular = select(notes.c.authorId)
  .where(notes.c.stars.gt(param("stars")))
  .cte("popular");
const authors = users.select().where(users.c.id.in(select(popular.c.authorId)));
await database.fetchAll(authors, { stars: 3 });
await database.fetchAll(select(users.c.name).join(popular, popular.c.authorId.eq(users.c.id)), { stars: 3 });
// @ts-expect-error the parameter of the CTE is missing
await database.fetchAll(authors);
// @ts-expect-error the parameter of the joined CTE is missing
await database.fetchAll(select(users.c.name).from(users).join(popular, popular.c.authorId.eq(users.c.id)));

// Raw statements: rows are what they claim, parameters what they name.
typeOf(await database.fetchAll("SELECT 1")).is<Record<string, unknown>[]>();
typeOf(await database.fetchAll<{ id: number }>("SELECT :id AS id", { id: 1 })).is<{ id: number }[]>();
typeOf(await database.fetchOne(sql<{ id: number }>`SELECT 1 AS id`)).is<{ id: number } | null>();
typeOf(await database.fetchVal(sql<{ id: number }>`SELECT 1 AS id`)).is<number | null>();
typeOf(await database.fetchValOrThrow(sql<{ id: number }>`SELECT 1 AS id`)).is<number>();
typeOf(await database.fetchVal("SELECT 1")).is<unknown>();
typeOf(await database.fetchVal<number>("SELECT 1")).is<number | null>();
typeOf(await database.fetchAll("SELECT 1", null, { rows: "array" })).is<unknown[][]>();
typeOf(await database.fetchAll({ sql: "SELECT ?", parameters: [1] })).is<Record<string, unknown>[]>();
const named = sql<{ id: number }, { id: number }>`SELECT id FROM notes WHERE id = ${notes.c.id} AND id = :id`;
typeOf(await database.fetchAll(named, { id: 1 })).is<{ id: number }[]>();
// @ts-expect-error the named bind is missing
await database.fetchAll(named);
// @ts-expect-error an object without parameters is no query
await database.fetchAll({ sql: "SELECT 1" });
// @ts-expect-error a table is no query
await database.fetchAll(notes);
// @ts-expect-error nor is a column
await database.fetchAll(notes.c.id);
// @ts-expect-error rows come as objects or as arrays
await database.fetchAll(notes.select(), null, { rows: "tuple" });
// @ts-expect-error a time limit is a number
await database.fetchAll(notes.select(), null, { timeoutMs: "10" });
// @ts-expect-error the values come before the options
await database.fetchAll(notes.select(), { timeoutMs: 10 });

// Iterating.
const iterator = database.iterate(byId, { id: 1 }, { batchSize: 10 });
typeOf(iterator).is<RowIterator<Note>>();
for await (const row of iterator) typeOf(row).is<Note>();
for await (const row of database.iterate(select(notes.c.id, notes.c.text), null, { rows: "array" })) {
  typeOf(row).is<[number, string | null]>();
}
for await (const row of database.iterate<{ id: number }>("SELECT 1 AS id")) typeOf(row).is<{ id: number }>();
// @ts-expect-error the parameter is missing
database.iterate(byId);

// The same calls everywhere.
const limited = database.with({ timeoutMs: 10 });
typeOf(await limited.fetchOne(byId, { id: 1 })).is<Note | null>();
typeOf(await database.transaction((transaction: Transaction) => transaction.fetchAll(byId, { id: 1 }))).is<Note[]>();
typeOf(await database.connection((connection) => connection.fetchVal(select(count()).from(notes)))).is<number>();
typeOf(await database.forceRollback(async () => 5)).is<number>();
typeOf(database.detached(() => "x")).is<string>();
typeOf(database.detached(() => Promise.resolve(1))).is<Promise<number>>();
await using transaction = await database.begin({ isolation: "serializable" });
typeOf(await transaction.execute(notes.delete().all())).is<ExecuteResult<never>>();
typeOf(await transaction.run(() => 1)).is<number>();
await using connection = await database.acquire();
typeOf(connection.raw).is<unknown>();
// @ts-expect-error no such level
await database.begin({ isolation: "chaos" });

// A wrapped function keeps its signature.
const save = database.transactional(async (id: number, text: string = "") => ({ id, text }), { retries: 3 });
typeOf(await save(1)).is<{ id: number; text: string }>();
typeOf(save).is<(this: unknown, id: number, text?: string) => Promise<{ id: number; text: string }>>();
const bound = database.transactional(async function (this: { prefix: string }, text: string) {
  return this.prefix + text;
});
typeOf(await bound.call({ prefix: "x" }, "y")).is<string>();
// @ts-expect-error another type of argument
await save("1");
// @ts-expect-error an argument is missing
await save();
// @ts-expect-error this is missing
await bound("y");
// @ts-expect-error a function of a transaction is asynchronous
database.transactional((id: number) => id);

// So does a decorated method.
class Service {
  readonly prefix = "x";

  @database.transactional({ retries: 1 })
  async create(name: string): Promise<string> {
    return this.prefix + name;
  }

  @database.transactional()
  static async count(): Promise<number> {
    return 1;
  }

  // @ts-expect-error a decorated method is asynchronous
  @database.transactional()
  now(): number {
    return 1;
  }
}
typeOf(await new Service().create("y")).is<string>();
typeOf(await Service.count()).is<number>();
// @ts-expect-error another type of argument
await new Service().create(1);

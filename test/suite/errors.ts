import assert from "node:assert/strict";
import { inspect } from "node:util";
import {
  AmbiguousColumnError,
  check,
  CheckViolationError,
  DatabaseError,
  date,
  ForeignKeyViolationError,
  integer,
  isDatabaseError,
  MetaData,
  NotNullViolationError,
  primaryKey,
  QueryError,
  SqlSyntaxError,
  string,
  TypeMismatchError,
  UndefinedColumnError,
  UndefinedFunctionError,
  UndefinedTableError,
  unique,
  UniqueViolationError,
} from "../../src/index.js";
import { failure } from "./assertions.js";
import { type Declare, suite } from "./target.js";

export const errors: Declare = suite("errors", ({ test, named, tables, before, target }) => {
  const metadata = new MetaData();
  const users = metadata.table(
    named("users"),
    { id: integer().primaryKey(), email: string(50), age: integer().notNull().default(0), born: date() },
    (c) => [unique(c.email), check(c.age.gte(0)).named(named("age_is_not_negative"))],
  );
  const seats = metadata.table(
    named("seats"),
    { hall: string(10), row: integer(), userId: integer().references(users.c.id) },
    (c) => [primaryKey(c.hall, c.row)],
  );
  tables(metadata);
  before(async ({ database }) => {
    await database.execute(users.insert(), { id: 1, email: "hunter2@example.com" });
    await database.execute(seats.insert(), { hall: "A", row: 1, userId: 1 });
  });

  const secret = "hunter2@example.com";

  test("a violated unique constraint", async ({ database }) => {
    const error = await failure(database.execute(users.insert(), { email: secret }), UniqueViolationError);
    assert.deepEqual([error.code, error.retryable, error.outcome], ["UNIQUE_VIOLATION", false, "not-executed"]);
    assert.equal(error.name, "UniqueViolationError");
    assert.match(error.sql ?? "", /^INSERT/);
    assert.ok(error.cause instanceof Error);
    assert.ok(isDatabaseError(error) && error instanceof DatabaseError && error instanceof QueryError);
  });

  test(
    "it tells table and columns",
    async ({ database }) => {
      const error = await failure(database.execute(users.insert(), { email: secret }), UniqueViolationError);
      assert.deepEqual([error.table, error.columns], [named("users"), ["email"]]);
      const key = await failure(database.execute(seats.insert(), { hall: "A", row: 1 }), UniqueViolationError);
      assert.deepEqual([key.table, key.columns], [named("seats"), ["hall", "row"]]);
    },
    { features: ["violatedNames"] },
  );

  test("NOT NULL tells the column, and the table where the server does", async ({ database }) => {
    const nothing = database.execute(`INSERT INTO ${named("users")} (id, age) VALUES (5, NULL)`);
    const error = await failure(nothing, NotNullViolationError);
    const table = target.features.has("violatedNames") ? named("users") : null;
    assert.deepEqual([error.code, error.table, error.columns], ["NOT_NULL_VIOLATION", table, ["age"]]);
  });

  test("CHECK tells the constraint", async ({ database }) => {
    const error = await failure(database.execute(users.insert(), { age: -1 }), CheckViolationError);
    assert.deepEqual([error.code, error.constraint], ["CHECK_VIOLATION", named("age_is_not_negative")]);
  });

  test("a foreign key, from both ends", async ({ database }) => {
    const missing = database.execute(seats.insert(), { hall: "B", row: 1, userId: 99 });
    const error = await failure(missing, ForeignKeyViolationError);
    assert.deepEqual([error.code, error.outcome], ["FOREIGN_KEY_VIOLATION", "not-executed"]);
    await failure(database.execute(users.delete().where(users.c.id.eq(1))), ForeignKeyViolationError);
  });

  test("what does not exist, and what is no SQL", async ({ database }) => {
    const cases = [
      ["SELECT * FROM no_such_table", UndefinedTableError],
      [`SELECT no_such_column FROM ${named("users")}`, UndefinedColumnError],
      ["SELECT no_such_function(1)", UndefinedFunctionError],
      [`SELECT id FROM ${named("users")} AS a CROSS JOIN ${named("users")} AS b`, AmbiguousColumnError],
      ["SELEC 1", SqlSyntaxError],
      ["SELECT (1", SqlSyntaxError],
    ] as const;
    for (const [text, errorClass] of cases) {
      const error = await failure<DatabaseError>(database.fetchAll(text), errorClass);
      assert.deepEqual([error.retryable, error.outcome, error.sql], [false, "not-executed", text]);
    }
  });

  test("a stored value that is none of the column's type is an error, not a guess", async ({ database }) => {
    const typed = `SELECT 'not a date' AS born`;
    const { sql } = await import("../../src/index.js");
    const declared = sql`SELECT 'not a date' AS born`.columns({ born: date() });
    assert.deepEqual(await database.fetchAll(typed), [{ born: "not a date" }]);
    const error = await failure(database.fetchAll(declared), TypeMismatchError);
    assert.equal(error.outcome, "committed");
    assert.doesNotMatch(error.message, /not a date/);
  });

  test("the stack leads to the caller, through functions of its own", async ({ database }) => {
    async function theCaller(): Promise<void> {
      await database.execute(users.insert(), { email: secret });
    }
    async function theCallersCaller(): Promise<void> {
      await theCaller();
    }
    const error = await failure(theCallersCaller(), UniqueViolationError);
    assert.match(error.stack ?? "", /theCaller/);
    assert.match(error.stack ?? "", /theCallersCaller/);
    const calls: readonly (readonly [string, () => Promise<unknown>])[] = [
      [
        "fetchAll",
        async function inFetchAll() {
          return await database.fetchAll("SELECT * FROM no_such_table");
        },
      ],
      [
        "fetchOne",
        async function inFetchOne() {
          return await database.fetchOne("SELECT * FROM no_such_table");
        },
      ],
      [
        "fetchVal",
        async function inFetchVal() {
          return await database.fetchVal("SELECT * FROM no_such_table");
        },
      ],
      [
        "executeMany",
        async function inExecuteMany() {
          return await database.executeMany(users.insert(), [{ email: "x" }, { email: secret }]);
        },
      ],
      [
        "iterate",
        async function inIterate() {
          for await (const _ of database.iterate("SELECT * FROM no_such_table")) return;
        },
      ],
      [
        "transaction",
        () =>
          database.transaction(async function inTransaction() {
            return await database.fetchAll("SELECT * FROM no_such_table");
          }),
      ],
    ];
    for (const [name, call] of calls) {
      const { stack = "" } = await failure(call(), QueryError);
      assert.match(stack, new RegExp(`in${name}\\b`, "i"), name);
    }
  });

  test("neither message nor JSON nor inspection of our part shows a value", async ({ database }) => {
    const failures = [
      () => database.execute(users.insert(), { email: secret }),
      () => database.executeMany(users.insert(), [{ email: "x" }, { email: secret }]),
      () => database.execute(users.insert().values({ email: secret })),
      () => database.fetchAll(`SELECT * FROM no_such_table WHERE x = :x`, { x: secret }),
      () => database.execute(users.insert(), { age: secret as never }),
      () => database.execute(users.insert(), { born: secret }),
      () => database.fetchAll(users.select().where(users.c.born.eq(secret))),
    ];
    for (const call of failures) {
      const error = await failure(call(), DatabaseError);
      for (const shown of [
        error.message,
        JSON.stringify(error),
        String(error),
        error.sql ?? "",
        inspect({ ...error }),
      ]) {
        assert.doesNotMatch(shown, /hunter2/);
      }
    }
  });

  test(
    "a failed statement leaves its transaction usable",
    async ({ database }) => {
      await database.transaction(
        async () => {
          await failure(database.execute(users.insert(), { email: secret }), UniqueViolationError);
          await database.execute(users.insert(), { email: "other@example.com" });
          assert.equal((await database.fetchAll(users.select())).length, 2);
        },
        { forceRollback: true },
      );
    },
    { features: ["survivingTransactions"] },
  );

  test("errors of different calls are different objects, each with its own stack", async ({ database }) => {
    const calls = [1, 2, 3].map(() => failure(database.fetchAll("SELECT * FROM no_such_table"), UndefinedTableError));
    assert.equal(new Set(await Promise.all(calls)).size, 3);
  });
});

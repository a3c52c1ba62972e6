import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import {
  AmbiguousColumnError,
  AmbiguousCommitError,
  AuthenticationError,
  check,
  CheckViolationError,
  ConnectionLostError,
  CorruptionError,
  Database,
  DatabaseError,
  DatabaseURL,
  DataError,
  DeadlockError,
  DiskFullError,
  DivisionByZeroError,
  DuplicateObjectError,
  ExclusionViolationError,
  ForeignKeyViolationError,
  integer,
  IntegrityError,
  InternalServerError,
  InvalidDatetimeError,
  InvalidEncodingError,
  InvalidTextRepresentationError,
  LockTimeoutError,
  MetaData,
  NotNullViolationError,
  NumericOutOfRangeError,
  OutOfMemoryError,
  PacketTooLargeError,
  PermissionDeniedError,
  primaryKey,
  QueryCancelledError,
  QueryError,
  QueryTimeoutError,
  ReadOnlyError,
  ResourceError,
  select,
  SerializationFailureError,
  ServerStartingError,
  SqlSyntaxError,
  StalePlanError,
  string,
  StringTooLongError,
  TooComplexError,
  TooManyConnectionsError,
  TransactionAbortedError,
  TransactionConflictError,
  TypeMismatchError,
  UndefinedColumnError,
  UndefinedDatabaseError,
  UndefinedFunctionError,
  UndefinedSchemaError,
  UndefinedTableError,
  unique,
  UniqueViolationError,
  UnsupportedError,
} from "../../../src/index.js";
import { failure } from "../../suite/assertions.js";
import { type Declare, suite } from "../../suite/target.js";

type ErrorClass = abstract new (...given: never) => DatabaseError;

/** Every row of the dialect's table of errors: provoked on the server, or raised by it where that cannot be done. */
export const errors: Declare = suite("PostgreSQL's errors", ({ test, named, tables, before }) => {
  const metadata = new MetaData();
  const parents = metadata.table(
    named("parents"),
    { a: integer(), b: string(10).named('b "x", (y)'), age: integer(), code: string(3) },
    (c) => [primaryKey(c.a, c.b), unique(c.code), check(c.age.gte(0)).named(named("age_is_known"))],
  );
  const children = metadata.table(named("children"), {
    id: integer().primaryKey(),
    name: string(5).notNull(),
    code: string(3).references(parents.c.code),
  });
  tables(metadata);
  const [parentsName, childrenName] = [named("parents"), named("children")];
  before(async ({ database }) => {
    await database.execute(parents.insert(), { a: 1, b: "x", age: 1, code: "abc" });
    await database.execute(children.insert(), { id: 1, name: "one", code: "abc" });
  });

  /** A text that fails, by its SQLSTATE. */
  const texts: Readonly<Record<string, readonly [ErrorClass, string]>> = {
    "42601": [SqlSyntaxError, "SELEC 1"],
    "42602": [SqlSyntaxError, "SELECT has_table_privilege('a.b.c.d.e', 'SELECT'), '' :: regclass"],
    "42803": [SqlSyntaxError, `SELECT id, count(*) FROM ${childrenName}`],
    "42P01": [UndefinedTableError, "SELECT * FROM no_such_table"],
    "3F000": [UndefinedSchemaError, "CREATE TABLE no_such_schema.t (x integer)"],
    "42703": [UndefinedColumnError, `SELECT no_such_column FROM ${childrenName}`],
    "42883": [UndefinedFunctionError, "SELECT no_such_function(1)"],
    "42725": [UndefinedFunctionError, "SELECT '1' + '2'"],
    "42702": [AmbiguousColumnError, `SELECT id FROM ${childrenName} a, ${childrenName} b`],
    "42P07": [DuplicateObjectError, `CREATE TABLE ${childrenName} (x integer)`],
    "42710": [DuplicateObjectError, `ALTER TABLE ${childrenName} ADD CONSTRAINT ${childrenName}_pkey CHECK (true)`],
    "42701": [DuplicateObjectError, "CREATE TABLE doubled (x integer, x integer)"],
    "42P06": [DuplicateObjectError, "CREATE SCHEMA public"],
    "42712": [DuplicateObjectError, `SELECT 1 FROM ${childrenName} a, ${childrenName} a`],
    "42704": [QueryError, "SELECT 1::no_such_type"],
    "2BP01": [QueryError, `DROP TABLE ${parentsName}`],
    "42804": [TypeMismatchError, `SELECT 1 FROM ${childrenName} WHERE 1`],
    "42846": [TypeMismatchError, "SELECT true::date"],
    "42P18": [TypeMismatchError, "SELECT jsonb_build_object('a', :x)"],
    "22023": [TypeMismatchError, "SELECT date_trunc('no such unit', now())"],
    "22001": [StringTooLongError, `INSERT INTO ${childrenName} (name) VALUES ('longer than five')`],
    "22003": [NumericOutOfRangeError, "SELECT 2147483647 + 1"],
    "22012": [DivisionByZeroError, "SELECT 1 / 0"],
    "22P02": [InvalidTextRepresentationError, "SELECT 'x'::integer"],
    "22007": [InvalidDatetimeError, "SELECT 'no date'::date"],
    "22008": [InvalidDatetimeError, "SELECT '2024-02-30'::date"],
    "22021": [InvalidEncodingError, String.raw`SELECT convert_from('\xff', 'UTF8')`],
    "22P05": [InvalidEncodingError, "SELECT convert_to('€', 'LATIN1')"],
    "22011": [DataError, "SELECT substr('x', 1, -1)"],
    "21000": [QueryError, "SELECT (VALUES (1), (2))"],
    "54000": [PacketTooLargeError, "SELECT repeat('x', 2000000000)"],
    "54011": [TooComplexError, `SELECT ${Array.from({ length: 1700 }, (_, index) => index).join(", ")}`],
    "54023": [TooComplexError, `SELECT concat(${Array.from({ length: 101 }, () => "1").join(", ")})`],
    "0A000": [UnsupportedError, `SELECT DISTINCT id FROM ${childrenName} FOR UPDATE`],
    P0001: [QueryError, "DO $$ BEGIN RAISE EXCEPTION 'on purpose'; END $$"],
  };
  for (const [sqlState, [errorClass, text]] of Object.entries(texts)) {
    test(`${sqlState} is ${errorClass.name}`, async ({ database }) => {
      const values = text.includes(":x") ? { x: "hunter2" } : null;
      const error = await failure(database.fetchAll(text, values), errorClass);
      assert.deepEqual([error.constructor, error.sqlState], [errorClass, sqlState]);
      assert.deepEqual([error.retryable, error.outcome], [false, "not-executed"]);
      assert.equal(error.sql, text.replace(":x", "$1"));
      assert.doesNotMatch(error.message, /hunter2/);
      assert.ok(error.cause instanceof Error);
    });
  }

  /** What no statement of a test can provoke: the server raises it as it would itself. */
  const raised: Readonly<Record<string, ErrorClass>> = {
    "23000": IntegrityError,
    "40002": IntegrityError,
    "40000": TransactionConflictError,
    "40003": AmbiguousCommitError,
    "08007": AmbiguousCommitError,
    "25P02": TransactionAbortedError,
    "08001": QueryError,
    "08004": QueryError,
    "08000": QueryError,
    "08003": QueryError,
    "08006": QueryError,
    "08P01": QueryError,
    "25P04": ConnectionLostError,
    "57P02": ConnectionLostError,
    "57P04": ConnectionLostError,
    "57P03": ServerStartingError,
    "28000": AuthenticationError,
    "28P01": AuthenticationError,
    "42622": SqlSyntaxError,
    "42P08": TypeMismatchError,
    "42723": DuplicateObjectError,
    "22P03": InvalidTextRepresentationError,
    "22030": InvalidTextRepresentationError,
    "22032": InvalidTextRepresentationError,
    "22000": DataError,
    "53000": ResourceError,
    "53100": DiskFullError,
    "58030": DiskFullError,
    "53200": OutOfMemoryError,
    "54001": TooComplexError,
    XX000: InternalServerError,
    XX001: CorruptionError,
    XX002: CorruptionError,
    "58000": InternalServerError,
    "39000": QueryError,
  };
  for (const [sqlState, errorClass] of Object.entries(raised)) {
    test(`${sqlState} is ${errorClass.name}, as the server raises it`, async ({ open }) => {
      const text = `DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '${sqlState}', MESSAGE = 'hunter2'; END $$`;
      const error = await failure(open().execute(text), errorClass);
      assert.deepEqual([error.constructor, error.sqlState, error.sql], [errorClass, sqlState, text]);
      assert.doesNotMatch(error.message, /hunter2/);
    });
  }

  test("an error about another connection leaves this one, and the transaction around a nested one", async ({
    database,
  }) => {
    const raising = "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '08003'; END $$";
    await database.transaction(async () => {
      const backend = await database.fetchVal("SELECT pg_backend_pid()");
      await failure(
        database.transaction(() => database.execute(raising)),
        QueryError,
      );
      assert.equal(await database.fetchVal("SELECT pg_backend_pid()"), backend);
    });
  });

  test("a violated unique constraint tells its names, also those that need quotes", async ({ database }) => {
    const error = await failure(database.execute(parents.insert(), { a: 1, b: "x" }), UniqueViolationError);
    assert.deepEqual(
      [error.sqlState, error.schema, error.table, error.constraint, error.columns],
      ["23505", "public", parentsName, `${parentsName}_pkey`, ["a", 'b "x", (y)']],
    );
    const one = await failure(database.execute(parents.insert(), { a: 2, b: "x", code: "abc" }), UniqueViolationError);
    assert.deepEqual(one.columns, ["code"]);
  });

  test("an index over an expression has no columns to tell", async ({ database }) => {
    await database.execute(`CREATE UNIQUE INDEX ${named("lower")} ON ${childrenName} (lower(name), id)`);
    await database.execute(`CREATE UNIQUE INDEX ${named("upper")} ON ${childrenName} (upper(name))`);
    const error = await failure(database.execute(children.insert(), { id: 9, name: "ONE" }), UniqueViolationError);
    assert.deepEqual([error.constraint, error.columns], [named("upper"), null]);
    await database.execute(`DROP INDEX ${named("lower")}, ${named("upper")}`);
  });

  test("a foreign key tells its columns where it is they that are wrong", async ({ database }) => {
    const missing = database.execute(children.insert(), { id: 2, name: "x", code: "zzz" });
    const error = await failure(missing, ForeignKeyViolationError);
    assert.deepEqual([error.sqlState, error.table, error.columns], ["23503", childrenName, ["code"]]);
    assert.equal(error.constraint, `${childrenName}_code_fkey`);
    const needed = await failure(database.execute(parents.delete().all()), ForeignKeyViolationError);
    assert.deepEqual([needed.sqlState, needed.table, needed.columns], ["23503", childrenName, null]);
  });

  test("ON DELETE RESTRICT is a foreign key, whatever its code", async ({ database }) => {
    const own = new MetaData();
    const tree = own.table(named("tree"), {
      id: integer().primaryKey(),
      up: integer().references(`${named("tree")}.id`, { onDelete: "restrict" }),
    });
    await own.createAll(database);
    await database.execute(tree.insert(), { id: 1 });
    await database.execute(tree.insert(), { id: 2, up: 1 });
    const error = await failure(database.execute(tree.delete().where(tree.c.id.eq(1))), ForeignKeyViolationError);
    assert.match(error.sqlState ?? "", /^(23001|23503)$/);
    await own.dropAll(database);
  });

  test("NOT NULL, CHECK, a view's CHECK and an exclusion tell what they are of", async ({ database }) => {
    const empty = await failure(database.execute(`INSERT INTO ${childrenName} (id) VALUES (5)`), NotNullViolationError);
    assert.deepEqual([empty.sqlState, empty.table, empty.columns], ["23502", childrenName, ["name"]]);
    const young = await failure(database.execute(parents.insert(), { a: 5, b: "y", age: -1 }), CheckViolationError);
    assert.deepEqual([young.sqlState, young.table, young.constraint], ["23514", parentsName, named("age_is_known")]);
    const [view, rooms] = [named("adults"), named("rooms")];
    await database.execute(`CREATE VIEW ${view} AS SELECT * FROM ${parentsName} WHERE age > 17 WITH CHECK OPTION`);
    const outside = await failure(
      database
        .execute(`UPDATE ${view} SET age = 1`)
        .then(() => database.execute(`INSERT INTO ${view} VALUES (7, 'z', 1)`)),
      CheckViolationError,
    );
    assert.equal(outside.sqlState, "44000");
    await database.execute(`CREATE TABLE ${rooms} (span int4range, EXCLUDE USING gist (span WITH &&))`);
    await database.execute(`INSERT INTO ${rooms} VALUES ('[1,5)')`);
    const taken = await failure(database.execute(`INSERT INTO ${rooms} VALUES ('[4,9)')`), ExclusionViolationError);
    assert.deepEqual([taken.sqlState, taken.table, taken.constraint], ["23P01", rooms, `${rooms}_span_excl`]);
    await database.execute(`DROP VIEW ${view}`);
  });

  test(
    "transactions that cannot be put in an order, or wait for each other",
    async ({ open }) => {
      const database = open();
      const one = await database.begin({ isolation: "serializable" });
      const other = await database.begin({ isolation: "serializable" });
      const ofOne = parents.update().where(parents.c.a.eq(1));
      await one.fetchAll(parents.select());
      await other.execute(ofOne, { age: 2 });
      await other.commit();
      const conflict = await failure(one.execute(ofOne, { age: 3 }), SerializationFailureError);
      assert.deepEqual(
        [conflict.sqlState, conflict.retryable, conflict.outcome],
        ["40001", "transaction", "rolled-back"],
      );
      await one.rollback();

      const first = await database.begin();
      const second = await database.begin();
      await first.execute(ofOne, { age: 4 });
      await second.execute(children.update().all(), { name: "two" });
      const waiting = first.execute(children.update().all(), { name: "three" });
      const locked = second.execute(ofOne, { age: 5 });
      const [a, b] = await Promise.allSettled([waiting, locked]);
      const victim = a.status === "rejected" ? a : b;
      assert.ok(victim.status === "rejected" && victim.reason instanceof DeadlockError);
      assert.deepEqual([victim.reason.sqlState, victim.reason.retryable], ["40P01", "transaction"]);
      await first.rollback();
      await second.rollback();
    },
    { connections: 2 },
  );

  test(
    "a lock that is held, NOWAIT or after a time",
    async ({ open }) => {
      const database = open();
      const holder = await database.begin();
      await holder.execute(parents.update().all(), { age: 6 });
      const locked = select(parents.c.a).forUpdate({ nowait: true });
      const error = await failure(database.fetchAll(locked), LockTimeoutError);
      assert.deepEqual([error.sqlState, error.retryable], ["55P03", "transaction"]);
      await database
        .transaction(async (transaction) => {
          await transaction.execute("SET LOCAL lock_timeout = 20");
          await failure(transaction.execute(parents.update().all(), { age: 7 }), LockTimeoutError);
          await failure(transaction.fetchVal("SELECT 1"), TransactionAbortedError);
        })
        .catch((error: unknown) => assert.ok(error instanceof DatabaseError));
      await holder.rollback();
    },
    { connections: 2 },
  );

  test(
    "a statement that takes too long, and one that somebody cancels",
    async ({ database, open }) => {
      await database.connection(async (connection) => {
        await connection.execute("SET statement_timeout = 20");
        const slow = await failure(connection.execute("SELECT pg_sleep(5)"), QueryTimeoutError);
        assert.deepEqual([slow.sqlState, slow.retryable], ["57014", false]);
        await connection.execute("SET statement_timeout = 0");
      });
      const victim = await open().acquire();
      const pid = await victim.fetchVal<number>("SELECT pg_backend_pid()");
      const running = failure(victim.execute("SELECT pg_sleep(5)"), QueryCancelledError);
      await sleep(50);
      await database.fetchVal("SELECT pg_cancel_backend(:pid)", { pid });
      assert.equal((await running).sqlState, "57014");
      await victim.release();
    },
    { connections: 2 },
  );

  test("a connection that the server ends", async ({ open }) => {
    const database = open();
    const ended = await failure(
      database.fetchVal("SELECT pg_terminate_backend(pg_backend_pid())"),
      ConnectionLostError,
    );
    assert.deepEqual([ended.sqlState, ended.outcome], ["57P01", "unknown"]);
    assert.equal(await database.fetchVal("SELECT 1"), 1);
  });

  test("a session that idles for too long, in a transaction or not", async ({ open }) => {
    for (const setting of ["idle_session_timeout", "idle_in_transaction_session_timeout"]) {
      const connection = await open().acquire();
      await connection.execute(`SET ${setting} = 20`);
      if (setting.includes("transaction")) {
        const transaction = await connection.begin();
        await transaction.execute("SELECT 1");
        await sleep(80);
        await failure(transaction.execute("SELECT 1"), ConnectionLostError);
        await transaction[Symbol.asyncDispose]();
      } else {
        await sleep(80);
        await failure(connection.execute("SELECT 1"), ConnectionLostError);
      }
      await connection[Symbol.asyncDispose]();
    }
  });

  test("a write where none is taken", async ({ database }) => {
    const writing = database.transaction(() => database.fetchVal(`SELECT setval('${childrenName}_id_seq', 9)`), {
      readOnly: true,
    });
    assert.equal((await failure(writing, ReadOnlyError)).sqlState, "25006");
  });

  test("a schema that changes under a prepared statement", async ({ database }) => {
    const name = named("changing");
    await database.execute(`CREATE TABLE ${name} (x integer)`);
    await database.connection(async (connection) => {
      await connection.execute(`PREPARE every AS SELECT * FROM ${name}`);
      await connection.execute(`ALTER TABLE ${name} ADD COLUMN y integer`);
      const stale = await failure(connection.execute("EXECUTE every"), StalePlanError);
      assert.deepEqual([stale.sqlState, stale.retryable], ["0A000", "transaction"]);
      await connection.execute("DEALLOCATE every");
    });
  });

  test("prepared statements that are not there, or there already", async ({ database }) => {
    await database.connection(async (connection) => {
      assert.equal((await failure(connection.execute("EXECUTE no_such"), StalePlanError)).sqlState, "26000");
      await connection.execute("PREPARE mine AS SELECT 1");
      assert.equal((await failure(connection.execute("PREPARE mine AS SELECT 1"), StalePlanError)).sqlState, "42P05");
      await connection.execute("DEALLOCATE mine");
    });
  });

  test("rights, roles and databases that a user does not have", async ({ database, url }) => {
    const role = named("limited");
    await database.execute(`CREATE ROLE ${role} LOGIN PASSWORD 'hunter2' CONNECTION LIMIT 0`);
    try {
      await database.connection(async (connection) => {
        await connection.execute(`SET ROLE ${role}`);
        const denied = await failure(connection.fetchAll(`SELECT * FROM ${childrenName}`), PermissionDeniedError);
        assert.equal(denied.sqlState, "42501");
        await connection.execute("RESET ROLE");
      });
      const limited = new DatabaseURL(url).replace({ username: role, password: "hunter2" });
      const cases = [
        [limited, TooManyConnectionsError, "53300"],
        [new DatabaseURL(url).replace({ database: "no_such_database" }), UndefinedDatabaseError, "3D000"],
      ] as const;
      for (const [each, errorClass, sqlState] of cases) {
        const error = await failure<DatabaseError>(new Database(each).connect(), errorClass);
        assert.equal(error.sqlState, sqlState);
        assert.doesNotMatch(`${error.message} ${JSON.stringify(error)}`, /hunter2/);
      }
      const name = new DatabaseURL(url).database ?? "";
      await database.execute(`ALTER ROLE ${role} CONNECTION LIMIT -1`);
      await database.execute(`REVOKE CONNECT ON DATABASE ${name} FROM PUBLIC`);
      const refused = await failure(new Database(limited).connect(), AuthenticationError);
      assert.equal(refused.sqlState, "42501");
    } finally {
      await database.execute(`DROP ROLE ${role}`);
    }
  });
});

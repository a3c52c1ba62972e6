import assert from "node:assert/strict";
import {
  AmbiguousColumnError,
  AuthenticationError,
  check,
  CheckViolationError,
  type Connection,
  ConnectionLostError,
  ConnectionRefusedError,
  CorruptionError,
  Database,
  type DatabaseError,
  DatabaseURL,
  DeadlockError,
  DiskFullError,
  DivisionByZeroError,
  DuplicateObjectError,
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
  QueryCancelledError,
  QueryError,
  QueryTimeoutError,
  ReadOnlyError,
  SerializationFailureError,
  ServerStartingError,
  SnapshotConflictError,
  SqlSyntaxError,
  StalePlanError,
  string,
  StringTooLongError,
  TooComplexError,
  TooManyConnectionsError,
  TooManyPreparedStatementsError,
  type Transaction,
  TransactionAbortedError,
  UndefinedColumnError,
  UndefinedDatabaseError,
  UndefinedFunctionError,
  UndefinedTableError,
  unique,
  UniqueViolationError,
  UnsupportedError,
} from "../../../src/index.js";
import { failure } from "../../suite/assertions.js";
import { type Declare, suite } from "../../suite/target.js";
import { within } from "../../support/within.js";

type Flavour = "mysql" | "mariadb";
type ErrorClass = abstract new (...given: never) => DatabaseError;

/** An error that the server raises because a test tells it to: what cannot be had otherwise, or only by breaking the server. */
type Raised = readonly [errorClass: ErrorClass, errnos: readonly number[], text?: string, flavour?: Flavour];

const RAISED: readonly Raised[] = [
  [UniqueViolationError, [1022, 1169, 1586, 1859]],
  [ForeignKeyViolationError, [1216, 1217, 1557, 1761, 1762]],
  [NotNullViolationError, [1263]],
  [CheckViolationError, [1369]],
  [SerializationFailureError, [1180, 3101]],
  [SnapshotConflictError, [1020, 1412]],
  [TransactionAbortedError, [1305], "SAVEPOINT x does not exist"],
  [AuthenticationError, [1251, 1524, 1698, 1820, 1862, 3118, 3159]],
  [AuthenticationError, [4151], "Access denied, this account is locked", "mariadb"],
  [TooManyConnectionsError, [1040, 1203, 1226]],
  [ConnectionRefusedError, [1129, 1130, 2002, 2003]],
  [ServerStartingError, [1047], "WSREP has not yet prepared node for application use"],
  [UndefinedTableError, [1051, 1109]],
  [UndefinedColumnError, [1072]],
  [UndefinedFunctionError, [1128, 1318, 1630]],
  [DuplicateObjectError, [1007, 1304, 1359, 1826]],
  [DuplicateObjectError, [3822], "Duplicate check constraint name 'x'.", "mysql"],
  [InvalidEncodingError, [1300, 3854, 3988]],
  [InvalidDatetimeError, [1411], "Incorrect datetime value: 'hunter2' for function str_to_date"],
  [InvalidTextRepresentationError, [1265, 1411, 3140]],
  [InvalidTextRepresentationError, [4038], "Syntax error in JSON text", "mariadb"],
  [DivisionByZeroError, [1365]],
  [ReadOnlyError, [1290], "The MariaDB server is running with the --read-only option"],
  [ReadOnlyError, [1836]],
  [PermissionDeniedError, [1142, 1143, 1227, 1290, 1370, 1410]],
  [DiskFullError, [3, 1021, 1114]],
  [DiskFullError, [1030], 'Got error 28 "No space left on device" from storage engine InnoDB'],
  [OutOfMemoryError, [5, 1037, 1038, 1041]],
  [PacketTooLargeError, [1301]],
  [TooComplexError, [1116, 1117, 1118, 1390, 1436]],
  [TooManyPreparedStatementsError, [1461]],
  [StalePlanError, [1243, 1615]],
  [CorruptionError, [126, 127, 144, 145, 1034, 1035, 1194, 1712]],
  [InternalServerError, [1030, 1105, 1815]],
  [SqlSyntaxError, [1055, 1056, 1065, 1140, 1149, 1463, 3065]],
];

/** The same for those with which the connection ends, which SIGNAL raises without ending it. */
const LOST: readonly number[] = [
  1053, 1077, 1079, 1080, 1152, 1158, 1159, 1160, 1161, 1184, 1927, 2006, 2013, 2055, 3169,
];

const SECRET = "hunter2";

/** The error table of both servers, with every driver of them. */
export const mysqlErrors: Declare = suite("MySQL's and MariaDB's errors", ({ test, named, tables, beforeEach }) => {
  const metadata = new MetaData();
  const parents = metadata.table(
    named("parents"),
    { id: integer().primaryKey(), code: string(20), size: integer().notNull().default(1), must: integer().notNull() },
    (c) => [unique(c.code).named(named("one_code")), check(c.size.gt(0)).named(named("size_is_positive"))],
  );
  const children = metadata.table(named("children"), {
    id: integer().primaryKey(),
    parentId: integer().references(parents.c.id),
  });
  tables(metadata);
  beforeEach(async ({ database }) => {
    await database.execute(children.delete().all());
    await database.execute(parents.delete().all());
    await database.execute(parents.insert(), { id: 1, code: SECRET, must: 1 });
  });
  const parent = named("parents");

  async function flavourOf(database: Database): Promise<Flavour> {
    return /mariadb/i.test(String(await database.fetchVal("SELECT VERSION()"))) ? "mariadb" : "mysql";
  }

  /** An error of the class, whose own parts hold no value. */
  async function refused<Failure extends DatabaseError>(
    call: PromiseLike<unknown>,
    errorClass: abstract new (...given: never) => Failure,
    errno: number,
  ): Promise<Failure> {
    const error = await failure(call, errorClass);
    assert.equal(error.errno, errno);
    assert.ok(error.cause instanceof Error);
    assert.doesNotMatch(error.message + JSON.stringify(error), new RegExp(SECRET));
    return error;
  }

  test("violations tell what was violated, as far as the server does", async ({ database }) => {
    const flavour = await flavourOf(database);
    const twice = await refused(
      database.execute(parents.insert(), { code: SECRET, must: 1 }),
      UniqueViolationError,
      1062,
    );
    assert.equal(twice.constraint, named("one_code"));
    assert.equal(twice.table, flavour === "mysql" ? parent : null);
    const orphan = await refused(database.execute(children.insert(), { parentId: 99 }), ForeignKeyViolationError, 1452);
    assert.deepEqual([orphan.table, orphan.columns], [named("children"), ["parentId"]]);
    await database.execute(children.insert(), { parentId: 1 });
    const referenced = await refused(
      database.execute(parents.delete().where(parents.c.id.eq(1))),
      ForeignKeyViolationError,
      1451,
    );
    assert.deepEqual([referenced.table, referenced.columns], [named("children"), ["parentId"]]);
    const empty = await refused(database.execute(`UPDATE ${parent} SET must = NULL`), NotNullViolationError, 1048);
    assert.deepEqual(empty.columns, ["must"]);
    const missing = await refused(
      database.execute(`INSERT INTO ${parent} (id) VALUES (2)`),
      NotNullViolationError,
      1364,
    );
    assert.deepEqual(missing.columns, ["must"]);
    const small = await refused(
      database.execute(parents.insert(), { size: 0, must: 1 }),
      CheckViolationError,
      flavour === "mysql" ? 3819 : 4025,
    );
    assert.equal(small.constraint, named("size_is_positive"));
    assert.equal(small.table, flavour === "mysql" ? null : parent);
  });

  test("a value that looks like the end of the message changes no name", async ({ database }) => {
    const code = "x' for key 'PRIMARY";
    await database.execute(parents.insert(), { code, must: 1 });
    const error = await failure(database.execute(parents.insert(), { code, must: 1 }), UniqueViolationError);
    assert.equal(error.constraint, named("one_code"));
  });

  test("statements that the server does not understand", async ({ database }) => {
    const cases: readonly (readonly [sql: string, errorClass: ErrorClass, errno: number])[] = [
      ["SELEC 1", SqlSyntaxError, 1064],
      ["SELECT * FROM no_such_table", UndefinedTableError, 1146],
      [`SELECT no_such_column FROM ${parent}`, UndefinedColumnError, 1054],
      [`SELECT id FROM ${parent} JOIN ${named("children")}`, AmbiguousColumnError, 1052],
      ["SELECT no_such_function(1)", UndefinedFunctionError, 1305],
      ["SELECT ABS(1, 2)", UndefinedFunctionError, 1582],
      ["SELECT * FROM no_such_database.x", QueryError, 0],
      [`CREATE TABLE ${parent} (id INT)`, DuplicateObjectError, 1050],
      [`ALTER TABLE ${parent} ADD COLUMN code INT`, DuplicateObjectError, 1060],
      [`ALTER TABLE ${parent} ADD INDEX ${named("one_code")} (size)`, DuplicateObjectError, 1061],
      [`SELECT id FROM ${parent} WHERE id IN (SELECT id FROM ${parent} LIMIT 1)`, UnsupportedError, 1235],
    ];
    for (const [sql, errorClass, errno] of cases) {
      const error = await failure<DatabaseError>(database.fetchAll(sql), errorClass);
      if (errno !== 0) assert.equal(error.errno, errno, sql);
      assert.deepEqual([error.retryable, error.outcome, error.sql], [false, "not-executed", sql]);
    }
  });

  test("values that the server does not take", async ({ database }) => {
    const typed = named("typed");
    await database.execute(
      `CREATE TABLE ${typed} (n TINYINT, word VARCHAR(3), at DATETIME, ascii VARCHAR(9) CHARACTER SET ascii)`,
    );
    const cases: readonly (readonly [values: string, errorClass: ErrorClass, errno: number])[] = [
      ["(n) VALUES (1000)", NumericOutOfRangeError, 1264],
      [`(n) VALUES ('${SECRET}')`, InvalidTextRepresentationError, 1366],
      [`(n) VALUES (CAST('${SECRET}' AS SIGNED))`, InvalidTextRepresentationError, 1292],
      [`(word) VALUES ('${SECRET}')`, StringTooLongError, 1406],
      [`(at) VALUES ('${SECRET}')`, InvalidDatetimeError, 1292],
      ["(at) VALUES ('0000-00-00')", InvalidDatetimeError, 1292],
      ["(ascii) VALUES ('é')", InvalidEncodingError, 1366],
      ["(n) VALUES (9223372036854775807 + 1)", NumericOutOfRangeError, 1690],
    ];
    for (const [values, errorClass, errno] of cases) {
      await refused(database.execute(`INSERT INTO ${typed} ${values}`), errorClass as never, errno);
    }
    assert.equal(await database.fetchVal(`SELECT COUNT(*) FROM ${typed}`), 0);
    await database.execute(`DROP TABLE ${typed}`);
  });

  test(
    "a lock that stays is a time-out: with NOWAIT at once, else after the server's time",
    async ({ database, open }) => {
      const flavour = await flavourOf(database);
      await using holder = await open().begin();
      await holder.execute(parents.update().where(parents.c.id.eq(1)), { size: 2 });
      const nowait = database.fetchAll(parents.select().forUpdate({ nowait: true }));
      const atOnce = await refused(nowait, LockTimeoutError, flavour === "mysql" ? 3572 : 1205);
      assert.equal(atOnce.retryable, "transaction");
      await database.connection(async (connection) => {
        await connection.execute("SET innodb_lock_wait_timeout = 1");
        await refused(connection.execute(parents.update().all(), { size: 3 }), LockTimeoutError, 1205);
      });
    },
    { connections: 2 },
  );

  test(
    "of two transactions that wait for each other one is ended, and may be run again",
    async ({ database }) => {
      await database.execute(parents.insert(), { id: 2, must: 1 });
      const [one, two] = [await database.begin(), await database.begin()];
      await one.execute(parents.update().where(parents.c.id.eq(1)), { size: 2 });
      await two.execute(parents.update().where(parents.c.id.eq(2)), { size: 2 });
      const crossed = async (transaction: Transaction, of: number): Promise<void> => {
        try {
          await transaction.execute(parents.update().where(parents.c.id.eq(of)), { size: 3 });
        } finally {
          await transaction.rollback();
        }
      };
      const both = await Promise.allSettled([crossed(one, 2), crossed(two, 1)]);
      const reasons = both.flatMap((result): unknown[] => (result.status === "rejected" ? [result.reason] : []));
      assert.equal(reasons.length, 1);
      const [error] = reasons;
      assert.ok(error instanceof DeadlockError, String(error));
      assert.deepEqual([error.errno, error.retryable, error.outcome], [1213, "transaction", "rolled-back"]);
    },
    { connections: 2 },
  );

  test(
    "a row that changed after the snapshot is a conflict, where the server looks",
    async ({ database, open }) => {
      if ((await flavourOf(database)) === "mysql") return;
      const other = open();
      await database.connection(async (connection) => {
        await connection.execute("SET innodb_snapshot_isolation = ON");
        const conflict = connection.transaction(
          async (transaction) => {
            await transaction.fetchAll(parents.select());
            await other.execute(parents.update().all(), { size: 5 });
            await transaction.execute(parents.update().all(), { size: 6 });
          },
          { isolation: "repeatable read" },
        );
        const error = await refused(conflict, SnapshotConflictError, 1020);
        assert.deepEqual([error.retryable, error.outcome], ["transaction", "rolled-back"]);
      });
    },
    { connections: 2 },
  );

  test(
    "a statement over the server's time limit, and one that somebody else ends",
    async ({ database, open }) => {
      const flavour = await flavourOf(database);
      const slow = `SELECT COUNT(*) FROM information_schema.columns a, information_schema.columns b, information_schema.columns c`;
      await database.connection(async (connection) => {
        await connection.execute(flavour === "mysql" ? "SET max_execution_time = 50" : "SET max_statement_time = 0.05");
        await refused(connection.fetchVal(slow), QueryTimeoutError, flavour === "mysql" ? 3024 : 1969);
      });
      await database.connection(async (connection) => {
        const id = await idOf(connection);
        const running = refused(connection.fetchVal(slow), QueryCancelledError, 1317);
        await killed(open(), `KILL QUERY ${id}`, slow);
        await running;
        assert.equal(await connection.fetchVal("SELECT 1"), 1, "the connection goes on");
      });
    },
    { connections: 3 },
  );

  test(
    "a connection that somebody else ends is lost, and the next call has another",
    async ({ database, open }) => {
      const lost = database.connection(async (connection) => {
        await open().execute(`KILL ${await idOf(connection)}`);
        await connection.fetchVal("SELECT 1");
      });
      await failure(lost, ConnectionLostError);
      assert.equal(await database.fetchVal("SELECT 1"), 1);
    },
    { connections: 2 },
  );

  test("a write in a session that only reads", async ({ database }) => {
    await database.connection(async (connection) => {
      await connection.execute("SET SESSION TRANSACTION READ ONLY");
      await refused(connection.execute(parents.update().all(), { size: 2 }), ReadOnlyError, 1792);
    });
  });

  test("a user, a password, a database that are none", async ({ database, url }) => {
    const reach = (changes: Parameters<DatabaseURL["replace"]>[0]): Database =>
      new Database(new DatabaseURL(url).replace(changes));
    const user = `reader_${process.pid}`;
    await database.execute(`CREATE USER ${user} IDENTIFIED BY '${SECRET}'`);
    try {
      await refused(reach({ username: user, password: "wrong" }).connect(), AuthenticationError, 1045);
      await refused(reach({ username: user, password: SECRET }).connect(), AuthenticationError, 1044);
      await refused(reach({ database: "no_such_database" }).connect(), UndefinedDatabaseError, 1049);
      await database.execute(`GRANT SELECT ON ${parent} TO ${user}`);
      await using reader = await reach({ username: user, password: SECRET }).connect();
      await refused(reader.execute(parents.update().all(), { size: 2 }), PermissionDeniedError, 1142);
    } finally {
      await database.execute(`DROP USER ${user}`);
    }
  });

  for (const [errorClass, errnos, text, flavour] of RAISED) {
    const only = flavour === undefined ? "" : ` on ${flavour}`;
    const saying = text === undefined ? "" : `, saying ${JSON.stringify(text.slice(0, 20))}`;
    test(`raised by SIGNAL${only}: ${errnos.join(", ")}${saying} is ${errorClass.name}`, async ({ database }) => {
      if (flavour !== undefined && flavour !== (await flavourOf(database))) return;
      for (const errno of errnos) await refused(raise(database, errno, text), errorClass as never, errno);
    });
  }

  test("raised by SIGNAL: a number of the other server has no meaning here", async ({ database }) => {
    const strange = (await flavourOf(database)) === "mysql" ? [1969, 4025, 4038, 4151] : [3024, 3819, 3822, 4031];
    for (const errno of strange) {
      const error = await failure(raise(database, errno), QueryError);
      assert.equal(error.code, "QUERY", String(errno));
    }
  });

  test("raised by SIGNAL: numbers with which a connection ends", async ({ database }) => {
    for (const errno of LOST) {
      const raised = database.connection((connection) => raise(connection, errno));
      await refused(raised, ConnectionLostError, errno);
    }
  });

  test("raised by SIGNAL: an unknown number goes by its SQLSTATE", async ({ database }) => {
    await refused(raise(database, 9999, undefined, "23000"), IntegrityError, 9999);
    const own = await refused(raise(database, 1644, SECRET, "45000"), QueryError, 1644);
    assert.deepEqual([own.code, own.sqlState], ["QUERY", "45000"]);
  });
});

/** Text that carries a value, as the server's own texts do. */
function raise(
  database: Pick<Database, "execute">,
  errno: number,
  text = `Something about '${SECRET}'`,
  sqlState = "HY000",
): Promise<unknown> {
  const message = text.replaceAll("'", "''");
  return database.execute(`SIGNAL SQLSTATE '${sqlState}' SET MYSQL_ERRNO = ${errno}, MESSAGE_TEXT = '${message}'`);
}

async function idOf(connection: Connection): Promise<number> {
  return (await connection.fetchValOrThrow("SELECT CONNECTION_ID()")) as number;
}

/** Ends a statement as soon as the server runs it. */
async function killed(database: Database, kill: string, sql: string): Promise<void> {
  const running = "SELECT COUNT(*) FROM information_schema.processlist WHERE info = :sql";
  const wait = async (): Promise<void> => {
    while ((await database.fetchVal(running, { sql })) === 0);
  };
  await within(wait(), 5_000);
  await database.execute(kill);
}

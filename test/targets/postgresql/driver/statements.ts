import assert from "node:assert/strict";
import { UsageError } from "../../../../src/errors/index.js";
import { type Declare, suite } from "../../../suite/target.js";
import { factsOf, lengthsOf, Session } from "./support.js";

/** How the driver runs statements: alone, prepared, in batches, in pieces. */
export const statements: Declare = suite("pg driver, statements", ({ test, named }) => {
  const table = named("t");

  const withTable = async (url: string): Promise<Session> => {
    const given = await Session.open(url);
    await given.execute(`CREATE TEMPORARY TABLE ${table} (id int PRIMARY KEY, word text)`);
    return given;
  };

  test("an answer tells the command and how many rows were written", async ({ url }) => {
    await using given = await Session.open(url);
    const told: [string, string | null, number | null][] = [
      [`CREATE TEMPORARY TABLE ${table} (id int PRIMARY KEY, word text)`, "CREATE TABLE", 0],
      [`INSERT INTO ${table} SELECT n, 'w' FROM generate_series(1, 5) n`, "INSERT", 5],
      [`UPDATE ${table} SET word = 'x' WHERE id < 3`, "UPDATE", 2],
      [`UPDATE ${table} SET word = 'x' WHERE id > 9`, "UPDATE", 0],
      [`DELETE FROM ${table} WHERE id = 5 RETURNING id`, "DELETE", 1],
      [`MERGE INTO ${table} USING (SELECT 1) s ON id = 1 WHEN MATCHED THEN UPDATE SET word = 'm'`, "MERGE", 1],
      [`WITH gone AS (DELETE FROM ${table} RETURNING id) SELECT * FROM gone`, "SELECT", null],
      [`SELECT * FROM ${table}`, "SELECT", null],
      ["SHOW TimeZone", "SHOW", null],
      ["EXPLAIN SELECT 1", "EXPLAIN", null],
      [`CREATE TEMPORARY TABLE ${table}_copy AS SELECT generate_series(1, 3)`, "SELECT", 0],
      ["DO $$ BEGIN PERFORM 1; END $$", "DO", 0],
      ["SET work_mem = '4MB'", "SET", 0],
      ["-- nothing", null, 0],
      [`TRUNCATE ${table}`, "TRUNCATE TABLE", 0],
    ];
    for (const [sql, command, rowCount] of told) {
      const result = await given.execute(sql);
      assert.deepEqual([sql, result.command, result.rowCount, result.lastInsertId], [sql, command, rowCount, null]);
    }
  });

  test("a command of ours goes without being prepared, and the transaction's status follows", async ({ url }) => {
    await using given = await Session.open(url);
    assert.equal(given.connection.transactionStatus, "idle");
    assert.equal(await given.command("BEGIN"), "BEGIN");
    assert.equal(given.connection.transactionStatus, "open");
    assert.equal(await given.command("SAVEPOINT a"), "SAVEPOINT");
    const facts = await factsOf(given.execute("SELECT 1 / $1::int", [0]));
    assert.deepEqual([facts.sqlState, facts.connectionLost], ["22012", false]);
    assert.equal(given.connection.transactionStatus, "failed");
    assert.equal((await factsOf(given.command("SAVEPOINT b"))).sqlState, "25P02");
    assert.equal(await given.command("ROLLBACK TO SAVEPOINT a"), "ROLLBACK");
    assert.equal(given.connection.transactionStatus, "open");
    await factsOf(given.execute("SELECT nonsense"));
    assert.equal(await given.command("COMMIT"), "ROLLBACK");
    assert.equal(given.connection.transactionStatus, "idle");
  });

  test("one text is one statement", async ({ url }) => {
    await using given = await Session.open(url);
    for (const reusable of [false, true]) {
      assert.equal((await factsOf(given.execute("SELECT 1; SELECT 2", [], { reusable }))).sqlState, "42601");
    }
    assert.equal(await given.value("SELECT 3"), 3);
  });

  test("an error tells what the server tells", async ({ url }) => {
    await using given = await Session.open(url);
    await given.execute(`CREATE TEMPORARY TABLE ${table} (id int CONSTRAINT one PRIMARY KEY, word text NOT NULL)`);
    await given.execute(`INSERT INTO ${table} VALUES (1, 'a')`);
    const unique = await factsOf(given.execute(`INSERT INTO ${table} VALUES ($1, 'b')`, [1]));
    const { message, detail, schema, ...rest } = unique;
    assert.match(message, /duplicate key/);
    assert.equal(detail, "Key (id)=(1) already exists.");
    assert.match(String(schema), /^pg_temp/);
    assert.deepEqual(rest, {
      errno: null,
      sqlState: "23505",
      constraint: "one",
      table,
      column: null,
      routine: "_bt_check_unique",
      failure: null,
      connectionLost: false,
    });
    const notNull = await factsOf(given.execute(`INSERT INTO ${table} VALUES (2, NULL)`));
    assert.deepEqual([notNull.sqlState, notNull.table, notNull.column], ["23502", table, "word"]);
  });

  test("an error that comes after the answer, at its Sync, is the statement's", async ({ url }) => {
    await using given = await withTable(url);
    await given.execute(`CREATE TEMPORARY TABLE child (id int REFERENCES ${table} DEFERRABLE INITIALLY DEFERRED)`);
    assert.equal((await factsOf(given.execute("INSERT INTO child VALUES (1)"))).sqlState, "23503");
    assert.equal((await factsOf(given.executeMany("INSERT INTO child VALUES ($1)", [[1], [2]]))).sqlState, "23503");
    assert.equal((await factsOf(given.stream("INSERT INTO child VALUES (1) RETURNING id", 9))).sqlState, "23503");
    assert.equal(await given.value("SELECT count(*) FROM child"), 0);
  });

  test("a statement gets a name at its second use, and keeps it", async ({ url }) => {
    await using given = await Session.open(url);
    const sql = "SELECT $1::int + 1";
    assert.equal(await given.value(sql, 1), 2);
    assert.deepEqual(await given.prepared(), []);
    for (const number of [2, 3, 4]) assert.equal(await given.value(sql, number), number + 1);
    assert.deepEqual(await given.prepared(), [sql]);
    for (let use = 0; use < 3; use += 1) await given.execute("SELECT 'once'", [], { reusable: false });
    assert.deepEqual(await given.prepared(), [sql]);
  });

  test("names are bounded: the least recently used makes room on the server, too", async ({ url }) => {
    await using given = await Session.open(url);
    for (let number = 0; number < 300; number += 1) {
      for (let use = 0; use < 2; use += 1) assert.equal(await given.value(`SELECT ${number}`), number);
      await given.value("SELECT 'always'");
    }
    const prepared = await given.prepared();
    assert.ok(prepared.length <= 256 && prepared.length >= 254, `${prepared.length} are kept`);
    assert.ok(prepared.includes("SELECT 'always'") && prepared.includes("SELECT 299"));
    assert.ok(!prepared.includes("SELECT 0"));
  });

  test("prepare=false names nothing", async ({ url }) => {
    await using given = await Session.open(`${url}?prepare=false`);
    for (let use = 0; use < 4; use += 1) assert.equal(await given.value("SELECT $1::int", use), use);
    await given.executeMany("SELECT $1::int", [[1], [2]]);
    await given.executeMany("SELECT $1::int", [[1], [2]]);
    assert.deepEqual(await given.prepared(), []);
  });

  test("names that the server has dropped are made again", async ({ url }) => {
    await using given = await Session.open(url);
    const sql = "SELECT $1::int";
    const use = async (): Promise<void> => {
      assert.equal(await given.value(sql, 7), 7);
      assert.equal(await given.executeMany(sql, [[1], [2]]), 0);
      const stream = await given.stream(sql, 5, [7]);
      assert.deepEqual(await stream.next(), [[7]]);
      await stream.close();
    };
    for (let times = 0; times < 2; times += 1) await use();
    for (const sqlOfRaw of ["DEALLOCATE ALL", "DISCARD ALL"]) {
      await given.raw.query(sqlOfRaw);
      assert.equal(await given.value(sql, 1), 1);
      await given.raw.query(sqlOfRaw);
      assert.equal(await given.executeMany(sql, [[1], [2]]), 0);
      await given.raw.query(sqlOfRaw);
      await (await given.stream(sql, 5, [7])).close();
      await use();
    }
    // What goes through the driver is known to it, so that even a transaction goes on.
    await given.command("BEGIN");
    await given.execute("DEALLOCATE ALL");
    await use();
    // What does not fails the transaction, but the statement is well again after it.
    await given.raw.query("DEALLOCATE ALL");
    assert.equal((await factsOf(given.execute(sql, [1]))).sqlState, "26000");
    assert.equal(await given.command("ROLLBACK"), "ROLLBACK");
    await use();
  });

  test("a result that has changed is found out and read right", async ({ url }) => {
    await using given = await Session.open(url);
    await using other = await Session.open(url);
    const sql = `SELECT * FROM ${table}_changing`;
    await given.execute(`CREATE TABLE ${table}_changing (a int)`);
    await given.execute(`INSERT INTO ${table}_changing VALUES (1)`);
    const read = async () => {
      const { columns, rows } = await given.execute(sql);
      return [columns.map(({ name }) => name), rows[0]];
    };
    for (let use = 0; use < 3; use += 1) assert.deepEqual(await read(), [["a"], [1]]);
    await other.raw.query(`ALTER TABLE ${table}_changing ADD b text DEFAULT 'x'`);
    for (let use = 0; use < 3; use += 1)
      assert.deepEqual(await read(), [
        ["a", "b"],
        [1, "x"],
      ]);
    await other.raw.query(`ALTER TABLE ${table}_changing RENAME a TO c`);
    for (let use = 0; use < 3; use += 1)
      assert.deepEqual(await read(), [
        ["c", "b"],
        [1, "x"],
      ]);
    await other.raw.query(`ALTER TABLE ${table}_changing ALTER c TYPE text`);
    for (let use = 0; use < 3; use += 1)
      assert.deepEqual(await read(), [
        ["c", "b"],
        ["1", "x"],
      ]);
    await given.command("BEGIN");
    await other.raw.query(`ALTER TABLE ${table}_changing DROP b`);
    const { sqlState, routine } = await factsOf(given.execute(sql));
    assert.deepEqual([sqlState, routine], ["0A000", "RevalidateCachedQuery"]);
    await given.command("ROLLBACK");
    await given.command("BEGIN");
    for (let use = 0; use < 3; use += 1) assert.deepEqual(await read(), [["c"], ["1"]]);
    // The session's own changes are known to it.
    await given.execute(`ALTER TABLE ${table}_changing ADD d int DEFAULT 4`);
    for (let use = 0; use < 3; use += 1)
      assert.deepEqual(await read(), [
        ["c", "d"],
        ["1", 4],
      ]);
    await given.command("ROLLBACK");
    for (let use = 0; use < 3; use += 1) assert.deepEqual(await read(), [["c"], ["1"]]);
    await given.execute(`DROP TABLE ${table}_changing`);
  });

  test("first uses of a statement in one go each get its own error, or answer", async ({ url }) => {
    await using given = await Session.open(url);
    const states = async (sql: string) =>
      Promise.all(Array.from({ length: 4 }, () => factsOf(given.execute(sql)).then(({ sqlState }) => sqlState)));
    assert.deepEqual(await states("SELECT * FROM missing"), ["42P01", "42P01", "42P01", "42P01"]);
    const answers = Array.from({ length: 4 }, (_, index) => given.value("SELECT $1::int", index));
    assert.deepEqual(await Promise.all(answers), [0, 1, 2, 3]);
    assert.equal(await given.value("SELECT $1::int", 9), 9);
    assert.deepEqual(await given.prepared(), ["SELECT $1::int"]);
  });

  test("an error at the execution leaves a prepared statement usable", async ({ url }) => {
    await using given = await Session.open(url);
    const sql = "SELECT 10 / $1::int";
    for (const divisor of [1, 0, 2, 0, 5]) {
      if (divisor === 0) assert.equal((await factsOf(given.execute(sql, [0]))).sqlState, "22012");
      else assert.equal(await given.value(sql, divisor), 10 / divisor);
    }
    const cast = "SELECT $1::int AS n";
    await factsOf(given.execute(cast, ["x"]));
    assert.equal((await factsOf(given.execute(cast, ["x"]))).sqlState, "22P02");
    assert.equal(await given.value(cast, 5), 5);
    assert.deepEqual(new Set(await given.prepared()), new Set([sql, cast]));
  });

  test("COPY from and to the client is refused, and the connection goes on", async ({ url }) => {
    await using given = await withTable(url);
    for (const sql of [`COPY ${table} FROM STDIN`, `COPY ${table} TO STDOUT`]) {
      await assert.rejects(given.execute(sql), UsageError);
      await assert.rejects(given.stream(sql, 5), UsageError);
      assert.equal(await given.value("SELECT 1"), 1);
    }
  });

  test("a batch runs in order, adds up its rows, and is one transaction", async ({ url }) => {
    await using given = await withTable(url);
    const sql = `INSERT INTO ${table} VALUES ($1, $2)`;
    assert.equal(await given.executeMany(sql, []), 0);
    const lists = Array.from({ length: 20_000 }, (_, index) => [index, "x".repeat(index % 100)]);
    assert.equal(await given.executeMany(sql, lists), 20_000);
    assert.equal(await given.value(`SELECT sum(length(word))::int FROM ${table}`), 990_000);
    assert.equal(await given.executeMany(`UPDATE ${table} SET word = '' WHERE id < $1`, [[10], [5]]), 15);
    assert.equal(await given.executeMany(`DELETE FROM ${table} WHERE id < $1 RETURNING *`, [[10], [5], [12]]), 12);
    assert.equal(await given.executeMany("SELECT $1::int", [[1], [2]]), 0);
    assert.deepEqual(
      (await given.prepared()).filter((text) => String(text).startsWith("INSERT")),
      [],
    );
    assert.equal(await given.executeMany(sql, [[1, "a"]]), 1);
    assert.ok((await given.prepared()).includes(sql));
  });

  test("an error in a batch skips the rest, wherever it is, and leaves nothing of it", async ({ url }) => {
    await using given = await withTable(url);
    const sql = `INSERT INTO ${table} VALUES ($1, $2)`;
    const lists = Array.from({ length: 30_000 }, (_, index) => [index, "x".repeat(20)]);
    for (const wrong of [0, 1, 15_000, 29_999]) {
      const { sqlState } = await factsOf(given.executeMany(sql, lists.with(wrong, [-wrong, 5, 7])));
      assert.equal(sqlState, "08P01");
      const twice = lists.with(wrong, [wrong === 0 ? 1 : 0, "twice"]);
      assert.equal((await factsOf(given.executeMany(sql, twice))).sqlState, "23505");
      assert.equal(await given.value(`SELECT count(*) FROM ${table}`), 0);
    }
    await given.command("BEGIN");
    assert.equal(await given.executeMany(sql, [[1, "a"], [2, "b"]]), 2); // prettier-ignore
    await factsOf(given.executeMany(sql, [[3, "c"], [1, "d"]])); // prettier-ignore
    assert.equal(given.connection.transactionStatus, "failed");
    assert.equal(await given.command("COMMIT"), "ROLLBACK");
  });

  test("a stream gives its rows in pieces, as many as are asked for", async ({ url }) => {
    await using given = await Session.open(url);
    const series = "SELECT n, n::text AS t FROM generate_series(1, $1::int) n";
    for (const [rows, batch, lengths] of [
      [10, 3, [3, 3, 3, 1]],
      [9, 3, [3, 3, 3]],
      [3, 10, [3]],
      [0, 10, []],
      [5000, 1000, [1000, 1000, 1000, 1000, 1000]],
    ] as const) {
      const stream = await given.stream(series, batch, [rows]);
      assert.deepEqual(
        stream.columns.map(({ name }) => name),
        ["n", "t"],
      );
      assert.deepEqual(await lengthsOf(stream), lengths);
      assert.deepEqual(await stream.next(), []);
      await stream.close();
      assert.equal(await given.value("SELECT 1"), 1);
    }
    const written = await given.stream("CREATE TEMPORARY TABLE made (a int)", 10);
    assert.deepEqual([written.columns, await written.next()], [[], []]);
  });

  test("a stream that is closed early frees the connection, inside and outside of a transaction", async ({ url }) => {
    await using given = await Session.open(url);
    const endless = "SELECT generate_series(1, 1000000000) AS n";
    for (const begin of [false, true]) {
      if (begin) await given.command("BEGIN");
      const stream = await given.stream(endless, 2);
      assert.deepEqual(await stream.next(), [[1], [2]]);
      assert.deepEqual(await stream.next(), [[3], [4]]);
      await assert.rejects(given.execute("SELECT 1"), UsageError);
      await assert.rejects(given.stream("SELECT 1", 1), UsageError);
      await Promise.all([stream.close(), stream.close()]);
      assert.deepEqual(await stream.next(), []);
      assert.equal(given.connection.transactionStatus, begin ? "open" : "idle");
      const unread = await given.stream(endless, 2);
      await unread.close();
      assert.deepEqual(await unread.next(), []);
      assert.equal(await given.value("SELECT 5"), 5);
    }
  });

  test("a stream that is closed while it reads gives up the piece", async ({ url }) => {
    await using given = await Session.open(url);
    const stream = await given.stream("SELECT n FROM generate_series(1, 1000000) n", 1000);
    await stream.next();
    const next = Promise.resolve(stream.next());
    await stream.close();
    assert.ok((await next).length <= 1000);
    assert.equal(await given.value("SELECT 5"), 5);
  });

  test("an error of a stream shows when it is opened, or with the piece that holds it", async ({ url }) => {
    await using given = await Session.open(url);
    assert.equal((await factsOf(given.stream("SELECT * FROM missing", 5))).sqlState, "42P01");
    assert.equal((await factsOf(given.stream("SELECT 1 / n FROM generate_series(0, 9) n", 5))).sqlState, "22012");
    const stream = await given.stream("SELECT 1 / (n - 7) FROM generate_series(1, 9) n", 3);
    assert.equal((await stream.next()).length, 3);
    assert.equal((await stream.next()).length, 3);
    assert.equal((await factsOf(Promise.resolve(stream.next()))).sqlState, "22012");
    await stream.close();
    assert.equal(given.connection.transactionStatus, "idle");
    assert.equal(await given.value("SELECT 1"), 1);
  });

  test("statements that wait for their turn run in order", async ({ url }) => {
    await using given = await withTable(url);
    const outcomes = await Promise.allSettled([
      given.execute(`INSERT INTO ${table} VALUES (1, 'a')`),
      given.execute(`INSERT INTO ${table} VALUES (1, 'a')`),
      given.executeMany(`INSERT INTO ${table} VALUES ($1, 'b')`, [[2], [3]]),
      given.value(`SELECT count(*) FROM ${table}`),
    ]);
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ["fulfilled", "rejected", "fulfilled", "fulfilled"],
    );
  });

  test("the driver's own object is at hand, and what it does is seen", async ({ url }) => {
    await using given = await Session.open(url);
    const { rows } = await given.raw.query("SELECT pg_backend_pid() AS pid");
    assert.equal(rows[0]?.["pid"], given.raw.processID);
    await assert.rejects(given.raw.query("SELECT nonsense"), /nonsense/);
    await given.raw.query("BEGIN");
    assert.equal(given.connection.transactionStatus, "open");
    await given.raw.query("ROLLBACK");
    assert.equal((await given.raw.query("SELECT n FROM generate_series(1, 1000) n")).rows.length, 1000);
    assert.equal(await given.value("SELECT 1"), 1);
  });

  test("notices disturb nothing", async ({ url }) => {
    await using given = await Session.open(url);
    const notices: string[] = [];
    given.raw.on("notice", ({ message }) => notices.push(message));
    const flood = "DO $$ BEGIN FOR n IN 1..500 LOOP RAISE NOTICE 'n %', n; END LOOP; END $$";
    assert.equal((await given.execute(flood)).command, "DO");
    assert.equal(notices.length, 500);
    await given.execute("LISTEN here");
    await given.execute("NOTIFY here, 'there'");
    assert.equal(await given.value("SELECT 1"), 1);
  });
});

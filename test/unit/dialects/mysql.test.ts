import assert from "node:assert/strict";
import { describe, test } from "node:test";

import {
  avg,
  bigInteger,
  binary,
  boolean,
  cast,
  check,
  count,
  createIndexes,
  createTable,
  currentDate,
  date,
  dateTime,
  double,
  enumeration,
  exists,
  float,
  index,
  integer,
  InvalidValueError,
  json,
  literal,
  max,
  MetaData,
  not,
  now,
  numeric,
  param,
  primaryKey,
  random,
  round,
  rowNumber,
  select,
  smallInteger,
  sql,
  string,
  stringAgg,
  sum,
  text,
  time,
  UnsupportedError,
  UsageError,
  uuid,
} from "../../../src/index.js";
import type { Operand } from "../../../src/sql/operand.js";
import type { Dialect } from "../../../src/compiler/dialect.js";
import { mysql as newest } from "../../../src/dialects/mysql/index.js";
import { bindParameters, type CallValues, textOf } from "../../../src/compiler/bind.js";
import { compiledOf, type Runnable } from "../../support/compile.js";

const mysql = newest.forVersion("8.4.3");
const mariadb = newest.forVersion("10.11.19-MariaDB-0+deb12u1");
const both = [mysql, mariadb];

const metadata = new MetaData();
const t = metadata.table("t", {
  id: integer().primaryKey(),
  a: integer(),
  b: integer(),
  x: double(),
  price: numeric(10, 2),
  s: string(50),
  p: boolean(),
  at: dateTime(),
  clock: time(),
  doc: json(),
  bytes: binary(),
});
const { id, a, b, x, price, s, p, at, clock, doc, bytes } = t.c;
const other = metadata.table("other", { id: integer().primaryKey(), tId: integer().references(t.c.id) });

function callOf(statement: Runnable, dialect: Dialect, values: CallValues | null = null): readonly [string, unknown] {
  const compiled = compiledOf(statement, values, dialect);
  return [textOf(compiled, values), bindParameters(compiled, values)];
}

function textsOf(statement: Runnable, dialects: readonly Dialect[] = both): string {
  const texts = new Set(dialects.map((dialect) => compiledOf(statement, null, dialect).text));
  assert.equal(texts.size, 1, [...texts].join("\n"));
  return [...texts][0] ?? "";
}

/** The text of a selected expression. */
function expressionOf(expression: Operand<unknown, unknown>, dialects: readonly Dialect[] = both): string {
  const found = textsOf(select({ e: expression as Operand<unknown, never> } as never).from(t), dialects);
  return found.replace(/^SELECT (.*) AS `e` FROM `t`$/s, "$1");
}

function refused(make: () => unknown, pattern: RegExp): void {
  assert.throws(make, (error) => error instanceof UnsupportedError && pattern.test(error.message), String(make));
}

describe("the server", () => {
  test("is told by its version, which decides flavour and name", () => {
    assert.deepEqual([mysql.name, mariadb.name], ["mysql", "mariadb"]);
    assert.equal(newest.forVersion("5.5.5-10.6.4-MariaDB-log").name, "mariadb");
    assert.equal(newest.forVersion("8.0.21").name, "mysql");
    assert.equal(newest.forVersion("9.7.4-2").name, "mysql");
    assert.equal(newest.forVersion("8.4.3"), mysql, "one object a version");
  });

  test("is refused when it is too old", () => {
    for (const version of ["5.7.44-log", "8.0.20", "10.5.9-MariaDB", "5.5.5-10.5.9-MariaDB", "", "unknown"]) {
      refused(() => newest.forVersion(version), /upgrade/);
    }
  });

  test("has RETURNING on MariaDB alone, and there not for updates", () => {
    assert.match(callOf(t.insert().values({ a: 1 }).returning(id), mariadb)[0], / RETURNING `id`$/);
    assert.match(callOf(t.delete().all().returning(id), mariadb)[0], / RETURNING `id`$/);
    refused(() => callOf(t.update().set({ a: 1 }).all().returning(id), mariadb), /mariadb has no RETURNING in UPDATE/);
    refused(() => callOf(t.insert().values({ a: 1 }).returning(id), mysql), /mysql has no RETURNING in INSERT/);
  });
});

describe("values", () => {
  test("are cast where they are compared, to what they are, and written as they are", () => {
    const cases = [
      [price.eq("1.5"), "`t`.`price` = CAST(? AS DECIMAL(65, 30))"],
      [price.eq(param("v")), "`t`.`price` = CAST(? AS DECIMAL(65, 30))"],
      [price.in(["1", "2"]), "`t`.`price` IN (CAST(? AS DECIMAL(65, 30)), CAST(? AS DECIMAL(65, 30)))"],
      [x.eq(2), "`t`.`x` = CAST(? AS DOUBLE)"],
      [at.eq(new Date(0)), "`t`.`at` = CAST(? AS DATETIME(6))"],
      [literal("2024-01-01", date()).eq("2024-01-02"), "CAST(? AS DATE) = CAST(? AS DATE)"],
      [a.eq(1), "`t`.`a` = ?"],
      [s.eq("x"), "`t`.`s` = ?"],
      [p.eq(true), "`t`.`p` = ?"],
    ] as const;
    for (const [condition, expected] of cases) assert.equal(expressionOf(condition), expected);
    assert.equal(
      callOf(t.insert(), mysql, {
        price: "1.50",
        x: 2,
        at: new Date(0),
        clock: "01:02:03",
        doc: {},
        bytes: new Uint8Array(),
      })[0],
      "INSERT INTO `t` (`x`, `price`, `at`, `clock`, `doc`, `bytes`) VALUES (?, ?, ?, ?, ?, ?)",
    );
  });

  test("are cast otherwise where one of the two would take them for something else", () => {
    assert.equal(expressionOf(clock.eq("01:02:03"), [mysql]), "`t`.`clock` = CAST(CAST(? AS CHAR) AS TIME(6))");
    assert.equal(expressionOf(clock.eq("01:02:03"), [mariadb]), "`t`.`clock` = CAST(? AS TIME(6))");
    assert.equal(expressionOf(bytes.eq(new Uint8Array([1])), [mysql]), "`t`.`bytes` = CAST(? AS BINARY)");
    assert.equal(expressionOf(doc.eq({ k: 1 }), [mysql]), "`t`.`doc` = CAST(? AS JSON)");
    assert.equal(expressionOf(doc.eq({ k: 1 }), [mariadb]), "JSON_EQUALS(`t`.`doc`, ?) = 1");
    assert.equal(expressionOf(doc.ne({ k: 1 }), [mariadb]), "JSON_EQUALS(`t`.`doc`, ?) = 0");
    refused(() => expressionOf(doc.eq({ k: 1 }), [newest.forVersion("10.6.4-MariaDB")]), /JSON/);
    refused(() => expressionOf(doc.lt({ k: 1 }), [mariadb]), /JSON/);
    refused(() => expressionOf(doc.in([{ k: 1 }]), [mariadb]), /JSON/);
  });

  test("in a list of the call are cast one by one", () => {
    const query = select(id).where(price.in(param("prices")));
    assert.deepEqual(callOf(query, mariadb, { prices: ["1", "2.5"] }), [
      "SELECT `t`.`id` FROM `t` WHERE `t`.`price` IN (CAST(? AS DECIMAL(65, 30)), CAST(? AS DECIMAL(65, 30)))",
      ["1.00", "2.50"],
    ]);
    assert.equal(
      callOf(query, mysql, { prices: [] })[0],
      "SELECT `t`.`id` FROM `t` WHERE `t`.`price` IN (SELECT NULL WHERE 1 = 0)",
    );
  });

  test("of more digits than DECIMAL has are refused rather than rounded", () => {
    const digits = "0.0000000000000000000000000000001";
    for (const dialect of both) {
      assert.throws(() => callOf(select(id).where(price.eq(digits)), dialect), InvalidValueError);
      assert.throws(() => callOf(select(id).where(price.lt("1e40")), dialect), InvalidValueError);
      assert.deepEqual(callOf(select(id).where(literal("1e40", numeric(60, 5)).eq("1")), dialect)[1], [
        "10000000000000000000000000000000000000000.00000",
        "1.00000",
      ]);
    }
  });

  test("of booleans are 0 and 1, and a bare boolean is a condition", () => {
    assert.deepEqual(callOf(select(id).where(p, p.eq(true)), mysql), [
      "SELECT `t`.`id` FROM `t` WHERE `t`.`p` = 1 AND `t`.`p` = ?",
      [1],
    ]);
  });
});

describe("expressions", () => {
  test("are written in the servers' own words", () => {
    const cases = [
      [s.concat("x").concat(s), "CONCAT(`t`.`s`, ?, `t`.`s`)"],
      [a.div(2), "CAST(`t`.`a` AS DOUBLE) / ?"],
      [a.div(b.plus(1)), "CAST(`t`.`a` AS DOUBLE) / (`t`.`b` + ?)"],
      [a.intDiv(2), "`t`.`a` DIV ?"],
      [a.plus(1).intDiv(b.times(2)), "(`t`.`a` + ?) DIV (`t`.`b` * ?)"],
      [a.times(2).intDiv(3), "`t`.`a` * ? DIV ?"],
      [a.mod(2), "`t`.`a` % ?"],
      [a.isDistinctFrom(b), "NOT (`t`.`a` <=> `t`.`b`)"],
      [not(a.isDistinctFrom(b)), "`t`.`a` <=> `t`.`b`"],
      [a.isNotDistinctFrom(b).eq(true), "(`t`.`a` <=> `t`.`b`) = ?"],
      [avg(a), "AVG(CAST(`t`.`a` AS DOUBLE))"],
      [count().filter(p), "count(CASE WHEN `t`.`p` = 1 THEN 1 END)"],
      [stringAgg(s, ", "), "GROUP_CONCAT(`t`.`s` SEPARATOR ', ')"],
      [stringAgg(s, "\\").distinct(), "GROUP_CONCAT(DISTINCT `t`.`s` SEPARATOR X'5c')"],
      [now(), "UTC_TIMESTAMP(3)"],
      [currentDate(), "UTC_DATE()"],
      [random(), "RAND()"],
      [round(price, 1), "ROUND(`t`.`price`, ?)"],
      [round(x, 1), "IF(ABS(`t`.`x`) < 1e34, ROUND(CAST(`t`.`x` AS DECIMAL(65, 30)), ?), ROUND(`t`.`x`, ?))"],
    ] as const;
    for (const [expression, expected] of cases) assert.equal(expressionOf(expression), expected);
  });

  test("cast without losing what the type holds", () => {
    const cases = [
      [cast(s, integer()), "CAST(`t`.`s` AS SIGNED)"],
      [cast(x, bigInteger()), "CAST(CAST(`t`.`x` AS DECIMAL(65, 30)) AS SIGNED)"],
      [cast(s, numeric(5, 2)), "CAST(`t`.`s` AS DECIMAL(65, 2))"],
      [cast(a, text()), "CAST(`t`.`a` AS CHAR)"],
      [cast(a, string(5)), "CAST(`t`.`a` AS CHAR(5))"],
      [cast(a, double()), "CAST(`t`.`a` AS DOUBLE)"],
      [cast(a, float()), "CAST(`t`.`a` AS FLOAT)"],
      [cast(a, boolean()), "(`t`.`a` <> 0)"],
      [cast(s, dateTime()), "CAST(`t`.`s` AS DATETIME(3))"],
      [cast(s, dateTime({ as: "string" })), "CAST(`t`.`s` AS DATETIME(6))"],
      [cast(s, time()), "CAST(`t`.`s` AS TIME(6))"],
      [cast(s, uuid()), "CAST(`t`.`s` AS CHAR(36))"],
    ] as const;
    for (const [expression, expected] of cases) assert.equal(expressionOf(expression), expected);
    assert.equal(expressionOf(cast(s, json()), [mysql]), "CAST(`t`.`s` AS JSON)");
    assert.equal(expressionOf(cast(s, json()), [mariadb]), "CAST(`t`.`s` AS CHAR)");
    refused(() => expressionOf(cast(s, boolean())), /Compare the text/);
    refused(() => expressionOf(cast(s, numeric(40, 35))), /digits behind the point/);
  });

  test("a pattern without an escape has none, whatever the SQL mode", () => {
    assert.deepEqual(callOf(select(id).where(s.like("100!%\\_")), mysql), [
      "SELECT `t`.`id` FROM `t` WHERE `t`.`s` LIKE ? ESCAPE '!'",
      ["100!!%\\_"],
    ]);
    assert.deepEqual(callOf(select(id).where(s.like(param("like"))), mariadb, { like: "!" })[1], ["!!"]);
    assert.equal(expressionOf(s.like(s.concat("%"))), "`t`.`s` LIKE replace(CONCAT(`t`.`s`, ?), '!', '!!') ESCAPE '!'");
    assert.equal(expressionOf(s.like("50#%", { escape: "#" })), "`t`.`s` LIKE ? ESCAPE '#'");
    assert.equal(expressionOf(s.like("50\\%", { escape: "\\" }), [mysql]), "`t`.`s` LIKE ? ESCAPE _utf8mb4 X'5c'");
    assert.deepEqual(callOf(select(id).where(s.contains("!")), mysql)[1], ["%!!%"]);
  });

  test("windows are what both have, and on MariaDB each begins in its own way", () => {
    const first = rowNumber().over({ orderBy: [id], rows: [-1, 0] });
    assert.equal(expressionOf(first), "row_number() OVER (ORDER BY `t`.`id`)");
    refused(() => expressionOf(sum(a).over({ groups: [-1, 0] })), /groups/);
    refused(() => expressionOf(sum(a).distinct().over()), /DISTINCT/);
    refused(() => expressionOf(stringAgg(s, ",").over()), /stringAgg/);
    const two = select(
      first.as("n"),
      sum(a).over().as("sum"),
      count()
        .over({ orderBy: [id] })
        .as("all"),
    ).from(t);
    assert.equal(
      textsOf(two, [mysql]),
      "SELECT row_number() OVER (ORDER BY `t`.`id`) AS `n`, sum(`t`.`a`) OVER () AS `sum`, count(*) OVER (ORDER BY `t`.`id`) AS `all` FROM `t`",
    );
    assert.equal(
      textsOf(two, [mariadb]),
      "SELECT row_number() OVER (PARTITION BY RAND() < 2 ORDER BY `t`.`id`) AS `n`, sum(`t`.`a`) OVER (PARTITION BY RAND() < 3) AS `sum`, " +
        "count(*) OVER (PARTITION BY RAND() < 2 ORDER BY `t`.`id`) AS `all` FROM `t`",
    );
  });
});

describe("queries", () => {
  test("limit, offset and locks", () => {
    assert.equal(textsOf(select(id).limit(1)), "SELECT `t`.`id` FROM `t` LIMIT ?");
    assert.equal(textsOf(select(id).offset(1)), "SELECT `t`.`id` FROM `t` LIMIT 18446744073709551615 OFFSET ?");
    const share = select(id).forShare({ nowait: true });
    assert.equal(textsOf(share, [mysql]), "SELECT `t`.`id` FROM `t` FOR SHARE NOWAIT");
    assert.equal(textsOf(share, [mariadb]), "SELECT `t`.`id` FROM `t` LOCK IN SHARE MODE NOWAIT");
    assert.equal(
      textsOf(select(id).forUpdate({ skipLocked: true })),
      "SELECT `t`.`id` FROM `t` FOR UPDATE SKIP LOCKED",
    );
    assert.equal(
      textsOf(select(id).orderBy(a.nullsLast())),
      "SELECT `t`.`id` FROM `t` ORDER BY `t`.`a` IS NULL, `t`.`a`",
    );
    refused(() => textsOf(select(id).from(t).fullJoin(other)), /FULL JOIN/);
  });

  test("a limited query in IN stands one query further in", () => {
    const few = select(other.c.tId).limit(1);
    assert.equal(
      textsOf(select(id).where(id.in(few))),
      "SELECT `t`.`id` FROM `t` WHERE `t`.`id` IN (SELECT * FROM (SELECT `other`.`tId` FROM `other` LIMIT ?) AS `limited`)",
    );
    const own = select(other.c.tId).from(other).where(other.c.id.eq(a)).limit(1);
    assert.match(textsOf(select(id).from(t).where(id.in(own)), [mysql]), /WHERE `other`\.`id` = `t`\.`a` LIMIT/);
    refused(() => textsOf(select(id).from(t).where(id.in(own)), [mariadb]), /refers to the query around/);
    const stray = select(other.c.tId)
      .from(other)
      .where(other.c.id.eq(t.as("nowhere").c.id))
      .limit(1);
    assert.throws(
      () => textsOf(select(id).from(t).where(id.in(stray)), [mariadb]),
      (error) => error instanceof UsageError && /not in FROM/.test(error.message),
    );
  });
});

describe("writes", () => {
  const c = select(other.c.tId.as("n")).cte("c");
  const inC = select(c.c.n).from(c);

  test("WITH stands where it may", () => {
    assert.equal(
      textsOf(t.insert().fromSelect(["a"], inC)),
      "INSERT INTO `t` (`a`) WITH `c` AS (SELECT `other`.`tId` AS `n` FROM `other`) SELECT `c`.`n` FROM `c`",
    );
    assert.equal(
      textsOf(t.insert().values({ a: inC.scalarSubquery() })),
      "INSERT INTO `t` (`a`) VALUES ((WITH `c` AS (SELECT `other`.`tId` AS `n` FROM `other`) SELECT `c`.`n` FROM `c`))",
    );
    const update = t.update().set({ a: 1 }).where(id.in(inC));
    const remove = t.delete().where(id.in(inC), a.in(inC));
    const body = "(WITH `c` AS (SELECT `other`.`tId` AS `n` FROM `other`) SELECT `c`.`n` FROM `c`)";
    assert.equal(
      textsOf(update, [mysql]),
      "WITH `c` AS (SELECT `other`.`tId` AS `n` FROM `other`) UPDATE `t` SET `a` = ? WHERE `t`.`id` IN (SELECT `c`.`n` FROM `c`)",
    );
    assert.equal(textsOf(update, [mariadb]), `UPDATE \`t\` SET \`a\` = ? WHERE \`t\`.\`id\` IN ${body}`);
    assert.equal(
      textsOf(remove, [mariadb]),
      `DELETE FROM \`t\` WHERE \`t\`.\`id\` IN ${body} AND \`t\`.\`a\` IN ${body}`,
    );
  });

  test("a row of defaults, and defaults among rows", () => {
    assert.equal(textsOf(t.insert()), "INSERT INTO `t` () VALUES ()");
    assert.equal(
      textsOf(t.insert().values([{ a: 1 }, { b: 2 }])),
      "INSERT INTO `t` (`a`, `b`) VALUES (?, DEFAULT), (DEFAULT, ?)",
    );
  });

  test("MySQL reads a copy of the table that it changes", () => {
    const copy = "(SELECT * FROM `t` LIMIT 18446744073709551615) AS";
    const u = t.as("u");
    const most = select(max(u.c.a)).from(u).where(u.c.b.eq(b)).scalarSubquery();
    const update = t
      .update()
      .set({ a: most })
      .where(exists(select(u.c.id).where(u.c.id.gt(id))));
    assert.equal(
      textsOf(update, [mysql]),
      `UPDATE \`t\` SET \`a\` = (SELECT max(\`u\`.\`a\`) AS \`max\` FROM ${copy} \`u\` WHERE \`u\`.\`b\` = \`t\`.\`b\`) ` +
        `WHERE EXISTS (SELECT \`u\`.\`id\` FROM ${copy} \`u\` WHERE \`u\`.\`id\` > \`t\`.\`id\`)`,
    );
    assert.match(textsOf(update, [mariadb]), /FROM `t` AS `u`/);
    const insert = t.insert().values({ a: select(max(a)).from(t).scalarSubquery() });
    assert.match(textsOf(insert, [mysql]), new RegExp(`FROM ${copy.replace(/[()*]/g, "\\$&")} \`t\``));
    assert.match(textsOf(t.insert().fromSelect(["a"], select(a).from(t)), [mysql]), /SELECT `t`\.`a` FROM `t`$/);
    assert.match(textsOf(t.delete().where(id.in(select(other.c.tId))), [mysql]), /FROM `other`\)$/);
    assert.equal(textsOf(select(id), [mysql]), "SELECT `t`.`id` FROM `t`");
  });

  test("MySQL's assignments are put in an order in which each sees the old row", () => {
    const set = (values: Parameters<ReturnType<typeof t.update>["set"]>[0]): string =>
      textsOf(t.update().set(values).all(), [mysql]).replace(/^UPDATE `t` SET /, "");
    assert.equal(set({ a: 1, b: a.plus(1) } as never), "`b` = `t`.`a` + ?, `a` = ?");
    assert.equal(
      set({ a: b, b: 2, x: literal(1).div(a) } as never),
      "`x` = CAST(? AS DOUBLE) / `t`.`a`, `a` = `t`.`b`, `b` = ?",
    );
    assert.equal(set({ a: a.plus(1), b: b.plus(1) } as never), "`a` = `t`.`a` + ?, `b` = `t`.`b` + ?");
    assert.equal(set({ a: 1, b: sql.value<number>`A + 1` } as never), "`b` = A + 1, `a` = ?");
    assert.equal(set({ a: 1, b: sql.value<number>`length('a')` } as never), "`a` = ?, `b` = length('a')");
    refused(() => set({ a: b, b: a } as never), /each other/);
    assert.equal(
      textsOf(
        t
          .update()
          .set({ a: b, b: a } as never)
          .all(),
        [mariadb],
      ),
      "UPDATE `t` SET `a` = `t`.`b`, `b` = `t`.`a`",
    );
  });
});

describe("DDL", () => {
  const tail = (dialect: Dialect): string =>
    ` ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE ${dialect === mysql ? "utf8mb4_0900_bin" : "utf8mb4_nopad_bin"}`;

  test("each type has its name", () => {
    const own = new MetaData();
    const table = own.table("all", {
      id: bigInteger().primaryKey(),
      small: smallInteger().notNull().default(3),
      price: numeric(10, 2).default("1.50"),
      x: double().default(-0.5),
      f: float(),
      s: string(50, { collation: "utf8mb4_unicode_ci" }).default("it's \\"),
      body: text().default("none"),
      flag: boolean().default(true),
      day: date(),
      clock: time(),
      at: dateTime().serverDefault(now()),
      exact: dateTime({ as: "string", timezone: true }),
      doc: json().default({ a: 1 }),
      key: uuid(),
      bytes: binary(),
      state: enumeration("draft", "it's"),
    });
    for (const dialect of both) {
      const backslash = dialect === mysql ? "_utf8mb4 X'69742773205c'" : "CONVERT(X'69742773205c' USING utf8mb4)";
      assert.equal(
        textsOf(createTable(table), [dialect]),
        "CREATE TABLE `all` (`id` BIGINT NOT NULL AUTO_INCREMENT, `small` SMALLINT NOT NULL DEFAULT 3, `price` DECIMAL(10, 2) DEFAULT '1.50', " +
          "`x` DOUBLE DEFAULT (-0.5), `f` FLOAT, `s` VARCHAR(50) COLLATE `utf8mb4_unicode_ci` DEFAULT " +
          `${backslash}, \`body\` LONGTEXT DEFAULT ('none'), \`flag\` BOOLEAN DEFAULT 1, \`day\` DATE, \`clock\` TIME(6), ` +
          "`at` DATETIME(3) DEFAULT (UTC_TIMESTAMP(3)), `exact` DATETIME(6), `doc` JSON DEFAULT ('{\"a\":1}'), " +
          "`key` CHAR(36) CHARACTER SET ascii COLLATE ascii_bin, `bytes` LONGBLOB, " +
          `\`state\` VARCHAR(5) CHECK (\`state\` IN ('draft', 'it''s')), PRIMARY KEY (\`id\`))${tail(dialect)}`,
      );
    }
  });

  test("references are constraints of the table, and checks hold literals of their type", () => {
    const own = new MetaData();
    const table = own.table(
      "child",
      { id: integer(), tId: integer().references(t.c.id, { onDelete: "cascade" }), price: numeric(5, 2) },
      (k) => [primaryKey(k.id, k.tId), check(k.price.gte("0.10")).named("positive")],
    );
    assert.equal(
      textsOf(createTable(table, { ifNotExists: true }), [mysql]),
      "CREATE TABLE IF NOT EXISTS `child` (`id` INT NOT NULL, `tId` INT NOT NULL, `price` DECIMAL(5, 2), PRIMARY KEY (`id`, `tId`), " +
        "FOREIGN KEY (`tId`) REFERENCES `t` (`id`) ON DELETE CASCADE, " +
        `CONSTRAINT \`positive\` CHECK (\`price\` >= CAST('0.10' AS DECIMAL(65, 30))))${tail(mysql)}`,
    );
  });

  test("indexes", () => {
    const own = new MetaData({ schema: "db" });
    const table = own.table("i", { a: integer(), s: string(10) }, (k) => [
      index("one", k.a.desc(), k.s, { unique: true }),
    ]);
    const [create] = createIndexes(table);
    assert.ok(create);
    assert.equal(textsOf(create), "CREATE UNIQUE INDEX `one` ON `db`.`i` (`a` DESC, `s`)");
    const [again] = createIndexes(table, { ifNotExists: true });
    assert.ok(again);
    assert.equal(textsOf(again, [mariadb]), "CREATE UNIQUE INDEX IF NOT EXISTS `one` ON `db`.`i` (`a` DESC, `s`)");
    refused(() => textsOf(again, [mysql]), /IF NOT EXISTS/);
    const computed = new MetaData().table("i", { a: integer() }, (k) => [index("plus", k.a.plus(1).desc())]);
    const [plus] = createIndexes(computed);
    assert.ok(plus);
    assert.equal(textsOf(plus, [mysql]), "CREATE INDEX `plus` ON `i` ((`a` + 1) DESC)");
    refused(() => textsOf(plus, [mariadb]), /expressions/);
  });

  test("what the servers have not is refused with a way out", () => {
    const refuse = (table: Parameters<typeof createTable>[0], pattern: RegExp): void => {
      for (const dialect of both) {
        refused(() => [createTable(table), ...createIndexes(table)].map((each) => callOf(each, dialect)), pattern);
      }
    };
    const own = new MetaData();
    refuse(own.table("a", { s: string() }), /without a length \(the column "s" of "a"\).*text\(\)/s);
    refuse(own.table("b", { s: string(20_000) }), /text\(\)/);
    refuse(own.table("c", { n: numeric(70, 2) }), /65 digits/);
    refuse(own.table("d", { n: numeric(60, 40) }), /30 of them/);
    refuse(own.table("e", { s: text().unique() }), /unique key over all of "s"/);
    refuse(own.table("f", { s: json().index() }), /index/);
    refuse(own.table("g", { s: string(1000).primaryKey() }), /primary key/);
    refuse(own.table("h", { n: integer().references(t.c.id, { onDelete: "set default" }) }), /SET DEFAULT/);
    refuse(own.table("i", { n: integer().references(t.c.id, { deferrable: "deferred" }) }), /deferrable/);
    refuse(
      own.table("j", { n: integer() }, (k) => [index("some", k.n, { where: k.n.gt(1) })]),
      /partial/,
    );
    refuse(
      own.table("k", { n: integer() }, (k) => [index("last", k.n.nullsLast())]),
      /NULLS LAST/,
    );
  });
});

describe("names and literals", () => {
  test("names are quoted with backticks, and refused where the servers would change or refuse them", () => {
    for (const { quoteIdentifier } of both) {
      assert.equal(quoteIdentifier("a`b"), "`a``b`");
      assert.equal(quoteIdentifier("😀".repeat(64)), `\`${"😀".repeat(64)}\``);
      for (const name of ["", "a\0b", "a ", "x".repeat(65)]) assert.throws(() => quoteIdentifier(name), UsageError);
    }
  });

  test("literals mean the same under every SQL mode", () => {
    for (const { quoteLiteral, name } of both) {
      assert.equal(quoteLiteral("it's"), "'it''s'");
      assert.equal(quoteLiteral("\\'"), name === "mysql" ? "_utf8mb4 X'5c27'" : "CONVERT(X'5c27' USING utf8mb4)");
      assert.deepEqual([null, true, false, 5, -5, -5n, new Uint8Array([0, 255])].map(quoteLiteral), [
        "NULL",
        "1",
        "0",
        "5",
        "(-5)",
        "(-5)",
        "X'00ff'",
      ]);
      assert.throws(() => quoteLiteral("a\0b"), UsageError);
    }
  });
});

describe("transactions and time limits", () => {
  test("the level comes before the transaction", () => {
    const { begin } = mysql.transactions;
    assert.deepEqual(begin({ isolation: null, readOnly: false, deferrable: false }), ["START TRANSACTION"]);
    assert.deepEqual(begin({ isolation: "repeatable read", readOnly: true, deferrable: false }), [
      "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ",
      "START TRANSACTION READ ONLY",
    ]);
    refused(() => begin({ isolation: null, readOnly: true, deferrable: true }), /deferrable/);
  });

  test("a time limit is in milliseconds on MySQL, and in seconds on MariaDB", () => {
    assert.deepEqual(
      both.map(({ statementTimeout }) => statementTimeout?.(1500)),
      [
        {
          set: "SET max_execution_time = 1500",
          check: "SELECT @@max_execution_time",
          expected: ["1500"],
          writes: false,
        },
        { set: "SET max_statement_time = 1.5", check: "SELECT @@max_statement_time", expected: ["1.5"], writes: false },
      ],
    );
  });
});

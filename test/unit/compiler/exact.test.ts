import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import fc from "fast-check";

import {
  abs,
  avg,
  bigInteger,
  boolean,
  caseWhen,
  cast,
  coalesce,
  count,
  date,
  dateTime,
  double,
  greatest,
  integer,
  literal,
  max,
  min,
  MetaData,
  numeric,
  param,
  round,
  select,
  sum,
  text,
  time,
  typeDecorator,
  UnsupportedError,
  UsageError,
} from "../../../src/index.js";
import { NODE } from "../../../src/ast/node.js";
import type { CallValues } from "../../../src/compiler/bind.js";
import { Compiler } from "../../../src/compiler/compile.js";
import { sqlite } from "../../../src/dialects/sqlite/index.js";
import type { ColumnElement } from "../../../src/sql/element.js";
import type { Operand } from "../../../src/sql/operand.js";
import { type Runnable, sqlOf } from "../../support/compile.js";
import { Sqlite } from "../../support/sqlite.js";
import { t, users } from "./tables.js";

/* What SQLite does not do, or not exactly: refused when it is compiled, or done another way. */

function assertUnsupported(pattern: RegExp, ...statements: readonly Runnable[]): void {
  for (const statement of statements) {
    assert.throws(
      () => sqlOf(statement),
      (error) => error instanceof UnsupportedError && error.message.startsWith("sqlite") && pattern.test(error.message),
    );
  }
}

describe("SQLite refuses, and names a way out", () => {
  const { wide, price, ratio, a, name, note } = t.c;
  const where = (condition: Operand<boolean | null>): Runnable => select(t.c.id).where(condition);

  test("row locks", () => {
    assertUnsupported(
      /row locks.*write transaction/,
      users.select().forUpdate(),
      users.select().forShare({ of: [users], nowait: true }),
    );
    assert.throws(() => users.select().forUpdate({ skipLocked: true, nowait: true }), UsageError);
  });

  test("an escape within a pattern that the server makes", () => {
    assertUnsupported(/escape.*\.contains\(\)/, where(name.like(note, { escape: "!" })));
  });

  test("order and arithmetic over decimals that are kept as text", () => {
    const reason = /order over this column.*15 digits/;
    assertUnsupported(
      reason,
      where(wide.gt("1.00")),
      where(literal("1", numeric(30, 2)).lte(wide)),
      where(wide.between("1.00", "2.00")),
      where(a.between(0, wide as never)),
      t.select().orderBy(wide),
      t.select().orderBy(wide.desc()),
      t.select().orderBy(wide.as("w")),
      select(max(wide)),
      select(min(wide)),
      select(greatest(wide, "1.00")),
      select(
        count()
          .over({ orderBy: [wide] })
          .as("n"),
      ).from(t),
    );
    assertUnsupported(
      /arithmetic over this column.*15 digits/,
      select(wide.plus("1.00").as("x")),
      select(wide.times(a).as("x")),
      select(a.minus(wide).as("x")),
      select(wide.div(2).as("x")),
      select(wide.neg().as("x")),
      select(sum(wide)),
      select(avg(wide)),
      select(abs(wide)),
      select(round(wide)),
      select(cast(a, numeric(30, 2)).as("x")),
      select(cast(wide, integer()).as("x")),
      select(price.times("0.1234567890123456").as("x")),
    );
  });

  test("a comparison of such a decimal with anything that is written otherwise", () => {
    assertUnsupported(
      /comparison of this column with another type/,
      where(wide.eq(price)),
      where(price.ne(wide)),
      where(wide.in([price])),
      where(wide.isDistinctFrom(a as never)),
    );
    for (const statement of [
      where(wide.eq("1.5")),
      where(wide.eq(null)),
      where(wide.eq(wide)),
      where(wide.in(["1", "2"])),
      where(wide.in(param("list"))),
      where(wide.isNotDistinctFrom(param("value"))),
      select(coalesce(wide, "0").as("x")),
      select(count(wide).distinct()),
      select(wide).groupBy(wide),
      select(cast(wide, text()).as("x")),
    ]) {
      assert.doesNotThrow(() => sqlOf(statement));
    }
  });

  test("a remainder of fractions, and a boolean from a text", () => {
    assertUnsupported(
      /remainder/,
      select(ratio.mod(2).as("x")),
      select(price.mod("2").as("x")),
      select(a.mod(ratio).as("x")),
    );
    assertUnsupported(/boolean/, select(cast(name, boolean()).as("x")));
    assert.throws(() => ratio.intDiv(2), UsageError);
    assert.throws(() => a.intDiv(1.5), UsageError);
  });

  test("joins that its version does not have", () => {
    const full = users.select().fullJoin(t, t.c.id.eq(users.c.id))[NODE];
    assert.throws(() => new Compiler(sqlite.forVersion("3.38.5")).compile(full), /FULL JOIN/);
    assert.doesNotThrow(() => new Compiler(sqlite.forVersion("3.39.0")).compile(full));
    assert.equal(sqlite.forVersion("3.39.0"), sqlite.forVersion("3.39.0"));
  });
});

describe("on SQLite", () => {
  const metadata = new MetaData();
  const values = metadata.table("values", {
    id: integer().primaryKey(),
    n: integer(),
    m: integer(),
    price: numeric(12, 2),
    wide: numeric(30, 2),
    x: double(),
    word: text(),
    at: dateTime(),
    day: date(),
  });
  const { n, m, price, x, word, at, day } = values.c;
  let database: Sqlite;

  before(async () => {
    database = await Sqlite.open();
    database.create(metadata);
  });
  after(() => database.close());

  /** What the expression gives for a row. */
  function valueOf(expression: ColumnElement<unknown, string>, row: CallValues = {}): unknown {
    database.run(values.delete().all());
    database.run(values.insert(), row);
    return database.column(select(expression.as("x")).from(values))[0];
  }

  test("dividing by zero is NULL, whatever divides", () => {
    for (const expression of [n.div(0), n.intDiv(0), n.mod(0), x.div(0), n.div(m), price.div(0)]) {
      assert.equal(valueOf(expression, { n: 5, m: 0, x: 1.5, price: "1.00" }), null);
    }
    assert.equal(valueOf(n.div(2), { n: 5 }), 2.5);
    assert.equal(valueOf(n.intDiv(2), { n: -5 }), -2);
    assert.equal(valueOf(n.mod(3), { n: -5 }), -2);
    assert.equal(valueOf(avg(n), { n: 5 }), 5);
  });

  test("exact decimals come out of arithmetic with the digits that they have", () => {
    const cents = fc.integer({ min: -(10 ** 7), max: 10 ** 7 });
    // Zeros that end a bare number are no digits that it has.
    const factors = fc.integer({ min: 1, max: 10_000 }).filter((factor) => factor % 10 !== 0);
    const decimal = (value: number, digits: number): string => {
      const text_ = String(Math.abs(value)).padStart(digits + 1, "0");
      return `${value < 0 ? "-" : ""}${text_.slice(0, -digits)}.${text_.slice(-digits)}`;
    };
    fc.assert(
      fc.property(cents, factors, (left, right) => {
        const row = { price: decimal(left, 2) };
        assert.equal(valueOf(price.plus(decimal(right, 2)), row), decimal(left + right, 2));
        assert.equal(valueOf(price.minus(price), row), "0.00");
        assert.equal(valueOf(price.times(decimal(right, 3)), row), decimal(left * right, 5));
        assert.equal(valueOf(sum(price), row), decimal(left, 2));
      }),
      { numRuns: 200 },
    );
    assert.equal(valueOf(price.plus("0.125"), { price: "1.10" }), "1.225");
    assert.equal(valueOf(price.plus(n), { price: "1.10", n: 2 }), "3.10");
    assert.equal(valueOf(price.times(x), { price: "1.10", x: 0.5 }), "0.55");
  });

  test("alternatives of different numbers give the wider one", () => {
    assert.equal(valueOf(coalesce(n, x), { x: 0.5 }), 0.5);
    assert.equal(valueOf(coalesce(n, 0.5)), 0.5);
    assert.equal(valueOf(caseWhen(n.is(null), 1).else(0.5), { n: 1 }), 0.5);
    assert.equal(valueOf(greatest(n, 2.5), { n: 1 }), 2.5);
    assert.equal(valueOf(caseWhen(n.eq(1), price).else(n), { n: 5 }), "5.00");
  });

  test("a decorated type stays what it is in arithmetic, sums and alternatives", () => {
    class Cents {
      readonly amount: bigint;
      constructor(amount: bigint) {
        this.amount = amount;
      }
    }
    const cents = typeDecorator(bigInteger(), {
      toDriver: (value: Cents) => value.amount,
      fromDriver: (amount) => new Cents(amount),
    });
    const own = new MetaData();
    const prices = own.table("prices", { id: integer().primaryKey(), price: cents().notNull(), tax: cents() });
    database.create(own);
    database.run(prices.insert().values([{ price: new Cents(5n) }, { price: new Cents(7n), tax: new Cents(1n) }]));
    const { price: gross, tax } = prices.c;
    const of = (expression: ColumnElement<Cents | null, string>): unknown[] =>
      database.column(select(expression.as("x")).from(prices)).map((value) => (value as Cents | null)?.amount);
    assert.deepEqual(of(gross.plus(new Cents(2n))), [7n, 9n]);
    assert.deepEqual(of(gross.minus(coalesce(tax, new Cents(0n)))), [5n, 6n]);
    assert.deepEqual(of(sum(gross)), [12n]);
    assert.deepEqual(of(max(gross)), [7n]);
    assert.deepEqual(of(gross.neg()), [-5n, -7n]);
    assert.deepEqual(of(caseWhen(gross.gt(new Cents(6n)), gross).else(null)), [undefined, 7n]);
  });

  test("a cast converts as other databases do", () => {
    const instant = { at: new Date("2024-05-06T07:08:09.120Z"), day: "2024-05-06" };
    assert.equal(valueOf(at.cast(date()), instant), "2024-05-06");
    assert.equal(valueOf(at.cast(time()), instant), "07:08:09.12");
    assert.equal(valueOf(at.cast(time()), { at: new Date("2024-05-06T10:00:00Z") }), "10:00:00");
    assert.deepEqual(valueOf(day.cast(dateTime()), instant), new Date("2024-05-06T00:00:00Z"));
    assert.equal(valueOf(cast(at.cast(date()).eq("2024-05-06"), integer()), instant), 1);
    assert.equal(valueOf(x.cast(integer()), { x: 1.5 }), 2);
    assert.equal(valueOf(x.cast(integer()), { x: -1.5 }), -2);
    assert.equal(valueOf(x.cast(numeric(10, 1)), { x: 2.25 }), "2.3");
    assert.equal(valueOf(word.cast(numeric(10, 2)), { word: "1.5" }), "1.50");
    assert.equal(valueOf(cast(n, boolean()), { n: 7 }), true);
    assert.equal(valueOf(cast(n, boolean()), { n: 0 }), false);
    assert.equal(valueOf(n.cast(text()), { n: 7 }), "7");
    assert.equal(valueOf(cast("12", integer())), 12);
    for (const type of [integer(), numeric(5, 1), boolean(), date(), dateTime(), time(), text(), double()]) {
      assert.equal(valueOf(cast(n, type as ReturnType<typeof integer>)), null);
    }
  });
});

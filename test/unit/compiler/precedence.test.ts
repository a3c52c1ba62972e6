import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import fc, { type Arbitrary } from "fast-check";

import { type Meaning, meanings, metadata, ROWS, table } from "../../support/expressions.js";
import { not, select } from "../../../src/index.js";
import { Sqlite } from "../../support/sqlite.js";

describe("an expression means on the server what it means in the tree", () => {
  let database: Sqlite;

  before(async () => {
    database = await Sqlite.open();
    database.create(metadata);
    database.run(table.insert().values(ROWS.map((row, id) => ({ id, ...row }))));
  });
  after(() => database.close());

  /** Runs the expression over all rows and compares with its evaluation. */
  function assertMeaning({ expression, evaluate }: Meaning<number | string | boolean>): void {
    const given = database.column(select(expression.as("x")).from(table).orderBy(table.c.id));
    assert.deepEqual(
      given.map(withoutSignOfZero),
      ROWS.map((row) => withoutSignOfZero(evaluate(row))),
    );
  }

  for (const kind of ["number", "fraction", "text", "boolean"] as const) {
    test(`as a value: ${kind}`, () => {
      fc.assert(fc.property(meanings[kind] as Arbitrary<Meaning<number | string | boolean>>, assertMeaning), {
        numRuns: 400,
      });
    });
  }

  test("as a condition, and its negation holds where it is false", () => {
    const ids = (holds: (index: number) => boolean): number[] => ROWS.flatMap((_, id) => (holds(id) ? [id] : []));
    fc.assert(
      fc.property(meanings.boolean, ({ expression, evaluate }) => {
        const values = ROWS.map(evaluate);
        const query = select(table.c.id).orderBy(table.c.id);
        assert.deepEqual(
          database.column(query.where(expression)),
          ids((id) => values[id] === true),
        );
        assert.deepEqual(
          database.column(query.where(not(expression))),
          ids((id) => values[id] === false),
        );
        assert.deepEqual(
          database.column(query.where(not(not(expression)))),
          ids((id) => values[id] === true),
        );
      }),
      { numRuns: 400 },
    );
  });
});

function withoutSignOfZero(value: unknown): unknown {
  return value === 0 ? 0 : value;
}

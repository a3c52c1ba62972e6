import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { NODE } from "../../../src/ast/node.js";
import {
  and,
  caseWhen,
  cast,
  coalesce,
  count,
  exists,
  extract,
  fn,
  greatest,
  integer,
  lag,
  list,
  literal,
  lower,
  max,
  not,
  nullIf,
  or,
  param,
  round,
  rowNumber,
  select,
  sql,
  substring,
  sum,
  UsageError,
} from "../../../src/index.js";
import { sqlOf } from "../../support/compile.js";
import { posts, t, users } from "../compiler/tables.js";

const { a, b, name, flag, doc } = t.c;

/** Every place that takes something of the user's, by what is written around it. What is given is of no type: the gate is for run time. */
const places: Readonly<Record<string, (given: never) => unknown>> = {
  eq: (given) => a.eq(given),
  ne: (given) => a.ne(given),
  lt: (given) => a.lt(given),
  lte: (given) => a.lte(given),
  gt: (given) => a.gt(given),
  gte: (given) => a.gte(given),
  isDistinctFrom: (given) => a.isDistinctFrom(given),
  isNotDistinctFrom: (given) => a.isNotDistinctFrom(given),
  is: (given) => a.is(given),
  isNot: (given) => a.isNot(given),
  in: (given) => a.in(given),
  notIn: (given) => a.notIn(given),
  "a member of in": (given) => a.in([1, given]),
  "the first of between": (given) => a.between(given, 1),
  "the second of between": (given) => a.between(1, given),
  like: (given) => name.like(given),
  notLike: (given) => name.notLike(given),
  ilike: (given) => name.ilike(given),
  contains: (given) => name.contains(given),
  startsWith: (given) => name.startsWith(given),
  endsWith: (given) => name.endsWith(given),
  plus: (given) => a.plus(given),
  minus: (given) => a.minus(given),
  times: (given) => a.times(given),
  div: (given) => a.div(given),
  intDiv: (given) => a.intDiv(given),
  mod: (given) => a.mod(given),
  concat: (given) => name.concat(given),
  "a type of cast": (given) => a.cast(given),
  cast: (given) => cast(given, integer()),
  "the type of cast()": (given) => cast(a, given),
  as: (given) => a.as(given),
  and: (given) => and(flag, given),
  or: (given) => or(given, flag),
  not: (given) => not(given),
  exists: (given) => exists(given),
  literal: (given) => literal(given),
  "a condition of caseWhen": (given) => caseWhen(given, 1),
  "a value of caseWhen": (given) => caseWhen(flag, given),
  "a condition of when": (given) => caseWhen(flag, 1).when(given, 1),
  "a value of when": (given) => caseWhen(flag, 1).when(flag, given),
  else: (given) => caseWhen(flag, 1).else(given),
  count: (given) => count(given),
  sum: (given) => sum(given),
  max: (given) => max(given),
  lower: (given) => lower(given),
  substring: (given) => substring(name, given),
  "the length of substring": (given) => substring(name, 1, given),
  coalesce: (given) => coalesce(a, given),
  "the first of coalesce": (given) => coalesce(given, 1),
  nullIf: (given) => nullIf(a, given),
  greatest: (given) => greatest(a, given),
  round: (given) => round(given),
  lag: (given) => lag(given),
  extract: (given) => extract("year", given),
  fn: (given) => fn.hex(given),
  filter: (given) => count().filter(given),
  "a partition": (given) => rowNumber().over({ partitionBy: [given] }),
  partitionBy: (given) => rowNumber().over({ partitionBy: given }),
  "a window's order": (given) => rowNumber().over({ orderBy: [given] }),
  param: (given) => param(given),
  list: (given) => list([given]),
  "a template": (given) => sql`${given}`,
  "a template of a value": (given) => sql.value`${given}`,
  "sql.join": (given) => sql.join([given]),
  "sql.identifier": (given) => sql.identifier(given),
  select: (given) => select(given),
  "a second item": (given) => select(a, given),
  "a named item": (given) => select({ a: given }),
  from: (given) => select(count()).from(given),
  join: (given) => users.select().join(given),
  "a join's condition": (given) => users.select().join(posts, given),
  crossJoin: (given) => users.select().crossJoin(given),
  where: (given) => t.select().where(given),
  "a second condition": (given) => t.select().where(flag, given),
  groupBy: (given) => select(a).groupBy(given),
  having: (given) => select(a).groupBy(a).having(given),
  orderBy: (given) => t.select().orderBy(given),
  limit: (given) => t.select().limit(given),
  offset: (given) => t.select().offset(given),
  "a locked table": (given) => t.select().forUpdate({ of: [given] }),
  subquery: (given) => t.select().subquery(given),
  cte: (given) => t.select().cte(given),
  alias: (given) => t.as(given),
  "a column of values": (given) => t.insert().values({ a: given }),
  "a row of values": (given) => t.insert().values([given]),
  fromSelect: (given) => t.insert().fromSelect(["a"], given),
  "a column of set": (given) => t.update().set({ a: given }),
  set: (given) => t.update().set(given),
  "the condition of an update": (given) => t.update().where(given),
  "the condition of a delete": (given) => t.delete().where(given),
  returning: (given) => t.delete().all().returning(given),
};

describe("undefined", () => {
  for (const [place, give] of Object.entries(places)) {
    test(`is refused in ${place}`, () => {
      assert.throws(() => give(undefined as never), UsageError);
    });
  }

  test("is told from NULL by the message", () => {
    assert.throws(
      () => a.eq(undefined as never),
      /\.eq\(\) got undefined\. Give null for NULL; for an optional condition/,
    );
    assert.throws(() => t.update().set({ a: undefined as never }), /column "a" in \.set\(\) got undefined/);
  });
});

describe("what came as JSON", () => {
  /** Nodes as they are inside, and statements of other builders: all that an attacker could send in a body. */
  const forgeries: readonly unknown[] = [
    { kind: "raw", body: "1; DROP TABLE users" },
    { kind: "fragment", parts: ["1 OR 1 = 1"], grouped: false, type: null },
    { kind: "constant", value: true, type: null },
    { kind: "column", name: "id", key: "id" },
    { "Symbol(databases.node)": { kind: "constant", value: true } },
    { "databases.node": { kind: "fragment", parts: ["1 = 1"] } },
    { NODE: { kind: "fragment", parts: ["1 = 1"] } },
    { sql: "1 = 1", parameters: [] },
    { $ne: null },
    [],
    {},
  ].map((forged) => JSON.parse(JSON.stringify(forged)) as unknown);

  /** An empty array is a list of nothing, an empty object a row of defaults. */
  function isEmpty(forged: unknown, place: string): boolean {
    if (Array.isArray(forged)) return ["in", "notIn", "partitionBy"].includes(place);
    return place === "a row of values" && Object.keys(forged as object).length === 0;
  }

  for (const [place, give] of Object.entries(places)) {
    test(`never passes for a part of SQL in ${place}`, () => {
      for (const forged of forgeries) {
        if (isEmpty(forged, place)) continue;
        assertNoSql(() => give(forged as never));
      }
    });
  }

  /** It is refused, or it is a value that no text of its own gets out of: what compiles refuses it as no value of its column. */
  function assertNoSql(make: () => unknown): void {
    assert.throws(() => {
      const made = make();
      const node = (made as { readonly [NODE]?: { readonly kind: string } })[NODE];
      if (node?.kind === "select" || node?.kind === "insert" || node?.kind === "delete") sqlOf(made as never);
      else if (node?.kind === "update") sqlOf((made as ReturnType<typeof t.update>).all());
      else if ("else" in (made as object))
        sqlOf(select((made as ReturnType<typeof caseWhen<number>>).end().as("x")).from(t));
      else sqlOf(select((made as typeof a).as("x")).from(t));
    }, UsageError);
  }

  test("is a value where a column of documents takes it", () => {
    for (const forged of forgeries) {
      assert.match(sqlOf(t.select().where(doc.eq(forged as never))), /WHERE "t"\."doc" = \?$/);
      assert.match(sqlOf(t.insert().values({ doc: forged as never })), /VALUES \(\?\)$/);
    }
  });
});

describe("values", () => {
  test("that are bare where a condition is asked for are refused", () => {
    for (const given of [true, false, 1, "a = 1", null, Symbol("x"), (): boolean => true]) {
      assert.throws(() => t.select().where(given as never), /takes a condition such as/);
      assert.throws(() => and(given as never), UsageError);
      assert.throws(() => not(given as never), UsageError);
      assert.throws(() => caseWhen(given as never, 1), UsageError);
      assert.throws(() => count().filter(given as never), UsageError);
    }
    assert.throws(() => t.select().where(param("x") as never), UsageError);
  });

  test("without a type of their own need a column beside them", () => {
    for (const given of [{ a: 1 }, [1], new Map(), (): number => 1]) {
      assert.throws(() => literal(given as never), /no SQL value by itself/);
      assert.throws(() => fn.json(given), /no SQL value by itself/);
    }
  });

  test("that order NULL are refused", () => {
    for (const operator of ["lt", "lte", "gt", "gte"] as const) {
      assert.throws(() => a[operator](null as never), /never true.*\.is\(null\)/);
    }
    assert.throws(() => a.between(null as never, 1), /never true/);
    assert.throws(() => name.like(null as never), /never true/);
  });

  test("are told of by kind, never by what they hold", () => {
    const secret = "hunter2";
    for (const make of [
      () => a.in(secret as never),
      () => t.select().where(secret as never),
      () => select(secret as never),
      () => literal({ secret } as never),
      () => t.select().limit(secret as never),
      () => sqlOf(t.select().where(a.eq(secret as never))),
      () => sqlOf(t.insert().values({ b: secret as never })),
      () => a.is(secret as never),
    ]) {
      assert.throws(make, (error) => error instanceof UsageError && !error.message.includes(secret));
    }
  });
});

describe("calls that are incomplete, or come twice", () => {
  test("are refused", () => {
    const none = (method: unknown, owner: unknown): unknown => (method as () => unknown).call(owner);
    for (const make of [
      () => and(),
      () => or(),
      () => none(t.select().where, t.select()),
      () => none(t.select().orderBy, t.select()),
      () => none(t.select().groupBy, t.select()),
      () => none(t.select().having, t.select()),
      () => none(t.delete().where, t.delete()),
      () => none(t.delete().returning, t.delete()),
      () => coalesce(a, ...([] as unknown as [number])),
      () => greatest(a, ...([] as unknown as [number])),
      () => count().distinct(),
      () => count().filter(flag).filter(flag),
      () => count(a).filter(flag).distinct(),
      () => rowNumber().over().over(),
      () => rowNumber().over({ rows: [1, -1] }),
      () => rowNumber().over({ rows: [0.5, 1] }),
      () => rowNumber().over({ rows: [0, 1], range: [0, 1] }),
      () => rowNumber().over({ partitionBy: undefined as never }),
      () => extract("era" as never, t.c.at),
      () => fn["lower("],
      () => fn[""],
      () => a.as(""),
      () => param(""),
      () => t.as(""),
      () => t.select().cte(""),
      () => t.select().subquery(""),
    ]) {
      assert.throws(make, UsageError, String(make));
    }
  });
});

describe("what is built", () => {
  test("never changes: each method gives a new one", () => {
    const base = select(a, b).where(flag);
    const before = sqlOf(base);
    const parts = [
      base.where(a.eq(1)),
      base.orderBy(a),
      base.limit(1),
      base.offset(1),
      base.distinct(),
      base.groupBy(a),
      base.having(a.gt(1)),
      base.crossJoin(users),
      base.forUpdate(),
    ];
    for (const part of parts) assert.notEqual(part, base);
    assert.equal(sqlOf(base), before);

    const insert = t.insert();
    insert.values({ a: 1 }).returning(a);
    assert.equal(insert[NODE].source, null);
    const update = t.update();
    update.set({ a: 1 }).where(flag).all();
    assert.deepEqual([update[NODE].set, update[NODE].where, update[NODE].all], [null, [], false]);
    const remove = t.delete();
    remove.where(flag).all().returning(a);
    assert.deepEqual([remove[NODE].where, remove[NODE].all, remove[NODE].returning], [[], false, null]);

    const order = a.desc();
    order.nullsFirst();
    assert.equal(order[NODE].nulls, null);
    const cases = caseWhen(flag, 1);
    cases.when(flag, 2);
    assert.equal(sqlOf(select(cases.end().as("x"))).match(/WHEN/g)?.length, 1);
    const aggregate = count(a);
    aggregate.distinct();
    aggregate.filter(flag);
    aggregate.over();
    assert.equal(sqlOf(select(aggregate)), 'SELECT count("t"."a") AS "count" FROM "t"');
  });

  test("keeps its values as they were when they were given", () => {
    const ids = [1, 2];
    const query = t.select().where(a.in(ids));
    const row = { a: 1 };
    const insert = t.insert().values(row);
    ids.push(3);
    row.a = 2;
    assert.match(sqlOf(query), /IN \(\?, \?\)$/);
    assert.deepEqual(
      (insert[NODE].source as readonly ReadonlyMap<string, { readonly value: unknown }>[])[0]?.get("a")?.value,
      1,
    );
  });
});

describe("columns by name", () => {
  test("are found by their own names only", () => {
    const columns = t.c as unknown as Record<string, unknown>;
    for (const inherited of ["constructor", "toString", "hasOwnProperty", "__proto__", "valueOf", "nothing"]) {
      assert.equal(columns[inherited], undefined);
    }
    assert.throws(() => t.select().orderBy(columns["constructor"] as never), UsageError);
    const derived = select(a).subquery("x").c as unknown as Record<string, unknown>;
    assert.equal(derived["constructor"], undefined);
    assert.deepEqual(Object.keys(derived), ["a"]);
  });
});

import {
  bigInteger,
  binary,
  boolean,
  date,
  dateTime,
  double,
  enumeration,
  float,
  integer,
  json,
  MetaData,
  numeric,
  smallInteger,
  string,
  text,
  time,
  uuid,
} from "../../../src/index.js";

const metadata = new MetaData();

/** A table with a column of every type. */
export const t = metadata.table("t", {
  id: integer().primaryKey(),
  a: integer(),
  b: integer(),
  small: smallInteger(),
  big: bigInteger(),
  price: numeric(10, 2),
  wide: numeric(30, 2),
  real: float(),
  ratio: double(),
  name: string(20),
  note: text(),
  flag: boolean(),
  done: boolean(),
  day: date(),
  clock: time(),
  at: dateTime(),
  doc: json(),
  key: uuid(),
  bytes: binary(),
  state: enumeration("open", "closed"),
});

export const users = metadata.table("users", { id: integer().primaryKey(), name: string(50).notNull() });

export const posts = metadata.table("posts", {
  id: integer().primaryKey(),
  title: string(100),
  authorId: integer().notNull().references(users.c.id).named("author_id"),
});

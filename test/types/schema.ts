/* The tables that the type tests ask about. */
import { bigInteger, boolean, dateTime, enumeration, integer, MetaData, numeric, string } from "../../src/index.js";

const metadata = new MetaData();

export const users = metadata.table("users", {
  id: integer().primaryKey(),
  name: string(50).notNull(),
  city: string(50),
});

export const notes = metadata.table("notes", {
  id: integer().primaryKey(),
  text: string(100),
  state: enumeration("draft", "sent").notNull().default("draft"),
  stars: integer().notNull(),
  price: numeric(10, 2),
  views: bigInteger(),
  done: boolean().notNull().default(false),
  createdAt: dateTime(),
  authorId: integer().notNull().references(users.c.id),
});

/** A row of users. */
export interface User {
  id: number;
  name: string;
  city: string | null;
}

/** A row of notes. */
export interface Note {
  id: number;
  text: string | null;
  state: "draft" | "sent";
  stars: number;
  price: string | null;
  views: bigint | null;
  done: boolean;
  createdAt: Date | null;
  authorId: number;
}

/** The same columns, each of which may be NULL. */
export type Nulls<Row> = { [Key in keyof Row]: Row[Key] | null };

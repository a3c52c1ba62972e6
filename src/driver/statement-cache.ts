/**
 * The prepared statements of one connection by their text, at most `capacity` of them: the least recently used one makes room.
 *
 * Invariant: the entries of the map are the ring of entries between `#newest` and its `older` neighbours, once each.
 */
export class StatementCache<Statement> {
  readonly #capacity: number;
  readonly #entries = new Map<string, Entry<Statement>>();
  #newest: Entry<Statement> | null = null;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(sql: string): Statement | null {
    const entry = this.#entries.get(sql);
    if (entry === undefined) return null;
    if (entry !== this.#newest) {
      this.#unlink(entry);
      this.#link(entry);
    }
    return entry.statement;
  }

  /** Keeps a statement whose text is not yet here; gives the one that had to go, `null` where there was room. */
  add(sql: string, statement: Statement): Statement | null {
    const evicted = this.#entries.size < this.#capacity ? null : this.#removeOldest();
    const entry = new Entry(sql, statement);
    this.#entries.set(sql, entry);
    this.#link(entry);
    return evicted;
  }

  clear(): void {
    this.#entries.clear();
    this.#newest = null;
  }

  #removeOldest(): Statement | null {
    // In a ring the newest's newer neighbour is the oldest.
    const oldest = this.#newest?.newer ?? null;
    if (oldest === null) return null;
    this.#unlink(oldest);
    this.#entries.delete(oldest.sql);
    return oldest.statement;
  }

  #link(entry: Entry<Statement>): void {
    const newest = this.#newest;
    if (newest !== null) {
      entry.older = newest;
      entry.newer = newest.newer;
      newest.newer.older = entry;
      newest.newer = entry;
    }
    this.#newest = entry;
  }

  #unlink(entry: Entry<Statement>): void {
    if (entry === this.#newest) this.#newest = entry.older === entry ? null : entry.older;
    entry.newer.older = entry.older;
    entry.older.newer = entry.newer;
    entry.newer = entry.older = entry;
  }
}

/** A new entry is a ring of one. */
class Entry<Statement> {
  readonly sql: string;
  readonly statement: Statement;
  newer: Entry<Statement> = this;
  older: Entry<Statement> = this;

  constructor(sql: string, statement: Statement) {
    this.sql = sql;
    this.statement = statement;
  }
}
